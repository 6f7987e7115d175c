"""Which records of a transfer a person or a schedule chose."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time
from typing import Literal, Protocol, TypeVar

from brygga.records.base import Record
from brygga.records.reasons import Refused, reason


class Keyed(Protocol):
    """A record of Severa."""

    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)


def in_order(start: date | None, end: date | None) -> None:
    """``Refused`` INS-813 when the first day is after the last: nothing lies between, and that is no answer."""
    if start is not None and end is not None and start > end:
        raise Refused(reason("INS-813", start=start, end=end))


def local_midnight(day: date) -> datetime:
    """When the day begins on this computer: what a person means by "changed since" it."""
    return datetime.combine(day, time()).astimezone()


class Selection(Record, frozen=True):
    """A choice; everything empty means all that the transfer lists.

    Dates are inclusive: of the invoice, or of its last payment in the transfer of payments. ``accepted``,
    ``on_conflict`` and ``skipped`` are decisions about the rows, not a choice of them: they end with the run.
    """

    keys: frozenset[str] | None = None
    texts: tuple[str, ...] = ()
    """Exact numbers or names, as a person types them."""
    start: date | None = None
    end: date | None = None
    changed_since: datetime | None = None
    also: frozenset[str] = frozenset()
    """Keys that belong to the choice whatever their date: what an earlier run left (semantics §4.11, AT-92)."""
    statuses: tuple[str, ...] = ()
    """Names of invoice statuses to transfer, empty for those of the settings."""
    won_only: bool | None = None
    """Whether only won projects, or customers with one, are meant; None: as the setting says."""
    continues: bool = False
    """Whether ``changed_since`` is where the last complete run began, so that nothing lies before it."""
    covers: datetime | None = None
    """For the rows of a preview: the moment up to which the preview had met everything there was."""

    also_changed_since: datetime | None = None
    """Payments only: also invoices with a payment that were changed since, whatever the payment's day. The scheduled
    search gives it, so that a back-dated payment is not missed (semantics §4.9, AT-69)."""
    accepted: frozenset[str] = frozenset()
    """Source keys of offered rows (a correction, a reversal, a customer with a new number) that a person accepted."""
    on_conflict: Literal["", "update", "skip"] = ""
    """What happens to customers that exist with other contents; empty: as the setting says."""
    skipped: frozenset[str] = frozenset()
    """Source keys of such customers that a person chose to leave alone."""

    def read(self, listed: Callable[[Collection[str] | None, datetime | None], tuple[T, ...]]) -> tuple[T, ...]:
        """The records of the choice through ``listed`` (keys, changed since), each once."""
        found = listed(self.keys, self.changed_since)
        left = self.also - {record.key for record in found}
        return (*found, *listed(left, None)) if left else found

    def of_preview(self, keys: frozenset[str] | None, covers: datetime | None = None) -> Selection:
        """The rows of a preview (or every one) and up to when it ``covers`` all there was, with these decisions."""
        return Selection(
            keys=keys,
            covers=covers,
            statuses=self.statuses,
            won_only=self.won_only,
            accepted=self.accepted,
            on_conflict=self.on_conflict,
            skipped=self.skipped,
        )

    def unmet(self, listed: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """The texts that none of the ``listed`` numbers and names answers to."""
        said = {part for number, name in listed for part in (number, name.casefold())}
        return tuple(t for t in self.texts if t.strip() not in said and t.strip().casefold() not in said)

    def takes(self, number: str, name: str) -> bool:
        """Whether a record of this number and name is meant; exact after trim, names without regard to case."""
        if not self.texts:
            return True
        return any(text.strip() == number or text.strip().casefold() == name.casefold() for text in self.texts)
