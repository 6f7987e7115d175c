"""The Severa client: one credential, paced, renewed and retried where that is safe, lists read to their end.

Repeating is safe for a read, for any request that did not leave, and after 401 and 429: nothing was done then.
A write whose answer is lost is ``Uncertain`` and never sent again (architecture "Severa: the HTTP boundary").
"""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Self, TypeVar

import httpx2
import msgspec
import stamina

from brygga.records.reasons import Fault, Refused, Unavailable, Uncertain, WriteBlocked, reason
from brygga.severa import errors, facts, paging, wire
from brygga.severa.auth import TOKEN_PATH, SeveraAuth, TokenRefused, TokenUnreadable
from brygga.severa.connection import PAGE_SIZE, SeveraConnection
from brygga.severa.operations import Operation, operation_of
from brygga.severa.pacing import Pacing, release_pacing, shared_pacing

T = TypeVar("T")

Parameter = str | int | bool | datetime | Collection[str] | Collection[int]
"""A query value: a moment needs its offset, a collection is sent as a repeated key (contracts/severa.md §2)."""

ATTEMPTS = 6
"""One try and five repetitions, as the known clients do (contracts/severa.md §2 "Rate limit")."""

NEXT_PAGE = "NextPageToken"

_ENCODER = msgspec.json.Encoder(decimal_format="number")
"""An amount leaves as the number it is, digit by digit: no float between."""

_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)


class _Again(Exception):
    """A failure after which the request may be repeated; ``fault`` is what is raised when repeating does not help."""

    def __init__(self, fault: Fault, wait: float | None = None) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.wait = wait


def _back_off(error: Exception) -> bool | float:
    """stamina's question: not at all, after its own growing time, or after a number of seconds."""
    if not isinstance(error, _Again):
        return False
    return True if error.wait is None else error.wait


class SeveraClient:
    """Calls to Severa with one credential; thread-safe. Raises ``Refused``, ``Unavailable`` or ``Uncertain``.

    With ``read_only`` everything but reading raises ``WriteBlocked`` before it leaves. ``transport`` and ``pacing`` are
    given by tests; otherwise the network is used and the process's one pacing of the credential.
    """

    def __init__(
        self,
        connection: SeveraConnection,
        *,
        read_only: bool = False,
        transport: httpx2.BaseTransport | None = None,
        pacing: Pacing | None = None,
    ) -> None:
        self.connection = connection
        self.read_only = read_only
        self.server_time: datetime | None = None
        """Severa's clock in its latest answer (the HTTP header ``Date``), None before the first."""
        self._stop: Callable[[], bool] | None = None
        self._own_pacing = pacing is None
        self._pacing = pacing or shared_pacing(connection)
        self._auth = SeveraAuth(connection, self._pacing.clock.running)
        self._http = httpx2.Client(
            base_url=connection.base_url,
            auth=self._auth,
            timeout=connection.timeout_seconds,
            transport=transport,
            trust_env=not connection.is_loopback,
            event_hooks={"request": [self._before_sending]},
        )

    def __repr__(self) -> str:
        return f"SeveraClient({self.connection!r}, read_only={self.read_only})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the token is forgotten with the client."""
        if not self._http.is_closed:
            self._http.close()
            if self._own_pacing:
                release_pacing(self.connection)

    @contextmanager
    def giving_up(self, asked: Callable[[], bool]) -> Iterator[None]:
        """Within, no request leaves or is waited for any more once ``asked`` says so: ``Stopped``. For reading only."""
        self._stop = asked
        try:
            yield
        finally:
            self._stop = None

    @property
    def granted_scopes(self) -> frozenset[str]:
        """The scopes named in the last token answer; empty when it named none."""
        return self._auth.granted_scopes

    def grants(self, scope: str) -> bool:
        """Whether a token is given for this scope alone; it is not kept."""
        self._pacing.admit()
        try:
            return self._http.send(self._auth.token_request((scope,)), auth=None).is_success
        except httpx2.RequestError as error:
            raise Unavailable(reason(errors.NOT_REACHABLE, address=self.connection.address)) from error

    def get(self, path: str, model: type[T], params: Mapping[str, Parameter] | None = None) -> T:
        """One answer as ``model``."""
        return self._decoded(self._send("GET", path, params), model, path)

    def ask(self, path: str) -> None:
        """A read whose answer has no content (the heartbeat)."""
        self._send("GET", path, None)

    def pages_by_token(
        self,
        path: str,
        model: type[paging.RowT],
        params: Mapping[str, Parameter] | None = None,
        *,
        most_pages: int | None = None,
        confirm_end: bool = True,
    ) -> list[paging.RowT]:
        """All rows of a list in token style; ``paging.ListTooLong`` beyond ``most_pages``.

        ``confirm_end`` asks the last page twice; a caller that checks the rows in another way may leave that out.
        """

        def fetch(token: str) -> tuple[list[paging.RowT], str]:
            asked: dict[str, Parameter] = {**(params or {}), "rowCount": PAGE_SIZE}
            if token:
                asked["pageToken"] = token
            response = self._send("GET", path, asked)
            return self._decoded(response, list[model], path), response.headers.get(NEXT_PAGE, "")  # type: ignore[valid-type]

        return paging.complete(lambda: paging.by_token(fetch, most_pages=most_pages, confirm_end=confirm_end), path)

    def pages_by_offset(
        self, path: str, model: type[paging.RowT], params: Mapping[str, Parameter] | None = None
    ) -> list[paging.RowT]:
        """All rows of a list in offset style."""

        def fetch(first_row: int) -> list[paging.RowT]:
            asked: dict[str, Parameter] = {**(params or {}), "firstRow": first_row, "rowCount": PAGE_SIZE}
            return self._decoded(self._send("GET", path, asked), list[model], path)  # type: ignore[valid-type]

        return paging.complete(lambda: paging.by_offset(fetch, PAGE_SIZE), path)

    def patch(self, path: str, operations: Sequence[wire.PatchOperation], model: type[T]) -> T:
        """Change one record, all operations in one call; the answer as ``model``.

        Sent again only when it did not leave or was refused for quota. ``Uncertain`` (SEV-708) when the answer was
        lost, was a server error, or could not be understood.
        """
        return self._write("PATCH", path, _ENCODER.encode(operations), model)

    def post(self, path: str, body: wire.Model, model: type[T]) -> T:
        """Make one record; the answer as ``model``. Repeated and ``Uncertain`` exactly as ``patch``: nothing in a POST
        tells Severa that it is the same one again (contracts/severa.md §2 "idempotency key")."""
        return self._write("POST", path, _ENCODER.encode(body), model)

    def _write(self, method: str, path: str, content: bytes, model: type[T]) -> T:
        if self.read_only:
            raise WriteBlocked(f"{method} {path}")
        response = self._send(method, path, None, content)
        try:
            return msgspec.json.decode(response.content, type=model)
        except msgspec.DecodeError:
            raise Uncertain(reason(errors.ANSWER_LOST, operation=f"{method} {path}")) from None

    def _before_sending(self, request: httpx2.Request) -> None:
        """Every request passes here, those of the authentication and the repeated ones too."""
        if self.read_only and request.method != "GET" and not self._auth.is_token_request(request):
            raise WriteBlocked(f"{request.method} {request.url.path}")
        self._pacing.admit(self._stop)

    def _send(
        self, method: str, path: str, params: Mapping[str, Parameter] | None, content: bytes | None = None
    ) -> httpx2.Response:
        operation = operation_of(method, path)
        request = self._http.build_request(
            method,
            path,
            params=_query(operation, params or {}),
            content=content,
            headers={"Content-Type": "application/json"} if content is not None else None,
        )
        try:
            for attempt in stamina.retry_context(
                on=_back_off, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=30.0, wait_jitter=0.5
            ):
                with attempt:
                    return self._exchange(request, operation, path)
        except _Again as again:
            raise again.fault from None
        raise AssertionError("retry_context ends with an answer or an exception")

    def _exchange(self, request: httpx2.Request, operation: Operation, path: str) -> httpx2.Response:
        """One request with its authentication; a failure becomes ``_Again`` or a ``Fault``."""
        try:
            response = self._http.send(request)
        except TokenRefused as refused:
            raise self._failure(refused.response, operation, TOKEN_PATH, is_token=True) from None
        except TokenUnreadable as unreadable:
            raise Refused(reason(errors.NOT_UNDERSTOOD, path=TOKEN_PATH, detail=unreadable)) from None
        except httpx2.RequestError as error:
            # "from None": the library's exception carries the request, and with it the secret or the token.
            raise self._lost(error, operation, path) from None
        if response.is_success:
            self._pacing.answered()
            self._note_time(response)
            return response
        raise self._failure(response, operation, path, is_token=False)

    def _note_time(self, response: httpx2.Response) -> None:
        try:
            self.server_time = facts.moment(email.utils.parsedate_to_datetime(response.headers.get("Date", "")))
        except ValueError:
            self.server_time = None

    def _lost(self, error: httpx2.RequestError, operation: Operation, path: str) -> Exception:
        """What a missing answer means: a read or a request that did not leave may be repeated, a write may not."""
        left = not isinstance(error, _NOT_SENT) and not self._auth.is_token_request(error.request)
        if operation.method != "GET" and left:
            return Uncertain(reason(errors.ANSWER_LOST, operation=f"{operation.method} {path}"))
        why = reason(errors.NOT_REACHABLE, address=self.connection.address, detail=type(error).__name__)
        return _Again(Unavailable(why))

    def _failure(self, response: httpx2.Response, operation: Operation, path: str, *, is_token: bool) -> Exception:
        """What an answer other than success means."""
        status = response.status_code
        if status == httpx2.codes.TOO_MANY_REQUESTS:
            self._pacing.refused(_retry_after(response, self._pacing.clock.wall()))
        kind, detail = errors.error_type_and_detail(response.content, self._auth.secrets)
        meaning = errors.meaning_of(status, kind)
        asked = Operation("POST", TOKEN_PATH, self.connection.scopes) if is_token else operation
        lost = meaning.code in (errors.SERVER_ERROR, errors.NOT_UNDERSTOOD)
        if lost and not is_token and operation.method != "GET":
            return Uncertain(reason(errors.ANSWER_LOST, operation=f"{operation.method} {path}"))
        why = errors.answer_reason(
            meaning,
            operation=asked,
            path=path,
            status=status,
            detail=detail,
            resume_time=self._pacing.resume_time(),
        )
        fault = meaning.fault(why)
        if isinstance(fault, Unavailable):
            # After 429 the pacing holds back every request, this one included.
            return _Again(fault, wait=0.0 if meaning.code == errors.QUOTA else None)
        return fault

    def _decoded(self, response: httpx2.Response, model: type[T], path: str) -> T:
        try:
            return msgspec.json.decode(response.content, type=model)
        except msgspec.ValidationError as error:
            raise Refused(reason(errors.NOT_UNDERSTOOD, path=path, detail=error)) from None
        except msgspec.DecodeError as error:
            # Broken JSON is an accident on the way, not the server's opinion: asking again later may do.
            raise Unavailable(reason(errors.NOT_UNDERSTOOD, path=path, detail=error)) from None


def _query(operation: Operation, params: Mapping[str, Parameter]) -> list[tuple[str, str | int | float | bool | None]]:
    """The query as pairs; a parameter that the table does not name for the operation is a defect of the program."""
    unknown = set(params) - set(operation.query)
    if unknown:
        raise LookupError(f"{operation.path} is not asked with {sorted(unknown)}")
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in params.items():
        if isinstance(value, Collection) and not isinstance(value, str):
            pairs += [(name, str(one)) for one in value]
        else:
            pairs.append((name, _text(value)))
    return pairs


def _text(value: str | int | bool | datetime) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment without an offset is not a moment")
        return value.isoformat()
    return str(value)


def _retry_after(response: httpx2.Response, now: float) -> float | None:
    """``Retry-After`` in seconds, given as seconds or as an HTTP date; None when absent or unreadable."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now)
    except ValueError:
        return None
