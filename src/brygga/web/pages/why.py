"""Varför inte?: a number or name, the rules its records passed, and the one that stopped each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import get
from litestar.params import FromPath, FromQuery

from brygga.i18n import N_
from brygga.insight.why_not import Answer, Verdict, why_not
from brygga.records.target import System
from brygga.store.listings import Listings
from brygga.store.states import RowState
from brygga.web.site import Html, WebRequest, address, page, site_of, tab_of, words_of
from brygga.web.texts import Words

VERDICT_WORDS = {
    Verdict.PASSED: ("✓", N_("yes")),
    Verdict.REMARKED: ("!", N_("yes, with a remark")),
    Verdict.STOPPED: ("✕", N_("no")),
    Verdict.NOT_ASKED: ("·", N_("not asked")),
}
MOST = 200
"""Characters of a number or name that are looked for."""


@get("/{company:str}/varfor", sync_to_thread=True)
def why(request: WebRequest, company: FromPath[str], q: FromQuery[str] = "") -> Html:
    """Read both systems about what was typed; nothing is written."""
    site, words = site_of(request), words_of(request)
    name, text = site.company(company), q.strip()[:MOST]
    answers: tuple[Answer, ...] = ()
    if text:
        with site.app.company(name, read_only=True, mirrored=False) as opened:
            answers = why_not(opened, text, Listings(site.app.engine))
    return page(
        request,
        "why.html",
        company=name,
        here="varfor",
        text=text,
        answers=[(answer, _sentence(words, answer)) for answer in answers],
        verdict=lambda step: (VERDICT_WORDS[step.verdict][0], words.t(VERDICT_WORDS[step.verdict][1])),
        passed=Verdict.PASSED,
        not_asked=Verdict.NOT_ASKED,
        record_link=lambda answer: address(
            f"/{site.slug(name)}/{tab_of(answer.transfer)}/post/{answer.source_key}",
            {"tillbaka": address(request.url.path, {"q": text})},
        ),
    )


def _sentence(words: Words, answer: Answer) -> str:
    """What the chain comes to."""
    if answer.state is RowState.IN_DOUBT:
        return words.t("It may or may not have been written: a person decides.")
    if answer.state in (RowState.TRANSFERRED, RowState.TRANSFERRED_WITH_REMARK):
        key = answer.plan.target_key if answer.plan is not None else ""
        if not key or answer.transfer.target is System.SEVERA:
            # Severa's own key says nothing to a person.
            return words.t("It is transferred.")
        return words.t("It is transferred; in the other system it is {key}.", key=key)
    if answer.stopped_by is not None:
        return words.t("It is not transferred, because of the rule marked with ✕.")
    return words.t("Nothing stops it: it goes with the next transfer that holds it.")


ROUTES: tuple[Callable[..., Any], ...] = (why,)
