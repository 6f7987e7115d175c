"""The audit trail as a file: for a program (JSON lines), a spreadsheet (CSV) or a reader (text) (semantics §3.9).

Personal identity numbers are masked unless asked for: a sole trader's organisation number is one. The hashes are those
of the unmasked events, so a masked file shows the chain, and only a complete one can be computed anew.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from enum import StrEnum

import msgspec
from sqlalchemy.engine import Engine

from brygga.rules.identity import mask_personal
from brygga.store.audit.chain import each
from brygga.store.audit.trail import AuditEvent

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet program would carry out instead of showing."""

_TEXTS = ("subject", "number", "before", "after", "reasons")
"""Where a personal identity number can be."""


class Form(StrEnum):
    """The forms of an export."""

    JSONL = "jsonl"
    CSV = "csv"
    TEXT = "text"


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def masked(event: AuditEvent) -> AuditEvent:
    """The event without personal identity numbers; hashes and Severa keys stay as they are."""
    changed = {name: mask_personal(getattr(event, name)) for name in _TEXTS}
    return msgspec.structs.replace(event, **changed)


def exported(engine: Engine, company: str, form: Form, *, personal: bool = False) -> Iterator[str]:
    """The lines of the file, each with its line end; memory holds a part of them at a time."""
    lines = {Form.JSONL: _json_line, Form.CSV: _csv_line, Form.TEXT: readable}
    if form is Form.CSV:
        yield _row(AuditEvent.__struct_fields__)
    with engine.connect() as connection:
        for event in each(connection, company):
            yield lines[form](event if personal else masked(event))


def changes_of(event: AuditEvent) -> tuple[tuple[str, str, str], ...]:
    """What the event changed: name, before and after, as text; what stayed as it was is left out."""
    before, after = (msgspec.json.decode(text) for text in (event.before, event.after))
    told = ((name, _shown(before.get(name)), _shown(after.get(name))) for name in dict.fromkeys((*before, *after)))
    return tuple((name, old, new) for name, old, new in told if old != new)


def readable(event: AuditEvent) -> str:
    """One event for a person: when, who, what, what it was and what it became, and the codes of why."""
    changes = [f"{name}: {old} → {new}" for name, old, new in changes_of(event)]
    codes = ", ".join(why.code for why in event.why())
    parts = (event.at[:19].replace("T", " "), event.actor, event.kind, event.number, event.subject)
    told = "  ".join(part for part in parts if part)
    return f"{event.sequence:>8}  {told}  {'; '.join(changes)}{f'  [{codes}]' if codes else ''}\n"


def _shown(value: object) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _json_line(event: AuditEvent) -> str:
    return msgspec.json.encode(event).decode() + "\n"


def _csv_line(event: AuditEvent) -> str:
    return _row(["" if value is None else guarded(str(value)) for value in msgspec.structs.astuple(event)])


def _row(cells: tuple[str, ...] | list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(cells)
    return line.getvalue()
