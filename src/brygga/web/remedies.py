"""Where the remedy of a reason lies: the page that opens exactly the setting or mapping (design/interface.md, 4)."""

from __future__ import annotations

from brygga.records.reasons import Reason


def N_(text: str) -> str:
    """Marks a text for translation that is shown later."""
    return text


REMEDIES: dict[str, tuple[str, str]] = {
    "FAK-306": ("installningar/mappings#mappings.vat", N_("Map the VAT rate")),
    "ENH-851": ("installningar/mappings#mappings.units", N_("Map the unit")),
    "SPR-852": ("installningar/mappings#mappings.languages", N_("Map the language")),
    "BTV-853": ("installningar/mappings#mappings.payment_terms", N_("Map the payment terms")),
    "KND-113": ("installningar/customers#customers.only_won", N_("Settings for customers")),
    "PRJ-208": ("installningar/autofix#autofix.projects", N_("Settings for automatic actions")),
    "FAK-308": ("installningar/articles#articles.default_article", N_("Choose a default article")),
    "ART-707": ("artiklar", N_("See the articles")),
    "FAK-310": ("osaker", N_("See what is known")),
    "FAK-303": ("fakturor", N_("See the invoices")),
    "INS-802": ("installningar/numbering#numbering.master", N_("Choose the numbering master")),
    "INS-804": ("installningar/invoices#invoices.statuses", N_("Choose the statuses")),
}
"""By message code: the rest of the address below the company, and what the link is called."""


def remedy_of(why: Reason) -> tuple[str, str] | None:
    """Address and name of the page that helps, None when the remedy lies in one of the two systems."""
    return REMEDIES.get(why.code)
