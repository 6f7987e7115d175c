"""The oracle of the transfers to Severa: what Severa must hold, worked out from Administration's own records.

Made from the specification (semantics §4.1, §4.9, §4.10) with the practice company's arithmetic, never from the
program's rules: agreement of both is a proof, not an echo.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from brygga.practice.administration_base import Record, table_named
from brygga.practice.arithmetic import half_up
from brygga.practice.dataset.towards_customers import CustomerChange
from brygga.practice.dataset.towards_payments import OVERPAID_BY, UNDERPAID_BY, Paying, PaymentPlan
from brygga.practice.oracle_documents import SeveraDocuments, Wire
from brygga.practice.oracle_records import Difference

Tables = Mapping[int, Iterable[Record]]
GENERATED = ("Total", "Moms")


def named(tables: Tables, name: str) -> list[dict[str, Any]]:
    """The records of a table by field name."""
    table = table_named(name)
    names = {field.id: field.name for field in table.fields.values()}
    return [{names[key]: value for key, value in each.items()} for each in tables.get(table.id, ())]


# -- supplier invoices ---------------------------------------------------------------------------------------------
class NotSent(StrEnum):
    """Why a row of a supplier invoice becomes no fee."""

    GENERATED = "a row of the program's own"
    BLOCKED = "the account is blocked"
    NO_PROJECT = "no project on row or head"
    NOTHING = "the amount is zero"
    CANCELLED = "the invoice is cancelled"
    NOT_ATTESTED = "the invoice is not attested"
    CLOSED = "the project is closed in Severa"
    UNKNOWN = "the project is not in Severa"


@dataclass(frozen=True)
class ExpectedFee:
    """A fee that Severa must have: ``key`` is our own, at the end of its description."""

    key: str
    project: str
    cost: Decimal
    price: Decimal
    billable: bool
    day: date
    text: str


@dataclass(frozen=True)
class FeesOracle:
    """The fees by key, and the rows (serial, place) that become none."""

    fees: Mapping[str, ExpectedFee]
    not_sent: Mapping[tuple[int, int], NotSent]

    def cost_of(self, project: str) -> Decimal:
        """What the project of a guid has cost: the sum of its fees (reconciliation)."""
        return sum((fee.cost for fee in self.fees.values() if fee.project == project), Decimal(0))


def fees_oracle(
    tables: Tables, documents: SeveraDocuments, settings: Mapping[str, Any], *, closed: Collection[str] = ()
) -> FeesOracle:
    """What all supplier invoices of the tables become; ``closed``: guids of projects closed since the listing."""
    blocked = [_range(entry) for entry in settings["supplier_invoices.blocked_accounts"]]
    couple = {code: number for number, code in settings.get("projects.code_map", {}).items()}
    projects = {str(each["number"]): each for each in documents.of["projects"].values()}
    fees: dict[str, ExpectedFee] = {}
    not_sent: dict[tuple[int, int], NotSent] = {}
    for head in named(tables, "SUPPLIER_INVOICE_HEAD"):
        for place, row in enumerate(_rows_of(head), start=1):
            where = int(head["GIVEN_NUMBER"]), place
            code = row.get("PROJECT") or head.get("PROJECT") or ""
            project = projects.get(couple.get(code, code))
            why = _why_not(head, row, project, blocked, settings, closed)
            if why is not None:
                not_sent[where] = why
                continue
            assert project is not None
            fee = _fee(head, row, where, project["guid"], settings)
            fees[fee.key] = fee
    return FeesOracle(fees, not_sent)


def _rows_of(head: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = {field.id: field.name for field in table_named("SUPPLIER_INVOICE_ROW").fields.values()}
    return [{names[key]: value for key, value in row.items()} for row in head["ROWS"]]


def _why_not(
    head: Mapping[str, Any],
    row: Mapping[str, Any],
    project: Wire | None,
    blocked: list[tuple[str, str]],
    settings: Mapping[str, Any],
    closed: Collection[str],
) -> NotSent | None:
    account, code = row["ACCOUNT_NUMBER"], row.get("PROJECT") or head.get("PROJECT")
    checks = (
        (head.get("CANCELLED", False), NotSent.CANCELLED),
        (settings.get("supplier_invoices.require_attest") and not head["CERTIFIED"], NotSent.NOT_ATTESTED),
        (row["TEXT"] in GENERATED, NotSent.GENERATED),
        (any(len(account) == len(low) and low <= account <= high for low, high in blocked), NotSent.BLOCKED),
        (not code, NotSent.NO_PROJECT),
        (not row["AMOUNT_DOMESTIC_CURRENCY"], NotSent.NOTHING),
        (project is None, NotSent.UNKNOWN),
        (project is not None and (project["isClosed"] or project["guid"] in closed), NotSent.CLOSED),
    )
    return next((why for holds, why in checks if holds), None)


def _range(entry: str) -> tuple[str, str]:
    low, _, high = entry.partition("-")
    return low, high or low


def _fee(
    head: Mapping[str, Any], row: Mapping[str, Any], where: tuple[int, int], project: str, settings: Mapping[str, Any]
) -> ExpectedFee:
    """Sign and price (AT-72 to AT-82): a credit note is negated once, the price is rounded once."""
    cost = Decimal(row["AMOUNT_DOMESTIC_CURRENCY"])
    if head["TYPE_OF_INVOICE"] == "K" and settings.get("supplier_invoices.credit_rows", "positive") == "positive":
        cost = -cost
    mode = settings.get("supplier_invoices.price_mode", "cost")
    percent = Decimal(str(settings.get("supplier_invoices.price_percent", 100)))
    price = {"cost": cost, "cost_only": Decimal(0)}.get(mode, half_up(cost * percent / 100))
    text = row["TEXT"] or f"{head['SUPPLIER_NAME']} – {head['INVOICE_NUMBER']}"
    key = f"LF {where[0]}:{where[1]}"
    return ExpectedFee(key, project, cost, price, mode != "cost_only", head["INVOICE_DATE"], text)


def compare_fees(oracle: FeesOracle, fees: Iterable[Wire]) -> list[Difference]:
    """Where Severa's fees with a key of ours differ from the oracle, in what they say and in how many there are."""
    found: dict[str, list[Wire]] = {}
    for fee in fees:
        description = str(fee.get("description") or "")
        if description.endswith(")") and "(LF " in description:
            found.setdefault(description[description.rindex("(") + 1 : -1], []).append(fee)
    differences = [
        Difference(f"fee {key}", "count", key in oracle.fees, len(found.get(key, ())))
        for key in sorted({*oracle.fees, *found})
        if len(found.get(key, ())) != (key in oracle.fees)
    ]
    for key, expected in oracle.fees.items():
        for fee in found.get(key, ())[:1]:
            said = {
                "project": (expected.project, fee["project"]["guid"]),
                "unitCost": (expected.cost, Decimal(str(fee["unitCost"]["amount"]))),
                "unitPrice": (expected.price, Decimal(str(fee["unitPrice"]["amount"]))),
                "quantity": (Decimal(1), Decimal(str(fee["quantity"]))),
                "isBillable": (expected.billable, fee["isBillable"]),
                "eventDate": (expected.day.isoformat(), fee["eventDate"]),
            }
            differences += [Difference(f"fee {key}", name, *pair) for name, pair in said.items() if pair[0] != pair[1]]
            if expected.text not in str(fee["description"]):
                differences.append(Difference(f"fee {key}", "description", expected.text, fee["description"]))
    return differences


# -- payments ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ExpectedPayment:
    """What Severa must say of an invoice: the name of its status, the payment date, and how much too much was paid."""

    status: str
    day: date | None
    overpaid: Decimal = Decimal(0)


def payments_oracle(
    plans: Iterable[PaymentPlan], rates: Mapping[str, Decimal], settings: Mapping[str, Any]
) -> dict[str, ExpectedPayment]:
    """Guid → what the payments transfer must have made of it. ``rates``: SEK per unit of the invoice's currency.

    Less than one krona left, at the invoice's own rate, is paid (AT-66, AT-67); a reversed payment leaves the invoice
    as it was.
    """
    waiting = settings["invoices.status_after"]
    expected = {}
    for plan in plans:
        paid = ExpectedPayment(settings["payments.status_paid"], max(plan.days))
        match plan.paying:
            case Paying.PART:
                expected[plan.guid] = ExpectedPayment(settings["payments.status_part_paid"] or waiting, None)
            case Paying.REVERSED:
                expected[plan.guid] = ExpectedPayment(waiting, None)
            case Paying.UNDER if UNDERPAID_BY * rates.get(plan.guid, Decimal(1)) >= 1:
                expected[plan.guid] = ExpectedPayment(settings["payments.status_part_paid"] or waiting, None)
            case Paying.OVERPAID:
                over = half_up(OVERPAID_BY * rates.get(plan.guid, Decimal(1)))
                expected[plan.guid] = ExpectedPayment(paid.status, paid.day, over)
            case _:
                expected[plan.guid] = paid
        if plan.against:
            expected[plan.against] = paid
    return expected


def compare_payments(expected: Mapping[str, ExpectedPayment], documents: SeveraDocuments) -> list[Difference]:
    """Where Severa's invoices differ from the oracle in status or payment date."""
    differences = []
    for guid, wanted in expected.items():
        invoice = documents.of["invoices"][guid]
        day = wanted.day.isoformat() if wanted.day else None
        pairs = {"status": (wanted.status, invoice["status"]["name"]), "paymentDate": (day, invoice["paymentDate"])}
        differences += [
            Difference(f"invoice {guid}", name, *pair) for name, pair in pairs.items() if pair[0] != pair[1]
        ]
    return differences


# -- customers -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CustomersOracle:
    """What Severa must have of Administration's own customers: number → fields, and numbers that must not get there."""

    customers: Mapping[int, Mapping[str, object]]
    refused: Mapping[str, str]
    """Number in Administration → why: ``not numeric``, ``name taken`` or ``inactive``."""


def customers_oracle(tables: Tables, settings: Mapping[str, Any], severa: Iterable[Wire]) -> CustomersOracle:
    """The cards of the tables in Severa's terms (semantics §4.1); ``severa``: the customers that it had before. A card
    with the number of one of those is that customer already and is left out."""
    had = list(severa)
    taken = {each["name"].casefold() for each in had}
    numbers = {str(each["number"]) for each in had}
    languages = {code: severa for severa, code in settings["mappings.languages"].items()}
    terms = {code: int(days) for days, code in settings["mappings.payment_terms"].items()}
    price_lists = {code: name for name, code in settings["mappings.price_lists"].items()}
    customers: dict[int, Mapping[str, object]] = {}
    refused: dict[str, str] = {}
    for card in named(tables, "CUSTOMER"):
        number, name = str(card["NUMBER"]), str(card["NAME"])
        if number in numbers:
            continue
        # A number with leading zeros is not the number without them (§4.0: no numeric coercion).
        if card.get("INACTIVE"):
            refused[number] = "inactive"
        elif not number.isdigit() or str(int(number)) != number:
            refused[number] = "not numeric"
        elif name.casefold() in taken:
            refused[number] = "name taken"
        else:
            taken.add(name.casefold())
            price_list = price_lists.get(card.get("PRICE_LIST", ""))
            customers[int(number)] = _customer(card, languages, terms) | {"pricelist": price_list}
    return CustomersOracle(customers, refused)


def _customer(card: Mapping[str, Any], languages: Mapping[str, str], terms: Mapping[str, int]) -> dict[str, object]:
    lines = [line for line in (card.get("MAILING_ADDRESS"), card.get("MAILING_ADDRESS2")) if line]
    identity = card.get("VAT_NUMBER") if card.get("EXPORT") else card.get("ORGANISATION_NUMBER")
    return {
        "name": card["NAME"],
        "vatNumber": identity or None,
        "email": card.get("EMAIL") or None,
        "language": languages.get(card.get("CODE_OF_LANGUAGE", "")),
        "currency": card.get("CODE_OF_CURRENCY") or None,
        "paymentTerm": terms.get(card.get("CODE_OF_TERMS_OF_PAYMENT", "")),
        "addressline": "\n".join(lines) or None,
        "postalCode": card.get("ZIPCODE") or None,
        "city": card.get("CITY") or None,
        "country": card.get("CODE_OF_COUNTRY") or None,
        "phone": card.get("TELEPHONE") or None,
        "fax": card.get("FAX") or None,
        "isTaxFree": bool(card.get("EXPORT")),
    }


CHANGED_FIELDS = {"CITY": "city", "TELEPHONE": "phone", "EMAIL": "email", "EXPORT": "isTaxFree"}


def changes_oracle(changes: Iterable[CustomerChange]) -> CustomersOracle:
    """What the changed cards must have made of Severa's customers; an emptied field wipes nothing (§4.1a)."""
    customers: dict[int, Mapping[str, object]] = {}
    for change in changes:
        said: dict[str, object] = {
            CHANGED_FIELDS[name]: value
            for name, value in change.fields.items()
            if name in CHANGED_FIELDS and value not in ("", None)
        }
        if "MAILING_ADDRESS" in change.fields:
            said["addressline"] = change.fields["MAILING_ADDRESS"]
        customers[int(change.number)] = said
    return CustomersOracle(customers, {})


def compare_customers(oracle: CustomersOracle, documents: SeveraDocuments) -> list[Difference]:
    """Where Severa's customers differ from the oracle; a field that Administration leaves empty is not compared."""
    by_number = {each["number"]: each for each in documents.of["customers"].values()}
    differences: list[Difference] = []
    for number, expected in oracle.customers.items():
        customer = by_number.get(number)
        if customer is None:
            differences.append(Difference(f"customer {number}", "count", 1, 0))
            continue
        said = _said(documents, customer)
        differences += [
            Difference(f"customer {number}", name, value, said[name])
            for name, value in expected.items()
            if value is not None and value != said[name]
        ]
    refused = {name for name in oracle.refused if name.isdigit() and str(int(name)) == name}
    differences += [
        Difference(f"customer {number}", "count", 0, 1) for number in sorted(refused) if int(number) in by_number
    ]
    return differences


def _said(documents: SeveraDocuments, customer: Wire) -> dict[str, object]:
    headquarter = (customer.get("headquarterAddress") or {}).get("guid")
    address = documents.of["addresses"].get(headquarter, {}) if headquarter else {}
    country = (address.get("country") or {}).get("name")
    return {
        "name": customer["name"],
        "vatNumber": customer.get("vatNumber"),
        "email": customer.get("email"),
        "language": (customer.get("language") or {}).get("code"),
        "currency": (customer.get("currency") or {}).get("code"),
        "paymentTerm": customer.get("paymentTerm"),
        "pricelist": (customer.get("pricelist") or {}).get("name"),
        "addressline": address.get("addressline"),
        "postalCode": address.get("postalCode"),
        "city": address.get("city"),
        "country": documents.code_of_country.get(country) if country else None,
        "phone": address.get("phone"),
        "fax": address.get("fax"),
        "isTaxFree": customer["guid"] in documents.reverse_charge,
    }
