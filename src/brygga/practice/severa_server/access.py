"""Tokens, scopes and the quota (contracts/severa.md §1 and §2 "Rate limit")."""

from __future__ import annotations

import re
import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.errors import Refused, bad_body
from brygga.practice.severa_server.state import SeveraState

_RESOURCES = (
    *("activities", "customers", "fees", "files", "hours", "invoices", "projects"),
    *("resourceallocations", "settings", "travels", "users"),
)
#: The complete list of scopes (§1).
SCOPES = frozenset(
    {f"{resource}:{right}" for resource in _RESOURCES for right in ("read", "write", "delete")}
    | {"organization:read", "organization:write"}
)
QUOTA_TEXT = "API calls quota exceeded! maximum admitted {limit} per 1s."


@dataclass(frozen=True)
class Grant:
    """What a token allows, and until when."""

    scopes: frozenset[str]
    until: datetime


class Access:
    """The token operations and the check of every secured call. Tokens live as long as the server process."""

    def __init__(self, state: SeveraState, config: ServerConfig, now: Callable[[], datetime]) -> None:
        self._state = state
        self._config = config
        self._now = now
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def token(self, body: Any) -> dict[str, Any]:
        """POST /v1/token: keys in any case, scopes separated by commas or spaces, ``grant_type`` ignored."""
        if not isinstance(body, Mapping):
            raise bad_body("the body must be an object of client_id, client_secret and scope")
        given = {str(name).lower(): value for name, value in body.items()}
        unknown = set(given) - {"client_id", "client_secret", "scope", "grant_type"}
        if unknown:
            raise bad_body(f"unknown field {', '.join(sorted(unknown))}", min(unknown))
        for name in ("client_id", "client_secret"):
            if not isinstance(given.get(name), str):
                raise bad_body(f"{name} is required", name)
        known = given["client_id"] == self._state.client_id and given["client_secret"] == self._state.client_secret
        if not known:
            raise Refused(401, "AuthenticationRequired", "client_id or client_secret is wrong", "RequestBody")
        scope = given.get("scope")
        if scope is not None and not isinstance(scope, str):
            raise bad_body("scope must be a string", "scope")
        return self._granted(self._asked_scopes(scope or ""))

    def refresh(self, body: Any, client_id: str | None) -> dict[str, Any]:
        """POST /v1/refreshtoken: the body is the bare refresh token."""
        self._check_client_id(client_id)
        grant = self._refresh.get(self._token_text(body))
        if grant is None or grant.until <= self._now():
            raise Refused(401, "AuthenticationRequired", "the refresh token is unknown or has expired", "RequestBody")
        if self._config.refresh_token_single_use:
            del self._refresh[body]
        return self._granted(grant.scopes)

    def sign_out(self, body: Any) -> None:
        """POST /v1/signout: the refresh token ends; access tokens live on until they expire."""
        if self._refresh.pop(self._token_text(body), None) is None:
            raise Refused(401, "AuthenticationRequired", "the refresh token is unknown", "RequestBody")

    def check(self, headers: Mapping[str, str], scopes: tuple[str, ...]) -> None:
        """Raises ``Refused`` unless the call has a living token with every scope, and the Client_Id header."""
        authorization = headers.get("authorization", "")
        kind, _, token = authorization.partition(" ")
        grant = self._access.get(token.strip()) if kind.lower() == "bearer" else None
        if grant is None:
            raise Refused(401, "AuthenticationRequired", "no valid access token", "RequestHeader", "Authorization")
        if grant.until <= self._now():
            raise Refused(
                401, "AuthenticationRequired", "the access token has expired", "RequestHeader", "Authorization"
            )
        self._check_client_id(headers.get("client_id"))
        missing = [scope for scope in scopes if scope not in grant.scopes]
        if missing:
            raise Refused(403, "InsufficientApiScope", f"the token lacks the scope {', '.join(missing)}")

    def end_access_tokens(self) -> None:
        """Ends every access token at once, as an expiry that the client did not foresee."""
        self._access.clear()

    def _check_client_id(self, client_id: str | None) -> None:
        if client_id is None and not self._config.require_client_id:
            return
        if client_id != self._state.client_id:
            message = "the header Client_Id is missing or names another client"
            raise Refused(401, "AuthenticationRequired", message, "RequestHeader", "Client_Id")

    def _token_text(self, body: Any) -> str:
        if not isinstance(body, str):
            raise bad_body("the body must be the refresh token as a JSON string")
        return body

    def _asked_scopes(self, text: str) -> frozenset[str]:
        asked = frozenset(part for part in re.split(r"[,\s]+", text) if part)
        unknown = asked - SCOPES
        if unknown:
            raise bad_body(f"unknown scope {', '.join(sorted(unknown))}", "scope")
        beyond = asked - set(self._state.scopes)
        if beyond:
            message = f"the credentials do not have the scope {', '.join(sorted(beyond))}"
            raise Refused(403, "InsufficientApiScope", message, "RequestBody", "scope")
        return asked or frozenset(self._state.scopes)

    def _granted(self, scopes: frozenset[str]) -> dict[str, Any]:
        now = self._now()
        access = Grant(scopes, now + timedelta(seconds=self._config.token_seconds))
        refresh = Grant(scopes, now + timedelta(seconds=self._config.refresh_token_seconds))
        access_token, refresh_token = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._access[access_token] = access
        self._refresh[refresh_token] = refresh
        return {
            "access_token": access_token,
            "scope": ",".join(sorted(scopes)),
            "refresh_token": refresh_token,
            "refresh_token_expires_in": self._config.refresh_token_seconds,
            "refresh_token_expires_utc": utc_text(refresh.until),
            "access_token_type": "Bearer",
            "access_token_expires_in": self._config.token_seconds,
            "access_token_expires_utc": utc_text(access.until),
        }


class Quota:
    """At most so many calls in any second, per credential; a refused call does not count."""

    def __init__(self, per_second: int | None, monotonic: Callable[[], float]) -> None:
        self._per_second = per_second
        self._monotonic = monotonic
        self._calls: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def admit(self, credential: str) -> bool:
        """Whether the call is within the quota; counts it if so."""
        if self._per_second is None:
            return True
        with self._lock:
            now = self._monotonic()
            calls = self._calls.setdefault(credential, deque())
            while calls and now - calls[0] >= 1:
                calls.popleft()
            if len(calls) >= self._per_second:
                return False
            calls.append(now)
            return True


def utc_text(moment: datetime) -> str:
    """A moment as the wire writes it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
