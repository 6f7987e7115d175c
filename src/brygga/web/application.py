"""The web application: routes, the gate in front of them, and faults as pages with a sentence and a remedy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Litestar, MediaType, Response, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import FormMultiDict, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware

from brygga.app import App
from brygga.defects import noted
from brygga.records.reasons import Fault, Reason, Unavailable, reason
from brygga.web.access import Doorkeeper, Origins
from brygga.web.api.access import ApiRefused
from brygga.web.api.router import api_fault, api_router, description, is_api
from brygga.web.assets import show_asset
from brygga.web.gate import Gate, user_of
from brygga.web.pages import (
    coupling,
    doors,
    doubt,
    guide,
    history,
    list_files,
    lists,
    logs,
    overview,
    previews,
    reconciling,
    records,
    runs,
    schedules,
    setting_file,
    settings,
    takeover,
    why,
)
from brygga.web.refusals import refusal
from brygga.web.rights import NoRight, guard
from brygga.web.site import Html, NoSuchPage, Site, WebRequest, page, site_of, words_of

PAGES = (
    doors,
    guide,
    overview,
    reconciling,
    records,
    lists,
    list_files,
    previews,
    runs,
    why,
    doubt,
    takeover,
    coupling,
    settings,
    setting_file,
    history,
    logs,
    schedules,
)
"""Every page of the program: adding one is adding a module and a name here."""

MOST_FORM_FIELDS = 20_000
MOST_BODY_BYTES = 4 * 1024 * 1024

COMPRESSION = CompressionConfig(backend="gzip", gzip_compress_level=4, exclude=["^/static/"])
"""Lists shrink to a tenth. Nobody can guess at a page's content by its length (BREACH): without the ``SameSite=Strict``
cookie another site gets no page."""


async def form_of(request: WebRequest) -> FormMultiDict:
    """What a form sent."""
    return await request.form()


def create_application(
    app: App, doorkeeper: Doorkeeper, origins: Origins, *, start_secret: str = "", log_in: bool = False
) -> Litestar:
    """The pages on one store, behind the gate.

    ``start_secret`` lets a second start of the program in, ``log_in`` people with a name and a password.
    """
    return Litestar(
        route_handlers=[_pages(), show_asset, api_router()],
        dependencies={"form": Provide(form_of)},
        middleware=[DefineMiddleware(Gate, doorkeeper=doorkeeper, origins=origins, log_in=log_in)],
        exception_handlers={
            ApiRefused: api_fault,
            Fault: _either(_fault),
            NoSuchPage: _either(_missing),
            NoRight: _either(_no_right),
            HTTPException: _either(_http),
            Exception: _either(_defect),
        },
        compression_config=COMPRESSION,
        state=State({"site": Site(app, doorkeeper, start_secret, log_in)}),
        openapi_config=description(),
        logging_config=None,
        multipart_form_part_limit=MOST_FORM_FIELDS,
        request_max_body_size=MOST_BODY_BYTES,
    )


def _pages() -> Router:
    """All pages at once: an application that is given handlers one by one registers the first of two on one path
    twice, and its page then never answers."""
    routes = [route for module in PAGES for route in module.ROUTES]
    return Router(path="/", route_handlers=routes, guards=[guard], include_in_schema=False)


def _either(told: Callable[[WebRequest, Any], Html]) -> Callable[[WebRequest, Exception], Response[Any]]:
    """Faults are told as JSON under the API's addresses, and as a page elsewhere."""

    def handler(request: WebRequest, error: Exception) -> Response[Any]:
        return api_fault(request, error) if is_api(request) else told(request, error)

    return handler


def _fault(request: WebRequest, fault: Fault) -> Html:
    return _told(request, 503 if isinstance(fault, Unavailable) else 409, fault.reason)


def _missing(request: WebRequest, _: NoSuchPage) -> Html:
    return _told(request, 404, reason("WEB-968"))


def _no_right(request: WebRequest, refused: NoRight) -> Html:
    return _told(request, 403, refused.reason)


def _http(request: WebRequest, error: HTTPException) -> Html:
    return _told(request, error.status_code, reason("WEB-968" if error.status_code == 404 else "WEB-969"))


def _defect(request: WebRequest, error: Exception) -> Html:
    """A defect of the program: one sentence, and a file for support (SYS-999)."""
    return _told(request, 500, noted(error, site_of(request).app.folder))


def _told(request: WebRequest, status: int, why: Reason) -> Html:
    words = words_of(request)
    try:
        heading = words.t("This did not go")
        return page(request, "fault.html", status=status, company=_company(request), heading=heading, why=why)
    except Exception as error:
        # The frame names the companies: when it is the store that is away, the sentence is told without it.
        noted(error, site_of(request).app.folder)
        return Response(refusal(why).decode(), status_code=status, media_type=MediaType.HTML)


def _company(request: WebRequest) -> str:
    """The company that the address begins with, so that its tabs stay; none for who was not let in."""
    part = request.url.path.strip("/").split("/")[0]
    try:
        return site_of(request).company(part) if user_of(request.scope) else ""
    except (NoSuchPage, Fault):
        return ""
