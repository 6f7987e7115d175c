"""What the rules of one write are given: the open company, its switches, and where warnings go."""

from __future__ import annotations

from dataclasses import dataclass, field

from brygga.practice.adk_engine.codes import NO_FIELD, Rc, Refusal
from brygga.practice.adk_engine.company import Installation, Switches
from brygga.practice.adk_engine.fields import Table, Value
from brygga.practice.adk_engine.storage import Storage, Stored
from brygga.practice.adk_engine.tables_codes import PRM

DOMESTIC_FALLBACK = "SEK"


@dataclass
class Work:
    """One write (or one set with side effects) in the open company."""

    storage: Storage
    installation: Installation
    warnings: list[Refusal] = field(default_factory=list)

    @property
    def switches(self) -> Switches:
        """How the installation answers what the contract leaves open."""
        return self.installation.switches

    def warn(self, code: Rc, table: Table, field_id: int = NO_FIELD) -> None:
        """Report a warning after the write is committed."""
        self.warnings.append(Refusal(code, table.code, field_id))

    def by_key(self, table: Table, *key: Value) -> Stored | None:
        """The record with the key (its first parts are enough); None when there is none."""
        return self.storage.match(table, dict(zip(table.key, key, strict=False)))

    def domestic_currency(self) -> str:
        """The company's own currency code (PRM 51, else 15)."""
        settings = self.storage.single(PRM)
        return str(settings[51] or settings[15]) or DOMESTIC_FALLBACK

    def module_active(self, name: str) -> bool:
        """Whether a module of the company (a setting of create_company) is switched on."""
        return self.storage.setting(name) == "1"


def refuse(code: Rc, table: Table, field_id: int = NO_FIELD) -> Refusal:
    """The refusal of a write, to be raised."""
    return Refusal(code, table.code, field_id)
