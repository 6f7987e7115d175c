"""A refused call, and the error body that goes with it (contracts/severa.md §2 "Error JSON")."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

Location = Literal["PathParameter", "RequestBody", "RequestHeader", "UriParameter"]

#: The type of ``error.type`` that goes with a status when nothing more exact is known.
TYPE_OF_STATUS = {
    400: "InvalidRequest",
    401: "AuthenticationRequired",
    403: "PermissionDenied",
    404: "InvalidRequest",
    500: "InternalSystemError",
}


@dataclass
class Refused(Exception):
    """The call is answered with an error. ``location`` and ``name`` say which part of the request is at fault."""

    status: int
    type: str
    message: str
    location: Location | None = None
    name: str | None = None

    def __str__(self) -> str:
        return self.message


class NotFound(Exception):
    """The document is not there: 404 without a body."""


def error_body(status: int, kind: str, message: str, location: str | None = None, name: str | None = None) -> bytes:
    """The JSON body of an error."""
    where = None if location is None else {"type": location, "name": name, "identifier": None}
    detail = {"message": message, "url": None, "location": where}
    body = {"error": {"httpStatusCode": status, "type": kind, "details": [detail], "stack": None}}
    return json.dumps(body, ensure_ascii=False).encode("utf-8")


def bad_parameter(name: str, message: str) -> Refused:
    """A query parameter that is unknown, not modelled or not understood."""
    return Refused(400, "InvalidParameter", message, "UriParameter", name)


def bad_body(message: str, name: str | None = None) -> Refused:
    """A request body that cannot be taken."""
    return Refused(400, "InvalidRequest", message, "RequestBody", name)
