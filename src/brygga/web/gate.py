"""The gate in front of every route: host name, session, same-origin writes, and the headers of every answer.

It stands before routing (ASGI middleware), so that a route that is added tomorrow is guarded without knowing it.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from brygga.web.access import SAFE_METHODS, SECURITY_HEADERS, Doorkeeper, Origins
from brygga.web.refusals import refusal

COOKIE = "brygga-session"
OPEN_PATHS = ("/static/", "/in")
"""What a browser without a session may have: the look of the page that says how to get in, and the way in."""

API_PREFIX = "/api"
"""Guarded by its own tokens: a script has no cookie and sends no ``Origin``."""


class Gate:
    """ASGI middleware; puts the session's user into ``scope["state"]["user"]``."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper, origins: Origins) -> None:
        self.app = app
        self.doorkeeper = doorkeeper
        self.origins = origins

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
            await _answer(guarded, status, refusal(code))
            return
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
        scope.setdefault("state", {})["user"] = session.user if session else ""
        if session is None and not path.startswith(OPEN_PATHS):
            return 401, "WEB-963"
        return None


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
            caching = "public, max-age=31536000, immutable" if path.startswith("/static/") else "no-store"
            extra = {**SECURITY_HEADERS, "Cache-Control": caching}
            message["headers"] = [*kept, *((name.lower().encode(), value.encode()) for name, value in extra.items())]
        await send(message)

    return guarded


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    start: Any = {"type": "http.response.start", "status": status, "headers": headers}
    rest: Any = {"type": "http.response.body", "body": body, "more_body": False}
    await send(start)
    await send(rest)
