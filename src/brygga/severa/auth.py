"""Severa's token: fetched by a JSON call, renewed before it expires, kept in memory only (contracts/severa.md §1)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Generator

import httpx2
import msgspec

from brygga.severa.connection import SeveraConnection
from brygga.severa.wire_answers import TokenAnswer

TOKEN_PATH = "/v1/token"
REFRESH_PATH = "/v1/refreshtoken"

_LONGEST_MARGIN_SECONDS = 30.0

Flow = Generator[httpx2.Request, httpx2.Response, str]


class TokenRefused(Exception):
    """The call for a token was answered with an error; the request that needed the token was not sent."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(f"HTTP {response.status_code}")
        self.response = response


class TokenUnreadable(Exception):
    """The call for a token was answered with something that is no token; the request was not sent."""


class SeveraAuth(httpx2.Auth):
    """Puts the token and the ``Client_Id`` header on each request; thread-safe, one token call for all who wait.

    Lifetimes are those that Severa returns. A token is renewed with the refresh token while that lives, else anew; an
    answer 401 renews it once, and the request is sent a second time (401 means that it was not carried out).
    """

    def __init__(self, connection: SeveraConnection, running: Callable[[], float]) -> None:
        self._connection = connection
        self._running = running
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = 0.0
        self._refresh_token = ""
        self._refresh_until = 0.0
        self._granted: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"SeveraAuth({self._connection.client_id})"

    @property
    def granted_scopes(self) -> frozenset[str]:
        """The scopes that the last token answer named; empty before the first or when it named none."""
        return self._granted

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be seen nowhere: for blotting it out of texts that the server returns."""
        return (self._connection.client_secret, self._token, self._refresh_token)

    def is_token_request(self, request: httpx2.Request) -> bool:
        """Whether a request asks for a token (and so carries no write)."""
        return request.method == "POST" and request.url.path.endswith((TOKEN_PATH, REFRESH_PATH))

    def sync_auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """The steps of one request: a token when there is none, the request, once more after a 401."""
        token = yield from self._valid_token()
        self._mark(request, token)
        response = yield request
        if response.status_code == httpx2.codes.UNAUTHORIZED:
            token = yield from self._token_after(token)
            self._mark(request, token)
            yield request

    def _mark(self, request: httpx2.Request, token: str) -> None:
        request.headers["Authorization"] = f"Bearer {token}"
        request.headers["Client_Id"] = self._connection.client_id

    def _valid_token(self) -> Flow:
        with self._lock:
            if not self._token or self._running() >= self._renew_at:
                yield from self._renew()
            return self._token

    def _token_after(self, refused: str) -> Flow:
        """Another token than the refused one: somebody else's renewal counts."""
        with self._lock:
            if self._token == refused:
                self._refresh_token = ""
                yield from self._renew()
            return self._token

    def _renew(self) -> Generator[httpx2.Request, httpx2.Response, None]:
        refresh, self._token = self._refresh_token, ""
        self._refresh_token = ""
        if refresh and self._running() < self._refresh_until:
            response = yield self._request(REFRESH_PATH, msgspec.json.encode(refresh))
            response.read()
            if response.is_success:
                self._keep(response)
                return
            if response.status_code not in (400, 401, 403, 404):
                raise TokenRefused(response)
        response = yield self.token_request(self._connection.scopes)
        response.read()
        if not response.is_success:
            raise TokenRefused(response)
        self._keep(response)

    def token_request(self, scopes: Collection[str]) -> httpx2.Request:
        """The request for a token with these scopes."""
        credentials = {
            "client_id": self._connection.client_id,
            "client_secret": self._connection.client_secret,
            "scope": ",".join(scopes),
        }
        return self._request(TOKEN_PATH, msgspec.json.encode(credentials))

    def _request(self, path: str, content: bytes) -> httpx2.Request:
        headers = {"Content-Type": "application/json", "Client_Id": self._connection.client_id}
        url = self._connection.base_url.rstrip("/") + path
        # The client puts its time-out on the request it was asked for, not on those of the authentication.
        timeout = httpx2.Timeout(self._connection.timeout_seconds).as_dict()
        return httpx2.Request("POST", url, content=content, headers=headers, extensions={"timeout": timeout})

    def _keep(self, response: httpx2.Response) -> None:
        try:
            answer = msgspec.json.decode(response.content, type=TokenAnswer)
        except msgspec.DecodeError as error:
            raise TokenUnreadable(str(error)) from None
        if not (answer.access_token.isascii() and answer.access_token.isprintable() and answer.access_token):
            raise TokenUnreadable("access_token")
        now = self._running()
        lifetime = float(answer.access_token_expires_in)
        self._token = answer.access_token
        self._renew_at = now + lifetime - min(_LONGEST_MARGIN_SECONDS, lifetime / 10)
        self._refresh_token = answer.refresh_token or ""
        self._refresh_until = now + float(answer.refresh_token_expires_in or 0)
        self._granted = frozenset((answer.scope or "").replace(",", " ").split())
