"""Countries by whatever a person wrote: Swedish or English name, two or three letters (semantics §4.1e, AT-13)."""

from __future__ import annotations

from functools import cache

from babel import Locale

EU = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    }
)
"""The member states of the European Union, alpha-2."""

ALPHA_3 = {
    "AUT": "AT",
    "BEL": "BE",
    "BGR": "BG",
    "CYP": "CY",
    "CZE": "CZ",
    "DEU": "DE",
    "DNK": "DK",
    "EST": "EE",
    "ESP": "ES",
    "FIN": "FI",
    "FRA": "FR",
    "GRC": "GR",
    "HRV": "HR",
    "HUN": "HU",
    "IRL": "IE",
    "ITA": "IT",
    "LTU": "LT",
    "LUX": "LU",
    "LVA": "LV",
    "MLT": "MT",
    "NLD": "NL",
    "POL": "PL",
    "PRT": "PT",
    "ROU": "RO",
    "SWE": "SE",
    "SVN": "SI",
    "SVK": "SK",
    "ISL": "IS",
    "LIE": "LI",
    "NOR": "NO",
    "CHE": "CH",
    "GBR": "GB",
    "USA": "US",
    "CAN": "CA",
    "CHN": "CN",
    "JPN": "JP",
    "IND": "IN",
    "AUS": "AU",
    "BRA": "BR",
    "KOR": "KR",
    "MEX": "MX",
    "NZL": "NZ",
    "SGP": "SG",
    "TUR": "TR",
    "UKR": "UA",
    "ZAF": "ZA",
    "ARE": "AE",
    "ISR": "IL",
    "HKG": "HK",
    "TWN": "TW",
    "ALA": "AX",
    "FRO": "FO",
    "GRL": "GL",
    "SRB": "RS",
    "RUS": "RU",
}
"""ISO 3166 alpha-3 of the EU, the EEA and common trading partners."""

OTHER_NAMES = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "skottland": "GB",
    "el": "GR",
    "holland": "NL",
    "the netherlands": "NL",
    "u.s.a.": "US",
    "united states of america": "US",
    "amerikas förenta stater": "US",
    "tjeckiska republiken": "CZ",
    "czech republic": "CZ",
}
"""Names in use that Babel's lists (CLDR) do not have."""

_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def country_code(text: str) -> str:
    """Alpha-2 of the country the text names, empty when it names none that is known; nothing is assumed."""
    return _codes().get(" ".join(text.split()).casefold(), "")


def is_eu(code: str) -> bool:
    """Whether the alpha-2 code is a member state of the European Union."""
    return code in EU


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for language in ("en", "sv"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code not in _NOT_COUNTRIES:
                codes[name.casefold()] = code
                codes[code.casefold()] = code
    codes.update((three.casefold(), two) for three, two in ALPHA_3.items())
    codes.update(OTHER_NAMES)
    return codes
