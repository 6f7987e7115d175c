"""Avstämning: the month, both sides read afresh, every difference named by its document."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from brygga.i18n import N_
from brygga.insight.evidence import Evidence, EvidenceDesk, evidence, lines_of, workbook
from brygga.insight.reconciliation import Difference, Term, reconcile_company
from brygga.insight.reconciliation_towards import TowardsDifference, reconcile_towards, why
from brygga.records.reasons import Refused, reason
from brygga.store.database import utcnow
from brygga.web.pages.list_files import EXCEL
from brygga.web.pages.lists import Form
from brygga.web.site import Html, Site, WebRequest, address, moved, page, site_of, words_of
from brygga.web.texts import Words

OPEN_TERMS = (Term.SKIPPED, Term.WAITING, Term.FAILED, Term.IN_DOUBT)
"""Terms whose documents a list of the same days names, with their reasons."""

WHAT = {
    "number": N_("number"),
    "net": N_("net"),
    "vat": N_("VAT"),
    "gross": N_("gross"),
    "rounding": N_("net, with the rounding row (the total agrees)"),
    "count": N_("is only in Administration"),
    "double": N_("is there more than once"),
    "cancelled": N_("is cancelled in Administration"),
    "customer": N_("customer"),
    "date": N_("has another date"),
    "gone": N_("is coupled and not in Administration any more"),
    "not_paid_in_severa": N_("paid in Administration, not in Severa"),
    "set_back": N_("was set as paid in Severa and is not any more"),
    "paid_only_in_severa": N_("paid in Severa, not in Administration"),
    "cost": N_("has another cost in Severa"),
    "in_doubt": N_("is in doubt"),
    "missing": N_("was sent and is not in Severa"),
}


@get("/{company:str}/avstamning", sync_to_thread=True)
def choose(request: WebRequest, company: FromPath[str]) -> Html:
    """Choose the month."""
    site = site_of(request)
    last = date.today().replace(day=1) - timedelta(days=1)
    return page(
        request, "reconcile.html", company=site.company(company), here="avstamning", made=None, month=f"{last:%Y-%m}"
    )


@post("/{company:str}/avstamning/jamfor", sync_to_thread=True)
def reconcile(request: WebRequest, company: FromPath[str], form: Form) -> Html:
    """Read both systems afresh and keep the result as evidence."""
    site = site_of(request)
    name = site.company(company)
    start, end = _period(form)
    with site.app.company(name, read_only=True, mirrored=False) as opened:
        result = reconcile_company(opened, start, end)
        towards = reconcile_towards(opened, start, end)
    made = evidence(name, result, towards, utcnow())
    _desk(site).keep(made)
    return moved(f"/{site.slug(name)}/avstamning/{made.id}")


@get("/{company:str}/avstamning/{evidence_id:str}", sync_to_thread=True)
def show(request: WebRequest, company: FromPath[str], evidence_id: FromPath[str]) -> Html:
    """A reconciliation that was made."""
    site, words = site_of(request), words_of(request)
    name = site.company(company)
    made = _desk(site).get(evidence_id, company=name)
    return page(
        request,
        "reconcile.html",
        company=name,
        here="avstamning",
        made=made,
        month=f"{made.result.start:%Y-%m}",
        equations=[
            (currency, lines_of(equation, words.t, words.term))
            for currency, equation in made.result.by_currency.items()
        ],
        groups=[
            (words.t(WHAT[what]), [found for found in made.result.differences if found.what == what])
            for what in dict.fromkeys(found.what for found in made.result.differences)
        ],
        listed=address(f"/{site.slug(name)}/fakturor", {"fran": made.result.start, "till": made.result.end}),
        open_terms=OPEN_TERMS,
        what=lambda found: _what(words, found),
        why=why,
        amount=words.amount_in,
        sides=[(words.t("Payments"), made.towards.payments), (words.t("Supplier costs"), made.towards.costs)],
    )


@get("/{company:str}/avstamning/{evidence_id:str}/excel", sync_to_thread=True)
def excel(request: WebRequest, company: FromPath[str], evidence_id: FromPath[str]) -> Response[bytes]:
    """The same as an Excel workbook with time and hash."""
    site, words = site_of(request), words_of(request)
    made: Evidence = _desk(site).get(evidence_id, company=site.company(company))
    content = workbook(made, words.t, words.term, lambda found: _what(words, found))
    name = f"avstamning-{made.result.start:%Y-%m}.xlsx"
    return Response(content, media_type=EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _what(words: Words, found: Difference | TowardsDifference) -> str:
    return words.t(WHAT[found.what])


def _desk(site: Site) -> EvidenceDesk:
    return EvidenceDesk(site.app.engine)


def _period(form: Form) -> tuple[date, date]:
    """The month that the form names; ``Refused`` WEB-971 when it is none."""
    try:
        first = date.fromisoformat(f"{form.get('month', '')}-01")
    except ValueError:
        raise Refused(reason("WEB-971")) from None
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


ROUTES: tuple[Callable[..., Any], ...] = (choose, reconcile, show, excel)
