"""Making a card from Severa's texts: what Administration's fields can hold, and what differs from a card there."""

from __future__ import annotations

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.rules.text import cut_at_word, one_line, to_windows_1252
from brygga.transfers.plan import Change


class Texts:
    """Collects the texts of one record with the reasons that arise; nothing is cut unless ``cut`` is called."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.reasons: list[Reason] = []

    def line(self, field: str, text: str, length: int) -> str:
        """One line that must fit whole: longer than ``length`` refuses the record (semantics §4.13, address lines)."""
        clean = self.clean(one_line(text))
        if len(clean) > length:
            self.reasons.append(reason("KND-112", field=field, number=self.number, length=len(clean), max=length))
        return clean

    def cut(self, code: str, field: str, text: str, length: int, *, at_word: bool = True) -> str:
        """One line cut to ``length`` with a warning: at a word, or anywhere (a person's name loses less then)."""
        clean = self.clean(one_line(text))
        if len(clean) <= length:
            return clean
        self.reasons.append(reason(code, Level.WARNING, field=field, number=self.number, max=length))
        return cut_at_word(clean, length) if at_word else clean[:length].rstrip()

    def clean(self, text: str) -> str:
        """The text in Windows-1252; characters it lacks are replaced with a warning that names them."""
        clean, replaced = to_windows_1252(text)
        if replaced:
            self.reasons.append(reason("FAK-319", Level.WARNING, characters=" ".join(dict.fromkeys(replaced))))
        return clean


def differences(wanted: Record, there: Record, *, also_empty: bool, ignore: frozenset[str]) -> tuple[Change, ...]:
    """The fields in which the card there differs from the one wanted; an empty value wipes nothing unless asked."""
    changes = []
    for name in wanted.__struct_fields__:
        value, present = getattr(wanted, name), getattr(there, name)
        if name in ignore or value == present or (value in ("", None) and not also_empty):
            continue
        changes.append(Change(field=name, before=_shown(present), after=_shown(value)))
    return tuple(changes)


def _shown(value: object) -> str | bool:
    return value if isinstance(value, bool) else "" if value is None else str(value)
