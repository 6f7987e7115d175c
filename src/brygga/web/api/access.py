"""Who may call the JSON API: a bearer token with the scope that the route names, for the company of the address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import delete, get, post, put
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter

from brygga.app import App
from brygga.i18n import Translator
from brygga.records.reasons import Reason, reason
from brygga.store.api_tokens import ApiToken, ApiTokens, Scope
from brygga.store.audit.trail import acting_as
from brygga.web.api.views import ApiError
from brygga.web.site import WebRequest, site_of
from brygga.web.texts import TRANSLATORS

SCOPE = "scope"
"""The route option that names the scope; a route without one is refused to everybody."""

CompanyPath = Annotated[str, PathParameter(min_length=1, max_length=255)]


class ApiRefused(Exception):
    """The request is not answered; ``status`` is the HTTP status."""

    def __init__(self, status: int, why: Reason) -> None:
        super().__init__(why.code)
        self.status = status
        self.reason = why


@dataclass(frozen=True)
class Caller:
    """The token of a request, the program, and the language of the answer."""

    token: ApiToken
    app: App
    translator: Translator

    @contextmanager
    def acting(self) -> Iterator[None]:
        """What is changed within is this token's doing in the audit trail."""
        with acting_as(f"token {self.token.id} {self.token.name}"):
            yield


def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a request without a valid token, or whose token is not for this; nothing else has been looked at yet."""
    app: App = connection.app.state.site.app
    kind, _, secret = connection.headers.get("authorization", "").partition(" ")
    token = ApiTokens(app.engine).of(secret.strip()) if kind.lower() == "bearer" else None
    if token is None:
        raise ApiRefused(401, reason("API-904"))
    scope = handler.opt.get(SCOPE)
    company = str(connection.path_params.get("company", ""))
    concerns_all = scope is Scope.ADMIN and bool(token.companies)
    if (
        not isinstance(scope, Scope)
        or concerns_all
        or (not token.may(scope, company) and not _lists(scope, token, company))
    ):
        raise ApiRefused(403, reason("API-905", scope=scope or "–"))
    if company and company not in app.companies():
        raise ApiRefused(404, reason("INS-808", company=company))
    connection.state.token = token


def _lists(scope: Scope, token: ApiToken, company: str) -> bool:
    """A route without a company shows only those that the token is for."""
    return not company and scope in token.scopes


async def caller_of(request: WebRequest) -> Caller:
    """The caller whom the guard let through."""
    return Caller(request.state.token, site_of(request).app, translator_of(request))


def translator_of(request: WebRequest) -> Translator:
    """Swedish unless the request's ``Accept-Language`` begins with English."""
    return TRANSLATORS["en" if request.headers.get("accept-language", "").lower().startswith("en") else "sv"]


def _refusals(*statuses: int) -> dict[int, ResponseSpec]:
    return {status: ResponseSpec(ApiError, description="Refused, with reason and remedy.") for status in statuses}


_FAULTS = _refusals(400, 401, 403, 404, 409, 413, 500, 503)


def reads(path: str) -> Callable[..., Any]:
    """A route that only looks."""
    return get(path, opt={SCOPE: Scope.READ}, responses=_FAULTS, sync_to_thread=True, raises=())


def does(path: str, scope: Scope, status: int = 200) -> Callable[..., Any]:
    """A route that asks for something to be done, for tokens with this scope."""
    return post(path, opt={SCOPE: scope}, responses=_FAULTS, sync_to_thread=True, status_code=status, raises=())


def puts(path: str, scope: Scope) -> Callable[..., Any]:
    """A route that sets something."""
    return put(path, opt={SCOPE: scope}, responses=_FAULTS, sync_to_thread=True, raises=())


def removes(path: str, scope: Scope) -> Callable[..., Any]:
    """A route that takes something away and answers what is there then."""
    return delete(path, opt={SCOPE: scope}, responses=_FAULTS, sync_to_thread=True, status_code=200, raises=())


def lists_tokens(path: str) -> Callable[..., Any]:
    """A look that is for administrators alone."""
    return get(path, opt={SCOPE: Scope.ADMIN}, responses=_FAULTS, sync_to_thread=True, raises=())
