"""The settings that the transfers obey, as typed values (their source: the registry in ``store/settings``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from brygga.records.base import Record
from brygga.rules.vat import VatCode, vat_codes
from brygga.store.settings.registry import BY_KEY


class Preferences(Record, frozen=True):
    """One company's choices; each field is the setting of the same name with ``_`` for ``.`` (see its help there)."""

    numbering_master: Literal["", "severa", "administration"]
    numbering_sent_override_reason: str
    customers_won_only: bool
    customers_update_empty: bool
    customers_existing: Literal["update", "skip"]
    customers_reverse_charge_rule: Literal["simple", "by_country"]
    projects_enabled: bool
    projects_won_only: bool
    projects_code_map: dict[str, str]
    invoices_statuses: tuple[str, ...]
    invoices_status_after: str
    invoices_credit_status_after: str
    invoices_rate_direction: Literal["inverse", "direct"]
    severa_credit_rows: Literal["negative", "positive"]
    invoices_project_on: Literal["off", "head", "rows", "both"]
    invoices_mark_printed: bool
    invoices_round_to_kronor: bool
    invoices_vat_rounding: Literal["document", "row"]
    invoices_rounding_account: str
    invoices_account_from_severa: bool
    invoices_demanding_letters: tuple[str, ...]
    invoices_forbidding_letters: tuple[str, ...]
    invoices_from_date: date | None
    articles_default_article: str
    articles_group: str
    articles_accounting_code: str
    mappings_units: dict[str, str]
    mappings_vat: tuple[VatCode, ...]
    mappings_payment_terms: dict[str, str]
    mappings_languages: dict[str, str]
    mappings_currencies: dict[str, str]
    mappings_countries: dict[str, str]
    mappings_profit_centres: dict[str, str]
    mappings_price_lists: dict[str, str]
    autofix_customers: bool
    autofix_projects: bool
    autofix_articles: bool
    severa_settling_seconds: Decimal
    severa_business_units: tuple[str, ...]
    payments_status_paid: str
    payments_status_part_paid: str
    payments_status_reversed: str
    payments_balances: Literal["currency", "base", "both"]
    payments_zero_invoices: bool
    supplier_invoices_price_mode: Literal["cost", "cost_only", "percent"]
    supplier_invoices_price_percent: Decimal
    supplier_invoices_product_code: str
    supplier_invoices_blocked_accounts: tuple[str, ...]
    supplier_invoices_require_attest: bool
    supplier_invoices_credit_rows: Literal["positive", "negative"]


_KEYS = {key.replace(".", "_"): key for key in BY_KEY}
_LISTS = (
    "invoices_statuses",
    "invoices_demanding_letters",
    "invoices_forbidding_letters",
    "severa_business_units",
    "supplier_invoices_blocked_accounts",
)


def preferences(get: Callable[[str], Any]) -> Preferences:
    """Read every preference with ``get(setting key)``; the VAT mapping becomes rates with their codes and days."""
    values: dict[str, Any] = {}
    for name in Preferences.__struct_fields__:
        values[name] = get(_KEYS[name])
    values["mappings_vat"] = vat_codes(values["mappings_vat"])
    for name in _LISTS:
        values[name] = tuple(values[name])
    return Preferences(**values)
