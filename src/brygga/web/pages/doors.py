"""Ways in and the two switches: launch token, language, light or dark, the start address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.params import FromQuery

from brygga.records.reasons import Refused, reason
from brygga.web.gate import COOKIE
from brygga.web.pages.lists import Form
from brygga.web.site import LANGUAGE_COOKIE, THEME_COOKIE, Html, WebRequest, moved, page, site_of

YEAR = 365 * 24 * 3600


@get("/in", sync_to_thread=True)
def enter(request: WebRequest, token: FromQuery[str] = "") -> Html:
    """The one-time launch token becomes the session's cookie; nothing of it stays in the address."""
    site = site_of(request)
    value = site.doorkeeper.enter(token)
    if value is None:
        raise Refused(reason("WEB-963"))
    answer = moved("/")
    secure = request.url.scheme == "https"
    answer.set_cookie(Cookie(key=COOKIE, value=value, httponly=True, samesite="strict", secure=secure, path="/"))
    return answer


@get("/", sync_to_thread=True)
def start(request: WebRequest) -> Html:
    """The only company's overview, or the choice of one, or the guide when there is none."""
    companies = site_of(request).companies
    if len(companies) == 1:
        return moved(f"/{next(iter(companies))}")
    if not companies:
        return moved("/borja")
    return page(request, "companies.html")


@post("/sprak", sync_to_thread=True)
def switch(request: WebRequest, form: Form) -> Html:
    """Keep the chosen language or theme in a cookie and go back."""
    answer = moved(str(form.get("back", "/")) or "/")
    for name, cookie, allowed in (
        ("language", LANGUAGE_COOKIE, ("sv", "en")),
        ("theme", THEME_COOKIE, ("light", "dark")),
    ):
        if form.get(name) in allowed:
            answer.set_cookie(Cookie(key=cookie, value=str(form[name]), max_age=YEAR, samesite="strict", path="/"))
    return answer


ROUTES: tuple[Callable[..., Any], ...] = (enter, start, switch)
