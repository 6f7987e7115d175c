"""Varför inte? A number or name, and the chain of rules that each record of that name passed or was stopped by.

Records are looked for in Severa afresh, in the links and in the outcomes, so also outside every filter. They are
planned as a preview plans them: the chain says what the planner decided and decides nothing of its own.
Nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Protocol, cast

import msgspec

from brygga.i18n import N_
from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.records.source import Invoice
from brygga.records.target import Kind
from brygga.store.history import Outcome
from brygga.store.journal.journal import Link
from brygga.store.listings import Listing, Listings
from brygga.store.states import RowState
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.company import Company, SeveraTarget
from brygga.transfers.plan import Action, Plan, Transfer
from brygga.transfers.readings import Readings
from brygga.transfers.results import result_of
from brygga.transfers.selection import Selection


class Verdict(StrEnum):
    """How a record stands to one rule."""

    PASSED = "passed"
    REMARKED = "remarked"
    STOPPED = "stopped"
    NOT_ASKED = "not_asked"
    """An earlier rule had settled the matter, so this one was not looked at."""


class Step(Record, frozen=True):
    """One rule as a sentence that holds when it is passed (English, in the catalogue), and what was found."""

    rule: str
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


class Answer(Record, frozen=True):
    """One record of that name: how it would be planned now, how it last ended (None: no run met it), and its chain.

    ``plan`` is None when the other system does not have the record any more.
    """

    transfer: Transfer
    source_key: str
    number: str
    name: str
    plan: Plan | None
    latest: Outcome | None
    steps: tuple[Step, ...]

    @property
    def state(self) -> RowState:
        """What the list would show."""
        if self.latest is not None and self.latest.state is RowState.IN_DOUBT:
            return RowState.IN_DOUBT
        if self.plan is not None:
            return result_of(self.plan).state
        return self.latest.state if self.latest is not None else RowState.NEW

    @property
    def stopped_by(self) -> Step | None:
        """The first rule that stops it."""
        return next((step for step in self.steps if step.verdict is Verdict.STOPPED), None)


Rule = tuple[str, frozenset[str]]
"""A rule's sentence, and the codes with which the planner says that it is not kept."""


def _rule(sentence: str, *codes: str) -> Rule:
    return sentence, frozenset(codes)


_CUSTOMER_RULES = (
    _rule(N_("Its customer number can be used"), "KND-102", "KND-114", "KND-112"),
    _rule(N_("Its organisation and VAT numbers can be read"), *(f"KND-{n}" for n in (101, 108, 118, 120))),
    _rule(N_("Its country and kind of VAT are clear"), *(f"KND-{n}" for n in (104, 105, 109, 119))),
    _rule(N_("No other customer has its number, name or link"), "KND-103", "KND-106", "KND-111", "REG-861", "REG-862"),
    _rule(N_("The customer is in use in Administration"), "KND-107"),
)
_PROJECT_RULES = (
    _rule(N_("The project is won, or all projects are transferred"), "PRJ-207"),
    _rule(N_("Its number can be used as a code"), "PRJ-201", "PRJ-212"),
    _rule(N_("Its customer is there or can be created"), "KND-116", "KND-117", *_CUSTOMER_RULES[0][1]),
    _rule(N_("Its dates make sense"), "PRJ-203", "PRJ-206"),
    _rule(N_("It is open in Administration, or nothing differs"), "PRJ-204", "REG-862"),
)
RULES: dict[Transfer, tuple[Rule, ...]] = {
    Transfer.CUSTOMERS: (
        _rule(N_("It has a won project, or all customers are transferred"), "KND-113"),
        *_CUSTOMER_RULES,
        _rule(N_("Language and payment terms are mapped"), "SPR-852", "BTV-853", "MAP-854", "MAP-860"),
    ),
    Transfer.PROJECTS: _PROJECT_RULES,
    Transfer.ARTICLES: (
        _rule(N_("It has a code of its own"), "ART-702", "ART-704"),
        _rule(N_("Its code can be used in Administration"), "ART-701", "REG-861", "REG-862"),
        _rule(N_("What a new article needs is set"), "ART-705"),
        _rule(N_("Its unit is mapped"), "ENH-851", "MAP-854"),
    ),
    Transfer.INVOICES: (
        _rule(N_("It is not transferred already"), "FAK-309", "FAK-332", "SYS-912"),
        _rule(N_("Its status is one to transfer"), "FAK-325"),
        _rule(N_("It is dated on or after the first day to transfer"), "FAK-331"),
        _rule(N_("The numbering master lets it go"), "INS-802", "INS-803", "FAK-301", "FAK-327"),
        _rule(N_("Its total has the sign of its kind"), "FAK-329", "FAK-343"),
        _rule(
            N_("Its customer is there or can be created"),
            *(code for _, codes in _CUSTOMER_RULES for code in codes),
            "KND-116",
            "KND-117",
            "FAK-351",
            "FAK-352",
        ),
        _rule(N_("Its projects are there or can be created"), "FAK-324", *(f"PRJ-{n}" for n in range(201, 213))),
        _rule(N_("Its articles are there or can be created"), "FAK-308", *(f"ART-{n}" for n in range(701, 708))),
        _rule(N_("Its profit centres are in Administration"), "FAK-315"),
        _rule(N_("The invoice that it credits is there"), *(f"FAK-{n}" for n in (303, 304, 341, 342, 344, 345))),
        _rule(N_("Its day lies in an open period"), "FAK-305", "FAK-313"),
        _rule(N_("Its VAT rates are mapped"), "FAK-306", "MAP-855"),
        _rule(N_("Units, payment terms and languages are mapped"), "ENH-851", "BTV-853", "SPR-852", "MAP-854"),
        _rule(N_("Its currency and rate can be used"), "VAL-401", "VAL-402", "VAL-403", "VAL-404"),
        _rule(N_("Its ledger accounts are in the chart of accounts"), "FAK-350"),
        _rule(N_("Its ledger accounts take its projects and profit centres"), *(f"FAK-{n}" for n in range(360, 364))),
        _rule(N_("Its total is the same in both systems"), "FAK-307", "FAK-326"),
        _rule(N_("Its number is free in Administration"), "FAK-302", "FAK-333"),
    ),
    Transfer.CUSTOMERS_TO_SEVERA: (
        _rule(N_("The customer is in use in Administration"), "KND-107"),
        _rule(N_("Its customer number can be used"), "KND-102", "KND-133"),
        _rule(N_("Its name is free in Severa"), "KND-103", "KND-134"),
        _rule(N_("No other customer has its number, name or link"), "KND-131", "KND-139", "KND-106", "KND-111"),
        _rule(N_("Language and payment terms are mapped"), "KND-136", "KND-137", "KND-160", "KND-161"),
    ),
    Transfer.PAYMENTS: (
        _rule(N_("The invoice is in Severa"), "BET-509"),
        _rule(N_("Its balance can be counted"), "BET-510"),
        _rule(N_("It is finished and not cancelled in Administration"), "BET-511"),
        _rule(N_("It is paid"), "BET-513", "BET-502"),
        _rule(N_("Its payment was not reversed"), "BET-503", "BET-512"),
    ),
    Transfer.SUPPLIER_INVOICES: (
        _rule(N_("The row has an amount on an account that is not blocked"), "LEV-602", "LEV-606"),
        _rule(N_("It has a project"), "LEV-601"),
        _rule(N_("It is not cancelled"), "LEV-607", "LEV-610"),
        _rule(N_("It is attested, or need not be"), "LEV-608"),
        _rule(N_("It was not changed after it was transferred"), "LEV-609", "LEV-611", "LEV-604"),
        _rule(N_("Its project is open in Severa"), "PRJ-202", "PRJ-205"),
        _rule(N_("Its product and price can be used"), "LEV-605", "LEV-612"),
    ),
}
"""The rules of each transfer in the order in which its planner asks them (semantics §4.1–4.8)."""

OTHER_RULES = N_("Its texts and everything else can be used as they are")
"""Takes every code that no rule above names, so that nothing a planner says is lost."""

NOT_IN_DOUBT = N_("No earlier attempt is in doubt")
CAN_BE_PLANNED = N_("The settings of the transfer are complete")
IN_THE_LIST = N_("The list that was read last holds it")

_SETTLES = (Action.SKIP, Action.NOTHING)
"""With these the planner has stopped asking at the reason that it gives."""


class InvoicesByNumber(Protocol):
    """Severa asked for invoices by what people call them."""

    def invoices_by_number(self, numbers: Collection[int]) -> tuple[Invoice, ...]: ...


def why_not(company: Company, text: str, listings: Listings) -> tuple[Answer, ...]:
    """Every record called ``text`` (number, name, key, or number in the other system), each with its chain."""
    wanted = text.strip()
    if not wanted:
        return ()
    outcomes = company.journal.outcomes_of(wanted)
    readings = Readings(company)
    found: list[Answer] = []
    for transfer in Transfer:
        known = {outcome.source_key for outcome in outcomes if outcome.transfer == transfer.value}
        if transfer in KINDS:
            known |= {link.source_key for link in company.journal.link_to(KINDS[transfer], wanted)}
        refusal: tuple[Reason, ...] = ()
        plans: dict[str, Plan] = {}
        try:
            plans = {plan.source_key: plan for plan in _plans(readings, transfer, wanted, known)}
        except Refused as refused:
            # The transfer as a whole cannot be planned: that is why, for the records that are known to be its.
            refusal = (refused.reason,)
        listing = listings.latest(company.name, transfer.value)
        latest = company.journal.latest_outcomes(transfer.value) if plans or known else {}
        for key in dict.fromkeys((*plans, *sorted(known))):
            listed = listing is None or listings.row(listing, key) is not None
            answer = _answer(transfer, key, plans.get(key), latest.get(key), None if listed else listing)
            if refusal:
                steps = (Step(CAN_BE_PLANNED, Verdict.STOPPED, refusal), _doubt_step(latest.get(key)))
                answer = msgspec.structs.replace(answer, steps=steps)
            found.append(answer)
    return tuple(found)


KINDS = {
    Transfer.CUSTOMERS: Kind.CUSTOMER,
    Transfer.PROJECTS: Kind.PROJECT,
    Transfer.ARTICLES: Kind.ARTICLE,
    Transfer.INVOICES: Kind.INVOICE,
}
"""Transfers whose records are known by their links too, whoever coupled them."""


def _plans(readings: Readings, transfer: Transfer, text: str, known: Collection[str]) -> tuple[Plan, ...]:
    """How the records of that name would be planned now; none where the program does not plan the transfer yet."""
    if transfer not in PLANNERS:
        return ()
    keys = frozenset(_keys(readings, transfer, text)) | frozenset(known)
    if transfer is Transfer.SUPPLIER_INVOICES and not known:
        # A supplier invoice is called by its serial or the supplier's number; its rows have keys of their own.
        return PLANNERS[transfer](readings, Selection(texts=(text,)))
    return PLANNERS[transfer](readings, Selection(keys=keys)) if keys else ()


def _keys(readings: Readings, transfer: Transfer, text: str) -> Iterable[str]:
    severa = cast(SeveraTarget, readings.company.severa)
    match transfer:
        case Transfer.CUSTOMERS:
            # Severa may look for a name as it is written; Administration's own spelling is tried too.
            cards = readings.customer_cards.values()
            for name in {text, *(card.name for card in cards if _is_called(text, card.number, card.name))}:
                yield from (customer.key for customer in severa.find_customers(number=text, name=name))
        case Transfer.PROJECTS:
            yield from (project.key for project in severa.projects_numbered((text,)))
        case Transfer.ARTICLES:
            alike = (
                article
                for article in readings.company.severa.articles()
                if _is_called(text, article.code, article.name)
            )
            yield from (article.key for article in alike)
        case Transfer.INVOICES if text.isascii() and text.isdecimal() and len(text) < 10:
            numbered = cast(InvoicesByNumber, readings.company.severa).invoices_by_number((int(text),))
            yield from (invoice.key for invoice in numbered)
        case Transfer.CUSTOMERS_TO_SEVERA:
            cards = readings.customer_cards.values()
            yield from (card.number for card in cards if _is_called(text, card.number, card.name))
        case Transfer.PAYMENTS if text.isascii() and text.isdecimal():
            yield from {
                text,
                *(link.target_key for link in readings.links(Kind.INVOICE).values() if _names(link, text)),
            }


def _names(link: Link, text: str) -> bool:
    return text in (link.target_key, link.snapshot.number)


def _is_called(text: str, number: str, name: str) -> bool:
    return text == number or text.casefold() == name.strip().casefold()


def _answer(
    transfer: Transfer, key: str, plan: Plan | None, latest: Outcome | None, missed_by: Listing | None
) -> Answer:
    named = plan or latest
    steps = (*(chain(plan) if plan is not None else ()), _doubt_step(latest))
    if missed_by is not None:
        why = reason("WEB-981", Level.WARNING, time=missed_by.read_at.isoformat())
        steps = (*steps, Step(IN_THE_LIST, Verdict.REMARKED, (why,)))
    if plan is None:
        steps = (Step(N_("It is in the system that it comes from"), Verdict.STOPPED, (reason("WEB-982"),)), *steps)
    return Answer(
        transfer=transfer,
        source_key=key,
        number=named.source_number if named is not None else "",
        name=named.source_name if named is not None else key,
        plan=plan,
        latest=latest,
        steps=steps,
    )


def chain(plan: Plan) -> tuple[Step, ...]:
    """The rules of the plan's transfer with what the planner found, in order."""
    left = list(plan.reasons)
    settled = False
    steps = []
    for sentence, codes in RULES.get(plan.transfer, ()):
        said = tuple(why for why in left if why.code in codes)
        left = [why for why in left if why.code not in codes]
        verdict = Verdict.NOT_ASKED if settled and not said else _verdict(said, plan.action)
        settled = settled or (bool(said) and plan.action in _SETTLES)
        steps.append(Step(sentence, verdict, said))
    rest = tuple(left)
    steps.append(Step(OTHER_RULES, Verdict.NOT_ASKED if settled and not rest else _verdict(rest, plan.action), rest))
    return tuple(steps)


def _verdict(said: tuple[Reason, ...], action: Action) -> Verdict:
    if not said:
        return Verdict.PASSED
    if any(why.level in (Level.STOP, Level.WAIT) for why in said) or action is Action.SKIP:
        return Verdict.STOPPED
    return Verdict.REMARKED


def _doubt_step(latest: Outcome | None) -> Step:
    if latest is not None and latest.state is RowState.IN_DOUBT:
        return Step(NOT_IN_DOUBT, Verdict.STOPPED, latest.reasons)
    return Step(NOT_IN_DOUBT, Verdict.PASSED)
