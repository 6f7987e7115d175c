"""The gateway over host process and practice company: every card created, found, changed and read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from brygga.administration.gateway import AdministrationGateway
from brygga.administration.host_process import HostProcess
from brygga.administration.mapping import CARDS, NO_END, NO_START, changes_to_write, wire_value
from brygga.practice.adk_engine import user
from brygga.practice.adk_engine.company import Switches
from brygga.records.reasons import Refused, WriteBlocked
from brygga.records.target import (
    ArticleCard,
    Card,
    ContactCard,
    CustomerCard,
    Kind,
    ProjectCard,
)
from tests.contract.adk_company import (
    INVOICE_HEAD,
    PRM2,
    PROJECT,
    Place,
    build_place,
    seed,
)
from tests.contract.administration_practice import ENGINE, compiled, document, gateway_to, priced


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return build_place(tmp_path)


@pytest.fixture(params=["engine", "compiled"])
def gateway(request: pytest.FixtureRequest, place: Place) -> Iterator[AdministrationGateway]:
    spec = ENGINE if request.param == "engine" else compiled(request.getfixturevalue("compiled_library_file"))
    with HostProcess(spec) as host:
        yield gateway_to(place, host)


@pytest.fixture
def on_engine(place: Place) -> Iterator[AdministrationGateway]:
    with HostProcess(ENGINE) as host:
        yield gateway_to(place, host)


FULL_CUSTOMER = CustomerCard(
    number="3001",
    name="Örnäs Måleri AB",
    organisation_number="556900-4566",
    vat_number="SE556900456601",
    export=False,
    eu_customer=True,
    buildservice=True,
    mailing_address="c/o Ek",
    mailing_address2="Box 1, Våning 2",
    zip_code="111 22",
    city="Ås",
    country="Sverige",
    country_code="SE",
    telephone="08-1 23",
    fax="08-4 56",
    email="a@example.se",
    currency="EUR",
    language="EN",
    payment_terms="10",
    inactive=True,
)
CARD_CASES: list[tuple[Card, dict[str, object]]] = [
    (
        FULL_CUSTOMER,
        {"city": "", "organisation_number": "", "export": True, "buildservice": False, "eu_customer": False},
    ),
    (CustomerCard(number="3002", name="Bara namn", payment_terms="30"), {"email": "b@example.se", "inactive": True}),
    (
        ContactCard("1001", "Åsa Öberg", telephone="1", mobile="2", email="å@example.se", title="VD"),
        {"telephone": "", "mobile": "3"},
    ),
    (ContactCard("1002", "Bo"), {"name": "Bo Ek"}),
    (
        ProjectCard("2001", "Bygge", date(2026, 1, 2), date(2026, 12, 31), "1002", "Bygg AB"),
        {"end": date(2099, 12, 31), "name": "Större bygge"},
    ),
    (ArticleCard("300", "Resa", "st", "KONS", "TJ25"), {"name": "Resor", "unit": "tim"}),
    (ArticleCard("301", "Kod", "", "KONS", "TJ25"), {"inactive": True}),
]


@pytest.mark.parametrize(("card", "changes"), CARD_CASES, ids=lambda each: type(each).__name__)
def test_a_card_is_created_found_changed_and_read_with_its_register(
    gateway: AdministrationGateway, card: Card, changes: dict[str, object]
) -> None:
    created = gateway.create(card)
    kind = next(table.kind for table in CARDS.values() if table.card is type(card))
    expected = msgspec.structs.replace(card, number=int(created.key)) if isinstance(card, ContactCard) else card
    assert gateway.find(kind, created.key) == expected
    assert created.posted is None
    assert created.warnings == gateway.update(kind, created.key, changes) == ()
    changed = msgspec.structs.replace(expected, **changes)
    assert gateway.find(kind, created.key) == changed
    registers: dict[Kind, Any] = {
        Kind.CUSTOMER: lambda: gateway.customers()[created.key],
        Kind.CONTACT: lambda: gateway.contacts()[-1],
        Kind.PROJECT: lambda: gateway.projects()[created.key],
        Kind.ARTICLE: lambda: gateway.articles()[created.key],
    }
    assert registers[kind]() == changed


@pytest.mark.parametrize(("kind", "key"), [(kind, "987") for kind in Kind])
def test_what_is_not_there_is_none(gateway: AdministrationGateway, kind: Kind, key: str) -> None:
    assert gateway.find(kind, key) is None


def test_registers_are_read_whole(gateway: AdministrationGateway) -> None:
    assert list(gateway.customers()) == ["1001", "1002", "2001"]
    assert [contact.name for contact in gateway.contacts()] == ["Eva Ek"]
    assert gateway.projects().keys() == {"1042", "1043", "900"}
    assert gateway.projects()["900"].closed
    assert gateway.articles().keys() == {"100", "200"}


def test_terms_that_are_empty_stay_empty_and_are_not_the_companys_default(on_engine: AdministrationGateway) -> None:
    """The message says so (BTV-853): terms without mapping are left empty, and the due date is Severa's."""
    on_engine.create(CustomerCard(number="3003", name="Standard"))
    customer = on_engine.customer("3003")
    assert customer is not None
    assert customer.payment_terms == ""


def test_a_project_without_dates(on_engine: AdministrationGateway, place: Place) -> None:
    project = on_engine.projects()["1043"]
    assert (project.start, project.end) == (NO_START, NO_END)
    on_engine.update(Kind.PROJECT, "1042", {"end": date(2026, 5, 1)})
    on_engine.update(Kind.PROJECT, "1042", {"end": NO_END})
    assert on_engine.projects()["1042"].end == NO_END


def test_company_defaults_do_not_make_a_customer_an_export_customer(tmp_path: Path) -> None:
    rates = {"VAT1": 25, "DEFAULT_CUST_EXPORT": True, "DEFAULT_CUST_EU_CUSTOMER": True}
    place = build_place(tmp_path, tables={PRM2: seed(PRM2, rates)})
    with HostProcess(ENGINE) as host:
        gateway = gateway_to(place, host)
        gateway.create(CustomerCard(number="7", name="Sju"))
        card = gateway.customer("7")
    assert card is not None
    assert not card.export
    assert not card.eu_customer


# -- what cannot be written ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("card", "code"),
    [
        (CustomerCard(number="1001", name="Finns"), "ADK-505"),
        (CustomerCard(number="8", name="x" * 51), "ADK-505"),
        (CustomerCard(number="8", name="Fel siffra", organisation_number="556900-4567"), "KND-101"),
        (ProjectCard("1234567", "Lång kod", date(2026, 1, 1), date(2026, 2, 1)), "ADK-505"),
        (ContactCard("1001", ""), "ADK-505"),
        (document(customer_number="nix"), "ADK-505"),
        (document(date=date(2031, 1, 1)), "FAK-313"),
        (document(priced("1", "1.005")), "ADK-505"),
    ],
)
def test_refusals_name_their_reason(gateway: AdministrationGateway, card: Card, code: str) -> None:
    with pytest.raises(Refused) as caught:
        gateway.create(card)
    assert caught.value.reason.code == code


def test_a_number_in_use_and_a_locked_month(gateway: AdministrationGateway, place: Place) -> None:
    gateway.create(document(number=10300))
    with pytest.raises(Refused) as caught:
        gateway.create(document(number=10300))
    assert (caught.value.reason.code, caught.value.reason.param("nr")) == ("FAK-302", "10300")
    user.lock_month(place.company, "25", 1)
    with pytest.raises(Refused) as caught:
        gateway.create(document())
    assert (caught.value.reason.code, caught.value.reason.param("period")) == ("FAK-305", "2026-01")


def test_a_closed_project_and_a_wrong_check_digit_in_an_update(gateway: AdministrationGateway) -> None:
    with pytest.raises(Refused) as caught:
        gateway.update(Kind.PROJECT, "900", {"name": "Nytt"})
    assert (caught.value.reason.code, caught.value.reason.param("nr")) == ("PRJ-204", "900")
    with pytest.raises(Refused) as caught:
        gateway.update(Kind.CUSTOMER, "1001", {"organisation_number": "556900-4567"})
    assert (caught.value.reason.code, caught.value.reason.param("nr")) == ("KND-101", "556900-4567")


def test_a_number_cannot_be_given_where_the_installation_says_so(place: Place) -> None:
    place.reinstall(switches=replace(Switches(), document_number_writable=False))
    with HostProcess(ENGINE) as host:
        gateway = gateway_to(place, host)
        assert not gateway.capabilities().invoice_number_given
        with pytest.raises(Refused) as caught:
            gateway.create(document(number=10300))
        assert caught.value.reason.param("code") == "109"
        assert gateway.create(document()).key == "10457"
        assert gateway.invoice(10457) is not None


def test_a_read_only_gateway_writes_nothing(place: Place) -> None:
    with HostProcess(ENGINE, read_only=True) as host:
        gateway = gateway_to(place, host)
        with pytest.raises(WriteBlocked):
            gateway.create(CustomerCard(number="8", name="Åtta"))
        with pytest.raises(WriteBlocked):
            gateway.update(Kind.CUSTOMER, "1001", {"city": "Lund"})
        assert gateway.customer("8") is None
        gateway_city = gateway.customers()["1001"].city
    assert gateway_city == "Malmö"


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.CUSTOMER, {"number": "2"}),
        (Kind.CUSTOMER, {"nonsense": "2"}),
        (Kind.CONTACT, {"number": 2}),
        (Kind.INVOICE, {"total": Decimal(1)}),
        (Kind.INVOICE, {"rows": ()}),
    ],
)
def test_fields_that_cannot_be_changed(kind: Kind, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot be changed"):
        changes_to_write(CARDS[kind], changes)


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (Kind.CUSTOMER, "name", 1),
        (Kind.CUSTOMER, "name", None),
        (Kind.CUSTOMER, "export", "1"),
        (Kind.INVOICE, "rate", 1.5),
        (Kind.INVOICE, "unit", True),
        (Kind.PROJECT, "start", "2026-01-01"),
    ],
)
def test_values_of_the_wrong_kind_are_defects(kind: Kind, name: str, value: object) -> None:
    with pytest.raises(TypeError, match=name):
        wire_value(CARDS[kind].column(name), value)


@pytest.mark.parametrize("kind", list(CARDS))
def test_every_field_of_a_card_has_a_column(kind: Kind) -> None:
    table = CARDS[kind]
    assert {column.name for column in table.columns} == set(table.card.__struct_fields__) - {"rows"}


def test_the_unreadable_is_refused_with_words(tmp_path: Path) -> None:
    known = {"CUSTOMER_NUMBER": "1001", "DOCUMENT_NUMBER": 5}
    place = build_place(tmp_path, tables={INVOICE_HEAD: seed(INVOICE_HEAD, known), PROJECT: []})
    with HostProcess(ENGINE) as host, pytest.raises(Refused) as caught:
        gateway_to(place, host).invoice(5)
    assert caught.value.reason.param("text") == "date is empty"
