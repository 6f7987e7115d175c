"""What both systems have that a setting can point to, as it is typed, and what is proposed for a mapping.

Reading is one thing (``read_facts``), judging another (``checked``, ``proposals``: pure). Nothing is written. Whether
all settings together can work is ``setting_checks``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from typing import Any

from brygga.insight.checks import Gateways
from brygga.records.base import Record
from brygga.records.reasons import Fault, Reason, reason


class Facts(Record, frozen=True):
    """What both systems have, read at ``read_at`` (UTC); a system that could not be asked has a fault and nothing."""

    read_at: datetime
    statuses: tuple[str, ...] = ()
    paid_statuses: tuple[str, ...] = ()
    severa_units: tuple[str, ...] = ()
    severa_languages: tuple[str, ...] = ()
    severa_payment_days: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    payment_terms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    vat_rates: tuple[Decimal, ...] = ()
    """Percent, of VAT codes 1 to 4."""
    articles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    accounting_codes: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    severa_fault: Reason | None = None
    administration_fault: Reason | None = None


def read_facts(opened: AbstractContextManager[Gateways], now: datetime) -> Facts:
    """Ask both systems; what cannot be asked is said in the faults."""
    facts: dict[str, Any] = {"read_at": now}
    try:
        with opened as gateways:
            for name, read in (("severa_fault", _from_severa), ("administration_fault", _from_administration)):
                try:
                    facts |= read(gateways)
                except Fault as fault:
                    facts[name] = fault.reason
    except Fault as fault:
        facts |= {"severa_fault": fault.reason, "administration_fault": fault.reason}
    return Facts(**facts)


def _from_severa(gateways: Gateways) -> dict[str, tuple[str, ...]]:
    severa = gateways.severa
    statuses = [status for status in severa.invoice_statuses() if status.is_active]
    customers = severa.customers()
    days = {customer.payment_days for customer in customers if customer.payment_days is not None}
    return {
        "statuses": tuple(status.name for status in statuses),
        "paid_statuses": tuple(status.name for status in statuses if status.is_paid),
        "severa_units": _named(article.unit for article in severa.articles()),
        "severa_languages": _named(customer.language for customer in customers),
        "severa_payment_days": tuple(str(number) for number in sorted(days)),
    }


def _from_administration(gateways: Gateways) -> dict[str, Any]:
    administration = gateways.administration
    info, ledger = administration.company(), administration.posting_accounts()
    codes = administration.code_registers()
    latest = max(ledger.charts, key=lambda chart: chart.start, default=None)
    return {
        "units": _named(codes.units),
        "payment_terms": _named(codes.payment_terms),
        "languages": _named(codes.languages),
        "groups": _named(codes.article_groups),
        "vat_rates": info.vat_rates,
        "articles": _named(administration.articles()),
        "accounting_codes": _named(codes.accounting_codes),
        "accounts": () if latest is None else _named(latest.accounts - latest.inactive),
    }


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
    "mappings.units": Pointer(ADMINISTRATION, "units"),
    "mappings.payment_terms": Pointer(ADMINISTRATION, "payment_terms"),
    "mappings.languages": Pointer(ADMINISTRATION, "languages"),
}
"""Settings whose values name something that is in one of the systems (a mapping's right sides)."""

LEFT_SIDES = {
    "mappings.units": "severa_units",
    "mappings.payment_terms": "severa_payment_days",
    "mappings.languages": "severa_languages",
}
"""Mappings whose left sides are in use in Severa."""


class Checked(Record, frozen=True):
    """What a live check found: the values that are there, in which system, and what is wrong."""

    system: str = ""
    there: tuple[str, ...] = ()
    wrong: tuple[Reason, ...] = ()


def choices(key: str, facts: Facts) -> tuple[str, ...]:
    """What can be chosen for the setting (for a mapping: for its right side)."""
    if key == "mappings.vat":
        return tuple(str(number) for number in range(len(facts.vat_rates) + 1))
    return tuple(getattr(facts, POINTS_TO[key].facts)) if key in POINTS_TO else ()


def checked(key: str, value: Any, facts: Facts) -> Checked:
    """Whether what the setting points to is there; nothing is found of a setting that points nowhere."""
    if key == "mappings.vat":
        return _checked_vat(value, facts)
    if key not in POINTS_TO:
        return Checked()
    where = POINTS_TO[key]
    fault = facts.severa_fault if where.system == SEVERA else facts.administration_fault
    if fault is not None:
        return Checked(where.system, (), (fault,))
    known = {each.casefold(): each for each in choices(key, facts)}
    wanted = list(dict.fromkeys(_texts(value)))
    missing = [text for text in wanted if text.strip().casefold() not in known]
    wrong = tuple(reason("WEB-983", value=text, system=where.system) for text in missing)
    return Checked(where.system, tuple(text for text in wanted if text not in missing), wrong)


def _checked_vat(value: Mapping[str, str], facts: Facts) -> Checked:
    if facts.administration_fault is not None:
        return Checked(ADMINISTRATION, (), (facts.administration_fault,))
    held = {str(number): rate for number, rate in enumerate(facts.vat_rates, start=1)} | {"0": Decimal(0)}
    there, wrong = [], []
    for rate, code in value.items():
        if code not in held:
            wrong.append(reason("MAP-854", code=code))
        elif held[code] != Decimal(rate.replace(",", ".")):
            wrong.append(reason("MAP-855", rate=rate.replace(",", "."), code=code, there=held[code]))
        else:
            there.append(f"{rate} = {code}")
    return Checked(ADMINISTRATION, tuple(there), tuple(wrong))


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(str(right) for right in value.values())
    texts = value if isinstance(value, tuple | list) else (value,)
    return tuple(str(text) for text in texts if text not in ("", None))


class Proposal(Record, frozen=True):
    """A pair that a mapping lacks; ``right`` is empty where nothing like the left side was found."""

    left: str
    right: str


SAME_UNIT = (
    frozenset({"h", "tim", "timme", "timmar", "hour", "hours"}),
    frozenset({"st", "styck", "pcs", "pc", "ea"}),
    frozenset({"d", "dag", "dagar", "day", "days"}),
    frozenset({"mån", "månad", "månader", "month", "months"}),
    frozenset({"km", "kilometer"}),
)
"""Units that are written in several ways."""


def proposals(key: str, value: Mapping[str, str], facts: Facts) -> tuple[Proposal, ...]:
    """What is in use in Severa and not mapped, with what it most likely is; a person accepts them one by one."""
    if key == "mappings.vat":
        mapped = {Decimal(rate.replace(",", ".")) for rate in value}
        rates = [(rate, str(number)) for number, rate in enumerate(facts.vat_rates, start=1)]
        rates.append((Decimal(0), "0"))
        seen = dict(reversed(rates))
        return tuple(Proposal(f"{rate.normalize():f}", code) for rate, code in seen.items() if rate not in mapped)
    if key not in LEFT_SIDES:
        return ()
    mapped_texts = {left.casefold() for left in value}
    right_sides = choices(key, facts)
    lefts = (left for left in getattr(facts, LEFT_SIDES[key]) if left.casefold() not in mapped_texts)
    return tuple(Proposal(left, _alike(left, right_sides)) for left in lefts)


def _alike(left: str, right_sides: tuple[str, ...]) -> str:
    plain = left.casefold()
    also = next((group for group in SAME_UNIT if plain in group), frozenset({plain}))
    language = plain.split("-")[0]
    for right in right_sides:
        if right.casefold() == plain:
            return right
    for right in right_sides:
        if right.casefold() in also or right.casefold() == language:
            return right
    return ""
