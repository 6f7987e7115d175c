"""Osäker: what may or may not have been written, both systems' evidence side by side, and a person's decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from litestar import get, post
from litestar.params import FromPath, FromQuery

from brygga import __version__
from brygga.i18n import N_
from brygga.records.reasons import Refused, reason
from brygga.records.target import InvoiceDocument
from brygga.runs.doubt import Candidate, Decision, Evidence, decide, doubts, evidence
from brygga.web.pages.lists import Form
from brygga.web.site import Html, WebRequest, moved, page, site_of, words_of
from brygga.web.texts import Words


@get("/{company:str}/osaker", sync_to_thread=True)
def list_doubts(request: WebRequest, company: FromPath[str], beslut: FromQuery[str] = "") -> Html:
    """Everything that waits for a person's decision, from our own journal."""
    site = site_of(request)
    name = site.company(company)
    return page(
        request, "doubts.html", company=name, here="osaker", doubts=doubts(site.app.journal(name)), decided=beslut
    )


@get("/{company:str}/osaker/{key:str}", sync_to_thread=True)
def show_doubt(request: WebRequest, company: FromPath[str], key: FromPath[str]) -> Html:
    """One record in doubt, with both systems read afresh."""
    return _desk(request, company, key)


@get("/{company:str}/osaker/{key:str}/fraga", sync_to_thread=True)
def ask(
    request: WebRequest,
    company: FromPath[str],
    key: FromPath[str],
    beslut: FromQuery[str] = "",
    mal: FromQuery[str] = "",
) -> Html:
    """The decision in words, to be said once more."""
    return _desk(request, company, key, asked=_decision(beslut), target=mal.strip())


@post("/{company:str}/osaker/{key:str}/beslut", sync_to_thread=True)
def decide_doubt(request: WebRequest, company: FromPath[str], key: FromPath[str], form: Form) -> Html:
    """Carry the decision out; the record's page tells how it ended."""
    site = site_of(request)
    name = site.company(company)
    decision = _decision(str(form.get("beslut", "")))
    with site.app.company(name, read_only=False) as opened:
        decide(
            opened,
            key,
            decision,
            target_key=str(form.get("mal", "")),
            lock_folder=site.app.folder / "locks",
            version=__version__,
            settings=site.app.settings(name).fingerprint(),
        )
    return moved(f"/{site.slug(name)}/osaker?beslut={key}")


def _decision(text: str) -> Decision:
    if text not in set(Decision):
        raise Refused(reason("WEB-969"))
    return Decision(text)


def _desk(request: WebRequest, company: str, key: str, *, asked: Decision | None = None, target: str = "") -> Html:
    site, words = site_of(request), words_of(request)
    name = site.company(company)
    with site.app.company(name, read_only=True, mirrored=False) as opened:
        found = evidence(opened, key)
    return page(
        request,
        "doubt.html",
        company=name,
        here="osaker",
        found=found,
        columns=[str(each.posted.number) for each in found.candidates],
        lines=list(_lines(words, found)),
        why=lambda candidate: _why(words, candidate),
        asked=asked,
        target=target,
        question=_question(words, found, asked, target),
    )


@dataclass(frozen=True)
class Line:
    """One field of the evidence: what Severa has, what was to be written, and what each candidate has."""

    label: str
    severa: str
    sent: str
    there: tuple[str, ...]

    def differs(self, value: str) -> bool:
        """Whether a candidate's value is another than what was to be written."""
        return bool(self.sent) and value != self.sent


FIELDS: tuple[tuple[str, str, str, str], ...] = (
    (N_("Number"), "number", "number", "number"),
    (N_("Date"), "date", "date", "date"),
    (N_("Customer number"), "customer_number", "customer_number", "customer_number"),
    (N_("Net"), "net", "net", "net"),
    (N_("VAT"), "vat", "vat", "vat"),
    (N_("To pay"), "gross", "total", "total"),
    (N_("Currency"), "currency", "currency", "currency"),
    (N_("OCR number"), "reference_number", "ocr", "ocr"),
)
"""Field of evidence, and where the Severa invoice, the document and the posted invoice have it."""


def _lines(words: Words, found: Evidence) -> Iterator[Line]:
    document = found.sent.payload if isinstance(found.sent.payload, InvoiceDocument) else None
    for label, severa, sent, there in FIELDS:
        yield Line(
            words.t(label),
            _shown(words, getattr(found.severa, severa, None)),
            _shown(words, getattr(document, sent, None)),
            tuple(_shown(words, getattr(each.posted, there)) for each in found.candidates),
        )


def _shown(words: Words, value: object) -> str:
    if isinstance(value, Decimal):
        return words.money(value)
    return "" if value is None else str(value)


def _why(words: Words, candidate: Candidate) -> list[str]:
    """Why this document could be the one, and what speaks against it."""
    t = words.t
    told = (
        (candidate.key, t("carries Severa's key")),
        (candidate.number, t("has this number")),
        (candidate.alike, t("same customer, day and total")),
        (candidate.posted.cancelled, t("cancelled")),
        (bool(candidate.other), t("belongs to {name}", name=candidate.other)),
    )
    return [text for holds, text in told if holds]


def _question(words: Words, found: Evidence, asked: Decision | None, target: str) -> str:
    number = found.doubt.number or found.doubt.name
    match asked:
        case Decision.LINK:
            return words.t("Link {number} to {target}? Nothing more is sent for it then.", number=number, target=target)
        case Decision.SEND:
            return words.t("Send {number}? If it is there after all, it will be there twice.", number=number)
        case Decision.ACCEPT:
            return words.t(
                "Accept {number} as it is in Administration? Number and status are written to Severa then.",
                number=number,
            )
        case Decision.WAIT:
            return words.t("Leave {number} in doubt? It is noted that you have looked.", number=number)
    return ""


ROUTES: tuple[Callable[..., Any], ...] = (list_doubts, show_doubt, ask, decide_doubt)
