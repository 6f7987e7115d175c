"""Invoices through the gateway: posted with their rows, read back, found by period and number, marked as printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from brygga.administration.gateway import AdministrationGateway
from brygga.administration.host_process import HostProcess
from brygga.practice.adk_engine import user
from brygga.records.reasons import Level, Refused
from brygga.records.target import InvoiceDocument, PostedInvoice, RowKind
from tests.contract.adk_company import (
    CUSTOMER,
    INVOICE_HEAD,
    INVOICE_ROW,
    Place,
    build_place,
    default_tables,
    field_id,
    seed,
)
from tests.contract.administration_practice import ENGINE, compiled, document, gateway_to, priced, text_row


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return build_place(tmp_path)


@pytest.fixture(params=["engine", "compiled"])
def gateway(request: pytest.FixtureRequest, place: Place) -> Iterator[AdministrationGateway]:
    spec = ENGINE if request.param == "engine" else compiled(request.getfixturevalue("compiled_library_file"))
    with HostProcess(spec) as host:
        yield gateway_to(place, host)


def stored(place: Place, number: int) -> dict[str, Any]:
    """An invoice as the practice company holds it, by field names; its rows under ROWS."""
    (head,) = [each for each in user.read(place.company, INVOICE_HEAD) if each[0] == number]
    names = {field_id(INVOICE_HEAD, name): name for name in HEAD_NAMES}
    values = {name: head[field] for field, name in names.items()}
    values["ROWS"] = [{name: row[field_id(INVOICE_ROW, name)] for name in ROW_NAMES} for row in head[103]]
    return values


HEAD_NAMES = [
    "DOCUMENT_DATE2",
    "OCR_NUMBER",
    "EXPORT",
    "BUILDSERVICE",
    "INCLUDING_VAT",
    "CURRENCY_CODE",
    "CURRENCY_RATE",
    "CURRENCY_UNIT",
]
ROW_NAMES = ["QUANTITY1", "QUANTITY2", "UNIT"]


def full_document(**more: Any) -> InvoiceDocument:
    rows = (
        text_row("Januari"),
        priced("1.50", "1000.25", text="Rådgivning", project="1042", profit_centre="STHLM"),
        text_row(""),
        priced("-1", "100", article="", unit="", text="Avdrag", account="3041", project="1043", vat_code="2"),
    )
    values: dict[str, Any] = {
        "number": 10234,
        "remark": "SEVERA:7d0f – anteckning",
        "order_number": "PO-1",
        "our_reference": "Vår Ref",
        "your_reference": "Er Ref",
        "payment_terms": "10",
        "ocr": "102343",
        **more,
    }
    # 1.50 × 1000.25 = 1500.375 → 1500.38; VAT 25 % 375.10 and 12 % of −100 = −12.00; gross 1763.48 → 1763
    return document(*rows, net="1400.38", vat="363.10", total="1763.00", round_off=Decimal("-0.48"), **values)


def test_an_invoice_is_posted_and_read_back(gateway: AdministrationGateway, place: Place) -> None:
    sent = full_document()
    created = gateway.create(sent)
    posted = PostedInvoice(
        number=10234,
        type="F",
        customer_number="1001",
        date=sent.date,
        net=sent.net,
        vat=sent.vat,
        round_off=sent.round_off,
        total=sent.total,
        remark=sent.remark,
        ocr="102343",
        currency="SEK",
    )
    assert (created.key, created.posted, created.warnings) == ("10234", posted, ())
    assert gateway.invoice(10234) == posted
    read = gateway.invoice_document(10234)
    assert read is not None
    rows = tuple(msgspec.structs.replace(row, account="3041") if row.article else row for row in sent.rows)
    assert read == msgspec.structs.replace(sent, rows=rows, rate=Decimal(1), unit=1)
    head = stored(place, 10234)
    assert (head["DOCUMENT_DATE2"], head["INCLUDING_VAT"], head["OCR_NUMBER"]) == (sent.due_date, False, "102343")
    assert [row["QUANTITY1"] == row["QUANTITY2"] for row in head["ROWS"]] == [True] * 4
    assert [row["UNIT"] for row in head["ROWS"]] == ["", "tim", "", ""]


def test_without_a_number_administration_gives_one(gateway: AdministrationGateway) -> None:
    created = gateway.create(document())
    assert created.key == "10457"
    assert created.posted is not None
    assert created.posted.number == 10457
    assert gateway.last_invoice_number() == 10457


def test_the_documents_own_flags_and_unit_beat_the_defaults(tmp_path: Path) -> None:
    """Customer 2001 is an export customer in EUR, 5001 one of construction; the invoice decides for itself."""
    more = seed(CUSTOMER, {"NUMBER": "5001", "NAME": "Bygg", "BUILDSERVICE": True, "PROJECT": "1042"})
    place = build_place(tmp_path, tables={CUSTOMER: [*default_tables()[CUSTOMER], *more]})
    with HostProcess(ENGINE) as host:
        gateway = gateway_to(place, host)
        plain = document(priced("1", "100", unit=""), customer_number="2001")
        assert gateway.create(plain).posted == gateway.invoice(10457)
        export = document(priced("1", "100", vat_code="0"), customer_number="5001", export=True)
        gateway.create(export)
        construction = document(priced("1", "100", vat_code="0"), customer_number="2001", buildservice=True)
        gateway.create(construction)
    heads = [stored(place, number) for number in (10457, 10458, 10459)]
    assert [(head["EXPORT"], head["BUILDSERVICE"]) for head in heads] == [(False, False), (True, False), (False, True)]
    assert {head["CURRENCY_CODE"] for head in heads} == {"SEK"}
    assert heads[0]["ROWS"][0]["UNIT"] == ""


def test_a_credit_invoice_names_its_original(gateway: AdministrationGateway) -> None:
    gateway.create(document(number=10300))
    gateway.create(document(type="K", number=10301, original_number=10300))
    read = gateway.invoice_document(10301)
    assert read is not None
    assert (read.type, read.original_number, read.total) == ("K", 10300, Decimal(125))


def test_a_foreign_invoice_carries_rate_and_unit(gateway: AdministrationGateway, place: Place) -> None:
    row = priced("1", "100", vat_code="0")
    gateway.create(document(row, customer_number="2001", export=True, currency="NOK", rate=Decimal("96.9"), unit=100))
    head = stored(place, 10457)
    currency = head["CURRENCY_CODE"], head["CURRENCY_RATE"], head["CURRENCY_UNIT"]
    assert currency == ("NOK", Decimal("96.9"), Decimal(100))


def test_rows_are_text_or_priced(gateway: AdministrationGateway) -> None:
    gateway.create(document(text_row("a"), priced("0", "100"), priced("0", "5", article=""), text_row("b")))
    read = gateway.invoice_document(10457)
    assert read is not None
    assert [row.kind for row in read.rows] == [RowKind.TEXT, RowKind.PRICED, RowKind.PRICED, RowKind.TEXT]


def test_warnings_become_reasons(gateway: AdministrationGateway) -> None:
    created = gateway.create(document(priced("1", "100", account="3001")))
    (warning,) = created.warnings
    assert (warning.code, warning.level, warning.param("code")) == ("ADK-511", Level.WARNING, "256")
    assert warning.param("text")


def seeded(tmp_path: Path, *heads: tuple[int, date]) -> Place:
    records = [{"DOCUMENT_NUMBER": n, "CUSTOMER_NUMBER": "1001", "DOCUMENT_DATE1": day} for n, day in heads]
    return build_place(tmp_path, tables={INVOICE_HEAD: seed(INVOICE_HEAD, *records)})


def test_invoices_of_a_period_and_after_a_number(tmp_path: Path) -> None:
    heads = [
        (9, date(2026, 2, 1)),
        (10, date(2026, 1, 31)),
        (11, date(2026, 1, 1)),
        (100, date(2025, 12, 31)),
        (1000, date(2026, 1, 15)),
    ]
    place = seeded(tmp_path, *heads)
    with HostProcess(ENGINE, read_only=True) as host:
        gateway = gateway_to(place, host)
        january = gateway.invoices(date(2026, 1, 1), date(2026, 1, 31))
        assert [posted.number for posted in january] == [10, 11, 1000]
        assert gateway.invoices(date(2026, 3, 1), date(2026, 3, 31)) == ()
        for number, expected in [(10, [11, 100, 1000]), (12, [100, 1000]), (1000, []), (0, [9, 10, 11, 100, 1000])]:
            assert [posted.number for posted in gateway.invoices_after(number)] == expected
        assert gateway.last_invoice_number() == 1000
        assert gateway.invoices_after(1000) == ()


def test_a_company_without_invoices(gateway: AdministrationGateway) -> None:
    assert gateway.last_invoice_number() == 0
    assert gateway.invoices_after(0) == ()
    assert gateway.invoices(date(2026, 1, 1), date(2026, 12, 31)) == ()


def test_mark_printed_twice_is_one_update(gateway: AdministrationGateway) -> None:
    gateway.create(document(number=10300))
    gateway.mark_printed(10300)
    posted = gateway.invoice(10300)
    assert posted is not None
    assert posted.printed
    gateway.mark_printed(10300)
    with pytest.raises(Refused) as caught:
        gateway.mark_printed(1)
    assert caught.value.reason.param("code") == "115"


def test_printed_cancelled_and_unfinished_are_told_apart(tmp_path: Path) -> None:
    flags: list[dict[str, Any]] = [
        {},
        {"DOCUMENT_PRINTED": True},
        {"DOCUMENT_CANCELLED": True},
        {"DOCUMENT_NOT_DONE": True},
    ]
    known = {"CUSTOMER_NUMBER": "1001", "DOCUMENT_DATE1": date(2026, 1, 1)}
    heads = [{"DOCUMENT_NUMBER": number, **known, **more} for number, more in enumerate(flags, start=1)]
    place = build_place(tmp_path, tables={INVOICE_HEAD: seed(INVOICE_HEAD, *heads)})
    with HostProcess(ENGINE) as host:
        posted = gateway_to(place, host).invoices_after(0)
    states = [(each.printed, each.cancelled, each.not_done) for each in posted]
    assert states == [(False, False, False), (True, False, False), (False, True, False), (False, False, True)]
