"""What the alternatives of the settings are called, and what the sections are for (design/interface.md, Settings)."""

from __future__ import annotations

import re

from brygga.i18n import N_
from brygga.store.settings.types import Section, Setting

CHOICE_WORDS: dict[str, str] = {
    "": N_("not chosen"),
    "severa": "Severa",
    "administration": "Administration",
    "negative": N_("negative"),
    "positive": N_("positive"),
    "auto": N_("chosen automatically"),
    "ctypes": N_("the C library"),
    "dotnet": N_("the .NET wrapper"),
    "practice": N_("the practice company"),
    "update": N_("update"),
    "skip": N_("skip"),
    "simple": N_("simple: export customer"),
    "by_country": N_("by country: export, EU or construction"),
    "inverse": N_("inverse: foreign currency for one krona"),
    "direct": N_("direct: kronor for one of the foreign currency"),
    "off": N_("nowhere"),
    "head": N_("on the invoice head"),
    "rows": N_("on the rows"),
    "both": N_("on the head and the rows"),
    "document": N_("once for each rate of the document"),
    "row": N_("on every row"),
    "currency": N_("in the invoice's currency"),
    "base": N_("in kronor"),
    "cost": N_("the price is the cost"),
    "cost_only": N_("no price, not billable"),
    "percent": N_("a percentage of the cost"),
    "sv": N_("Swedish"),
    "en": N_("English"),
    "always": N_("always"),
    "attention": N_("only when something needs attention"),
    "starttls": "STARTTLS",
    "tls": "TLS",
    "none": N_("none"),
}
"""A word for each alternative; one that means something else for a setting is in ``OWN_WORDS``."""

OWN_WORDS: dict[tuple[str, str], str] = {
    ("payments.balances", "both"): N_("the first in the invoice's currency, the second in kronor"),
}

SECTION_WORDS: dict[Section, tuple[str, str]] = {
    Section.CONNECTION: (N_("Connections"), N_("How Severa and Administration are reached.")),
    Section.NUMBERING: (N_("Numbering"), N_("Which system gives the invoices their numbers.")),
    Section.CUSTOMERS: (N_("Customers"), N_("Which customers are transferred, and how.")),
    Section.PROJECTS: (N_("Projects"), N_("Which projects are transferred, and how.")),
    Section.INVOICES: (N_("Invoices"), N_("Which invoices are transferred, how they are rounded and posted.")),
    Section.PAYMENTS: (N_("Payments"), N_("What becomes of a paid invoice in Severa.")),
    Section.SUPPLIER_INVOICES: (N_("Supplier invoices"), N_("Which rows become project costs, and at what price.")),
    Section.ARTICLES: (N_("Articles"), N_("What new articles get, and what rows without an article use.")),
    Section.MAPPINGS: (N_("Mappings"), N_("What is called one thing in Severa and another in Administration.")),
    Section.AUTOFIX: (N_("Automatic actions"), N_("What is created by itself when another record needs it.")),
    Section.SCHEDULE: (N_("Schedule"), N_("The limits of runs that begin by themselves, and who is told of them.")),
    Section.LOG: (N_("Log and audit trail"), N_("How long what is told is kept.")),
    Section.INTERFACE: (N_("Program"), N_("How the program speaks.")),
}
"""Name of each section and what it is for."""


def page_help(setting: Setting, text: str) -> str:
    """A translated help as a page says it: what explains the names of alternatives is left out, for there the words
    themselves are to be chosen, and the names are the command line's, in English."""
    names = [choice for choice in setting.choices if choice not in ("severa", "administration")]
    if not names or text == "":
        return text
    named = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    parts = re.split(r"(?<=[.]) ", text)
    said = [part for part in parts if not named.search(part)]
    head, colon, _ = parts[0].partition(":")
    if parts[0] not in said and colon and not named.search(head):
        said.insert(0, f"{head}.")
    return " ".join(said) or text


def choice_word(key: str, choice: str) -> str:
    """What an alternative is called, in English."""
    return OWN_WORDS.get((key, choice)) or CHOICE_WORDS.get(choice, choice)
