"""Taking a link away: a person's act with a reason, that can never lead to a document that is there twice.

A document's link goes only when Administration was searched whole and does not have the document: then the record is in
doubt, and whether it is sent again a person decides at the doubt desk, which looks before it sends. A card's link goes
at once: the next transfer looks for the card again. Nothing is written to either system.
"""

from __future__ import annotations

from pathlib import Path

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.records.target import Kind
from brygga.runs.writer import Writer
from brygga.store.audit.trail import Told, acting_person
from brygga.store.history import Outcome
from brygga.store.journal.journal import Link, Unsettled
from brygga.store.recovered import lost, told_of_decision
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.lookup import REMARK_PREFIX, carries, remark_key
from brygga.transfers.plan import Transfer

UNLINK = "unlink"
"""What taking a link away is called among the runs."""

LINKED: dict[Transfer, Kind] = {
    Transfer.CUSTOMERS: Kind.CUSTOMER,
    Transfer.PROJECTS: Kind.PROJECT,
    Transfer.ARTICLES: Kind.ARTICLE,
    Transfer.INVOICES: Kind.INVOICE,
}
"""Whose links can be taken away; what was sent to Severa is compared and reconciled as a whole (``takeover``)."""


class Unlinked(Record, frozen=True):
    """A link that was taken away: the record, what it was linked to, and how the record stands now, with the reason."""

    source_key: str
    name: str
    target_key: str
    state: RowState
    why: Reason


def unlink(
    company: Company, transfer: Transfer, text: str, why: str, *, lock_folder: Path, version: str, settings: str
) -> Unlinked:
    """Take away the link of the record with this name, key or number in Administration; ``why`` is kept.

    ``Refused``: WEB-976 (nothing of the name), WEB-977 (several), WEB-978 (no reason), WEB-975 or WEB-989 (the document
    is there), WEB-988 (a write for it is not settled), API-916 (a transfer without such links), SYS-908 (another run).
    """
    if not why.strip():
        raise Refused(reason("WEB-978"))
    if transfer not in LINKED:
        raise Refused(reason("API-916"))
    with Writer(company, lock_folder):
        link = _the_one(company, LINKED[transfer], text)
        if link.kind is Kind.INVOICE:
            _require_gone(company, link)
        run = company.journal.start_run(UNLINK, program_version=version, settings_hash=settings)
        try:
            done = _taken_away(company, link, why.strip())
            told = Outcome(
                link.source_key, link.snapshot.number, done.name, done.state, UNLINK, link.target_key, (done.why,)
            )
            company.journal.record(run, told)
            after = {"decision": UNLINK, "state": done.state.value, "target": link.target_key}
            told_of_decision(company.journal, Told.DOUBT, run, link.source_key, link.snapshot.number, after, done.why)
        except BaseException:
            company.journal.finish_run(run, "failed")
            raise
        company.journal.finish_run(run, "completed")
        return done


def _taken_away(company: Company, link: Link, why: str) -> Unlinked:
    sent = link.kind is Kind.INVOICE and link.operation_id is not None
    code, level = ("WEB-987", Level.WAIT) if sent else ("WEB-979", Level.NOTE)
    told = reason(code, level, nr=link.target_key, who=acting_person(), why=why)
    if sent:
        lost(company.journal, link, (told,))
    else:
        try:
            company.journal.uncouple(link.kind, link.source_key)
        except Unsettled:
            raise Refused(reason("WEB-988", nr=link.target_key)) from None
    state = RowState.IN_DOUBT if sent else RowState.READY
    return Unlinked(link.source_key, link.snapshot.name, link.target_key, state, told)


def _the_one(company: Company, kind: Kind, text: str) -> Link:
    wanted = text.strip().casefold()
    found = [
        link
        for link in company.journal.links(kind).values()
        if wanted in (each.casefold() for each in (link.source_key, link.target_key, link.snapshot.name) if each)
    ]
    if not found:
        raise Refused(reason("WEB-976", nr=text))
    if len(found) > 1:
        raise Refused(reason("WEB-977", nr=text, keys=", ".join(link.source_key for link in found)))
    return found[0]


def _require_gone(company: Company, link: Link) -> None:
    """Refuse while Administration has the document: under our key, or under its number with no other record's key.

    A person can have changed the remark that holds our key; a number that another record of ours has is not it.
    """
    ours = remark_key(link.source_key)
    for posted in company.administration.invoices_after(0):
        same_number = str(posted.number) == link.target_key and not posted.remark.startswith(REMARK_PREFIX)
        if carries(posted, ours) or same_number:
            raise Refused(reason("WEB-975" if posted.cancelled else "WEB-989", nr=posted.number))
