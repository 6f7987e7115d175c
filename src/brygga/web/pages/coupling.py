"""Koppla: both registers side by side before the first transfer; a person ticks what is one and the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from litestar import get, post
from litestar.params import FromPath, FromQuery

from brygga import __version__
from brygga.i18n import N_
from brygga.message_texts.coupling import STANDING_WORDS
from brygga.messages import KIND_WORDS
from brygga.records.reasons import Refused, reason
from brygga.records.target import Kind
from brygga.rules.coupling import CouplingChoice
from brygga.runs.coupling import couple
from brygga.transfers.coupling import KINDS, Standing, compare
from brygga.web.pages.lists import Form
from brygga.web.site import Html, Site, WebRequest, moved, page, site_of, words_of

OPEN = (Standing.MATCH, Standing.PROPOSAL, Standing.CONFLICT, Standing.SEVERA, Standing.ADMINISTRATION)
"""What a person looks at: what is coupled already is only counted."""

TICKABLE = frozenset({Standing.MATCH, Standing.PROPOSAL})
CERTAIN = frozenset({Standing.MATCH})

COUNTED = {Standing.LINKED: N_("are coupled")}
"""What is said behind a count, where that is another word than of one."""


@get("/{company:str}/koppla", sync_to_thread=True)
def show_coupling(
    request: WebRequest, company: FromPath[str], slag: FromQuery[str] = "", kopplade: FromQuery[str] = ""
) -> Html:
    """Choose a register, or see it compared; both systems are only read."""
    site, words = site_of(request), words_of(request)
    name = site.company(company)
    kind = next((each for each in KINDS if each.value == slag), None)
    pairs: list[Any] = []
    counts: list[tuple[str, int]] = []
    if kind is not None:
        with site.app.company(name, read_only=True, mirrored=False) as opened:
            comparison = compare(opened, (kind,))
        pairs = sorted(
            (pair for pair in comparison.pairs if pair.standing in OPEN), key=lambda pair: OPEN.index(pair.standing)
        )
        counts = [(words.t(COUNTED.get(each, STANDING_WORDS[each])), comparison.count(kind, each)) for each in Standing]
    return page(
        request,
        "coupling.html",
        company=name,
        here="installningar",
        kinds=[(each.value, words.t(KIND_WORDS[each.value])) for each in KINDS],
        kind=kind.value if kind else "",
        pairs=pairs,
        counts=[(word, count) for word, count in counts if count],
        valued=kind is Kind.INVOICE,
        standing=lambda pair: words.t(STANDING_WORDS[pair.standing]),
        tickable=TICKABLE,
        certain=CERTAIN,
        coupled=kopplade if kopplade.isdecimal() else "",
        go_live=site.app.settings(name).get("invoices.from_date"),
    )


@post("/{company:str}/koppla/koppla", sync_to_thread=True)
def couple_ticked(request: WebRequest, company: FromPath[str], form: Form) -> Html:
    """Link the ticked pairs; each is compared afresh first, and what does not hold is told with its reason."""
    site = site_of(request)
    name = site.company(company)
    choices = [_choice(str(each)) for each in form.getall("pair", [])]
    if not choices:
        raise Refused(reason("WEB-965"))
    done = _couple(site, name, choices)
    return moved(f"/{site.slug(name)}/koppla?slag={choices[0].kind.value}&kopplade={done}")


@post("/{company:str}/koppla/borja", sync_to_thread=True)
def set_go_live(request: WebRequest, company: FromPath[str], form: Form) -> Html:
    """The day before which no document is ever transferred."""
    site = site_of(request)
    name = site.company(company)
    text = str(form.get("dag", ""))
    site.app.settings(name).set("invoices.from_date", date.fromisoformat(text) if _is_day(text) else text)
    return moved(f"/{site.slug(name)}/koppla")


def _couple(site: Site, company: str, choices: Iterable[CouplingChoice]) -> int:
    """How many were linked; the run and what it says of the others is in the history."""
    chosen = tuple(choices)
    with site.app.company(company, read_only=False, mirrored=False) as opened:
        report = couple(
            opened,
            chosen,
            kinds=tuple(dict.fromkeys(each.kind for each in chosen)),
            lock_folder=site.app.folder / "locks",
            version=__version__,
            settings=site.app.settings(company).fingerprint(),
        )
    return sum(not each.reasons for each in report.results)


def _choice(text: str) -> CouplingChoice:
    """A ticked pair: kind, key in Severa and key in Administration; ``Refused`` KOP-809 when it is no pair."""
    word, _, keys = text.partition(":")
    source, _, target = keys.partition("|")
    if word not in [kind.value for kind in KINDS] or not source or not target:
        raise Refused(reason("KOP-809", nr=text))
    return CouplingChoice(Kind(word), source, target)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


ROUTES: tuple[Callable[..., Any], ...] = (show_coupling, couple_ticked, set_go_live)
