"""Looking before and after a write: what the engine reads of either system, once for documents side by side."""

from __future__ import annotations

from brygga.records.target import PostedInvoice, System
from brygga.transfers.company import Company
from brygga.transfers.lookup import KnownContacts, Sighting, sightings
from brygga.transfers.lookup_severa import SeveraLookup
from brygga.transfers.plan import Plan


class Lookup:
    """Finds what a plan is about to create, or may have created, in the system that it goes to."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._severa = SeveraLookup(company)
        self._contacts = KnownContacts(company.administration)
        self._last_number: int | None = None
        """The highest document number before the documents under way, once it was asked for."""
        self._above: tuple[int, tuple[PostedInvoice, ...]] | None = None
        """What was found above that number, after their intents and before the first of them was written."""

    def begin(self) -> None:
        """The next documents are under way: what was read for those before no longer counts."""
        self._last_number = self._above = None

    def last_number(self) -> int:
        """The highest document number of Administration before the documents under way; asked once for all of them."""
        if self._last_number is None:
            self._last_number = self._company.administration.last_invoice_number()
        return self._last_number

    def sightings(
        self, plan: Plan, after: int | None, *, meant: bool = False, afresh: bool = False
    ) -> tuple[Sighting, ...]:
        """Everything that could be the plan's record. ``after``: the highest number when the write was intended;
        ``meant``: the write was meant, and only this look tells whether it happened; ``afresh``: nothing read before
        counts."""
        if plan.transfer.target is System.SEVERA:
            return self._severa.sightings(plan, afresh=afresh)
        if meant:
            # A document may be numbered below others: the next number was set to fill a gap, or the given one was not
            # kept (contracts/adk.md §3).
            after = 0
        posted_after = self._all_after if afresh else self._posted_after
        return sightings(self._company, plan, posted_after, after or 0, self._contacts, afresh=afresh)

    def _posted_after(self, number: int) -> tuple[PostedInvoice, ...]:
        """What is numbered above: read once for documents side by side, since only this run writes our keys."""
        if self._above is None or self._above[0] != number:
            self._above = (number, self._all_after(number))
        return self._above[1]

    def _all_after(self, number: int) -> tuple[PostedInvoice, ...]:
        return self._company.administration.invoices_after(number)
