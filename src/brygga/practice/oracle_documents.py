"""The Severa documents as the oracle reads them, and what the settings make of their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from brygga.practice.administration_base import field_named, table_named

Wire = Mapping[str, Any]


def length(table: str, name: str) -> int:
    """The longest text that Administration's field takes."""
    return field_named(table_named(table), name).length


class SeveraDocuments:
    """The Severa collections by guid, with the look-ups that the oracle needs."""

    def __init__(self, collections: Mapping[str, Iterable[Wire]], settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.of = {name: {str(each.get("guid")): each for each in held} for name, held in collections.items()}
        self.code_of_country = {each["name"]: str(each["code2"]) for each in self.of["countries"].values()}
        won_types = {guid for guid, each in self.of["salesstatustypes"].items() if each["salesState"] == "Won"}
        self.ways_of: dict[str, list[Wire]] = {}
        for way in self.of["contactcommunications"].values():
            self.ways_of.setdefault(way["contact"]["guid"], []).append(way)
        self.won_projects = [
            each for each in self.of["projects"].values() if each["salesStatus"]["salesStatusTypeGuid"] in won_types
        ]
        self.rows: dict[str, list[Wire]] = {}
        for row in self.of["invoicerows"].values():
            self.rows.setdefault(row["invoiceGuid"], []).append(row)
        self.projects_behind: dict[str, set[str]] = {}
        for name in ("workhours", "projectfees", "projecttravelexpenses"):
            for entry in self.of.get(name, {}).values():
                behind = self.projects_behind.setdefault(entry["invoiceRowGuid"], set())
                behind.add(entry["project"]["guid"])
        sweden = next(guid for guid, each in self.of["countries"].items() if each["code2"] == "SE")
        self.reverse_charge = {
            row["customer"]["guid"]
            for row in self.of["customercountrysettings"].values()
            if row["country"]["guid"] == sweden and row["isTaxFree"]
        }

    def mapped(self, setting: str, key: object) -> str:
        """The Administration code that a mapping of the settings gives; empty when it has none."""
        return str(self.settings[setting].get(str(key), ""))

    def project_code(self, number: object) -> str:
        """The project's code in Administration: coupled by the settings, else Severa's number."""
        return self.mapped("projects.code_map", number) or str(number)


def unit_code(documents: SeveraDocuments, unit: str | None) -> str:
    """Administration's unit of Severa's free text: trimmed, case does not matter (semantics §4.4, AT-34)."""
    return documents.mapped("mappings.units", (unit or "").strip().lower())
