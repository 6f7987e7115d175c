"""What Severa's refusals mean: one table of (HTTP status, ``error.type``) to a reason and to the kind of fault."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from brygga.records.reasons import Fault, Reason, Refused, Unavailable, reason
from brygga.severa.operations import Operation
from brygga.severa.wire_answers import ErrorBody

WRONG_CREDENTIALS = "SEV-701"
SCOPE_MISSING = "SEV-702"
NOT_REACHABLE = "SEV-703"
OPERATION_REFUSED = "SEV-705"
LIST_INCOMPLETE = "SEV-706"
NOT_UNDERSTOOD = "SEV-707"
ANSWER_LOST = "SEV-708"
NOT_FOUND = "SEV-709"
SERVER_ERROR = "SEV-710"
NOT_TAKEN = "SEV-711"
AFTER_CREATE = "SEV-720"
NO_COMMUNICATION_TYPE = "SEV-721"
NO_LANGUAGE = "SEV-722"
NO_CURRENCY = "SEV-723"
NO_COUNTRY = "SEV-724"
NOT_EMPTIED = "SEV-725"
OTHER_VALUE = "SEV-726"
NO_PRICE_LIST = "MAP-861"
CLOSED_PROJECT = "PRJ-202"
QUOTA = "SYS-905"

_LONGEST_DETAIL = 300


class Meaning(NamedTuple):
    """What an answer means: for a status from ``first`` to ``last`` and an ``error.type`` (empty = any)."""

    first: int
    last: int
    error_type: str
    code: str
    fault: type[Fault]


ERROR_TABLE: tuple[Meaning, ...] = (
    Meaning(401, 401, "", WRONG_CREDENTIALS, Refused),
    Meaning(403, 403, "InsufficientApiScope", SCOPE_MISSING, Refused),
    Meaning(400, 400, "InsufficientApiScope", SCOPE_MISSING, Refused),
    Meaning(400, 400, "AuthenticationRequired", WRONG_CREDENTIALS, Refused),
    Meaning(403, 403, "AuthenticationRequired", WRONG_CREDENTIALS, Refused),
    Meaning(404, 404, "", NOT_FOUND, Refused),
    Meaning(429, 429, "", QUOTA, Unavailable),
    Meaning(400, 499, "", OPERATION_REFUSED, Refused),
    Meaning(500, 599, "", SERVER_ERROR, Unavailable),
    Meaning(100, 399, "", NOT_UNDERSTOOD, Refused),
)
"""First match counts. Statuses and types: contracts/severa.md §2 "Error JSON", "Status codes seen"."""


def meaning_of(status: int, error_type: str) -> Meaning:
    """The table's row for an answer; a status outside HTTP is an answer we do not understand."""
    for row in ERROR_TABLE:
        if row.first <= status <= row.last and row.error_type in ("", error_type):
            return row
    return Meaning(status, status, "", NOT_UNDERSTOOD, Refused)


def error_type_and_detail(content: bytes, secrets: tuple[str, ...]) -> tuple[str, str]:
    """``error.type`` and the server's messages of an error body, both empty when there is none.

    A body that is not the documented JSON (the quota's is plain text) is shown as text, cut. Secrets that a server
    might repeat are blotted out.
    """
    try:
        body = msgspec.json.decode(content, type=ErrorBody)
    except msgspec.DecodeError:
        return "", _blotted(content.decode("utf-8", "replace"), secrets)
    if body.error is None:
        return "", ""
    messages = [detail.message for detail in body.error.details or [] if detail.message]
    kind = body.error.type or ""
    return kind, _blotted("; ".join(messages) or kind, secrets)


def answer_reason(
    row: Meaning, *, operation: Operation, path: str, status: int, detail: str, resume_time: float
) -> Reason:
    """The reason for an answer, with the parameters that its message needs."""
    named = f"{operation.method} {path}"
    match row.code:
        case "SYS-905":
            return quota_reason(resume_time)
        case "SEV-701":
            return reason(WRONG_CREDENTIALS)
        case "SEV-702":
            return reason(SCOPE_MISSING, scope=", ".join(operation.scopes), operation=named)
        case "SEV-709":
            return reason(NOT_FOUND, path=path)
        case "SEV-710":
            return reason(SERVER_ERROR, status=status, operation=named)
        case "SEV-707":
            return reason(NOT_UNDERSTOOD, path=path, detail=f"HTTP {status}")
        case _:
            return reason(row.code, operation=named, detail=detail or f"HTTP {status}")


def quota_reason(resume_time: float) -> Reason:
    """SYS-905 with the time (ISO 8601, UTC, whole seconds) from which Severa can be asked again."""
    return reason(QUOTA, time=datetime.fromtimestamp(resume_time, UTC).isoformat(timespec="seconds"))


def _blotted(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_DETAIL else text[:_LONGEST_DETAIL] + "…"
