"""What both systems have that a setting can point to, as it is typed, and what is proposed for a mapping.

Reading is one thing (``read_facts``), judging another (``checked``, ``proposals``: pure). Nothing is written. Whether
all settings together can work is ``setting_checks``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from typing import Any

from brygga.insight.checks import G, Gateways
from brygga.insight.mapping_facts import MappingFacts, codes_there, names_here, values_used
from brygga.insight.mappings import MAPPINGS, Health, MappingRow, rows_of
from brygga.records.base import Record
from brygga.records.reasons import Fault, Reason, reason
from brygga.rules.vat import mapping_reasons, plain, suggest_mapping, vat_codes
from brygga.transfers.company import Company

VAT = "mappings.vat"


class Facts(Record, frozen=True):
    """What both systems have, read at ``read_at`` (UTC); a system that could not be asked has a fault and nothing."""

    read_at: datetime
    statuses: tuple[str, ...] = ()
    paid_statuses: tuple[str, ...] = ()
    mappings: MappingFacts = MappingFacts()
    vat_rates: tuple[Decimal, ...] = ()
    """Percent, of VAT codes 1 to 4."""
    articles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    accounting_codes: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    severa_fault: Reason | None = None
    administration_fault: Reason | None = None


def read_facts(opened: AbstractContextManager[G], company_of: Callable[[G], Company], now: datetime) -> Facts:
    """Ask both systems; what cannot be asked is said in the faults. ``company_of`` is the company over the systems."""
    facts: dict[str, Any] = {"read_at": now}
    mappings: dict[str, Any] = {}
    try:
        with opened as gateways:
            asked: tuple[tuple[str, Callable[[], _Read]], ...] = (
                ("severa_fault", lambda: _from_severa(gateways, company_of(gateways))),
                ("administration_fault", lambda: _from_administration(gateways)),
            )
            for name, read in asked:
                try:
                    found, more = read()
                except Fault as fault:
                    facts[name] = fault.reason
                else:
                    facts |= found
                    mappings |= more
    except Fault as fault:
        facts |= {"severa_fault": fault.reason, "administration_fault": fault.reason}
    return Facts(mappings=MappingFacts(**mappings), **facts)


_Read = tuple[dict[str, Any], dict[str, Any]]
"""Fields of ``Facts`` and of ``MappingFacts``."""


def _from_severa(gateways: Gateways, company: Company) -> _Read:
    severa = gateways.severa
    statuses = [status for status in severa.invoice_statuses() if status.is_active]
    used = values_used(company)
    return (
        {
            "statuses": tuple(status.name for status in statuses),
            "paid_statuses": tuple(status.name for status in statuses if status.is_paid),
        },
        {"used": used, "here": names_here(severa.registers(), used["mappings.vat"])},
    )


def _from_administration(gateways: Gateways) -> _Read:
    administration = gateways.administration
    info, ledger = administration.company(), administration.posting_accounts()
    codes = administration.code_registers()
    latest = max(ledger.charts, key=lambda chart: chart.start, default=None)
    return (
        {
            "groups": _named(codes.article_groups),
            "vat_rates": info.vat_rates,
            "articles": _named(administration.articles()),
            "accounting_codes": _named(codes.accounting_codes),
            "accounts": () if latest is None else _named(latest.accounts - latest.inactive),
        },
        {"there": codes_there(info, codes)},
    )


def _named(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value.strip() for value in values if value.strip()}, key=str.casefold))


class Pointer(Record, frozen=True):
    """Where a setting's value must be: the system, and the facts that list what is there."""

    system: str
    facts: str


SEVERA, ADMINISTRATION = "Severa", "Administration"

POINTS_TO: dict[str, Pointer] = {
    "invoices.statuses": Pointer(SEVERA, "statuses"),
    "invoices.status_after": Pointer(SEVERA, "statuses"),
    "invoices.credit_status_after": Pointer(SEVERA, "statuses"),
    "payments.status_paid": Pointer(SEVERA, "paid_statuses"),
    "payments.status_part_paid": Pointer(SEVERA, "statuses"),
    "payments.status_reversed": Pointer(SEVERA, "statuses"),
    "invoices.rounding_account": Pointer(ADMINISTRATION, "accounts"),
    "articles.default_article": Pointer(ADMINISTRATION, "articles"),
    "articles.group": Pointer(ADMINISTRATION, "groups"),
    "articles.accounting_code": Pointer(ADMINISTRATION, "accounting_codes"),
}
"""Settings whose values name something that is in one of the systems; a mapping's right sides are in Administration."""


class Checked(Record, frozen=True):
    """What a live check found: the values that are there, in which system, and what is wrong."""

    system: str = ""
    there: tuple[str, ...] = ()
    wrong: tuple[Reason, ...] = ()


def choices(key: str, facts: Facts) -> tuple[str, ...]:
    """What can be chosen for the setting (for a mapping: for its right side)."""
    if key == VAT:
        return tuple(str(number) for number in range(len(facts.vat_rates) + 1))
    if key in facts.mappings.there:
        return _named(facts.mappings.there[key])
    return tuple(getattr(facts, POINTS_TO[key].facts)) if key in POINTS_TO else ()


def checked(key: str, value: Any, facts: Facts) -> Checked:
    """Whether what the setting points to is there; nothing is found of a setting that points nowhere."""
    if key == VAT:
        return _checked_vat(value, facts)
    if key not in POINTS_TO and key not in MAPPINGS:
        return Checked()
    system = POINTS_TO[key].system if key in POINTS_TO else ADMINISTRATION
    fault = facts.severa_fault if system == SEVERA else facts.administration_fault
    if fault is not None:
        return Checked(system, (), (fault,))
    known = {each.casefold(): each for each in choices(key, facts)}
    wanted = list(dict.fromkeys(_texts(value)))
    missing = [text for text in wanted if text.strip().casefold() not in known]
    wrong = tuple(reason("WEB-983", value=text, system=system) for text in missing)
    return Checked(system, tuple(text for text in wanted if text not in missing), wrong)


def _checked_vat(value: Mapping[str, str], facts: Facts) -> Checked:
    if facts.administration_fault is not None:
        return Checked(ADMINISTRATION, (), (facts.administration_fault,))
    there: list[str] = []
    wrong: list[Reason] = []
    for entry in vat_codes(value):
        found = mapping_reasons({entry.rate: entry.code}, facts.vat_rates)
        if not entry.holds(facts.read_at.date()):
            # Administration has one rate for a code, today's.
            found = tuple(why for why in found if why.code != "MAP-855")
        wrong += found
        if not found:
            there.append(f"{entry.said} = {entry.code}")
    return Checked(ADMINISTRATION, tuple(there), tuple(wrong))


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(str(right) for right in value.values())
    texts = value if isinstance(value, tuple | list) else (value,)
    return tuple(str(text) for text in texts if text not in ("", None))


def proposals(key: str, value: Mapping[str, str], facts: Facts) -> tuple[MappingRow, ...]:
    """What the mapping lacks, most used first, each with what it most likely is in Administration and how alike the two
    are; a person accepts them one by one. VAT: each of Administration's own rates, whether in use or not."""
    if key == VAT:
        mapped = {entry.rate for entry in vat_codes(value)}
        left = {rate: code for rate, code in suggest_mapping(facts.vat_rates).items() if rate not in mapped}
        return tuple(
            MappingRow(
                key, plain(rate), Health.MISSING, suggestion=code, suggestion_name=f"{plain(rate)} %", percent=100
            )
            for rate, code in left.items()
        )
    if key not in MAPPINGS or facts.severa_fault is not None or facts.administration_fault is not None:
        return ()
    rows = rows_of(facts.mappings, key, value)
    return tuple(row for row in rows if row.health in (Health.MISSING, Health.OPTIONAL))
