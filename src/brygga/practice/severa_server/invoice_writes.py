"""PATCH of invoices (contracts/severa.md §3.5 "Updates we need")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brygga.practice.severa_server.errors import Refused, bad_body
from brygga.practice.severa_server.handlers import found, rows_answer
from brygga.practice.severa_server.models import DocumentError
from brygga.practice.severa_server.operation import Answer, Call
from brygga.practice.severa_server.query import no_parameters
from brygga.practice.severa_server.state import Transaction
from brygga.practice.severa_server.writes import (
    Patchable,
    as_date,
    as_int32,
    as_reference,
    as_text,
    replacements,
)

#: That these four are patchable is inferred (§3.5 "Updates we need").
INVOICE_PATHS: dict[str, Patchable] = {
    "/status/guid": Patchable("status", as_reference),
    "/number": Patchable("number", as_int32, refused_when_read_only=True),
    "/referenceNumber": Patchable("referenceNumber", as_text, refused_when_read_only=True),
    "/paymentDate": Patchable("paymentDate", as_date),
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
