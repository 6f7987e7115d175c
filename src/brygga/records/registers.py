"""The code registers of both systems with their texts: what settings and mappings may name."""

from __future__ import annotations

from decimal import Decimal

from brygga.records.base import Record


class BusinessUnit(Record, frozen=True):
    """A business unit of Severa; ``parent`` is the key of the one above it, empty at the top."""

    key: str
    name: str
    parent: str = ""


class SeveraRegisters(Record, frozen=True):
    """Severa's own lists, complete; those by code are code → name."""

    business_units: tuple[BusinessUnit, ...]
    languages: dict[str, str]
    currencies: dict[str, str]
    cost_centres: dict[str, str]
    """By identifier."""
    vat_rates: tuple[Decimal, ...]
    """Percent, of the organisation's own country."""
    price_lists: tuple[str, ...] = ()
    """Names of those in use that can be a customer's; one made for a project is not among them."""


class CodeRegisters(Record, frozen=True):
    """Administration's code registers, each code → text."""

    units: dict[str, str]
    payment_terms: dict[str, str]
    languages: dict[str, str]
    currencies: dict[str, str]
    profit_centres: dict[str, str]
    countries: dict[str, str]
    price_lists: dict[str, str]
    article_groups: dict[str, str]
    accounting_codes: dict[str, str]
