"""The mappings: what is called one thing in Severa and another in Administration."""

from __future__ import annotations

import re

from brygga.i18n import N_
from brygga.rules.vat import vat_codes
from brygga.store.settings.types import Section, Setting, SettingType

_T = SettingType


def _is_vat_mapping(value: dict[str, str]) -> bool:
    """Percentages to the row codes 0 (none) to 4; a rate has one code on a day (semantics §3.6, §4.4)."""
    try:
        vat_codes(value)
    except ValueError:
        return False
    return True


def _are_days(value: dict[str, str]) -> bool:
    return all(re.fullmatch(r"[0-9]{1,3}", days) for days in value)


MAPPINGS = (
    Setting(
        "mappings.units",
        N_("Units"),
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_("Units in Severa and the unit codes they are in Administration, such as h=tim."),
    ),
    Setting(
        "mappings.vat",
        N_("VAT"),
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_(
            "VAT rates in percent and their VAT codes in Administration, such as 25=1. A rate may hold for a time, by "
            "the invoice date: 6@2026-04-01..2027-12-31=2."
        ),
        holds=_is_vat_mapping,
        accepts=N_("Give pairs such as 25=1: a percentage, once for each day, and a VAT code from 0 to 4."),
    ),
    Setting(
        "mappings.payment_terms",
        N_("Payment terms"),
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_("Days of payment in Severa and the payment terms they are in Administration, such as 30=30."),
        holds=_are_days,
        accepts=N_("Give pairs such as 30=30: a number of days and a payment term."),
    ),
    Setting(
        "mappings.languages",
        N_("Languages"),
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_("Languages in Severa and the language codes they are in Administration, such as en-GB=EN."),
    ),
    Setting(
        "mappings.currencies",
        N_("Currencies"),
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_("Currencies that have another code in Administration than in Severa. The others need no mapping."),
    ),
    Setting(
        "mappings.countries",
        N_("Countries"),
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_(
            "Countries as Severa's addresses name them and their codes, such as Holland=NL, where the name says too "
            "little."
        ),
    ),
    Setting(
        "mappings.profit_centres",
        N_("Profit centres"),
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_("Cost centres in Severa that have another code among Administration's profit centres."),
    ),
    Setting(
        "mappings.price_lists",
        N_("Price lists"),
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_(
            "Price lists in Severa by name and their codes in Administration, such as Standard=A. As long as none is "
            "mapped, the customers' price lists are left as they are on both sides."
        ),
    ),
)
