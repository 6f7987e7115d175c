"""Checks exchanges with Severa against the contract tables, whoever made the request and whoever answered.

``SeveraContract`` checks one request or one answer and raises ``AssertionError`` with a sentence. ``checked`` wraps an
ASGI application, checks every exchange through it and collects the sentences, so that each test of a client through
the practice server is also a test of both sides against contracts/severa_endpoints.json and severa_models.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.shared import contract

BASE_PATH = "/rest-api"
#: Set by the practice server in the scope of an exchange it was told to spoil (brygga.practice.severa_server.app).
FAULT_KEY = "severa_server.fault"

_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1), "uint64": (0, 2**64 - 1)}
_PATCH_BODY = "PatchOperation[]?"
#: severa.md §1 "Key spelling" and "`grant_type` in body".
_TOKEN_PATH = "/v1/token"


@dataclass(frozen=True)
class _Operation:
    method: str
    path: str
    pattern: re.Pattern[str]
    facts: Mapping[str, Any]

    @property
    def query(self) -> dict[str, Mapping[str, Any]]:
        return {each["name"]: each for each in self.facts["params"] if each["in"] == "query"}

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class SeveraContract:
    """The documented interface: 518 operations, 303 models."""

    def __init__(self) -> None:
        tables = contract("severa_models.json")
        self.enums: dict[str, list[str]] = tables["_enums"]
        self.models: dict[str, dict[str, str]] = {
            name: fields for name, fields in tables.items() if not name.startswith("_")
        }
        self._fixed: dict[tuple[str, str], list[_Operation]] = {}
        self._open: list[_Operation] = []
        for facts in contract("severa_endpoints.json")["endpoints"]:
            pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", facts["path"]))
            operation = _Operation(facts["method"], facts["path"], pattern, facts)
            if "{" in operation.path:
                self._open.append(operation)
            else:
                self._fixed.setdefault((operation.method, operation.path), []).append(operation)

    def operations(self, method: str, path: str) -> list[_Operation]:
        """The operations of a concrete path (several where the contract has equivalent paths); none is a violation."""
        found = self._fixed.get((method, path))
        if found is None:
            found = [each for each in self._open if each.method == method and each.pattern.fullmatch(path)]
            # /v1/invoices/{guid}/pdf is meant where it and a path of more variables both fit.
            fewest = min((each.path.count("{") for each in found), default=0)
            found = [each for each in found if each.path.count("{") == fewest]
        assert found, f"{method} {path} is not an operation of the contract"
        return found

    def check_request(self, method: str, path: str, query_items: Iterable[tuple[str, str]], json_body: Any) -> None:
        """Raises when the request is none of the contract's. ``json_body`` is None when there is none."""
        items = list(query_items)
        _any_passes([partial(self._request, op, items, json_body) for op in self.operations(method, path)])

    def check_response(self, method: str, path: str, status: int, headers: Mapping[str, str], json_body: Any) -> None:
        """Raises when the answer is none of the contract's. ``json_body`` is None without a body, text if not JSON."""
        named = {name.lower(): value for name, value in headers.items()}
        operations = self.operations(method, path)
        _any_passes([partial(self._response, op, status, named, json_body) for op in operations])

    def _request(self, operation: _Operation, items: list[tuple[str, str]], body: Any) -> None:
        given: dict[str, list[str]] = {}
        for name, value in items:
            given.setdefault(name.split("[", 1)[0], []).append(value)
        for name, values in given.items():
            assert name in operation.query, f"{operation} has no query parameter {name}"
            self._query_value(operation, name, operation.query[name]["type"], values)
        for name, facts in operation.query.items():
            assert name in given or not facts["required"], f"{operation} requires the query parameter {name}"
        model = operation.facts["request_model"]
        if model is None:
            assert body is None, f"{operation} takes no body"
        elif operation.path == _TOKEN_PATH:
            assert isinstance(body, Mapping), f"{operation}: the body must be an object"
            lower = {name.lower(): value for name, value in body.items() if name.lower() != "grant_type"}
            self._value(f"{operation}: body", model.rstrip("?"), lower)
        elif model == _PATCH_BODY:
            self._patch_body(operation, body)
        else:
            self._value(f"{operation}: body", model.rstrip("?"), body)

    def _query_value(self, operation: _Operation, name: str, kind: str, values: list[str]) -> None:
        base = kind.rstrip("?")
        many = base.endswith("[]")
        base = base.removesuffix("[]")
        assert many or len(values) == 1, f"{operation}: {name} is given {len(values)} times"
        if base.startswith("KeyValuePair"):
            return
        for value in values:
            assert self._readable(base, value), f"{operation}: {name}={value!r} is not a {base}"

    def _readable(self, kind: str, text: str) -> bool:
        try:
            if kind in _RANGES:
                lowest, highest = _RANGES[kind]
                return lowest <= int(text) <= highest
            if kind in ("double", "number"):
                return float(text) is not None
            if kind in ("datetime", "date"):
                return datetime.fromisoformat(text) is not None
        except ValueError:
            return False
        if kind == "boolean":
            return text in ("true", "false")
        return text in self.enums[kind] if kind in self.enums else True

    def _patch_body(self, operation: _Operation, body: Any) -> None:
        assert isinstance(body, list), f"{operation}: the body must be PatchOperation[]"
        assert body, f"{operation}: the body is an empty array"
        for place, each in enumerate(body):
            where = f"{operation}: body[{place}]"
            assert isinstance(each, Mapping), f"{where} is not a PatchOperation"
            # The casing of op is not proven, and value is typed string though any JSON value is meant (§2 "PATCH").
            known = {name: value for name, value in each.items() if name != "value"}
            if isinstance(known.get("op"), str):
                known["op"] = known["op"].capitalize()
            self._value(where, "PatchOperation", known)
            assert known["op"] == "Replace", f"{where}.op is {known['op']!r}, only Replace is supported"
            assert str(known.get("path", "")).startswith("/"), f"{where}.path is not a JSON pointer"

    def _response(self, operation: _Operation, status: int, headers: Mapping[str, str], body: Any) -> None:
        if status == 429:
            assert isinstance(body, str), f"{operation}: 429 is answered with a text"
            assert "API calls quota exceeded" in body, f"{operation}: 429 is answered with {body!r}"
            return
        if status >= 400:
            self._error(operation, status, body)
            return
        success = operation.facts["success_status"]
        assert status == success, f"{operation}: status {status}, the contract says {success}"
        model = operation.facts["response_model"]
        if "nextpagetoken" in headers:
            assert operation.facts["paging"] == "pageToken", f"{operation}: NextPageToken, though not paged by token"
        if model is None:
            assert body is None, f"{operation}: an answer without body has one"
        elif model != "binary":
            self._value(f"{operation}: answer", model, body)

    def _error(self, operation: _Operation, status: int, body: Any) -> None:
        if status == 404:
            detail = _message(body)
            assert body is None, f"{operation}: 404 has no body in the contract, but this says: {detail}"
            return
        where = f"{operation}: error {status}"
        self._value(where, "ExceptionModel", body)
        assert body["error"], f"{where} has no error"
        told = body["error"].get("httpStatusCode")
        assert told == status, f"{where} says httpStatusCode {told}"

    def _value(self, where: str, notation: str, value: Any) -> None:
        kind = notation.removesuffix(" (required)")
        if value is None:
            assert kind.endswith("?"), f"{where} is null, but is not nullable ({notation})"
            return
        kind = kind.removesuffix("?")
        if kind.endswith("[]"):
            assert isinstance(value, list), f"{where} is not an array ({notation})"
            for place, each in enumerate(value):
                self._value(f"{where}[{place}]", kind[:-2], each)
        elif kind in self.models:
            self._object(where, kind, value)
        elif kind in self.enums:
            assert value in self.enums[kind], f"{where} is {value!r}, not one of {kind}: {', '.join(self.enums[kind])}"
        else:
            assert _is_of(kind, value), f"{where} is {value!r}, not a {kind}"

    def _object(self, where: str, model: str, value: Any) -> None:
        assert isinstance(value, Mapping), f"{where} is not an object ({model})"
        fields = self.models[model]
        for name, each in value.items():
            assert name in fields, f"{where} has the field {name}, which {model} does not have"
            self._value(f"{where}.{name}", fields[name], each)
        for name, notation in fields.items():
            if notation.endswith(" (required)"):
                assert name in value, f"{where} lacks the field {name}, which {model} requires"


def _is_of(kind: str, value: Any) -> bool:
    if kind in _RANGES:
        lowest, highest = _RANGES[kind]
        return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest
    if kind == "double":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "boolean":
        return isinstance(value, bool)
    if not isinstance(value, str):
        return False
    try:
        if kind == "date":
            date.fromisoformat(value)
        elif kind == "datetime":
            return datetime.fromisoformat(value).tzinfo is not None
        else:
            assert kind == "string", f"the contract has a type this checker does not know: {kind}"
    except ValueError:
        return False
    return True


def _any_passes(checks: list[Callable[[], None]]) -> None:
    failures: list[AssertionError] = []
    for check in checks:
        try:
            check()
        except AssertionError as failure:
            failures.append(failure)
        else:
            return
    raise failures[0]


def _message(body: Any) -> str:
    try:
        return str(body["error"]["details"][0]["message"])
    except (TypeError, KeyError, IndexError):
        return repr(body)


class CheckedApp:
    """An ASGI application around another; ``violations`` holds one sentence for each breach of the contract.

    Exchanges that the practice server was told to spoil are checked on the request only. A request that was never
    asked to its end, because the client has gone, is none.
    """

    def __init__(self, app: ASGIApp, severa: SeveraContract) -> None:
        self._app = app
        self._severa = severa
        self.violations: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One exchange: passed on as it is, checked when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked, answered = bytearray(), bytearray()
        start: MutableMapping[str, Any] = {}
        whole = False

        async def listening() -> Message:
            nonlocal whole
            message = await receive()
            asked.extend(message.get("body", b""))
            whole = whole or (message["type"] == "http.request" and not message.get("more_body", False))
            return message

        async def speaking(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            answered.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                # Before the client can go on, so that a test sees the sentence of its last call.
                start["checked"] = True
                self._check(scope, bytes(asked), start, bytes(answered))
            await send(message)

        await self._app(scope, listening, speaking)
        if whole and "checked" not in start:
            self._check(scope, bytes(asked), start, bytes(answered))

    def _check(self, scope: Scope, asked: bytes, start: Mapping[str, Any], answered: bytes) -> None:
        method, path = scope["method"], _contract_path(scope["path"])
        query = parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start.get("headers", ())}
        try:
            self._severa.check_request(method, path, query, _parsed(asked, "application/json"))
            if "status" in start and FAULT_KEY not in scope:
                body = _parsed(answered, headers.get("content-type", ""))
                self._severa.check_response(method, path, start["status"], headers, body)
        except AssertionError as violation:
            # pytest adds lines of its own to an assertion it has rewritten; the sentence is the first.
            self.violations.append(str(violation).splitlines()[0])


def checked(app: ASGIApp, severa: SeveraContract | None = None) -> CheckedApp:
    """The application with every exchange checked against the contract."""
    return CheckedApp(app, severa or SeveraContract())


def _contract_path(path: str) -> str:
    return re.sub(r"^/v1\.0/", "/v1/", path.removeprefix(BASE_PATH))


def _parsed(body: bytes, content_type: str) -> Any:
    if not body:
        return None
    text = body.decode("utf-8")
    if "json" not in content_type:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
