"""What an operation does once the call is admitted: reading lists and documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from brygga.practice.severa_server.collection import AnyOf, Condition, Entry
from brygga.practice.severa_server.errors import NotFound
from brygga.practice.severa_server.operation import Answer, Call, Handler
from brygga.practice.severa_server.query import no_parameters, page_token, understood
from brygga.practice.severa_server.state import SeveraState

NEXT_PAGE = "NextPageToken"


@dataclass(frozen=True)
class Parent:
    """The document a list belongs to: its collection, the name of its guid in the path, and where the rows say it."""

    collection: str
    guid: str
    path: str


def json_answer(value: Any, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(status, msgspec.json.encode(value))


def rows_answer(rows: list[bytes], headers: dict[str, str] | None = None) -> Answer:
    """A bare JSON array of documents (§2 "Body format")."""
    return Answer(200, b"[" + b",".join(rows) + b"]", headers=headers or {}, rows=rows)


def found(state: SeveraState, collection: str, guid: str) -> Entry:
    """The document; raises ``NotFound``."""
    entry = state.collection(collection).get(guid)
    if entry is None:
        raise NotFound
    return entry


def listing(
    collection: str, parent: Parent | None = None, always: Callable[[Call], list[Condition]] | None = None
) -> Handler:
    """A list of a collection, or of what belongs to ``parent``; ``always`` adds conditions of the operation."""

    def handle(call: Call) -> Answer:
        state, operation = call.state, call.operation
        asked = understood(
            call.query,
            path=call.path,
            paging=operation.paging,
            filters=operation.filters,
            not_modelled=operation.not_modelled,
            state=state,
            row_counts=(call.config.default_row_count, call.config.max_row_count),
        )
        conditions = [*asked.conditions, *(always(call) if always else [])]
        if parent is not None:
            guid = call.guids[parent.guid]
            found(state, parent.collection, guid)
            conditions.append(AnyOf(parent.path, frozenset({guid})))
        page = state.collection(collection).page(conditions, after=asked.after, skip=asked.skip, limit=asked.limit)
        headers = {}
        if page.more and asked.binding:
            headers[NEXT_PAGE] = page_token(state.page_key, asked.binding, page.entries[-1].sequence)
        return rows_answer([entry.raw for entry in page.entries], headers)

    return handle


def one(collection: str, *, as_array: bool = False) -> Handler:
    """One document by the guid of the path; a few operations answer an array of one."""

    def handle(call: Call) -> Answer:
        no_parameters(call.query)
        raw = found(call.state, collection, call.guids["guid"]).raw
        return rows_answer([raw]) if as_array else Answer(200, raw)

    return handle


def only(collection: str) -> Handler:
    """The document of a collection that has one."""

    def handle(call: Call) -> Answer:
        no_parameters(call.query)
        for entry in call.state.collection(collection):
            return Answer(200, entry.raw)
        raise NotFound

    return handle


def settings_of_invoice(call: Call) -> Answer:
    """GET /v1/invoices/{invoiceGuid}/invoicesettings."""
    no_parameters(call.query)
    invoice = found(call.state, "invoices", call.guids["invoiceGuid"])
    entry = call.state.collection("invoicesettings").owned_by(invoice.guid)
    if entry is None:
        raise NotFound
    return Answer(200, entry.raw)


def country(call: Call) -> Answer:
    """The four operations of one URL shape (§2 "Equivalent paths"): by guid one object, by code or name an array."""
    no_parameters(call.query)
    countries = call.state.collection("countries")
    wanted = call.guids["guid"]
    entry = countries.get(wanted)
    if entry is not None:
        return Answer(200, entry.raw)
    for path in ("code2", "code3", "name"):
        rows = [each.raw for each in countries.values(path, wanted)]
        if rows:
            return rows_answer(rows)
    raise NotFound


def vat_rates(call: Call) -> Answer:
    """GET /v1/vatrates: without ``countryGuid`` the organisation's country (§3.9)."""
    asked_country = any(name == "countryGuid" for name, _ in call.query)
    return listing("vatrates", always=None if asked_country else _organisation_country)(call)


def won_unless_configured(call: Call) -> list[Condition]:
    """Leaves out projects that are not won when the server is set so (§8 point 5 leaves it open)."""
    if call.config.projects_list_unwon:
        return []
    types = call.state.collection("salesstatustypes").values("salesState", "Won")
    return [AnyOf("salesStatus.salesStatusTypeGuid", frozenset(entry.guid for entry in types))]


def get_token(call: Call) -> Answer:
    """POST /v1/token."""
    no_parameters(call.query)
    return json_answer(call.access.token(call.body))


def refresh_token(call: Call) -> Answer:
    """POST /v1/refreshtoken."""
    no_parameters(call.query)
    return json_answer(call.access.refresh(call.body, call.headers.get("client_id")))


def sign_out(call: Call) -> Answer:
    """POST /v1/signout."""
    no_parameters(call.query)
    call.access.sign_out(call.body)
    return Answer(200, content_type=None)


def healthy(call: Call) -> Answer:
    """GET /heartbeat/server and /heartbeat/database: 200 and a text."""
    no_parameters(call.query)
    return Answer(200, b"Healthy", "text/plain; charset=utf-8")


def authorized(call: Call) -> Answer:
    """GET /heartbeat/authorized: 204 when the token is valid."""
    no_parameters(call.query)
    return Answer(204, content_type=None)


def _organisation_country(call: Call) -> list[Condition]:
    details = call.state.single("organizationdetails")
    if details is None or details["country"] is None:
        raise NotFound
    return [AnyOf("countryGuid", frozenset({details["country"]["guid"]}))]
