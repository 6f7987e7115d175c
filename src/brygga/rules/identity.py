"""Organisation and VAT numbers, and which of Administration's fields they go to (semantics §3.3, §3.4, §4.1b)."""

from __future__ import annotations

import re
from typing import Literal

from stdnum.exceptions import InvalidChecksum
from stdnum.se import orgnr

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.rules.countries import is_eu

Rule = Literal["simple", "by_country"]

_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2013\u2212]")
_SWEDISH_VAT = re.compile(r"SE([0-9]{10})(?:[0-9]{2})?")
_SWEDISH_PLAIN = re.compile(r"(?:16|19|20)?([0-9]{10})")
_PREFIX = re.compile(r"([A-Z]{2})[0-9A-Z+*]*[0-9][0-9A-Z+*]*")
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?P<before>SE|16|19|20)?(?P<birth>[0-9]{2}(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278][0-9]|[39][01]))"
    r"(?P<dash>[-+ ]?)(?P<serial>[0-9]{4})(?P<after>01)?(?![0-9])"
)

VIES_SHAPES: dict[str, str] = {
    "AT": r"U[0-9]{8}",
    "BE": r"[01][0-9]{9}",
    "BG": r"[0-9]{9,10}",
    "CY": r"[0-9]{8}[A-Z]",
    "CZ": r"[0-9]{8,10}",
    "DE": r"[0-9]{9}",
    "DK": r"[0-9]{8}",
    "EE": r"[0-9]{9}",
    "EL": r"[0-9]{9}",
    "ES": r"[0-9A-Z][0-9]{7}[0-9A-Z]",
    "FI": r"[0-9]{8}",
    "FR": r"[0-9A-Z]{2}[0-9]{9}",
    "HR": r"[0-9]{11}",
    "HU": r"[0-9]{8}",
    "IE": r"[0-9]{7}[A-Z]{1,2}|[0-9][A-Z+*][0-9]{5}[A-Z]",
    "IT": r"[0-9]{11}",
    "LT": r"[0-9]{9}|[0-9]{12}",
    "LU": r"[0-9]{8}",
    "LV": r"[0-9]{11}",
    "MT": r"[0-9]{8}",
    "NL": r"[0-9A-Z]{9}B[0-9]{2}",
    "PL": r"[0-9]{10}",
    "PT": r"[0-9]{9}",
    "RO": r"[0-9]{2,10}",
    "SE": r"[0-9]{12}",
    "SI": r"[0-9]{8}",
    "SK": r"[0-9]{10}",
    "XI": r"[0-9]{9}|[0-9]{12}|(?:GD|HA)[0-9]{3}",
}
"""The shape of a VAT number after its two-letter prefix (semantics §3.4; Greece is EL there, not GR)."""

_PREFIXES = frozenset(VIES_SHAPES) | {"GB", "NO", "CH"}
"""Prefixes that tell a number's country; the last three are not of the EU (§3.4)."""


class InvalidIdentity(ValueError):
    """A number that cannot be one; ``kind`` is ``check_digit`` or ``format``, ``text`` the number as written."""

    def __init__(self, kind: Literal["check_digit", "format"], text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = text


class Identity(Record, frozen=True):
    """A customer's identity. ``normalised`` is NNNNNN-NNNN when ``swedish``, else capitals without separators;
    ``country`` is alpha-2, empty when the number does not tell."""

    normalised: str
    country: str
    swedish: bool


class IdentityFields(Record, frozen=True):
    """What the identity makes of a customer card: two numbers (possibly empty), three flags, and the reasons."""

    organisation_number: str = ""
    vat_number: str = ""
    export: bool = False
    eu_customer: bool = False
    buildservice: bool = False
    reasons: tuple[Reason, ...] = ()


def compact(text: str) -> str:
    """Capitals without spaces, dots and dashes."""
    return _SEPARATORS.sub("", text).upper()


def swedish_organisation_number(text: str) -> str:
    """The number as NNNNNN-NNNN, from ten digits with or without dash, SE…01, or twelve digits with the century.

    Raises ``InvalidIdentity``: ``format`` when it is none of these, ``check_digit`` when Luhn over the ten digits
    fails (semantics §3.4, AT-05…07).
    """
    written = compact(text)
    match = _SWEDISH_VAT.fullmatch(written) or _SWEDISH_PLAIN.fullmatch(written)
    if match is None:
        raise InvalidIdentity("format", text)
    try:
        return orgnr.format(orgnr.validate(match[1]))
    except InvalidChecksum:
        raise InvalidIdentity("check_digit", text) from None


def vat_number(text: str) -> str:
    """The VAT number in capitals without separators; its shape must be one that VIES knows (semantics §3.4).

    Raises ``InvalidIdentity("format")`` otherwise, ``check_digit`` for a Swedish one with a wrong check digit.
    Only the shape is looked at: nothing is asked over a network.
    """
    written = compact(text)
    shape = VIES_SHAPES.get(written[:2])
    if shape is None or re.fullmatch(shape, written[2:]) is None:
        raise InvalidIdentity("format", text)
    if written.startswith("SE"):
        swedish_organisation_number(written)
    return written


def identify(text: str, country_code: str) -> Identity:
    """What the number is, given the customer's country (alpha-2 or empty).

    Its own prefix decides first, then the country; without a country, a number of Swedish shape is Swedish
    (semantics §4.1e). Raises ``InvalidIdentity`` when it must be Swedish and is not a valid number.
    """
    written = compact(text)
    prefix = _PREFIX.fullmatch(written)
    own = prefix[1] if prefix is not None and prefix[1] in _PREFIXES else ""
    if own not in ("", "SE"):
        return Identity(written, "GR" if own == "EL" else own, swedish=False)
    swedish_shape = _SWEDISH_PLAIN.fullmatch(written) is not None
    if own == "SE" or country_code == "SE" or (not country_code and swedish_shape):
        return Identity(swedish_organisation_number(text), "SE", swedish=True)
    return Identity(written, country_code, swedish=False)


def same_identity(a: str, b: str) -> bool:
    """Whether two texts are the same number in different forms; an empty one is the same as nothing (§4.1b)."""
    return bool(a.strip()) and canonical_identity(a) == canonical_identity(b)


def canonical_identity(text: str) -> str:
    """One form for all spellings of one organisation or VAT number: what two of them are compared by."""
    try:
        return swedish_organisation_number(text)
    except InvalidIdentity:
        written = compact(text)
        return "EL" + written[2:] if written.startswith("GR") else written


def identity_fields(
    identity: str, *, reverse_charge: bool, country_code: str, rule: Rule = "simple", number: str = ""
) -> IdentityFields:
    """Which field the customer's one identity goes to, and the flags that reverse charge sets (§3.3, §4.1b).

    ``identity`` and ``country_code`` as Severa holds them, possibly empty; ``number`` is the customer's number, for
    the messages. With reverse charge the identity goes unchanged to the VAT number; otherwise a Swedish one becomes
    the organisation number (AT-04…10). A reason of level stop (KND-101, KND-118) refuses the customer.
    """
    written = identity.strip()
    try:
        known = identify(written, country_code) if written else None
    except InvalidIdentity as invalid:
        return _invalid(invalid, reverse_charge=reverse_charge, rule=rule, number=number)
    country = country_code or (known.country if known is not None else "")
    reasons = _country_reasons(known, country_code)
    if reverse_charge:
        return _reverse_charged(written, known, country, rule, number, reasons)
    if known is not None and known.swedish:
        return IdentityFields(organisation_number=known.normalised, reasons=reasons)
    if country not in ("", "SE") or (known is not None and known.country not in ("", "SE")):
        reasons = (*reasons, reason("KND-109", Level.WARNING, nr=number))
    return IdentityFields(vat_number=written, reasons=reasons)


def _country_reasons(known: Identity | None, country_code: str) -> tuple[Reason, ...]:
    """An empty country is Sweden only for a valid Swedish number; otherwise it is said (§4.1e)."""
    if country_code or (known is not None and known.swedish):
        return ()
    return (reason("KND-104" if known is not None else "KND-119", Level.WARNING),)


def _invalid(invalid: InvalidIdentity, *, reverse_charge: bool, rule: Rule, number: str) -> IdentityFields:
    """A number that should be Swedish and is not: refused, but only a warning where it goes to the VAT number."""
    code = "KND-101" if invalid.kind == "check_digit" else "KND-118"
    if reverse_charge and rule == "simple":
        domestic = reason("KND-105", Level.WARNING, nr=number)
        wrong = reason(code, Level.WARNING, nr=invalid.text)
        return IdentityFields(vat_number=invalid.text, export=True, reasons=(wrong, domestic))
    return IdentityFields(reasons=(reason(code, nr=invalid.text),))


def _reverse_charged(
    written: str, known: Identity | None, country: str, rule: Rule, number: str, reasons: tuple[Reason, ...]
) -> IdentityFields:
    swedish = country == "SE" or (known is not None and known.swedish)
    if known is None and (country == "" or country == "SE" or is_eu(country)):
        # Outside the EU no number is needed (§3.3); elsewhere the invoice is refused for want of it (AT-09).
        reasons = (*reasons, reason("KND-108", Level.WARNING, nr=number))
    if known is not None and not swedish and is_eu(country):
        reasons = (*reasons, *_shape_reasons(written))
    if rule == "by_country" and swedish:
        # A construction service: not an export customer, so the number stays in the ordinary field (§3.3, AT-10).
        own = known.normalised if known is not None and known.swedish else ""
        foreign = written if known is not None and not known.swedish else ""
        return IdentityFields(organisation_number=own, vat_number=foreign, buildservice=True, reasons=reasons)
    if swedish:
        reasons = (*reasons, reason("KND-105", Level.WARNING, nr=number))
    in_union = rule == "by_country" and is_eu(country)
    return IdentityFields(vat_number=written, export=True, eu_customer=in_union, reasons=reasons)


def _shape_reasons(written: str) -> tuple[Reason, ...]:
    try:
        vat_number(written)
    except InvalidIdentity:
        return (reason("KND-120", Level.WARNING, nr=written),)
    return ()


def mask_personal(text: str) -> str:
    """The text with every personal number in it shown as YYMMDD-XXXX: a sole trader's organisation number is one, and
    is personal data (semantics §3.4, §3.9). Numbers of legal persons stay (their third digit is 2 or higher)."""
    return _PERSONAL.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    try:
        orgnr.validate(found["birth"] + found["serial"])
    except InvalidChecksum:
        return found[0]
    return f"{found['before'] or ''}{found['birth']}{found['dash'] or '-'}XXXX"
