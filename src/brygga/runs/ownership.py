"""Whether this store may write to the company folder: its owner, and no traveller in time (state machine 7 and 8).

Five signs stop a company's writes until a person has taken it over: another store owns the folder; this store was
restored; the folder knows of a run that this store does not know; Administration lacks documents that this store has
linked; the folder is older than this store, and something is lost.
"""

from __future__ import annotations

from datetime import UTC, datetime

from brygga.records.ownership import Owner
from brygga.records.reasons import Reason, Refused, reason
from brygga.records.target import Kind
from brygga.runs.reconciling import is_there, reconcile_journal, survey, survey_both
from brygga.runs.writer import this_program
from brygga.store.history import Run
from brygga.store.identity import identity_of
from brygga.store.recovered import newest_links
from brygga.transfers.company import Company

NEWEST_LINKS = 5
"""How many of the newest linked documents are looked up at the start of a run: a backup lacks the newest."""


def confirm(company: Company) -> None:
    """Refuse to write where a sign stops it (SYS-921 to 924, SYS-929); a folder without an owner becomes this store's.

    What such a folder has under our keys, from a store that was lost, is noted first, so that nothing is sent again.
    """
    owner = company.administration.owner()
    stopping = signs(company, owner)
    if stopping:
        raise Refused(stopping[0])
    if owner is None:
        found = survey(company)
        reconcile_journal(company, survey_both(company) if found.unknown else found)
        own(company, None)


def signs(company: Company, owner: Owner | None) -> tuple[Reason, ...]:
    """Every sign that stops the company's writes."""
    return (
        *_signs_of_the_store(company, owner),
        *_signs_of_administration(company),
        *_signs_of_the_folder(company, owner),
    )


def own(company: Company, run: Run | None) -> None:
    """Make this store the owner of the company folder, and ``run`` the newest one that may have written."""
    identity = identity_of(company.journal.store)
    at = run.started if run is not None else datetime.now(UTC)
    owner = Owner(identity.id, identity.generation, run.id if run else 0, at.isoformat(), this_program())
    company.administration.own(owner)


def _signs_of_the_store(company: Company, owner: Owner | None) -> tuple[Reason, ...]:
    if owner is None:
        return ()
    identity = identity_of(company.journal.store)
    if owner.store != identity.id:
        return (reason("SYS-921", company=company.name, holder=owner.holder, since=owner.at),)
    if owner.generation != identity.generation:
        return (reason("SYS-922", company=company.name),)
    if owner.run:
        run = company.journal.run(owner.run)
        # Its moment too: a restored store gives the numbers of its lost runs to new ones.
        if run is None or run.started.isoformat() != owner.at:
            return (reason("SYS-923", company=company.name, since=owner.at),)
    return ()


def _signs_of_the_folder(company: Company, owner: Owner | None) -> tuple[Reason, ...]:
    """A folder that does not know this store's newest run is older than it, which counts if something is lost."""
    newest = company.journal.newest_completed()
    if newest is None or (owner is not None and owner.run >= newest.id):
        return ()
    found = survey(company)
    lost = [*found.missing, *found.cards]
    if not lost:
        return ()
    return (reason("SYS-929", company=company.name, numbers=", ".join(sorted(link.target_key for link in lost))),)


def _signs_of_administration(company: Company) -> tuple[Reason, ...]:
    missing = [
        link.target_key
        for link in newest_links(company.journal, Kind.INVOICE, NEWEST_LINKS)
        if not is_there(company.administration.invoice(int(link.target_key)), link)
    ]
    if not missing:
        return ()
    last = company.administration.last_invoice_number()
    return (reason("SYS-924", company=company.name, numbers=", ".join(sorted(missing)), last=last),)
