"""The gate in front of every route: host name, session, same-origin writes, and the headers of every answer.

It stands before routing (ASGI middleware), so that a route that is added tomorrow is guarded without knowing it.
"""

from __future__ import annotations

from contextlib import nullcontext
from http.cookies import CookieError, SimpleCookie
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from brygga.records.reasons import reason
from brygga.store.audit.trail import acting_as
from brygga.web.access import SAFE_METHODS, SECURITY_HEADERS, Doorkeeper, Origins
from brygga.web.refusals import refusal
from brygga.web.running import LAUNCH_PATH

COOKIE = "brygga-session"
LOG_IN_PATH = "/logga-in"
OPEN_PATHS = frozenset({"/in", LAUNCH_PATH, LOG_IN_PATH})
"""The ways in, exactly: a company whose address begins alike is not open."""

STATIC_PREFIX = "/static/"
"""The look of the page that says how to get in."""

API_PREFIX = "/api"
"""Guarded by its own tokens: a script has no cookie and sends no ``Origin``."""


class Gate:
    """ASGI middleware; puts the session's user into ``scope["state"]["user"]``."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper, origins: Origins, log_in: bool = False) -> None:
        self.app = app
        self.doorkeeper = doorkeeper
        self.origins = origins
        self.log_in = log_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it here."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        guarded = _with_headers(send, scope["path"])
        refused = self._refused(scope, headers)
        if refused:
            status, code = refused
            # What a script of the page asks for is a part of it: a log-in page would be shown in its middle.
            ask = self.log_in and status == 401 and scope["method"] == "GET" and "hx-request" not in headers
            await _answer(guarded, 303 if ask else status, refusal(reason(code)), LOG_IN_PATH if ask else "")
            return
        with acting_as(user) if (user := user_of(scope)) else nullcontext():
            # Handlers run in threads that inherit this: what they change is this person's doing in the audit trail.
            await self.app(scope, receive, guarded)

    def _refused(self, scope: Any, headers: dict[str, str]) -> tuple[int, str] | None:
        """Status and reason code, or None when the request may go on."""
        path: str = scope["path"]
        if not self.origins.knows(headers.get("host", "")):
            return 421, "WEB-961"
        if path == API_PREFIX or path.startswith(API_PREFIX + "/"):
            return None
        if scope["method"] not in SAFE_METHODS and not self.origins.is_same_origin(headers):
            return 403, "WEB-962"
        session = self.doorkeeper.session(cookie_of(headers))
        state = scope.setdefault("state", {})
        state["user"], state["logged_in"] = (session.user, session.logged_in) if session else ("", False)
        if session is None and path not in OPEN_PATHS and not path.startswith(STATIC_PREFIX):
            return 401, "WEB-963"
        return None


def user_of(scope: Any) -> str:
    """Who the gate let in; empty on the ways in and for scripts, which have tokens of their own."""
    return str(scope.get("state", {}).get("user", ""))


def cookie_of(headers: dict[str, str]) -> str:
    """The session cookie's value, empty when there is none."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


def _with_headers(send: Send, path: str) -> Send:
    """Every answer carries the security headers; what is no static file is never kept by the browser."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message["headers"] if name.lower() != b"cache-control"]
            caching = "public, max-age=31536000, immutable" if path.startswith(STATIC_PREFIX) else "no-store"
            extra = {**SECURITY_HEADERS, "Cache-Control": caching}
            message["headers"] = [*kept, *((name.lower().encode(), value.encode()) for name, value in extra.items())]
        await send(message)

    return guarded


async def _answer(send: Send, status: int, body: bytes, location: str) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if location:
        headers.append((b"location", location.encode()))
    start: Any = {"type": "http.response.start", "status": status, "headers": headers}
    rest: Any = {"type": "http.response.body", "body": body, "more_body": False}
    await send(start)
    await send(rest)
