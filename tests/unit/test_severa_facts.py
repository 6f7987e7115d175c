"""The uncertain wire facts, each in its one place, and the look-ups that lean on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from brygga.records.source import Address
from brygga.severa import facts, wire
from brygga.severa.connection import SeveraConnection
from brygga.severa.gateway import SeveraGateway
from brygga.severa.http import SeveraClient
from tests.contract.severa_connected import unpaced

SWEDEN = wire.Country(guid="se", name="Sverige", english_name="Sweden", code2="SE", code3="SWE")
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def _row(is_tax_free: bool, guid: str | None = None, name: str | None = None) -> wire.CountrySettings:
    return wire.CountrySettings(is_tax_free=is_tax_free, country=wire.AddressCountry(guid=guid, name=name))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], False),
        ([wire.CountrySettings(is_tax_free=True)], False),
        ([_row(True, "se")], True),
        ([_row(True, "no", "Sverige")], False),
        ([_row(True, None, "Sweden")], True),
        ([_row(True, None, "Norway"), _row(True, None, "Sverige")], True),
        ([_row(True, None, None)], False),
    ],
)
def test_tax_free_is_the_row_of_the_sellers_country(rows: list[wire.CountrySettings], expected: bool) -> None:
    assert facts.is_tax_free(rows, SWEDEN, "Sverige") == expected


def test_a_seller_whose_country_is_in_no_register_is_compared_by_name() -> None:
    assert facts.is_tax_free([_row(True, None, "Åland")], None, "Åland")
    assert not facts.is_tax_free([_row(True, None, "Sverige")], None, "Åland")
    assert not facts.is_tax_free([_row(True, None, "")], None, "")


def _invoice(**fields: Any) -> wire.Invoice:
    day = date(2026, 1, 31)
    base: dict[str, Any] = {"guid": "i", "date": day, "due_date": day, "payment_term": 30, "created_date_time": MADE}
    base |= {"currency_rate": Decimal(1), "is_credit_note": False}
    return wire.Invoice(**(base | fields))


def test_only_a_credit_note_credits() -> None:
    link = wire.Reference(guid="original")
    assert facts.credited_invoice(_invoice(is_credit_note=True, reimburse_invoice=link)) == "original"
    assert facts.credited_invoice(_invoice(is_credit_note=False, reimburse_invoice=link)) == ""
    assert facts.credited_invoice(_invoice(is_credit_note=True)) == ""


def test_a_billing_customer_without_key_is_none() -> None:
    customer, unnamed = wire.InvoiceParty(guid="c"), wire.InvoiceParty(name="?")
    assert facts.invoiced_customer(_invoice(customer=customer, billing_customer=unnamed)) is customer
    assert facts.invoiced_customer(_invoice()) is None


def test_days_are_asked_with_a_day_more_on_each_side() -> None:
    asked = facts.day_filter(date(2026, 1, 1), date(2026, 1, 31))
    assert asked == {
        "startDate": datetime(2025, 12, 31, tzinfo=UTC),
        "endDate": datetime(2026, 2, 1, 23, 59, 59, tzinfo=UTC),
    }
    assert facts.day_filter(None, None) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ""),
        (wire.FreeText(), ""),
        (wire.FreeText(value="v", text="t", plain_text="p"), "p"),
        (wire.FreeText(value="v", text="t"), "t"),
        (wire.FreeText(value="v"), "v"),
    ],
)
def test_a_text_is_taken_as_people_read_it(text: wire.FreeText | None, expected: str) -> None:
    assert facts.plain_text(text) == expected


def test_an_empty_amount_is_nothing() -> None:
    assert facts.amount(None) == facts.amount(wire.Money()) == 0
    assert facts.amount(wire.Money(amount=Decimal("1.10"))) == Decimal("1.10")


def test_a_moment_without_offset_is_utc() -> None:
    assert facts.moment(datetime(2026, 1, 1)) == MADE


# Look-ups when a reference leads nowhere

COUNTRIES = [{"guid": "se", "name": "Sverige", "englishName": "Sweden", "code2": "SE", "code3": "SWE"}]


def _customer(headquarter: dict[str, Any] | None) -> dict[str, Any]:
    return {"guid": "c1", "name": "Kund", "isActive": True, "headquarterAddress": headquarter}


@pytest.fixture
def answers() -> dict[str, Any]:
    return {
        "/v1/localization/countries": COUNTRIES,
        "/v1/organizationdetails": {"guid": "o", "name": "Bolaget", "country": {"name": "SWE"}},
        "/v1/currencies": [],
    }


@pytest.fixture
def gateway(answers: dict[str, Any]) -> Iterator[SeveraGateway]:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            return httpx2.Response(200, json={"access_token": "tok-1", "access_token_expires_in": 3600})
        path = request.url.path.removeprefix("/rest-api")
        return httpx2.Response(200, json=answers[path]) if path in answers else httpx2.Response(404)

    connection = SeveraConnection("https://severa.example/rest-api", "client-1", "s3cret")
    with SeveraClient(connection, transport=httpx2.MockTransport(answer), pacing=unpaced()) as client:
        yield SeveraGateway(client)


@pytest.mark.parametrize("name", ["Sverige", " sverige ", "Sweden", "SE", "SWE", "swe"])
def test_a_country_is_known_by_any_of_its_names(answers: dict[str, Any], gateway: SeveraGateway, name: str) -> None:
    """AT-13; the address itself is gone, so what the customer repeats of it is used."""
    answers["/v1/customers/c1"] = _customer({"guid": "gone", "addressline": "Box 1\n", "city": "Lund", "country": name})
    [read] = gateway.customers(["c1"])
    assert read.address == Address(("Box 1",), "", "Lund", name, "SE")
    assert read.phone == ""


@pytest.mark.parametrize("name", ["Atlantis", "", None])
def test_an_unknown_country_has_no_code(answers: dict[str, Any], gateway: SeveraGateway, name: str | None) -> None:
    answers["/v1/customers/c1"] = _customer({"guid": None, "city": "Lund", "country": name})
    assert gateway.customers(["c1"])[0].address == Address((), "", "Lund", name or "", "")


def test_a_customer_without_an_address_asks_no_register(answers: dict[str, Any], gateway: SeveraGateway) -> None:
    answers["/v1/customers/c1"] = _customer(None)
    del answers["/v1/localization/countries"]
    assert gateway.customers(["c1"])[0].address == Address()


def test_an_organisation_known_by_country_name_and_without_currency(gateway: SeveraGateway) -> None:
    organization = gateway.organization()
    assert (organization.key, organization.currency) == ("o", "")
