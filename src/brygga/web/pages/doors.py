"""Ways in and the two switches: launch token, language, light or dark, the start address."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromQuery

from brygga.records.reasons import Refused, reason
from brygga.store.web_users import WebUsers
from brygga.web.access import same_secret
from brygga.web.gate import COOKIE, LOG_IN_PATH
from brygga.web.pages.lists import Form
from brygga.web.running import LAUNCH_PATH, SECRET_HEADER
from brygga.web.site import LANGUAGE_COOKIE, THEME_COOKIE, Html, WebRequest, moved, page, site_of, words_of

YEAR = 365 * 24 * 3600


@get("/in", sync_to_thread=True)
def enter(request: WebRequest, token: FromQuery[str] = "") -> Html:
    """The one-time launch token becomes the session's cookie; nothing of it stays in the address."""
    site = site_of(request)
    value = site.doorkeeper.enter(token)
    if value is None:
        raise Refused(reason("WEB-963"))
    return _let_in(request, value)


def _let_in(request: WebRequest, value: str) -> Html:
    answer = moved("/")
    secure = request.url.scheme == "https"
    answer.set_cookie(Cookie(key=COOKIE, value=value, httponly=True, samesite="strict", secure=secure, path="/"))
    return answer


@post(LAUNCH_PATH, sync_to_thread=True)
def launch(request: WebRequest) -> Response[str]:
    """A link that lets one browser in, for a second start of the program by the same user."""
    site = site_of(request)
    if not same_secret(request.headers.get(SECRET_HEADER, ""), site.start_secret):
        raise Refused(reason("WEB-963"))
    link = f"{str(request.base_url).rstrip('/')}/in?token={site.doorkeeper.launch(getpass.getuser())}"
    return Response(link, media_type=MediaType.TEXT, status_code=200)


@get(LOG_IN_PATH, sync_to_thread=True)
def ask_who(request: WebRequest) -> Html:
    """Name and password, where people come from other computers."""
    if not site_of(request).log_in:
        raise Refused(reason("WEB-963"))
    return page(request, "log_in.html", sentence="")


@post(LOG_IN_PATH, sync_to_thread=True)
def log_in(request: WebRequest, form: Form) -> Html:
    """Let a person in who knows the password."""
    site = site_of(request)
    if not site.log_in:
        raise Refused(reason("WEB-963"))
    name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))
    if not site.doorkeeper.may_try(name):
        return page(request, "log_in.html", status=429, sentence=words_of(request).reason(reason("API-914")))
    if not WebUsers(site.app.engine).knows(name, password):
        site.doorkeeper.failed(name)
        return page(request, "log_in.html", status=403, sentence=words_of(request).reason(reason("API-910")))
    return _let_in(request, site.doorkeeper.begin(name, logged_in=True))


@post("/logga-ut", sync_to_thread=True)
def log_out(request: WebRequest) -> Html:
    """End the browser's session."""
    site_of(request).doorkeeper.leave(request.cookies.get(COOKIE, ""))
    answer = moved(LOG_IN_PATH if site_of(request).log_in else "/")
    answer.delete_cookie(COOKIE)
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


ROUTES: tuple[Callable[..., Any], ...] = (enter, launch, ask_who, log_in, log_out, start, switch)
