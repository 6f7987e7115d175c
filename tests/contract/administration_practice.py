"""The practice company behind a host process and a gateway, for the tests of the Administration side."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from brygga.administration.gateway import AdministrationGateway
from brygga.administration.host_process import HostProcess, LibrarySpec
from brygga.records.target import DocumentRow, InvoiceDocument, RowKind
from tests.contract.adk_company import Place

ENGINE_FACTORY = "brygga.practice.adk_engine:library"
ENGINE = LibrarySpec(ENGINE_FACTORY)
CTYPES_FACTORY = "brygga.administration.adk.ctypes_library:CtypesLibrary"
CHECKOUT = str(Path(__file__).resolve().parents[2])


def compiled(file: Path) -> LibrarySpec:
    """The compiled practice library, through the binding."""
    return LibrarySpec(CTYPES_FACTORY, {"path": str(file)})


def misbehaving(kind: str, /, **options: Any) -> LibrarySpec:
    """The engine wrapped by a factory of ``tests.faults.crashing_library``."""
    options = {"factory": ENGINE_FACTORY, **options}
    return LibrarySpec(f"tests.faults.crashing_library:{kind}", options, (CHECKOUT,))


def gateway_to(place: Place, host: HostProcess, user: str = "", password: str = "") -> AdministrationGateway:
    """A gateway to the company of the place."""
    return AdministrationGateway(host, str(place.common), str(place.company), user, password)


def priced(quantity: str, price: str, **more: Any) -> DocumentRow:
    """A row of article 100, 25 % VAT, unless it says more."""
    values = {"article": "100", "text": "Konsulttid", "vat_code": "1", "unit": "tim", **more}
    return DocumentRow(quantity=Decimal(quantity), price=Decimal(price), **values)


def text_row(text: str) -> DocumentRow:
    """A text row."""
    return DocumentRow(kind=RowKind.TEXT, text=text)


def document(*rows: DocumentRow, net: str = "100", vat: str = "25", total: str = "125", **more: Any) -> InvoiceDocument:
    """An invoice for customer 1001 of 2026-01-31, one hour of 100,00 unless it says more."""
    values: dict[str, Any] = {
        "number": None,
        "type": "F",
        "customer_number": "1001",
        "date": date(2026, 1, 31),
        "due_date": date(2026, 3, 2),
        "remark": "SEVERA:7d0f",
        "round_off": Decimal(0),
        "currency": "SEK",
        **more,
    }
    return InvoiceDocument(
        net=Decimal(net), vat=Decimal(vat), total=Decimal(total), rows=rows or (priced("1", "100"),), **values
    )
