"""What a customer card of Administration is in Severa: its number, name, identity and mapped codes (semantics §4.1)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.target import CustomerCard
from brygga.rules.identity import Rule, same_identity
from brygga.rules.mappings import mapped_country

LONGEST_NUMBER = 18
"""Severa's numbers are 64-bit integers."""


class SeveraIdentity(Record, frozen=True):
    """Severa's one identity field and the reverse-charge flag, with the warnings that arise."""

    identity: str
    reverse_charge: bool
    reasons: tuple[Reason, ...] = ()


def severa_number(number: str) -> str:
    """The number as Severa can hold it, empty when it cannot: digits only, no leading zero, for "010" is not 10."""
    written = number.strip()
    fits = written.isascii() and written.isdecimal() and not written.startswith("0") and len(written) <= LONGEST_NUMBER
    return written if fits else ""


def numbered_name(name: str, number: str) -> str:
    """The name made unique by the customer's number (AT-15)."""
    return f"{name} ({number})"


def same_name(in_severa: str, name: str, number: str) -> bool:
    """Whether Severa has the name as it is or as it was made unique."""
    return in_severa in (name, numbered_name(name, number))


def country_of(card: CustomerCard, countries: Mapping[str, str]) -> str:
    """The card's country as alpha-2: its code, else what its text says (``countries``: the mapping), else empty."""
    return card.country_code or mapped_country(countries, card.country)


def severa_identity(card: CustomerCard, rule: Rule, country: str) -> SeveraIdentity:
    """Export (or construction service under the country rule) is reverse charge, and then the VAT number is the
    identity; otherwise the organisation number is, or the VAT number of a foreign customer (§4.1b, AT-04, AT-08).
    ``country``: the card's, as alpha-2."""
    construction = card.buildservice and rule == "by_country"
    if card.export or construction:
        identity = card.organisation_number if construction and not card.export else ""
        identity = identity or card.vat_number
        missing = () if identity.strip() else (reason("KND-108", Level.WARNING, nr=card.number),)
        return SeveraIdentity(identity.strip(), True, missing)
    foreign = country not in ("", "SE")
    reasons = (reason("KND-109", Level.WARNING, nr=card.number),) if foreign else ()
    return SeveraIdentity((card.organisation_number or card.vat_number).strip(), False, reasons)


def two_lines(lines: tuple[str, ...]) -> tuple[str, str]:
    """Address lines as Administration's two fields hold them: those beyond the second are joined to it (§4.13)."""
    kept = [line.strip() for line in lines if line.strip()]
    return (kept[0] if kept else "", ", ".join(kept[1:]))


def with_equivalents(card: CustomerCard, there: CustomerCard, base: str, countries: Mapping[str, str]) -> CustomerCard:
    """The card made from Severa, with Administration's own text wherever it means the same: the made-unique name, the
    country in other words, the identity in another form, the address on other lines, the ``base`` currency by name.

    Without it the two directions would write each other's spelling to and fro.
    """
    same: dict[str, str] = {}
    if same_name(card.name, there.name, there.number):
        same["name"] = there.name
    if country_of(card, countries) and country_of(card, countries) == country_of(there, countries):
        same |= {"country": there.country, "country_code": there.country_code}
    for field in ("organisation_number", "vat_number"):
        if same_identity(getattr(card, field), getattr(there, field)):
            same[field] = getattr(there, field)
    fields = ("mailing_address", "mailing_address2")
    if two_lines(tuple(getattr(card, field) for field in fields)) == two_lines(
        tuple(getattr(there, field) for field in fields)
    ):
        same |= {field: getattr(there, field) for field in fields}
    if (card.currency or base) == (there.currency or base):
        same["currency"] = there.currency
    return msgspec.structs.replace(card, **same)
