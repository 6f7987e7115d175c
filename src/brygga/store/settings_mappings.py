"""The mappings: what is called one thing in Severa and another in Administration."""

from __future__ import annotations

import re

from brygga.store.setting_types import N_, Section, Setting, SettingType, decimal_of

_T = SettingType


def _is_vat_mapping(value: dict[str, str]) -> bool:
    """Percentages to the row codes 0 (none) to 4, each rate once also when written 25 and 25,0 (semantics §4.4)."""
    try:
        rates = {decimal_of(percent) for percent in value}
    except ValueError:
        return False
    in_range = all(0 <= rate <= 100 for rate in rates)
    return in_range and len(rates) == len(value) and set(value.values()) <= {"0", "1", "2", "3", "4"}


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
        N_("VAT rates in percent and their VAT codes in Administration, such as 25=1."),
        holds=_is_vat_mapping,
        accepts=N_("Give pairs such as 25=1: a percentage, each once, and a VAT code from 0 to 4."),
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
)
