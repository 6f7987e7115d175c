"""Every transfer of the program: adding one is adding a module and a row here."""

from __future__ import annotations

from collections.abc import Callable

from brygga.transfers.articles import plan_articles
from brygga.transfers.customers import plan_customers
from brygga.transfers.customers_to_severa import plan_customers_to_severa
from brygga.transfers.invoices import plan_invoices
from brygga.transfers.payments import plan_payments
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.projects import plan_projects
from brygga.transfers.readings import Readings
from brygga.transfers.selection import Selection
from brygga.transfers.supplier_invoices import plan_supplier_invoices

PLANNERS: dict[Transfer, Callable[[Readings, Selection], tuple[Plan, ...]]] = {
    Transfer.CUSTOMERS: plan_customers,
    Transfer.PROJECTS: plan_projects,
    Transfer.ARTICLES: plan_articles,
    Transfer.INVOICES: plan_invoices,
    Transfer.CUSTOMERS_TO_SEVERA: plan_customers_to_severa,
    Transfer.SUPPLIER_INVOICES: plan_supplier_invoices,
    Transfer.PAYMENTS: plan_payments,
}
"""In the order in which a month is done: what others refer to comes first (architecture, rows run in order)."""

_DAYS, _SINCE, _OFFERS = frozenset({"start", "end"}), frozenset({"changed_since"}), frozenset({"accepted"})

TAKES: dict[Transfer, frozenset[str]] = {
    Transfer.CUSTOMERS: _SINCE | {"on_conflict", "won_only"},
    Transfer.PROJECTS: _SINCE | {"won_only"},
    Transfer.ARTICLES: frozenset(),
    Transfer.INVOICES: _DAYS | _SINCE | {"statuses"},
    Transfer.CUSTOMERS_TO_SEVERA: _SINCE | _OFFERS | {"on_conflict"},
    Transfer.SUPPLIER_INVOICES: _DAYS | _SINCE | _OFFERS,
    Transfer.PAYMENTS: _DAYS | _OFFERS | {"also_changed_since"},
}
"""What of a selection a transfer obeys, beside the numbers and names that all do: a word that would do nothing is
refused rather than passed over."""


def without_effect(transfer: Transfer, selection: Selection) -> tuple[str, ...]:
    """The fields of the selection that are filled and that the transfer does not know."""
    every = frozenset[str]().union(*TAKES.values())
    unsaid = Selection()
    return tuple(sorted(n for n in every - TAKES[transfer] if getattr(selection, n) != getattr(unsaid, n)))
