"""Any card comes back from Severa as it was written, empty fields and all; any supplier invoice is read to the öre."""

from __future__ import annotations

import string
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brygga.administration.host_process import HostProcess
from brygga.practice.adk_engine import user_ledgers
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.records.severa_cards import SeveraContact, SeveraCustomer
from brygga.records.target import Kind
from tests.contract.adk_company import build_place, seed
from tests.contract.administration_practice import ENGINE, gateway_to
from tests.contract.severa_connected import connected
from tests.contract.severa_seed import seed as severa_seed

LETTERS = string.ascii_letters + string.digits + "åäöÅÄÖéü–€&'\".,/"
WORDS = st.text(st.sampled_from(LETTERS), min_size=1, max_size=20)
MAYBE = st.one_of(st.just(""), WORDS)
CODES: dict[str, st.SearchStrategy[str]] = {
    "language": st.sampled_from(["", "sv-SE", "en-GB"]),
    "currency": st.sampled_from(["", "SEK", "EUR"]),
    "country_code": st.sampled_from(["", "SE", "NO"]),
}
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "identity": MAYBE,
    "payment_days": st.one_of(st.none(), st.integers(0, 120)),
    "email": MAYBE,
    "street": st.lists(WORDS, max_size=3).map("\n".join),
    "postal_code": MAYBE,
    "city": MAYBE,
    "phone": MAYBE,
    "fax": MAYBE,
    "reverse_charge": st.booleans(),
    "is_active": st.booleans(),
    **CODES,
}
CUSTOMERS = st.fixed_dictionaries(FIELDS)
_numbers = count(5000)


def test_a_customer_with_any_fields_comes_back_and_is_changed_to_any_other(tmp_path: Path) -> None:
    with connected(tmp_path, severa_seed()) as severa:

        @settings(max_examples=25, deadline=None)
        @given(CUSTOMERS, CUSTOMERS)
        def round_trip(first: dict[str, Any], second: dict[str, Any]) -> None:
            number = str(next(_numbers))
            card = SeveraCustomer(name=f"Kund nr {number}", number=number, **first)
            gateway = severa.gateway
            made = gateway.create(card)
            assert made.warnings == ()
            assert gateway.find(Kind.CUSTOMER, made.key) == card
            changes = {name: value for name, value in second.items() if value != first[name]}
            told = gateway.update(Kind.CUSTOMER, made.key, changes)
            kept = {name for name in CODES if name in changes and not changes[name]}
            assert {why.param("field") for why in told} == kept
            wanted = {name: value for name, value in changes.items() if name not in kept}
            assert gateway.find(Kind.CUSTOMER, made.key) == msgspec.structs.replace(card, **wanted)
            assert [found.key for found in gateway.find_customers(number=number)] == [made.key]

        round_trip()


def test_a_contact_with_any_fields_comes_back_and_is_changed_to_any_other(tmp_path: Path) -> None:
    fields = {"first_name": WORDS, "last_name": WORDS, "title": MAYBE, "phone": MAYBE, "mobile": MAYBE, "email": MAYBE}
    contacts = st.fixed_dictionaries(fields)
    with connected(tmp_path, severa_seed()) as severa:

        @settings(max_examples=25, deadline=None)
        @given(contacts, contacts)
        def round_trip(first: dict[str, str], second: dict[str, str]) -> None:
            card = SeveraContact("customer-1001", **first)
            gateway = severa.gateway
            made = gateway.create(card)
            assert made.warnings == ()
            assert gateway.find(Kind.CONTACT, made.key) == card
            gateway.update(Kind.CONTACT, made.key, second)
            assert gateway.find(Kind.CONTACT, made.key) == SeveraContact("customer-1001", **second)

        round_trip()


AMOUNTS = st.decimals("-999999.99", "999999.99", places=2)
ROWS = st.builds(
    CostRow,
    account=st.sampled_from(["4600", "4010", ""]),
    amount=AMOUNTS,
    text=st.text(st.sampled_from(LETTERS + " "), max_size=60),
    project=st.sampled_from(["", "1042", "1043"]),
    profit_centre=st.sampled_from(["", "STHLM"]),
    quantity=st.decimals("0", "99", places=2),
)


@pytest.mark.parametrize("kind", ["F", "K"])
def test_a_supplier_invoice_of_any_rows_is_read_to_the_ore(tmp_path: Path, kind: str) -> None:
    suppliers = {12: seed(12, {"NUMBER": "501", "NAME": "Underkonsult AB"})}
    place = build_place(tmp_path, tables=suppliers)
    with HostProcess(ENGINE) as host:
        gateway = gateway_to(place, host)

        @settings(max_examples=25, deadline=None)
        @given(st.lists(ROWS, max_size=6), st.decimals("0", "99999.99", places=2), st.integers(0, 3000), st.booleans())
        def read(rows: list[CostRow], vat: Decimal, age: int, attested: bool) -> None:
            day = date(2026, 1, 1) - timedelta(days=age)
            serial = user_ledgers.add_supplier_invoice(
                place.company, "501", "F1", day, rows, vat=vat, head={12: kind, 19: attested}
            )
            invoice = gateway.supplier_invoice(serial)
            assert invoice is not None
            assert (invoice.date, invoice.vat, invoice.attested, invoice.is_credit) == (day, vat, attested, kind == "K")
            costs = invoice.rows[1 + bool(vat) :]
            assert [(r.account, r.amount, r.text, r.project_code, r.profit_centre, r.quantity) for r in costs] == [
                (r.account, r.amount, r.text, r.project, r.profit_centre, r.quantity) for r in rows
            ]
            assert all(row.generated for row in invoice.rows[: 1 + bool(vat)])
            assert sum((row.amount for row in invoice.rows), Decimal(0)) == 0
            assert [row.ordinal for row in invoice.rows] == list(range(1, len(invoice.rows) + 1))

        read()
