"""PATCH: JSON Patch as Severa takes it (contracts/severa.md §2 "PATCH", §3.5 "Updates we need")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.errors import Refused, bad_body
from brygga.practice.severa_server.handlers import found, rows_answer
from brygga.practice.severa_server.models import DocumentError
from brygga.practice.severa_server.operation import Answer, Call
from brygga.practice.severa_server.query import no_parameters
from brygga.practice.severa_server.state import Transaction

_ENVELOPE = frozenset({"op", "path", "value", "from"})
#: Fields the schema marks read-only on every document (§2 "Audit fields").
_READ_ONLY = ("/guid", "/createdDateTime", "/createdBy", "/lastUpdatedDateTime", "/lastUpdatedBy")


@dataclass(frozen=True)
class Patchable:
    """A JSON pointer that may be replaced: the field it changes and what that field becomes."""

    field: str
    value: Callable[[str, Any, ServerConfig], Any]
    refused_when_read_only: bool = False


def replacements(body: Any, patchable: Mapping[str, Patchable], config: ServerConfig) -> dict[str, Any]:
    """The fields and new values that a PATCH body asks for; the whole body is understood before anything is done.

    Raises ``Refused`` (400) for another shape, another operation than Replace, an unknown or a read-only path.
    """
    if not isinstance(body, list) or not body:
        raise bad_body("the body must be an array of patch operations")
    changes: dict[str, Any] = {}
    for each in body:
        if not isinstance(each, Mapping):
            raise bad_body("a patch operation must be an object of op, path and value")
        unknown = set(each) - _ENVELOPE
        if unknown:
            raise bad_body(f"unknown field {', '.join(sorted(unknown))} in a patch operation", min(unknown))
        _check_op(each.get("op"), config)
        path = each.get("path")
        if not isinstance(path, str):
            raise bad_body("path is required", "path")
        if "value" not in each:
            raise bad_body(f"value is required to replace {path}", path)
        if path.startswith(_READ_ONLY):
            raise Refused(400, "InvalidOperation", f"{path} is read-only", "RequestBody", path)
        target = patchable.get(path)
        if target is None:
            raise Refused(400, "InvalidParameter", f"{path} cannot be patched here", "RequestBody", path)
        changes[target.field] = target.value(path, each["value"], config)
    return changes


def _check_op(op: Any, config: ServerConfig) -> None:
    taken = {"any": str(op).lower() == "replace", "Replace": op == "Replace", "replace": op == "replace"}
    if not isinstance(op, str) or not taken[config.patch_op_casing]:
        raise Refused(
            400, "InvalidOperation", f"the operation {op!r} is not supported, only Replace", "RequestBody", "op"
        )


def _as_text(path: str, value: Any, config: ServerConfig) -> Any:
    if value is not None and not isinstance(value, str):
        raise bad_body(f"{path} must be a string or null", path)
    return value


def _as_date(path: str, value: Any, config: ServerConfig) -> Any:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise bad_body(f"{path} must be a date (YYYY-MM-DD), not {value!r}", path) from error


def _as_int32(path: str, value: Any, config: ServerConfig) -> Any:
    if value is None:
        return None
    written_as_text = isinstance(value, str)
    if written_as_text and config.patch_values != "json" and value.isascii() and value.isdigit():
        value = int(value)
    elif written_as_text or config.patch_values == "string":
        raise bad_body(f"{path} cannot take {value!r}", path)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**31) <= value < 2**31:
        raise bad_body(f"{path} must be a whole number of 32 bits, not {value!r}", path)
    return value


def _as_reference(path: str, value: Any, config: ServerConfig) -> Any:
    if not isinstance(value, str):
        raise bad_body(f"{path} must be a guid", path)
    return {"guid": value}


#: That these four are patchable is inferred (§3.5 "Updates we need").
INVOICE_PATHS: dict[str, Patchable] = {
    "/status/guid": Patchable("status", _as_reference),
    "/number": Patchable("number", _as_int32, refused_when_read_only=True),
    "/referenceNumber": Patchable("referenceNumber", _as_text, refused_when_read_only=True),
    "/paymentDate": Patchable("paymentDate", _as_date),
}


def patch_invoice(call: Call) -> Answer:
    """PATCH /v1/invoices/{guid}: the whole array or nothing; answers an array of the changed invoice."""
    no_parameters(call.query)
    invoice = found(call.state, "invoices", call.guids["guid"]).document()
    changes = replacements(call.body, INVOICE_PATHS, call.config)
    if call.config.read_only_status_refuses:
        _check_status_allows(call, invoice, changes)
    try:
        with call.state.transaction() as change:
            if call.config.number_on_status:
                changes |= _number_given_by_status(change, invoice, changes)
            change.update("invoices", invoice["guid"], changes)
            settings = call.state.collection("invoicesettings").owned_by(invoice["guid"])
            if settings is not None and "paymentDate" in changes:
                change.update("invoicesettings", settings.guid, {"paymentDate": changes["paymentDate"]})
    except DocumentError as error:
        raise bad_body(str(error)) from error
    return rows_answer([found(call.state, "invoices", invoice["guid"]).raw])


def _check_status_allows(call: Call, invoice: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    status = invoice["status"] and call.state.document("invoicestatuses", invoice["status"]["guid"])
    if not status or not status["isReadOnly"]:
        return
    for path, target in INVOICE_PATHS.items():
        if target.refused_when_read_only and target.field in changes and changes[target.field] != invoice[target.field]:
            message = f"{path} cannot be changed: the invoice's status {status['name']} is read-only"
            raise Refused(400, "InvalidOperation", message, "RequestBody", path)


def _number_given_by_status(
    change: Transaction, invoice: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, Any]:
    """The number an invoice without one gets when its new status has invoice numbers (§3.5, inferred).

    It is the organisation's next number; a credit note gets one only where the organisation is set so (§3.9).
    """
    merged = {**invoice, **changes}
    if "status" not in changes or merged["number"] is not None:
        return {}
    status = change.lookup("invoicestatuses", changes["status"]["guid"])
    settings = change.lookup("organizationsettings", "organizationsettings")
    if status is None or not status["hasInvoiceNumber"]:
        return {}
    if settings is None:
        raise Refused(500, "ConfigurationError", "the environment has no organisation settings to number from")
    if merged["isCreditNote"] and not settings["setCreditNoteInvoiceNumber"]:
        return {}
    number = settings["nextInvoiceNumber"]
    change.update(
        "organizationsettings",
        "organizationsettings",
        {"nextInvoiceNumber": number + 1, "lastInvoiceNumber": number},
    )
    return {"number": number}
