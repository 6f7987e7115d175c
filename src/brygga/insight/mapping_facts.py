"""What mappings are judged by: which of Severa's values are in use, and what Administration has to map them to.

In use is what active customers and articles, open projects and the invoices that wait have. Reading only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from brygga.records.base import Record
from brygga.records.registers import CodeRegisters, SeveraRegisters
from brygga.records.source import Customer, Invoice
from brygga.records.target import CompanyInfo
from brygga.rules.countries import country_code
from brygga.rules.vat import VatCode, plain, suggest_mapping
from brygga.severa.gateway import InvoiceQuery
from brygga.transfers.company import Company
from brygga.transfers.readings import Readings


class MappingFacts(Record, frozen=True):
    """By the key of each mapping: ``used`` counts Severa's values, ``here`` names them, ``there`` is Administration's
    codes with their texts."""

    used: dict[str, dict[str, int]] = {}
    here: dict[str, dict[str, str]] = {}
    there: dict[str, dict[str, str]] = {}


def read_mapping_facts(company: Company) -> MappingFacts:
    """Everything, read from both systems."""
    there = codes_there(company.administration.company(), company.administration.code_registers())
    used = values_used(company)
    return MappingFacts(used, names_here(company.severa.registers(), used["mappings.vat"]), there)


def codes_there(info: CompanyInfo, codes: CodeRegisters) -> dict[str, dict[str, str]]:
    """What there is to map to. A VAT code has the rate as its text."""
    rates = suggest_mapping(info.vat_rates)
    return {
        "mappings.units": codes.units,
        "mappings.vat": {code: f"{plain(rate)} %" for rate, code in rates.items()},
        "mappings.payment_terms": codes.payment_terms,
        "mappings.languages": codes.languages,
        "mappings.currencies": {info.currency: info.currency, **codes.currencies},
        "mappings.countries": codes.countries,
        "mappings.profit_centres": codes.profit_centres,
        "mappings.price_lists": codes.price_lists,
    }


def names_here(registers: SeveraRegisters, rates: Iterable[str]) -> dict[str, dict[str, str]]:
    """What Severa calls its own codes, where they have a name besides; ``rates``: the VAT rates in use."""
    return {
        "mappings.vat": {rate: f"{rate} %" for rate in (*rates, *map(plain, registers.vat_rates))},
        "mappings.languages": registers.languages,
        "mappings.currencies": registers.currencies,
        "mappings.profit_centres": registers.cost_centres,
    }


def values_used(company: Company) -> dict[str, dict[str, int]]:
    """How often each of Severa's values is in use; a VAT rate as the mapping's entry of the invoice's day."""
    customers = [one for one in company.severa.customers() if one.is_active]
    readings = Readings(company)
    invoices = _waiting(readings)
    rows = [row for invoice in invoices for row in invoice.rows]
    articles = (one.unit for one in company.severa.articles() if one.is_active)
    projects = (one.profit_centre for one in company.severa.projects() if not one.is_closed)
    terms = [*(one.payment_days for one in customers), *(one.payment_days for one in invoices)]
    return {
        "mappings.units": _counted((*articles, *(row.unit.strip() for row in rows))),
        "mappings.vat": _counted(
            _vat_said(readings.preferences.mappings_vat, row.vat_rate, invoice.date)
            for invoice in invoices
            for row in invoice.rows
        ),
        "mappings.payment_terms": _counted("" if days is None else str(days) for days in terms),
        "mappings.languages": _counted(one.language for one in customers),
        "mappings.currencies": _counted((*(one.currency for one in customers), *(one.currency for one in invoices))),
        "mappings.countries": _counted(_unknown_country(one) for one in customers),
        "mappings.profit_centres": _counted((*projects, *(row.profit_centre for row in rows))),
        "mappings.price_lists": _counted(one.price_list for one in customers),
    }


def _vat_said(codes: Iterable[VatCode], rate: Decimal | None, day: date) -> str:
    """The entry of the mapping that holds for the rate on the invoice's day, else the rate itself."""
    if rate is None:
        return ""
    return next((each.said for each in codes if each.rate == rate and each.holds(day)), plain(rate))


def _waiting(readings: Readings) -> tuple[Invoice, ...]:
    names = readings.preferences.invoices_statuses
    keys = tuple(key for key in map(readings.status_key, names) if key is not None)
    if not keys:
        return ()
    query = InvoiceQuery(start=readings.preferences.invoices_from_date, status_keys=keys, row_projects=False)
    return readings.belonging.ours(readings.company.severa.invoices(query))


def _unknown_country(customer: Customer) -> str:
    """The country's text where neither Severa's register nor our table makes a code of it."""
    address = customer.address
    return "" if address.country_code or country_code(address.country) else address.country.strip()


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(value for value in values if value))
