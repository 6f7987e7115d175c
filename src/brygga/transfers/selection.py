"""Which records of a transfer a person or a schedule chose."""

from __future__ import annotations

from datetime import date, datetime

from brygga.records.base import Record


class Selection(Record, frozen=True):
    """A choice; everything empty means all that the transfer lists. Dates are inclusive invoice dates."""

    keys: frozenset[str] | None = None
    texts: tuple[str, ...] = ()
    """Exact numbers or names, as a person types them."""
    start: date | None = None
    end: date | None = None
    changed_since: datetime | None = None

    def takes(self, number: str, name: str) -> bool:
        """Whether a record of this number and name is meant; exact after trim, names without regard to case."""
        if not self.texts:
            return True
        return any(text.strip() == number or text.strip().casefold() == name.casefold() for text in self.texts)
