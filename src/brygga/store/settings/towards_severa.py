"""The settings of the transfers from Administration to Severa: payments and supplier invoices."""

from __future__ import annotations

import re
from decimal import Decimal

from brygga.i18n import N_
from brygga.rules.supplier_costs import BlockList
from brygga.store.settings.types import Section, Setting, SettingType, decimal_of

_T = SettingType

BLOCKED_ACCOUNTS = ("1000-1999", "2440", "2614-2615", "2640-2649", "3740")
"""Assets, supplier debt, VAT and rounding are never a project's cost (semantics §3.6)."""


def _are_account_ranges(value: tuple[str, ...]) -> bool:
    try:
        BlockList(value)
    except ValueError:
        return False
    return True


def _is_percentage(value: Decimal) -> bool:
    return Decimal(0) < value <= Decimal(1000)


_MARK_UP = re.compile(r"(?:(påslag|paslag|mark-?up)\s*)?([-0-9,.]+)\s*%?", re.IGNORECASE)


def _percent_of_cost(text: str) -> Decimal | None:
    """A percentage of the cost, also when it was given as a mark-up: "påslag 15" is 115 (semantics §4.10)."""
    found = _MARK_UP.fullmatch(text)
    if found is None:
        return None
    return decimal_of(found[2]) + (100 if found[1] else 0)


TOWARDS_SEVERA = (
    Setting(
        "payments.status_paid",
        N_("Status when paid"),
        _T.TEXT,
        "",
        Section.PAYMENTS,
        N_("The status that a paid invoice gets in Severa; one that counts as paid there."),
    ),
    Setting(
        "payments.status_part_paid",
        N_("Status when partly paid"),
        _T.TEXT,
        "",
        Section.PAYMENTS,
        N_("The status that a partly paid invoice gets in Severa. Leave empty to leave such invoices alone."),
    ),
    Setting(
        "payments.status_reversed",
        N_("Status when reversed"),
        _T.TEXT,
        "",
        Section.PAYMENTS,
        N_(
            "The status that an invoice goes back to when its payment was reversed. Leave empty to use the status of "
            "transferred invoices."
        ),
    ),
    Setting(
        "payments.balances",
        N_("Meaning of balances"),
        _T.CHOICE,
        "currency",
        Section.PAYMENTS,
        N_(
            "What the balances of a foreign invoice in Administration mean. Currency: the balance is in the invoice's "
            "currency. Base: it is in kronor. Both: the second balance is in kronor."
        ),
        choices=("currency", "base", "both"),
    ),
    Setting(
        "payments.zero_invoices",
        N_("Show zero invoices"),
        _T.BOOL,
        False,
        Section.PAYMENTS,
        N_("Also list transferred invoices whose total is zero; they count as paid without a payment date."),
    ),
    Setting(
        "supplier_invoices.price_mode",
        N_("Price"),
        _T.CHOICE,
        "cost",
        Section.SUPPLIER_INVOICES,
        N_(
            "The price of a project cost. Cost: the price is the cost. Cost_only: no price, not billable. Percent: the "
            "price is a percentage of the cost."
        ),
        choices=("cost", "cost_only", "percent"),
    ),
    Setting(
        "supplier_invoices.price_percent",
        N_("Percentage of the cost"),
        _T.DECIMAL,
        Decimal(100),
        Section.SUPPLIER_INVOICES,
        N_("The price as a percentage of the cost: with 115 a cost of 8 000 gets the price 9 200."),
        holds=_is_percentage,
        accepts=N_("Give a percentage of the cost above 0 and at most 1000, such as 115, or a mark-up: markup 15."),
        reads=_percent_of_cost,
    ),
    Setting(
        "supplier_invoices.product_code",
        N_("Product code"),
        _T.TEXT,
        "",
        Section.SUPPLIER_INVOICES,
        N_("The code of the product in Severa that project costs get. Leave empty for the type subcontracting."),
    ),
    Setting(
        "supplier_invoices.blocked_accounts",
        N_("Blocked ledger accounts"),
        _T.LIST,
        BLOCKED_ACCOUNTS,
        Section.SUPPLIER_INVOICES,
        N_("Ledger accounts whose rows never become project costs: numbers and ranges, such as 2440, 2640-2649."),
        holds=_are_account_ranges,
        accepts=N_("Give ledger accounts and ranges such as 2440, 2640-2649; both ends of a range as many digits."),
    ),
    Setting(
        "supplier_invoices.require_attest",
        N_("Require attest"),
        _T.BOOL,
        False,
        Section.SUPPLIER_INVOICES,
        N_("Transfer only supplier invoices that are attested in Administration."),
    ),
    Setting(
        "supplier_invoices.credit_rows",
        N_("Sign of credit notes' rows"),
        _T.CHOICE,
        "positive",
        Section.SUPPLIER_INVOICES,
        N_("Whether Administration stores the rows of a supplier's credit note as positive or as negative amounts."),
        choices=("positive", "negative"),
    ),
)
