"""PATCH: JSON Patch as Severa takes it (contracts/severa.md §2 "PATCH"), whatever the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.errors import Refused, bad_body
from brygga.practice.severa_server.handlers import found
from brygga.practice.severa_server.models import DocumentError
from brygga.practice.severa_server.operation import Call
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


def as_text(path: str, value: Any, config: ServerConfig) -> Any:
    """A text or null."""
    if value is not None and not isinstance(value, str):
        raise bad_body(f"{path} must be a string or null", path)
    return value


def as_date(path: str, value: Any, config: ServerConfig) -> Any:
    """A date or null."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise bad_body(f"{path} must be a date (YYYY-MM-DD), not {value!r}", path) from error


def as_int32(path: str, value: Any, config: ServerConfig) -> Any:
    """A whole number of 32 bits or null."""
    if value is None:
        return None
    writtenas_text = isinstance(value, str)
    if writtenas_text and config.patch_values != "json" and value.isascii() and value.isdigit():
        value = int(value)
    elif writtenas_text or config.patch_values == "string":
        raise bad_body(f"{path} cannot take {value!r}", path)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**31) <= value < 2**31:
        raise bad_body(f"{path} must be a whole number of 32 bits, not {value!r}", path)
    return value


def as_reference(path: str, value: Any, config: ServerConfig) -> Any:
    """The guid of another document."""
    if not isinstance(value, str):
        raise bad_body(f"{path} must be a guid", path)
    return {"guid": value}


def as_said_text(path: str, value: Any, config: ServerConfig) -> Any:
    """A text that says something: for fields that the schema requires."""
    if not isinstance(value, str) or not value.strip():
        raise bad_body(f"{path} is required", path)
    return value


def as_flag(path: str, value: Any, config: ServerConfig) -> Any:
    """True or false, as JSON or (unless the server is set otherwise) as a string."""
    if isinstance(value, str) and config.patch_values != "json" and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool) or config.patch_values == "string":
        raise bad_body(f"{path} must be true or false, not {value!r}", path)
    return value


def patched(
    call: Call,
    collection: str,
    patchable: Mapping[str, Patchable],
    check: Callable[[Transaction, Mapping[str, Any], dict[str, Any]], None] | None = None,
) -> bytes:
    """Carry out a PATCH of the document that the path names, the whole array or nothing; answers it as it is now.

    ``check`` sees the document before and the changes and may refuse them.
    """
    no_parameters(call.query)
    before = found(call.state, collection, call.guids["guid"]).document()
    changes = replacements(call.body, patchable, call.config)
    try:
        with call.state.transaction() as change:
            if check is not None:
                check(change, before, changes)
            change.update(collection, before["guid"], changes)
    except DocumentError as error:
        raise bad_body(str(error)) from error
    return found(call.state, collection, before["guid"]).raw
