"""The routes of the JSON API, its description, and its faults as JSON with code, text and remedy."""

from __future__ import annotations

from litestar import MediaType, Response, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from brygga import __version__
from brygga.defects import noted
from brygga.records.reasons import Fault, Reason, Unavailable, reason
from brygga.web.api import administration, lists, runs
from brygga.web.api.access import ApiRefused, caller_of, guard, translator_of
from brygga.web.api.views import ApiError, error_of
from brygga.web.gate import API_PREFIX
from brygga.web.site import WebRequest, site_of

MODULES = (lists, runs, administration)

NOT_THERE = frozenset(
    {"KOR-871", "KOR-872", "KOR-874", "KOR-879", "WEB-967", "API-912", "INS-806", "INS-808", "SYS-930"}
)
"""Faults that say that what the address names is not there."""


def api_router() -> Router:
    """Every route, behind the guard."""
    routes = [route for module in MODULES for route in module.ROUTES]
    return Router(path=API_PREFIX, route_handlers=routes, guards=[guard], dependencies={"caller": Provide(caller_of)})


def description() -> OpenAPIConfig:
    """The description at ``/api/openapi.json``: without a page of its own, which would need scripts from elsewhere."""
    token = SecurityScheme(type="http", scheme="bearer", description="brygga token create NAME --scope read")
    return OpenAPIConfig(
        title="Brygga",
        version=__version__,
        path=f"{API_PREFIX}/openapi.json",
        render_plugins=[JsonRenderPlugin(path="/")],
        components=Components(security_schemes={"token": token}),
        security=[{"token": []}],
    )


def is_api(request: WebRequest) -> bool:
    """Whether the request is for the API, also for an address that it does not have."""
    return request.scope["path"].startswith(f"{API_PREFIX}/") or request.scope["path"] == API_PREFIX


def api_fault(request: WebRequest, error: Exception) -> Response[ApiError]:
    """Any fault as JSON."""
    match error:
        case ApiRefused():
            return _told(request, error.status, error.reason)
        case Fault():
            return _told(request, _status(error), error.reason)
        case HTTPException():
            return _http(request, error)
    return _told(request, 500, noted(error, site_of(request).app.folder))


def _status(fault: Fault) -> int:
    if isinstance(fault, Unavailable):
        return 503
    return 404 if fault.reason.code in NOT_THERE else 409


def _http(request: WebRequest, error: HTTPException) -> Response[ApiError]:
    known = {404: reason("API-907"), 413: reason("API-909")}
    why = known.get(error.status_code) or reason("API-906", detail=_detail(error))
    answer = _told(request, error.status_code, why)
    answer.headers.update(error.headers or {})
    return answer


def _detail(error: HTTPException) -> str:
    extra = error.extra if isinstance(error.extra, list) else []
    named = [f"{each.get('key', '')}: {each.get('message', '')}" for each in extra if isinstance(each, dict)]
    return "; ".join(named) or error.detail.rstrip(".")


def _told(request: WebRequest, status: int, why: Reason) -> Response[ApiError]:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    content = error_of(why, translator_of(request))
    return Response(content, status_code=status, media_type=MediaType.JSON, headers=headers)
