"""The ledger accounts that the practice company posts to: which there must be, and which of a given chart serve.

Accounts of semantics §3.6 (BAS). A chart from a SIE file is used as it is; only what is needed and has no near
relative in it is added, and every choice that is not the first one is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What the company's settings need an account for."""

    RECEIVABLES = "receivables"
    VAT_25 = "vat_25"
    VAT_12 = "vat_12"
    VAT_6 = "vat_6"
    SALES_25 = "sales_25"
    SALES_12 = "sales_12"
    SALES_6 = "sales_6"
    SALES_0 = "sales_0"
    SALES_EXPORT = "sales_export"
    SALES_EU = "sales_eu"
    EXPENSES = "expenses"
    ROUNDING = "rounding"


@dataclass(frozen=True)
class Wanted:
    """Accounts that serve a purpose, best first; then the lowest account from ``low`` to ``high``; else the first one
    is added under ``name``."""

    choices: tuple[str, ...]
    low: str
    high: str
    name: str


WANTED: Mapping[Purpose, Wanted] = {
    Purpose.RECEIVABLES: Wanted(("1510",), "1511", "1519", "Kundfordringar"),
    Purpose.VAT_25: Wanted(("2611", "2610"), "2612", "2612", "Utgående moms 25 %"),
    Purpose.VAT_12: Wanted(("2621", "2620"), "2622", "2622", "Utgående moms 12 %"),
    Purpose.VAT_6: Wanted(("2631", "2630"), "2632", "2632", "Utgående moms 6 %"),
    Purpose.SALES_25: Wanted(("3041", "3001", "3051"), "3000", "3019", "Försäljning tjänster 25 %"),
    Purpose.SALES_12: Wanted(("3042", "3002", "3052"), "3000", "3019", "Försäljning tjänster 12 %"),
    Purpose.SALES_6: Wanted(("3043", "3003", "3053"), "3000", "3019", "Försäljning tjänster 6 %"),
    Purpose.SALES_0: Wanted(("3004", "3044", "3054"), "3004", "3004", "Försäljning momsfri"),
    Purpose.SALES_EXPORT: Wanted(("3305", "3045", "3055"), "3300", "3307", "Försäljning tjänster utanför EU"),
    Purpose.SALES_EU: Wanted(("3308", "3048", "3058"), "3308", "3309", "Försäljning tjänster till EU"),
    Purpose.EXPENSES: Wanted(("3590", "3550"), "3500", "3589", "Övriga fakturerade kostnader"),
    Purpose.ROUNDING: Wanted(("3740",), "3741", "3749", "Öres- och kronutjämning"),
}

BUILT_IN_ACCOUNTS: Mapping[str, str] = {
    "1220": "Inventarier och verktyg",
    "1229": "Ack avskrivningar inventarier och verktyg",
    "1510": "Kundfordringar",
    "1515": "Osäkra kundfordringar",
    "1630": "Skattekonto",
    "1710": "Förutbetalda hyreskostnader",
    "1790": "Övriga interimsfordringar",
    "1930": "Företagskonto",
    "2081": "Aktiekapital",
    "2091": "Balanserad vinst",
    "2099": "Årets resultat",
    "2440": "Leverantörsskulder",
    "2510": "Skatteskulder",
    "2611": "Utgående moms 25 %",
    "2614": "Utgående moms omvänd betalningsskyldighet",
    "2615": "Utgående moms varuimport",
    "2621": "Utgående moms 12 %",
    "2631": "Utgående moms 6 %",
    "2641": "Ingående moms",
    "2645": "Beräknad ingående moms utland",
    "2650": "Redovisningskonto för moms",
    "2710": "Personalskatt",
    "2731": "Avräkning sociala avgifter",
    "2920": "Upplupna semesterlöner",
    "3001": "Försäljning inom Sverige 25 %",
    "3002": "Försäljning inom Sverige 12 %",
    "3003": "Försäljning inom Sverige 6 %",
    "3004": "Försäljning inom Sverige momsfri",
    "3041": "Försäljning tjänster 25 %",
    "3042": "Försäljning tjänster 12 %",
    "3043": "Försäljning tjänster 6 %",
    "3231": "Försäljning bygg omvänd betalningsskyldighet",
    "3305": "Försäljning tjänster utanför EU",
    "3308": "Försäljning tjänster till EU",
    "3590": "Övriga fakturerade kostnader",
    "3740": "Öres- och kronutjämning",
    "3960": "Valutakursvinster",
    "4010": "Inköp av varor",
    "4531": "Inköp av tjänster utanför EU",
    "4535": "Inköp av tjänster från EU",
    "4600": "Underentreprenad",
    "5010": "Lokalhyra",
    "5410": "Förbrukningsinventarier",
    "5800": "Resekostnader",
    "6110": "Kontorsmateriel",
    "6212": "Mobiltelefon",
    "6550": "Konsultarvoden",
    "6850": "Inhyrd IT-personal",
    "7010": "Löner",
    "7510": "Lagstadgade sociala avgifter",
    "7960": "Valutakursförluster",
}
"""The chart of the built-in company."""


@dataclass(frozen=True)
class AccountChoice:
    """Which account serves a purpose. ``how``: "first" or "second" choice, lowest of the "range", or "added"."""

    purpose: Purpose
    number: str
    how: str


def choose_account(purpose: Purpose, chart: Mapping[str, str]) -> AccountChoice:
    """The account of the chart that serves the purpose: the first of the choices that exists, else the lowest of the
    range, else the first choice, which must then be added."""
    wanted = WANTED[purpose]
    for place, number in enumerate(wanted.choices):
        if number in chart:
            return AccountChoice(purpose, number, "second" if place else "first")
    near = sorted(number for number in chart if len(number) == 4 and wanted.low <= number <= wanted.high)
    return AccountChoice(purpose, near[0], "range") if near else AccountChoice(purpose, wanted.choices[0], "added")
