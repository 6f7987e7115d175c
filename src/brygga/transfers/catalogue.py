"""Every transfer of the program: adding one is adding a module and a row here."""

from __future__ import annotations

from collections.abc import Callable

from brygga.transfers.articles import plan_articles
from brygga.transfers.customers import plan_customers
from brygga.transfers.invoices import plan_invoices
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.projects import plan_projects
from brygga.transfers.readings import Readings
from brygga.transfers.selection import Selection

PLANNERS: dict[Transfer, Callable[[Readings, Selection], tuple[Plan, ...]]] = {
    Transfer.CUSTOMERS: plan_customers,
    Transfer.PROJECTS: plan_projects,
    Transfer.ARTICLES: plan_articles,
    Transfer.INVOICES: plan_invoices,
}
"""In the order in which a month is done: what others refer to comes first (architecture, rows run in order)."""
