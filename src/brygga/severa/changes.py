"""Changing one record in Severa: replacements sent in one call, each verified in the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from brygga.records.base import Record
from brygga.records.reasons import Fault, Level, Reason, Refused, Uncertain, reason
from brygga.severa import errors, facts, wire
from brygga.severa.http import SeveraClient

M = TypeVar("M", bound=wire.Model)


class Created(Record, frozen=True):
    """A record that was made in Severa: its guid, and what of it could not be done."""

    key: str
    warnings: tuple[Reason, ...] = ()
    posted: None = None
    """Invoices are posted in Administration only."""
    complete: bool = True
    """Whether all that belongs to the record was made too."""


@dataclass(frozen=True)
class Change(Generic[M]):
    """One replacement: ``field`` of the card, its JSON pointer and value, and whether an answered record has it."""

    field: str
    pointer: str
    value: str | int | bool | None
    took: Callable[[M], bool]


def carry_out(client: SeveraClient, path: str, key: str, changes: Sequence[Change[M]], model: type[M]) -> None:
    """All changes of one record in one call. ``Refused`` (SEV-711) when Severa answers that it was done and one did not
    take; ``Uncertain`` (SEV-708) when the answer is lost or tells nothing about the record."""
    if not changes:
        return
    operations = [facts.replace(change.pointer, change.value) for change in changes]
    answered = client.patch(path, operations, list[model])  # type: ignore[valid-type]
    after = next((one for one in answered if _key(one) == key), None)
    if after is None:
        raise Uncertain(reason(errors.ANSWER_LOST, operation=f"PATCH {path}"))
    for change in changes:
        if not change.took(after):
            raise Refused(reason(errors.NOT_TAKEN, field=change.pointer, key=key))


def _key(record: wire.Model) -> object:
    return getattr(record, "guid", None)


def text_change(field: str, pointer: str, value: object, name: str) -> Change[M]:
    """A text as it is wanted; an empty one empties the field. ``name`` is the field of the answered model."""
    wanted = str(value or "")
    return Change(field, pointer, wanted or None, lambda after: facts.same_text(getattr(after, name), wanted))


@contextmanager
def afterwards(warnings: list[Reason], name: str, field: str) -> Iterator[None]:
    """What follows the making of a record: a fault is a warning, because the record itself is there."""
    try:
        yield
    except Fault as fault:
        warnings.append(reason(errors.AFTER_CREATE, Level.WARNING, name=name, field=field))
        warnings.append(msgspec.structs.replace(fault.reason, level=Level.WARNING))


def kept_otherwise(name: str, fields: dict[str, bool]) -> list[Reason]:
    """A warning (SEV-726) for each field of a new record that Severa answered with another value than was sent."""
    return [
        reason(errors.OTHER_VALUE, Level.WARNING, name=name, field=field) for field, same in fields.items() if not same
    ]
