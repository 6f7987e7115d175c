"""Project fees: adding and changing them (contracts/severa.md §3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.errors import Refused, bad_body
from brygga.practice.severa_server.handlers import found, rows_answer
from brygga.practice.severa_server.inputs import Body
from brygga.practice.severa_server.models import DocumentError
from brygga.practice.severa_server.operation import Answer, Call
from brygga.practice.severa_server.query import no_parameters
from brygga.practice.severa_server.state import SeveraState, Transaction
from brygga.practice.severa_server.writes import Patchable, as_date, as_flag, as_said_text, as_text, patched

FEE_BODY = Body(
    "ProjectFeeInputModel",
    not_modelled=frozenset(
        {
            "billingDependencyPhase",
            "billingSchedule",
            "displayPeriodStartDate",
            "hasVolumePricing",
            "invoice",
            "invoiceQuantity",
            "invoiceRowComment",
            "invoiceRowDescription",
            "phase",
            "plannedBillingDate",
        }
    ),
    must_say=frozenset({"quantity", "isBillable", "eventDate"}),
)


def as_money(path: str, value: Any, config: ServerConfig) -> Any:
    """An amount with its currency, both said."""
    if not isinstance(value, Mapping) or set(value) != {"amount", "currencyCode"}:
        raise bad_body(f"{path} must be an object of amount and currencyCode", path)
    amount = value["amount"]
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal) or not isinstance(value["currencyCode"], str):
        raise bad_body(f"{path} cannot take {value!r}", path)
    return dict(value)


FEE_PATHS: dict[str, Patchable] = {
    "/name": Patchable("name", as_said_text),
    "/description": Patchable("description", as_text),
    "/eventDate": Patchable("eventDate", as_date),
    "/isBillable": Patchable("isBillable", as_flag),
    "/unitCost": Patchable("unitCost", as_money),
    "/unitPrice": Patchable("unitPrice", as_money),
}


def post_fee(call: Call) -> Answer:
    """POST /v1/projectfees: a product, or a name with cost or price (§3.7, inferred); answers an array."""
    no_parameters(call.query)
    values = FEE_BODY.given(call.body)
    project = call.state.document("projects", values["project"]["guid"])
    if project is None:
        raise bad_body(f"there is no project {values['project']['guid']}", "project")
    if project["isClosed"]:
        raise Refused(400, "InvalidOperation", "fees cannot be added to a closed project", "RequestBody", "project")
    _check_money(call.state, values)
    values |= _from_product(call.state, values)
    if project["customer"] is not None:
        values["customer"] = {"guid": project["customer"]["guid"]}
    guid = str(uuid4())
    try:
        with call.state.transaction() as change:
            change.insert("projectfees", {**values, "guid": guid})
    except DocumentError as error:
        raise bad_body(str(error)) from error
    answer = rows_answer([found(call.state, "projectfees", guid).raw])
    return Answer(201, answer.body)


def _check_money(state: SeveraState, values: Mapping[str, Any]) -> None:
    codes = {entry.document()["code"] for entry in state.collection("currencies")}
    for name in ("unitCost", "unitPrice"):
        money = values.get(name)
        if money is not None and money["currencyCode"] not in codes:
            raise bad_body(f"{name}: the organisation has no currency {money['currencyCode']}", name)


def _from_product(state: SeveraState, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the product gives the fee where the body says nothing; without product the body must say name and amount."""
    guid = (values.get("product") or {}).get("guid")
    if guid is None:
        if not str(values.get("name") or "").strip():
            raise bad_body("a fee without product needs a name", "name")
        if values.get("unitCost") is None and values.get("unitPrice") is None:
            raise bad_body("a fee without product needs a cost or a price", "unitCost")
        return {}
    product = state.document("products", guid)
    if product is None:
        raise bad_body(f"there is no product {guid}", "product")
    account = product["salesAccount"]
    given = {
        "name": product["name"],
        "measurementUnit": product["measurementUnit"],
        "vatRate": product["vatRate"],
        "productType": product["type"],
        "unitCost": product["unitCost"],
        "unitPrice": product["unitPrice"],
        "salesAccount": {"guid": account["guid"]} if account else None,
    }
    return {name: value for name, value in given.items() if values.get(name) is None and value is not None}


def patch_fee(call: Call) -> Answer:
    """PATCH /v1/projectfees/{guid}: a fee that has been invoiced is locked (§3.7, inferred)."""

    def check(change: Transaction, before: Mapping[str, Any], changes: dict[str, Any]) -> None:
        if before["invoice"] is not None:
            raise Refused(400, "InvalidOperation", "the fee has been invoiced and cannot be changed", "RequestBody")
        _check_money(call.state, changes)

    return rows_answer([patched(call, "projectfees", FEE_PATHS, check)])
