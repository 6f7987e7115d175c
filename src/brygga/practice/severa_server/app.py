"""The practice Severa server as an ASGI application: how one exchange goes, whatever its operation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from brygga.practice.severa_server.access import QUOTA_TEXT, Access, Quota
from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.errors import TYPE_OF_STATUS, NotFound, Refused, bad_body, error_body
from brygga.practice.severa_server.faults import FaultKind, FaultRule, LoggedRequest
from brygga.practice.severa_server.handlers import NEXT_PAGE, rows_answer
from brygga.practice.severa_server.operation import Answer, Call
from brygga.practice.severa_server.router import Router
from brygga.practice.severa_server.state import SeveraState

BASE_PATH = "/rest-api"
#: ASGI scope key under which a spoiled exchange says so to whatever wraps the application (the contract checker).
FAULT_KEY = "severa_server.fault"
#: ASGI scope key of a function that ends the connection at once; the server of ``runner`` puts it there.
CLOSE_KEY = "severa_server.close"
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]
_WITH_SECRETS = frozenset({"/v1/token", "/v1/refreshtoken", "/v1/signout"})


@dataclass(frozen=True)
class _Asked:
    """A request as it came: the contract's path, the query in order, headers in lower case, the body's bytes."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    content: bytes


class _Exchange:
    """Answers requests: quota, routing, token and scopes, then the operation, one at a time on the state."""

    def __init__(self, state: SeveraState, config: ServerConfig) -> None:
        self.state = state
        self.config = config
        self.access = Access(state, config, lambda: state.now())
        self.quota = Quota(config.requests_per_second, config.monotonic)
        self.router = Router()
        self.page_before: dict[str, Answer] = {}

    def answer(self, asked: _Asked, logged: LoggedRequest) -> Answer:
        """The answer of the contract, refusals included."""
        try:
            if not self.quota.admit(self._credential(asked)):
                return self._over_quota()
            with self.state.lock:
                return self._carried_out(asked, logged)
        except NotFound:
            return Answer(404, content_type=None)
        except Refused as refused:
            body = error_body(refused.status, refused.type, refused.message, refused.location, refused.name)
            return Answer(refused.status, body)

    def _carried_out(self, asked: _Asked, logged: LoggedRequest) -> Answer:
        found = self.router.find(asked.method, asked.path)
        if found is None:
            message = f"this simulator does not model {asked.method} {asked.path}"
            raise Refused(404, "InvalidRequest", message, "PathParameter")
        operation, guids = found
        if operation.secured:
            self.access.check(asked.headers, operation.scopes)
        body = _json_body(asked) if operation.takes_body else None
        if asked.path not in _WITH_SECRETS:
            logged.body = body
        call = Call(
            operation, asked.path, guids, asked.query, asked.headers, body, self.state, self.config, self.access
        )
        return operation.handler(call)

    def _over_quota(self) -> Answer:
        text = QUOTA_TEXT.format(limit=self.config.requests_per_second)
        headers = {} if self.config.retry_after is None else {"Retry-After": self.config.retry_after}
        return Answer(429, text.encode("utf-8"), "text/plain; charset=utf-8", headers)

    def _credential(self, asked: _Asked) -> str:
        """Who the quota counts: the client, however the call names it (§2 "Quota scope" is not documented)."""
        client = asked.headers.get("client_id")
        if client is not None:
            return client
        return self.state.client_id if "authorization" in asked.headers or asked.path in _WITH_SECRETS else ""


def create_app(state: SeveraState, config: ServerConfig | None = None) -> Starlette:
    """The application over a state. ``config.now`` becomes the clock of the state."""
    settings = config or ServerConfig()
    if settings.now is not None:
        state.now = settings.now
    exchange = _Exchange(state, settings)
    app = Starlette(routes=[Route("/{path:path}", _Endpoint(exchange), methods=_METHODS)])
    app.state.access = exchange.access
    return app


class _Endpoint:
    """Reads a request, lets the exchange answer it, and lets a fault on order spoil it."""

    def __init__(self, exchange: _Exchange) -> None:
        self._exchange = exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            content = await request.body()
        except ClientDisconnect:
            # Half a request is none: nothing is done, and there is nobody to answer.
            return
        asked = _Asked(
            request.method,
            contract_path(request.url.path),
            tuple(parse_qsl(request.url.query, keep_blank_values=True)),
            {name.lower(): value for name, value in request.headers.items()},
            content,
        )
        state = self._exchange.state
        logged = LoggedRequest(asked.method, asked.path, asked.query)
        with state.lock:
            state.requests.append(logged)
            rule = state.faults.striking(asked.method, asked.path)
        if self._exchange.config.latency_ms:
            await asyncio.sleep(self._exchange.config.latency_ms / 1000)
        if rule is not None:
            scope[FAULT_KEY] = logged.fault = rule.kind
        answer = await self._spoiled(rule, asked, logged, scope, receive)
        if answer is None:
            return
        logged.status = answer.status
        await _response(answer, state.now())(scope, receive, send)

    async def _spoiled(
        self, rule: FaultRule | None, asked: _Asked, logged: LoggedRequest, scope: Scope, receive: Receive
    ) -> Answer | None:
        """The answer, or None when there is none to give."""
        kind = rule.kind if rule else None
        if rule and kind is FaultKind.ANSWER_INSTEAD:
            return _ordered_answer(rule)
        if kind is FaultKind.CLOSE_BEFORE:
            await _close(scope, receive)
            return None
        if rule and kind is FaultKind.WAIT_BEFORE and not await _waited(rule, receive):
            return None
        before = self._exchange.page_before.get(_page_key(asked))
        answer = self._exchange.answer(asked, logged)
        self._remember_page(asked, answer)
        if rule is None or kind is FaultKind.WAIT_BEFORE:
            return answer
        if kind is FaultKind.DO_THEN_CLOSE:
            await _close(scope, receive)
            return None
        if kind is FaultKind.DO_THEN_WAIT:
            return answer if await _waited(rule, receive) else None
        return self._spoiled_answer(rule, asked, answer, before)

    def _spoiled_answer(self, rule: FaultRule, asked: _Asked, answer: Answer, before: Answer | None) -> Answer:
        if rule.kind is FaultKind.DO_THEN_ANSWER:
            return _ordered_answer(rule)
        if rule.kind is FaultKind.TRUNCATED_JSON:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        if answer.rows is None:
            raise ValueError(f"{rule.kind.name} was ordered for {asked.path}, which did not answer a page")
        if rule.kind is FaultKind.TRUNCATED_PAGE:
            return rows_answer(answer.rows[: rule.rows])
        if before is None:
            raise ValueError(f"{rule.kind.name} was ordered for the first page of {asked.path}")
        return before

    def _remember_page(self, asked: _Asked, answer: Answer) -> None:
        """Keeps the page under the key of the one after it, while a repeated page is on order."""
        wanted = any(rule.kind is FaultKind.REPEATED_PAGE for rule in self._exchange.state.faults)
        following = _offset_key(asked) if "firstRow" in dict(asked.query) else answer.headers.get(NEXT_PAGE)
        if wanted and following is not None:
            self._exchange.page_before[following] = answer


def contract_path(path: str) -> str:
    """The path as the contract writes it: without the base path, and /v1.0 as /v1 (§2 "Base URL")."""
    if not path.startswith(f"{BASE_PATH}/"):
        return path
    inner = path.removeprefix(BASE_PATH)
    return "/v1/" + inner.removeprefix("/v1.0/") if inner.startswith("/v1.0/") else inner


def _json_body(asked: _Asked) -> Any:
    content_type = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in ("application/json", "application/json-patch+json"):
        raise Refused(400, "InvalidRequest", "the body must be JSON", "RequestHeader", "Content-Type")
    try:
        # A number of the wire stays the decimal it was written as (models.PRIMITIVES).
        return json.loads(asked.content, parse_float=Decimal)
    except ValueError as error:
        raise bad_body("the body is not JSON") from error


def _ordered_answer(rule: FaultRule) -> Answer:
    if rule.text is not None:
        return Answer(rule.status, rule.text.encode("utf-8"), "text/plain; charset=utf-8", rule.headers)
    if rule.status == 404:
        return Answer(404, content_type=None, headers=rule.headers)
    kind = TYPE_OF_STATUS.get(rule.status, "InternalSystemError")
    return Answer(rule.status, error_body(rule.status, kind, "a fault on order"), headers=rule.headers)


def _page_key(asked: _Asked) -> str:
    """What the page before it was kept under: its token, of an offset list its path; nothing for a first page."""
    query = dict(asked.query)
    return _offset_key(asked) if query.get("firstRow", "0") != "0" else query.get("pageToken", "")


def _offset_key(asked: _Asked) -> str:
    return f"offset {asked.path}"


async def _close(scope: Scope, receive: Receive) -> None:
    """Closes the connection without a byte of an answer."""
    close = scope.get(CLOSE_KEY)
    if close is None:
        raise RuntimeError("closing a connection needs the server of runner.running_server")
    close()
    await _disconnected(receive)


async def _waited(rule: FaultRule, receive: Receive) -> bool:
    """Waits as ordered; False when the client has gone, so that no answer is due."""
    if rule.seconds is not None:
        await asyncio.sleep(rule.seconds)
        return True
    rule.stands_still.set()
    await _disconnected(receive)
    return False


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _response(answer: Answer, now: datetime) -> ASGIApp:
    headers = {"Date": format_datetime(now.astimezone(UTC), usegmt=True), **answer.headers}
    if answer.content_type is not None:
        headers["Content-Type"] = answer.content_type
    return Response(answer.body, answer.status, headers)
