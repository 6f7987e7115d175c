"""Schema: transfers that begin by themselves, when each is due, and the buttons of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import get, post
from litestar.params import FromPath

from brygga.records.reasons import Refused, reason
from brygga.runs.scheduler import ZONE
from brygga.store.run_requests import Origin
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from brygga.web.pages.lists import Form
from brygga.web.site import Html, WebRequest, moved, page, site_of


@get("/{company:str}/schema", sync_to_thread=True)
def schedules(request: WebRequest, company: FromPath[str]) -> Html:
    """The schedules of the company."""
    site = site_of(request)
    name = site.company(company)
    found = site.app.scheduler.of(name)
    taken = {schedule.transfer for schedule in found}
    return page(
        request,
        "schedules.html",
        company=name,
        here="installningar",
        schedules=found,
        free=[transfer.value for transfer in Transfer if transfer.value not in taken],
        zone=ZONE,
    )


@post("/{company:str}/schema", sync_to_thread=True)
def set_schedule(request: WebRequest, company: FromPath[str], form: Form) -> Html:
    """Begin a transfer by itself, or at other times."""
    site = site_of(request)
    name = site.company(company)
    pattern, zone = str(form.get("pattern", "")), str(form.get("zone", "")).strip() or ZONE
    site.app.scheduler.set(name, _transfer(str(form.get("transfer", ""))), pattern, zone)
    return moved(f"/{site.slug(name)}/schema")


@post("/{company:str}/schema/{transfer:str}/{what:str}", sync_to_thread=True)
def change(request: WebRequest, company: FromPath[str], transfer: FromPath[str], what: FromPath[str]) -> Html:
    """Pause, resume, run now or remove."""
    site = site_of(request)
    name, chosen = site.company(company), _transfer(transfer)
    match what:
        case "pausa":
            site.app.scheduler.pause(name, chosen)
        case "fortsatt":
            site.app.scheduler.resume(name, chosen)
        case "ta-bort":
            site.app.scheduler.remove(name, chosen)
        case "kor-nu":
            site.app.scheduler.known(name, chosen)
            started = site.app.runs.start(name, chosen, Selection(), origin=Origin.SCHEDULE)
            return moved(f"/{site.slug(name)}/korning/{started.id}")
        case _:
            raise Refused(reason("WEB-969"))
    return moved(f"/{site.slug(name)}/schema")


def _transfer(text: str) -> Transfer:
    if text not in set(Transfer):
        raise Refused(reason("WEB-969"))
    return Transfer(text)


ROUTES: tuple[Callable[..., Any], ...] = (schedules, set_schedule, change)
