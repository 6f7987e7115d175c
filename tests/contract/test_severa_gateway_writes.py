"""The gateway as Severa's side of the transfers towards it: customers, contacts, fees and payments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from brygga.practice.severa_server import FaultKind
from brygga.records.reasons import Level, Refused, Uncertain, WriteBlocked
from brygga.records.severa_cards import InvoicePayment, ProjectFee, SeveraContact, SeveraCustomer
from brygga.records.target import Kind
from brygga.transfers.company import SeveraPort, SeveraTarget
from tests.contract.severa_connected import NO_QUOTA, Connected, connected
from tests.contract.severa_seed import invoice, seed, status

CUSTOMER = SeveraCustomer(
    name="Nya AB",
    number="4711",
    identity="SE556900456601",
    language="sv-SE",
    currency="SEK",
    payment_days=30,
    email="nya@example.com",
    street="Box 12\nc/o Nord",
    postal_code="211 20",
    city="Malmö",
    country_code="SE",
    phone="040-1",
    fax="040-2",
    price_list="Standard",
    reverse_charge=True,
)
CONTACT = SeveraContact(
    "customer-1001", "Åsa", "Öberg", title="VD", phone="040-1", mobile="070-1", email="asa@example.com"
)
FEE = ProjectFee(
    project_key="project-42",
    project_number="42",
    description="Underkonsult januari (LF 4711:3)",
    name="Underkonsult januari",
    unit_cost=Decimal("8000.10"),
    unit_price=Decimal("9200.12"),
    currency="SEK",
    event_date=date(2026, 1, 15),
    billable=True,
    product_type="Subcontracting",
)


@pytest.fixture
def severa(tmp_path: Path) -> Iterator[Connected]:
    with connected(tmp_path, seed()) as running:
        yield running


def test_the_gateway_is_both_ports(severa: Connected) -> None:
    gateway = severa.gateway
    source: SeveraPort = gateway
    target: SeveraTarget = gateway
    assert (source.organization().name, target.project_fees("project-42")) == ("Exempelkonsult AB", ())


# Customers


def writes(severa: Connected) -> list[str]:
    """Every write so far, in order."""
    return [f"{asked.method} {asked.path}" for asked in severa.state.requests if asked.method in ("POST", "PATCH")][1:]


@pytest.mark.parametrize("at_once", [False, True])
def test_a_customer_comes_back_as_it_was_made(tmp_path: Path, at_once: bool) -> None:
    config = replace(NO_QUOTA, headquarter_made_with_customer=at_once)
    with connected(tmp_path, seed(), config) as severa:
        made = severa.gateway.create(CUSTOMER)
        assert made.warnings == ()
        assert severa.gateway.find(Kind.CUSTOMER, made.key) == CUSTOMER
        assert len(severa.state.documents("addresses")) == 2


def test_a_customer_of_which_only_the_name_is_known_is_one_call(severa: Connected) -> None:
    made = severa.gateway.create(SeveraCustomer(name="Ensam AB"))
    assert severa.gateway.find(Kind.CUSTOMER, made.key) == SeveraCustomer(name="Ensam AB", number="2000")
    assert writes(severa) == ["POST /v1/customers"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"language": "xx-XX"}, "SEV-722"),
        ({"currency": "XXX"}, "SEV-723"),
        ({"country_code": "XX"}, "SEV-724"),
        ({"price_list": "Okänd"}, "MAP-861"),
        ({"price_list": "Tvilling"}, "MAP-861"),
        ({"price_list": "Projektets"}, "MAP-861"),
    ],
)
def test_a_code_that_severa_lacks_is_refused_before_anything_is_written(
    severa: Connected, change: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        severa.gateway.create(msgspec.structs.replace(CUSTOMER, **change))
    assert caught.value.reason.code == code
    with pytest.raises(Refused) as caught:
        severa.gateway.update(Kind.CUSTOMER, "customer-1001", change)
    assert caught.value.reason.code == code
    assert writes(severa) == []


def test_a_taken_name_is_severas_refusal(severa: Connected) -> None:
    with pytest.raises(Refused) as caught:
        severa.gateway.create(msgspec.structs.replace(CUSTOMER, name="KUND 1001"))
    assert caught.value.reason.code == "SEV-705"
    assert "another customer" in caught.value.reason.param("detail")


@pytest.mark.parametrize("kind", [FaultKind.DO_THEN_CLOSE, FaultKind.DO_THEN_ANSWER])
def test_a_lost_answer_to_the_customer_itself_is_uncertain(severa: Connected, kind: FaultKind) -> None:
    severa.state.faults.order(kind, "POST", "/v1/customers", status=503)
    with pytest.raises(Uncertain):
        severa.gateway.create(CUSTOMER)
    assert writes(severa) == ["POST /v1/customers"]
    [found] = severa.gateway.find_customers(number="4711", name="Nya AB")
    assert found.name == "Nya AB"


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("POST", "/v1/customers/*/addresses", "street"),
        ("PATCH", "/v1/customers/*", "street"),
        ("POST", "/v1/customercountrysettings", "reverse_charge"),
    ],
)
@pytest.mark.parametrize("kind", [FaultKind.ANSWER_INSTEAD, FaultKind.DO_THEN_CLOSE])
def test_what_follows_the_customer_and_fails_is_told_and_added_by_an_update(
    severa: Connected, method: str, path: str, field: str, kind: FaultKind
) -> None:
    severa.state.faults.order(kind, method, path, status=400)
    made = severa.gateway.create(CUSTOMER)
    told = [(why.code, why.level) for why in made.warnings]
    assert told[0] == ("SEV-720", Level.WARNING)
    assert {level for _, level in told} == {Level.WARNING}
    assert made.warnings[0].param("field") == field
    now = severa.gateway.find(Kind.CUSTOMER, made.key)
    assert isinstance(now, SeveraCustomer)
    missing = {
        name: getattr(CUSTOMER, name)
        for name in CUSTOMER.__struct_fields__
        if getattr(now, name) != getattr(CUSTOMER, name)
    }
    severa.gateway.update(Kind.CUSTOMER, made.key, missing)
    assert severa.gateway.find(Kind.CUSTOMER, made.key) == CUSTOMER
    own = [each for each in severa.state.documents("addresses") if each["customer"]["guid"] == made.key]
    assert len(own) == 1
    assert len(severa.state.documents("customercountrysettings")) == 2


CHANGES: dict[str, Any] = {
    "name": "Nyare AB",
    "identity": "DE123456789",
    "language": "en-GB",
    "currency": "EUR",
    "payment_days": 20,
    "email": "",
    "street": "Storgatan 2",
    "postal_code": "111 22",
    "city": "Stockholm",
    "country_code": "NO",
    "phone": "",
    "fax": "08-1",
    "price_list": "Europa",
    "reverse_charge": False,
    "is_active": False,
}


@pytest.mark.parametrize("field", CHANGES)
def test_each_field_of_a_customer_is_changed_alone(severa: Connected, field: str) -> None:
    key = severa.gateway.create(CUSTOMER).key
    assert severa.gateway.update(Kind.CUSTOMER, key, {field: CHANGES[field]}) == ()
    assert severa.gateway.find(Kind.CUSTOMER, key) == msgspec.structs.replace(CUSTOMER, **{field: CHANGES[field]})


def test_all_fields_of_a_customer_are_changed_with_one_call_for_each_resource(severa: Connected) -> None:
    key = severa.gateway.create(CUSTOMER).key
    before = len(writes(severa))
    assert severa.gateway.update(Kind.CUSTOMER, key, CHANGES) == ()
    assert severa.gateway.find(Kind.CUSTOMER, key) == msgspec.structs.replace(CUSTOMER, **CHANGES)
    assert len(writes(severa)) == before + 3


def test_payment_terms_are_emptied_but_a_reference_is_not(severa: Connected) -> None:
    key = severa.gateway.create(CUSTOMER).key
    told = severa.gateway.update(Kind.CUSTOMER, key, {"payment_days": None, "language": "", "currency": ""})
    assert [(why.code, why.param("field")) for why in told] == [("SEV-725", "currency"), ("SEV-725", "language")]
    assert severa.gateway.find(Kind.CUSTOMER, key) == msgspec.structs.replace(CUSTOMER, payment_days=None)


def test_switching_off_what_is_not_on_makes_no_row(severa: Connected) -> None:
    severa.gateway.update(Kind.CUSTOMER, "customer-1002", {"reverse_charge": False})
    assert writes(severa) == []


def test_a_field_that_cannot_be_changed_is_a_defect(severa: Connected) -> None:
    with pytest.raises(ValueError, match="number"):
        severa.gateway.update(Kind.CUSTOMER, "customer-1001", {"number": "7"})
    with pytest.raises(ValueError, match="not changed"):
        severa.gateway.update(Kind.PROJECT_FEE, "fee", {"unit_cost": Decimal(1)})


def test_customers_are_found_by_exact_number_and_by_name_without_case(severa: Connected) -> None:
    gateway = severa.gateway
    assert [found.key for found in gateway.find_customers(number="1001")] == ["customer-1001"]
    assert [found.key for found in gateway.find_customers(name="Kund 1002")] == ["customer-1002"]
    assert [found.key for found in gateway.find_customers(number="1001", name="Kund 1002")] == [
        "customer-1001",
        "customer-1002",
    ]
    for number in ("01001", "100", "K100", ""):
        assert gateway.find_customers(number=number) == ()


# Contacts


def test_a_contact_comes_back_as_it_was_made(severa: Connected) -> None:
    made = severa.gateway.create(CONTACT)
    assert made.warnings == ()
    assert severa.gateway.find(Kind.CONTACT, made.key) == CONTACT
    ways = severa.state.documents("contactcommunications")
    assert [way["isForbiddenToUse"] for way in ways] == [False, False, False]


def test_at_12_a_contact_without_phone_and_mail_is_one_call(severa: Connected) -> None:
    severa.gateway.create(SeveraContact("customer-1001", "Åsa", "Öberg"))
    assert writes(severa) == ["POST /v1/contactpersons"]


def test_a_way_of_contact_that_fails_is_told_and_added_by_an_update(severa: Connected) -> None:
    severa.state.faults.order(FaultKind.ANSWER_INSTEAD, "POST", "/v1/contactcommunications", first=2, status=400)
    made = severa.gateway.create(CONTACT)
    assert (made.warnings[0].code, made.warnings[0].param("field")) == ("SEV-720", "mobile")
    severa.gateway.update(Kind.CONTACT, made.key, {"mobile": CONTACT.mobile})
    assert severa.gateway.find(Kind.CONTACT, made.key) == CONTACT


def test_a_kind_of_contact_that_severa_has_not_is_told(tmp_path: Path) -> None:
    types = [each for each in seed().collections["communicationtypes"] if each["type"] != "MobilePhone"]
    with connected(tmp_path, seed(communicationtypes=types)) as severa:
        made = severa.gateway.create(CONTACT)
        assert [why.code for why in made.warnings] == ["SEV-720", "SEV-721"]


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "Eva"},
        {"last_name": "Ek"},
        {"title": ""},
        {"phone": "040-9"},
        {"phone": ""},
        {"mobile": "", "email": "ny@example.com"},
    ],
)
def test_each_field_of_a_contact_is_changed(severa: Connected, changes: dict[str, str]) -> None:
    key = severa.gateway.create(CONTACT).key
    severa.gateway.update(Kind.CONTACT, key, changes)
    assert severa.gateway.find(Kind.CONTACT, key) == msgspec.structs.replace(CONTACT, **changes)


def test_an_emptied_way_of_contact_comes_back_with_a_new_value(severa: Connected) -> None:
    key = severa.gateway.create(CONTACT).key
    severa.gateway.update(Kind.CONTACT, key, {"phone": ""})
    severa.gateway.update(Kind.CONTACT, key, {"phone": "040-7"})
    assert severa.gateway.find(Kind.CONTACT, key) == msgspec.structs.replace(CONTACT, phone="040-7")


# Project fees


def test_a_fee_comes_back_as_it_was_made(severa: Connected) -> None:
    made = severa.gateway.create(FEE)
    assert made.warnings == ()
    [fee] = severa.gateway.project_fees("project-42")
    assert fee == msgspec.structs.replace(FEE, project_number="", key=made.key)
    assert severa.gateway.find(Kind.PROJECT_FEE, made.key) == fee
    assert severa.gateway.project_fees("project-43") == ()


@pytest.mark.parametrize("cost", ["-8000", "0.05", "28086.14", "0.1", "99999999.99"])
def test_a_cost_arrives_to_the_ore(severa: Connected, cost: str) -> None:
    severa.gateway.create(msgspec.structs.replace(FEE, unit_cost=Decimal(cost)))
    [fee] = severa.gateway.project_fees("project-42")
    assert fee.unit_cost == Decimal(cost)


def test_a_fee_with_a_product_takes_the_products_name(severa: Connected) -> None:
    severa.gateway.create(msgspec.structs.replace(FEE, product_key="product-ue", product_type=""))
    [fee] = severa.gateway.project_fees("project-42")
    assert (fee.product_key, fee.name, fee.product_type) == ("product-ue", "Underkonsult", "Subcontracting")
    assert fee.description == FEE.description


def test_at_85_a_closed_project_takes_no_cost(severa: Connected) -> None:
    severa.state.edit("projects", "project-42", {"isClosed": True})
    with pytest.raises(Refused) as caught:
        severa.gateway.create(FEE)
    assert caught.value.reason.code == "PRJ-202"
    assert severa.state.documents("projectfees") == []


def test_another_refusal_of_a_fee_keeps_its_own_reason(severa: Connected) -> None:
    with pytest.raises(Refused) as caught:
        severa.gateway.create(msgspec.structs.replace(FEE, project_key="nowhere"))
    assert caught.value.reason.code == "SEV-705"


def test_a_fee_whose_answer_is_lost_is_there_once(severa: Connected) -> None:
    severa.state.faults.order(FaultKind.DO_THEN_CLOSE, "POST", "/v1/projectfees")
    with pytest.raises(Uncertain):
        severa.gateway.create(FEE)
    assert [fee.description for fee in severa.gateway.project_fees("project-42")] == [FEE.description]


def test_a_fee_that_severa_keeps_otherwise_is_told(severa: Connected) -> None:
    kept = {
        "guid": "fee-other",
        "project": {"guid": "project-42"},
        "quantity": 1,
        "unitCost": {"amount": 8000, "currencyCode": "SEK"},
        "unitPrice": {"amount": 9200.12, "currencyCode": "SEK"},
        "description": FEE.description,
        "eventDate": "2026-01-15",
        "isBillable": True,
        "createdDateTime": "2026-01-15T09:00:00Z",
    }
    answer = msgspec.json.encode([kept]).decode()
    severa.state.faults.order(FaultKind.ANSWER_INSTEAD, "POST", "/v1/projectfees", status=201, text=answer)
    made = severa.gateway.create(FEE)
    assert made.key == "fee-other"
    assert [(why.code, why.level, why.param("field")) for why in made.warnings] == [
        ("SEV-726", Level.WARNING, "unit_cost")
    ]


def test_fees_made_by_people_are_read_whatever_they_lack(tmp_path: Path) -> None:
    bare = {"guid": "bare", "project": {"guid": "project-42"}, "quantity": 2, "createdDateTime": "2026-02-03T09:00:00Z"}
    billed = bare | {"guid": "billed", "invoice": {"guid": "invoice-9000001"}, "isBillable": False}
    with connected(tmp_path, seed(projectfees=[bare, billed])) as severa:
        first, second = severa.gateway.project_fees("project-42")
        assert (first.unit_cost, first.currency, first.event_date) == (Decimal(0), "", date(2026, 2, 3))
        assert (first.billable, first.invoiced, first.quantity) == (True, False, Decimal(2))
        assert (second.billable, second.invoiced) == (False, True)


def test_projects_are_found_by_exact_number(severa: Connected) -> None:
    numbers = [project.number for project in severa.gateway.projects_numbered(["42", "043", "4", "P1", ""])]
    assert numbers == ["42"]
    assert [one.number for one in severa.gateway.projects_numbered(["42", "43"])] == ["42", "43"]


def test_the_fees_of_a_project_are_read_in_pages(tmp_path: Path) -> None:
    fees = [
        {
            "guid": f"fee-{n}",
            "project": {"guid": "project-42"},
            "quantity": 1,
            "createdDateTime": "2026-02-03T09:00:00Z",
        }
        for n in range(250)
    ]
    with connected(tmp_path, seed(projectfees=fees)) as severa:
        assert len(severa.gateway.project_fees("project-42")) == 250
        assert len(severa.calls("GET", "/v1/projects/project-42/projectfees")) == 3 + 1  # the last page is asked twice


# Payments

PAID = status("paid", hasInvoiceNumber=True, isSent=True, isPaid=True)


def test_status_and_payment_date_are_one_call(tmp_path: Path) -> None:
    statuses = [*seed().collections["invoicestatuses"], PAID]
    with connected(tmp_path, seed(invoicestatuses=statuses)) as severa:
        wanted = InvoicePayment("invoice-9000001", "status-paid", date(2026, 3, 10))
        assert severa.gateway.create(wanted).key == "invoice-9000001"
        assert severa.gateway.find(Kind.PAYMENT, "invoice-9000001") == wanted
        assert severa.gateway.invoices_by_number([9000001])[0].payment_date == date(2026, 3, 10)
        assert writes(severa) == ["PATCH /v1/invoices/invoice-9000001"]
        undo = {"status_key": "status-transferred", "payment_date": None}
        severa.gateway.update(Kind.PAYMENT, "invoice-9000001", undo)
        assert severa.gateway.find(Kind.PAYMENT, "invoice-9000001") == InvoicePayment(
            "invoice-9000001", "status-transferred"
        )


def test_payments_of_a_month_are_read_in_pages(tmp_path: Path) -> None:
    many = [invoice(number) for number in range(8000000, 8000400)]
    given = seed(invoices=many, invoicesettings=[], invoicerows=[], workhours=[], flatrates=[])
    with connected(tmp_path, given) as severa:
        numbers = {f"invoice-{number}": number for number in range(8000000, 8000400)}
        states = severa.gateway.payment_states(numbers | {"gone": 7})
        assert states == {key: InvoicePayment(key, "status-ready") for key in numbers}
        assert len(severa.calls("GET", "/v1/invoices")) == 9 + 1  # 401 numbers, 50 in a query, and one by its key


def test_an_invoice_with_another_number_is_asked_by_its_key(severa: Connected) -> None:
    states = severa.gateway.payment_states({"invoice-9000001": 123, "invoice-draft": 9000002, "gone": 5})
    assert set(states) == {"invoice-9000001", "invoice-draft"}


def test_a_date_that_did_not_take_is_refused(severa: Connected) -> None:
    answer = msgspec.json.encode([severa.state.document("invoices", "invoice-9000001")]).decode()
    severa.state.faults.order(
        FaultKind.ANSWER_INSTEAD, "PATCH", "/v1/invoices/*", status=200, text=answer,
        headers={"Content-Type": "application/json"},
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        severa.gateway.update(Kind.PAYMENT, "invoice-9000001", {"payment_date": date(2026, 3, 1)})
    assert (caught.value.reason.code, caught.value.reason.param("field")) == ("SEV-711", "/paymentDate")


# A preview writes nothing


@pytest.mark.parametrize("card", [CUSTOMER, CONTACT, FEE, InvoicePayment("invoice-9000001", "status-ready")])
def test_a_read_only_gateway_creates_nothing(tmp_path: Path, card: Any) -> None:
    with connected(tmp_path, seed(), read_only=True) as severa:
        with pytest.raises(WriteBlocked):
            severa.gateway.create(card)
        assert writes(severa) == []
