"""Who may speak to the pages: launch tokens, sessions, the names this server answers to, and same-origin writes.

Other people are logged in on a terminal server and reach the same loopback port, so nobody is anonymous: a one-time
launch token, given to the browser that the program opens, becomes a ``SameSite=Strict`` cookie. Only digests of
tokens are kept.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

LAUNCH_SECONDS = 120.0
"""How long a launch token may wait for the browser."""

SESSION_SECONDS = 12 * 3600.0
"""A working day: then the program is opened again."""

MOST_FAILURES = 5
FAILURE_SECONDS = 300.0
"""After so many failed log-ins under one name within this time, the name waits."""

MOST_NAMES_NOTED = 10_000
"""Names that failed and are remembered: a flood of made-up ones must not fill the memory."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Session:
    """One browser that was let in: who, and until when (seconds of the server's running clock)."""

    user: str
    ends: float
    logged_in: bool = False
    """Whether by name and password, and not by a launch token: what they may do is looked up (``rights``)."""


@dataclass
class Doorkeeper:
    """Launch tokens and sessions of one running server; thread-safe. ``now`` is a clock that never goes back."""

    now: Callable[[], float] = time.monotonic
    _launches: dict[str, Session] = field(default_factory=dict)
    _sessions: dict[str, Session] = field(default_factory=dict)
    _failures: dict[str, list[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def launch(self, user: str) -> str:
        """A new one-time token for ``user``."""
        return self._put(self._launches, Session(user, self.now() + LAUNCH_SECONDS))

    def enter(self, token: str) -> str | None:
        """Use a launch token up: the session's cookie value, or None when it is unknown, used or too old."""
        with self._lock:
            launch = self._launches.pop(_digest(token), None)
        if launch is None or launch.ends < self.now():
            return None
        return self.begin(launch.user)

    def begin(self, user: str, *, logged_in: bool = False) -> str:
        """Let a user in who was recognised; the session's cookie value."""
        return self._put(self._sessions, Session(user, self.now() + SESSION_SECONDS, logged_in))

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie value, while it lasts."""
        if not cookie:
            return None
        with self._lock:
            session = self._sessions.get(_digest(cookie))
            if session is not None and session.ends < self.now():
                del self._sessions[_digest(cookie)]
                session = None
        return session

    def leave(self, cookie: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(_digest(cookie), None)

    def may_try(self, name: str) -> bool:
        """Whether a log-in under this name may be tried now: not after many failures, until a while has passed."""
        with self._lock:
            recent = [at for at in self._failures.get(name, ()) if at > self.now() - FAILURE_SECONDS]
            if recent:
                self._failures[name] = recent
            else:
                self._failures.pop(name, None)
        return len(recent) < MOST_FAILURES

    def failed(self, name: str) -> None:
        """Note a log-in that failed."""
        with self._lock:
            if len(self._failures) >= MOST_NAMES_NOTED:
                self._failures.clear()
            self._failures.setdefault(name, []).append(self.now())

    def _put(self, place: dict[str, Session], session: Session) -> str:
        token = secrets.token_urlsafe(32)
        with self._lock:
            for key in [key for key, old in place.items() if old.ends < self.now()]:
                del place[key]
            place[_digest(token)] = session
        return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def same_secret(given: str, expected: str) -> bool:
    """Compare secrets in a time that tells nothing of them."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


@dataclass(frozen=True)
class Origins:
    """The names that this server answers to: loopback and ``hosts``, on the ``port`` that it listens on."""

    port: int
    hosts: frozenset[str] = frozenset()
    tls: bool = False

    def knows(self, host: str) -> bool:
        """Whether a ``Host`` header names this server: a foreign one is a rebinding attack (anchors §6)."""
        name, port = _split(host)
        default = 443 if self.tls else 80
        return name in LOOPBACK | self.hosts and (port or default) == self.port

    def is_same_origin(self, headers: Mapping[str, str]) -> bool:
        """Whether an unsafe request came from our own pages: by ``Sec-Fetch-Site``, else by ``Origin``."""
        site = headers.get("sec-fetch-site", "")
        if site:
            return site == "same-origin"
        origin = urlsplit(headers.get("origin", ""))
        scheme = "https" if self.tls else "http"
        return (
            bool(origin.netloc) and origin.scheme == scheme and origin.netloc.lower() == headers.get("host", "").lower()
        )


def _split(host: str) -> tuple[str, int | None]:
    """Name and port of a ``Host`` header; a name that cannot be one is no name of ours."""
    text = host.strip().lower()
    name, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        return text, None
    return (name, int(port)) if port.isdecimal() else ("", None)


SECURITY_HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""On every answer: no inline scripts, no framing, nothing guessed."""
