"""Övertagande: which store writes to the company, decided by a person who has seen what both systems have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import get, post
from litestar.params import FromPath

from brygga import __version__
from brygga.runs.takeover import Prospect, prospect, take_over
from brygga.web.site import Html, WebRequest, moved, page, site_of


@get("/{company:str}/overtagande", sync_to_thread=True)
def explain(request: WebRequest, company: FromPath[str]) -> Html:
    """What a take-over is; nothing is read."""
    return _page(request, company, None)


@post("/{company:str}/overtagande/jamfor", sync_to_thread=True)
def compare(request: WebRequest, company: FromPath[str]) -> Html:
    """Read both systems and show what a take-over would do; nothing is written."""
    site = site_of(request)
    with site.app.company(site.company(company), read_only=True, mirrored=False) as opened:
        found = prospect(opened)
    return _page(request, company, found)


@post("/{company:str}/overtagande/ta-over", sync_to_thread=True)
def take(request: WebRequest, company: FromPath[str]) -> Html:
    """Let this store write to the company; the run in the history tells each record that it concerned."""
    site = site_of(request)
    name = site.company(company)
    settings = site.app.settings(name).fingerprint()
    with site.app.company(name, read_only=False) as opened:
        run, _ = take_over(opened, lock_folder=site.app.folder / "locks", version=__version__, settings=settings)
    site.kept_attention.pop(name, None)
    return moved(f"/{site.slug(name)}/historik/{run.id}")


def _page(request: WebRequest, company: str, found: Prospect | None) -> Html:
    name = site_of(request).company(company)
    return page(request, "takeover.html", company=name, here="overtagande", found=found)


ROUTES: tuple[Callable[..., Any], ...] = (explain, compare, take)
