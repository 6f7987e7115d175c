"""Inställningar som fil: downloaded without secrets, and taken over when a person has seen what it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery

from brygga.records.base import fingerprint
from brygga.records.reasons import Reason, Refused, reason
from brygga.store.settings.file import Import, exported, file_from
from brygga.store.settings.types import Section
from brygga.web.pages.lists import Form
from brygga.web.pages.setting_told import change_of, last_event, told_since
from brygga.web.setting_words import SECTION_WORDS
from brygga.web.site import Html, WebRequest, moved, page, site_of, words_of


@get("/{company:str}/installningsfil", sync_to_thread=True)
def show_file(request: WebRequest, company: FromPath[str], sparat: FromQuery[str] = "") -> Html:
    """Download the settings, or choose a file of them."""
    site = site_of(request)
    name = site.company(company)
    return _page(request, name, told=told_since(site.app, words_of(request), name, sparat))


@get("/{company:str}/installningsfil/fil", sync_to_thread=True)
def download(request: WebRequest, company: FromPath[str]) -> Response[bytes]:
    """The settings as one file, without secrets."""
    site = site_of(request)
    name = site.company(company)
    headers = {"Content-Disposition": f'attachment; filename="brygga-{site.slug(name)}.json"'}
    return Response(exported(site.app.settings(name)), media_type="application/json", headers=headers)


@post("/{company:str}/installningsfil/granska", sync_to_thread=True)
def examine(request: WebRequest, company: FromPath[str], form: Form) -> Html:
    """What the chosen file would change, and what speaks against it; nothing is saved."""
    name = site_of(request).company(company)
    chosen = form.get("fil")
    content = chosen.file.read() if isinstance(chosen, UploadFile) else b""
    if not content:
        raise Refused(reason("WEB-990"))
    return _examined(request, name, _text_of(content))


@post("/{company:str}/installningsfil/ta-over", sync_to_thread=True)
def take_over(request: WebRequest, company: FromPath[str], form: Form) -> Html:
    """Take over what was shown; what changed since is shown anew instead."""
    site = site_of(request)
    name, text = site.company(company), str(form.get("innehall", ""))
    file = file_from(text.encode())
    found = site.app.preview_import(name, file)
    if found.problems or form.get("visat") != _shown(found):
        return _examined(request, name, text, changed=True)
    before = last_event(site.app, name)
    site.app.import_settings(name, file)
    site.forget_facts(name)
    return moved(f"/{site.slug(name)}/installningsfil?sparat={before}")


def _examined(request: WebRequest, company: str, text: str, *, changed: bool = False) -> Html:
    words = words_of(request)
    file = file_from(text.encode())
    found = site_of(request).app.preview_import(company, file)
    why: tuple[Reason, ...] = (reason("WEB-991"),) if changed else ()
    return _page(
        request,
        company,
        status=409 if changed or found.problems else 200,
        examined=True,
        came_from=file.company,
        changes=[change_of(each.key, each.before, each.after, words) for each in found.changes],
        problems=(*why, *found.problems),
        refused=bool(found.problems),
        content=text,
        shown=_shown(found),
    )


def _shown(found: Import) -> str:
    """Stands for exactly these changes: what is confirmed is what was seen."""
    return fingerprint(found.changes)


def _text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(reason("INS-825")) from None


def _page(request: WebRequest, company: str, *, status: int = 200, **values: Any) -> Html:
    words = words_of(request)
    empty: dict[str, Any] = {
        "told": [], "examined": False, "came_from": "", "changes": [], "problems": (), "refused": False,
        "content": "", "shown": "",
    }  # fmt: skip
    return page(
        request,
        "setting_file.html",
        company=company,
        here="installningar",
        status=status,
        section="",
        sections=[(each.value, words.t(SECTION_WORDS[each][0])) for each in Section],
        **(empty | values),
    )


ROUTES: tuple[Callable[..., Any], ...] = (show_file, download, examine, take_over)
