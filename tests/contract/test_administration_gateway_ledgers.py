"""The gateway's ledgers over host process and practice company: by day, by change, at every switch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.gateway import AdministrationGateway
from brygga.administration.host_process import HostProcess
from brygga.practice.adk_engine import user, user_ledgers
from brygga.practice.adk_engine.company import Switches
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.records.ledger import SupplierInvoiceRow
from brygga.records.reasons import Refused
from brygga.transfers.company import AdministrationLedgers
from tests.contract.adk_company import CONTACT, CUSTOMER, Place, build_place, seed
from tests.contract.administration_practice import ENGINE, compiled, document, gateway_to, misbehaving, priced

SUPPLIER = 12
SUPPLIERS = {SUPPLIER: seed(SUPPLIER, {"NUMBER": "501", "NAME": "Underkonsult AB"})}
D = Decimal
BEGINNING = datetime(2026, 1, 1, 8)


def build(folder: Path, **switches: Any) -> Place:
    """The test company, entered at the beginning of the year."""
    return build_place(folder, switches=replace(Switches(), **switches), tables=SUPPLIERS, entered=BEGINNING)


def aware(moment: datetime) -> datetime:
    """The computer's own time with its offset."""
    return moment.astimezone()


@pytest.fixture(params=["engine", "compiled"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Place, AdministrationGateway]]:
    place = build(tmp_path)
    spec = ENGINE if request.param == "engine" else compiled(request.getfixturevalue("compiled_library_file"))
    with HostProcess(spec) as host:
        yield place, gateway_to(place, host)


@contextmanager
def on_engine(place: Place) -> Iterator[AdministrationGateway]:
    with HostProcess(ENGINE) as host:
        yield gateway_to(place, host)


def enter(place: Place, dated: date, *rows: CostRow, entered: datetime | None = None, **head: Any) -> int:
    """A supplier invoice of 8 000 on project 1042, unless it says more."""
    costs = rows or (CostRow("4600", D(8000), "Underkonsult", project="1042", profit_centre="STHLM"),)
    return user_ledgers.add_supplier_invoice(
        place.company, "501", "F-77", dated, costs, vat=D(2000), entered=entered, head=head.get("head")
    )


def test_the_gateway_is_the_port(world: tuple[Place, AdministrationGateway]) -> None:
    _, gateway = world
    ledgers: AdministrationLedgers = gateway
    assert ledgers.supplier_invoices() == ()
    assert ledgers.supplier_invoice(1) is None
    assert ledgers.ledger_invoices() == ()
    assert ledgers.ledger_invoice(1) is None


# Supplier invoices


def test_a_supplier_invoice_is_read_whole(world: tuple[Place, AdministrationGateway]) -> None:
    place, gateway = world
    head = {9: date(2026, 2, 14), 10: "EUR", 11: D("11.2345"), 21: "1043", 22: "GBG", 19: True}
    serial = enter(place, date(2026, 1, 15), entered=datetime(2026, 1, 20, 9, 30), head=head)
    [invoice] = gateway.supplier_invoices()
    assert invoice == gateway.supplier_invoice(serial)
    assert (invoice.serial, invoice.supplier_number, invoice.supplier_name) == (1, "501", "Underkonsult AB")
    assert (invoice.supplier_invoice_number, invoice.date, invoice.due_date) == (
        "F-77",
        date(2026, 1, 15),
        date(2026, 2, 14),
    )
    assert (invoice.is_credit, invoice.cancelled, invoice.attested) == (False, False, True)
    assert (invoice.currency, invoice.rate, invoice.unit) == ("EUR", D("11.2345"), 1)
    assert (invoice.project_code, invoice.profit_centre) == ("1043", "GBG")
    assert (invoice.total, invoice.vat) == (D(10000), D(2000))
    assert invoice.updated == aware(datetime(2026, 1, 20, 9, 30))
    assert invoice.rows == (
        SupplierInvoiceRow(1, "2440", "Total", D("-112345.00"), generated=True, named_as_generated=True),
        SupplierInvoiceRow(2, "2641", "Moms", D("22469.00"), generated=True, named_as_generated=True),
        SupplierInvoiceRow(3, "4600", "Underkonsult", D("89876.00"), "1042", "STHLM"),
    )


@pytest.mark.parametrize(
    ("start", "end", "serials"),
    [
        (None, None, [1, 2, 3]),
        (date(2026, 1, 15), None, [1, 2]),
        (None, date(2026, 1, 14), [3]),
        (date(2026, 1, 14), date(2026, 1, 15), [1, 3]),
        (date(2026, 2, 1), date(2026, 1, 1), []),
    ],
)
def test_supplier_invoices_by_day_whatever_their_serial(
    tmp_path: Path, start: date | None, end: date | None, serials: list[int]
) -> None:
    place = build(tmp_path)
    for day in (date(2026, 1, 15), date(2026, 1, 31), date(2026, 1, 14)):
        enter(place, day)
    with on_engine(place) as gateway:
        assert [each.serial for each in gateway.supplier_invoices(start=start, end=end)] == serials


def test_supplier_invoices_by_change(world: tuple[Place, AdministrationGateway]) -> None:
    place, gateway = world
    moments = [datetime(2026, 2, day, 8, 10) for day in (1, 2, 3)]
    for moment in moments:
        enter(place, date(2026, 1, 15), entered=moment)
    user_ledgers.cancel_supplier_invoice(place.company, 1, entered=datetime(2026, 2, 4, 8))
    since = [aware(moments[1]), aware(moments[2]), aware(datetime(2026, 2, 4, 8)), aware(datetime(2026, 2, 4, 8, 1))]
    found = [[each.serial for each in gateway.supplier_invoices(changed_since=moment)] for moment in since]
    assert found == [[1, 2, 3], [1, 3], [1], []]
    assert gateway.supplier_invoices(changed_since=since[2])[0].cancelled
    assert len(gateway.supplier_invoices(changed_since=since[0])[0].rows) == 3
    both = gateway.supplier_invoices(changed_since=since[0], start=date(2026, 1, 16))
    assert both == ()


def test_a_change_time_in_another_zone_is_the_same_moment(tmp_path: Path) -> None:
    place = build(tmp_path)
    enter(place, date(2026, 1, 15), entered=datetime(2026, 2, 3, 8, 10))
    with on_engine(place) as gateway:
        moment = aware(datetime(2026, 2, 3, 8, 10)).astimezone(UTC)
        assert len(gateway.supplier_invoices(changed_since=moment)) == 1
        assert gateway.supplier_invoices(changed_since=moment + timedelta(minutes=1)) == ()


def test_minutes_are_enough_to_miss_nothing(tmp_path: Path) -> None:
    place = build(tmp_path, timestamp_text="minutes")
    enter(place, date(2026, 1, 15), entered=datetime(2026, 2, 3, 8, 10, 50))
    with on_engine(place) as gateway:
        assert len(gateway.supplier_invoices(changed_since=aware(datetime(2026, 2, 3, 8, 10, 40)))) == 1
        assert gateway.supplier_invoices(changed_since=aware(datetime(2026, 2, 3, 8, 11))) == ()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of a process cannot be set here")
def test_the_hour_that_comes_twice_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """2026-10-25 02:30 comes at 00:30 and at 01:30 UTC: a change then is found from either."""
    monkeypatch.setenv("TZ", "Europe/Stockholm")
    time.tzset()
    try:
        place = build(tmp_path)
        enter(place, date(2026, 10, 20), entered=datetime(2026, 10, 25, 2, 30))
        with on_engine(place) as gateway:
            for hour, found in ((0, 1), (1, 1), (2, 0)):
                since = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
                assert len(gateway.supplier_invoices(changed_since=since)) == found
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_change_time_that_is_not_understood_is_refused_not_skipped(tmp_path: Path) -> None:
    place = build(tmp_path)
    enter(place, date(2026, 1, 15))
    with HostProcess(misbehaving("strange_change_times")) as host:
        gateway = gateway_to(place, host)
        with pytest.raises(Refused) as caught:
            gateway.supplier_invoices(changed_since=aware(BEGINNING))
        assert (caught.value.reason.code, caught.value.reason.param("text")) == ("ADK-520", "den 3 februari kl 8")
        assert len(gateway.supplier_invoices(start=date(2026, 1, 1))) == 1


@pytest.mark.parametrize(("sign", "factor"), [("positive", 1), ("negative", -1)])
def test_a_suppliers_credit_keeps_the_sign_of_the_ledger(tmp_path: Path, sign: str, factor: int) -> None:
    place = build(tmp_path, supplier_credit_sign=sign)
    enter(place, date(2026, 1, 15), head={12: "K"})
    with on_engine(place) as gateway:
        [invoice] = gateway.supplier_invoices()
        assert invoice.is_credit
        assert [row.amount for row in invoice.rows] == [factor * D(-10000), factor * D(2000), factor * D(8000)]


# Customer invoices with their balance


def pay(place: Place, number: int, amount: str, day: date, entered: datetime) -> int:
    return user_ledgers.register_payment(place.company, number, D(amount), day, entered=entered)


def test_at_68_the_last_payment_decides_not_the_change(world: tuple[Place, AdministrationGateway]) -> None:
    place, gateway = world
    number = int(gateway.create(document()).key)
    other = int(gateway.create(document()).key)
    pay(place, number, "125", date(2026, 3, 10), datetime(2026, 3, 11, 9))
    user.change(place.company, 6, D(number), {27: "Ny referens"}, entered=datetime(2099, 5, 2, 9))
    found = {
        day: [each.number for each in gateway.ledger_invoices(paid_from=day)]
        for day in (date(2026, 5, 1), date(2026, 3, 10), date(2026, 3, 11))
    }
    assert found == {date(2026, 5, 1): [], date(2026, 3, 10): [number], date(2026, 3, 11): []}
    assert [each.number for each in gateway.ledger_invoices()] == [number, other]
    read = gateway.ledger_invoice(number)
    assert read is not None
    assert (read.balance, read.total, read.last_payment, read.type) == (D(0), D(125), date(2026, 3, 10), "F")
    assert (read.customer_name, read.rate, read.unit) == ("Åkeri & Söner AB", D(1), 1)


def test_at_69_a_payment_dated_back_is_found_by_its_change(tmp_path: Path) -> None:
    place = build(tmp_path)
    with on_engine(place) as gateway:
        number = int(gateway.create(document()).key)
        pay(place, number, "125", date(2026, 4, 28), datetime(2099, 5, 5, 9))
        assert gateway.ledger_invoices(paid_from=date(2026, 5, 1)) == ()
        since = aware(datetime(2099, 5, 1, 8))
        assert [each.number for each in gateway.ledger_invoices(changed_since=since)] == [number]
        assert gateway.ledger_invoices(changed_since=since, paid_from=date(2026, 4, 29)) == ()
        assert gateway.ledger_invoices(changed_since=aware(datetime(2099, 5, 5, 9, 1))) == ()


@pytest.mark.parametrize(("balance_in", "shown"), [("document", ("0.08", "0.89")), ("sek", ("0.89", "0.08"))])
def test_both_balances_are_passed_on_as_they_are(tmp_path: Path, balance_in: str, shown: tuple[str, str]) -> None:
    place = build(tmp_path, balance_in=balance_in)
    with on_engine(place) as gateway:
        foreign = document(
            priced("1", "100", vat_code="0"),
            vat="0",
            total="100",
            customer_number="2001",
            currency="EUR",
            rate=D("11.173184"),
            unit=1,
            export=True,
        )
        number = int(gateway.create(foreign).key)
        pay(place, number, "99.92", date(2026, 3, 1), datetime(2026, 3, 1, 9))
        read = gateway.ledger_invoice(number)
        assert read is not None
        assert (read.balance, read.balance2) == (D(shown[0]), D(shown[1]))
        assert (read.currency, read.rate, read.unit) == ("EUR", D("11.173184"), 1)


# Customers and contacts that were changed


def test_customers_changed_themselves_or_through_a_contact(world: tuple[Place, AdministrationGateway]) -> None:
    place, gateway = world
    since = aware(datetime(2026, 2, 1))
    assert gateway.changed_customers(since) == frozenset()
    assert gateway.changed_customers(datetime(1, 1, 1, tzinfo=UTC)) == {"1001", "1002", "2001"}
    assert gateway.changed_customers(aware(BEGINNING)) == {"1001", "1002", "2001"}
    user.change(place.company, CUSTOMER, "1002", {7: "Lund"}, entered=datetime(2026, 2, 1))
    assert gateway.changed_customers(since) == {"1002"}
    user.change(place.company, CONTACT, D(1), {6: "040-1"}, entered=datetime(2026, 2, 2))
    assert gateway.changed_customers(since) == {"1001", "1002"}
    assert gateway.changed_customers(aware(datetime(2026, 2, 2))) == {"1001"}
