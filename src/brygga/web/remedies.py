"""Where the remedy of a reason lies: the page that opens exactly the setting or mapping (design/interface.md, 4)."""

from __future__ import annotations

from brygga.i18n import N_
from brygga.records.reasons import Reason

REMEDIES: dict[str, tuple[str, str]] = {
    "FAK-306": ("installningar/mappings#mappings.vat", N_("Map the VAT rate")),
    "ENH-851": ("installningar/mappings#mappings.units", N_("Map the unit")),
    "SPR-852": ("installningar/mappings#mappings.languages", N_("Map the language")),
    "MAP-860": ("installningar/mappings#mappings.price_lists", N_("Map the price list")),
    "MAP-861": ("installningar/mappings#mappings.price_lists", N_("Map the price list")),
    "KND-161": ("installningar/mappings#mappings.price_lists", N_("Map the price list")),
    "KND-160": ("installningar/mappings", N_("See the mappings")),
    "KND-136": ("installningar/mappings#mappings.languages", N_("Map the language")),
    "KND-137": ("installningar/mappings#mappings.payment_terms", N_("Map the payment terms")),
    "SEV-724": ("installningar/mappings#mappings.countries", N_("Map the country")),
    "BTV-853": ("installningar/mappings#mappings.payment_terms", N_("Map the payment terms")),
    "KND-113": ("installningar/customers#customers.won_only", N_("Settings for customers")),
    "PRJ-208": ("installningar/autofix#autofix.projects", N_("Settings for automatic actions")),
    "FAK-308": ("installningar/articles#articles.default_article", N_("Choose a default article")),
    "ART-707": ("artiklar", N_("See the articles")),
    "FAK-310": ("osaker", N_("See what is known")),
    "KOR-890": ("osaker", N_("See what is known")),
    **dict.fromkeys(
        ("SYS-921", "SYS-922", "SYS-923", "SYS-924", "SYS-929", "API-916"),
        ("overtagande", N_("Compare and take over")),
    ),
    "KOR-896": ("osaker", N_("See what is known")),
    "FAK-303": ("fakturor", N_("See the invoices")),
    "INS-802": ("installningar/numbering#numbering.master", N_("Choose the numbering master")),
    "FAK-325": ("installningar/invoices#invoices.statuses", N_("Choose the statuses")),
    "FAK-331": ("installningar/invoices#invoices.from_date", N_("See the first day to transfer")),
    "FAK-327": ("installningar/numbering#numbering.sent_override_reason", N_("See the numbering")),
    "FAK-350": ("installningar/invoices#invoices.account_from_severa", N_("Settings for invoices")),
    "FAK-360": ("installningar/invoices#invoices.project_on", N_("Settings for invoices")),
    "FAK-362": ("installningar/invoices#invoices.project_on", N_("Settings for invoices")),
    "ART-705": ("installningar/articles#articles.group", N_("Settings for articles")),
    "PRJ-201": ("installningar/projects#projects.code_map", N_("Map the project number")),
    "PRJ-207": ("installningar/projects#projects.won_only", N_("Settings for projects")),
    "KND-117": ("installningar/autofix#autofix.customers", N_("Settings for automatic actions")),
    "MAP-854": ("installningar/mappings#mappings.units", N_("See the mappings")),
    "MAP-855": ("installningar/mappings#mappings.vat", N_("Map the VAT rate")),
    "BET-505": ("installningar/payments#payments.status_paid", N_("Choose the status")),
    "BET-506": ("installningar/payments#payments.status_paid", N_("Choose the status")),
    "BET-507": ("installningar/payments#payments.status_paid", N_("Choose the status")),
    "BET-508": ("installningar/payments#payments.status_part_paid", N_("Choose the status")),
    "BET-512": ("installningar/payments#payments.status_reversed", N_("Choose the status")),
    "LEV-602": ("installningar/supplier_invoices#supplier_invoices.blocked_accounts", N_("See the blocked accounts")),
    "LEV-605": ("installningar/supplier_invoices#supplier_invoices.product_code", N_("Choose the product")),
    "LEV-608": (
        "installningar/supplier_invoices#supplier_invoices.require_attest",
        N_("Settings for supplier invoices"),
    ),
    "INS-804": ("installningar/invoices#invoices.statuses", N_("Choose the statuses")),
}
"""By message code: the rest of the address below the company, and what the link is called."""


def remedy_of(why: Reason) -> tuple[str, str] | None:
    """Address and name of the page that helps, None when the remedy lies in one of the two systems."""
    return REMEDIES.get(why.code)
