"""What Severa calls the codes of a customer card of Administration: the mappings the other way (semantics §4.1f).

A code that several of Severa's values are mapped to is never guessed: the field is left as it is in Severa, with the
reason; so is one without a mapping, for that is not an empty field. What Severa has already counts when it is mapped to
the code, so a choice made there by hand stays.
"""

from __future__ import annotations

from collections.abc import Mapping

from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Customer
from brygga.records.target import CustomerCard
from brygga.rules.mappings import mapped_back, mapped_country
from brygga.severa.errors import NO_COUNTRY
from brygga.transfers.readings import Readings


class MappedBack:
    """One card in Severa's terms; ``there`` is the customer in Severa, None for one that is to be made."""

    def __init__(self, readings: Readings, card: CustomerCard, there: Customer | None) -> None:
        self._readings = readings
        self._chosen = readings.preferences
        self._card = card
        self._there = there
        self.reasons: list[Reason] = []
        """What could not be said in Severa's terms; grows with each field that is asked for."""

    def language(self) -> str:
        """Severa's language code."""
        code = self._card.language
        present = self._there.language if self._there is not None else ""
        missing = reason("KND-136", Level.WARNING, language=code)
        return self._back("language", self._chosen.mappings_languages, code, present, missing)

    def payment_days(self) -> str:
        """The days of payment as digits."""
        code = self._card.payment_terms
        days = self._there.payment_days if self._there is not None else None
        missing = reason("KND-137", Level.WARNING, terms=code)
        present = "" if days is None else str(days)
        return self._back("payment_terms", self._chosen.mappings_payment_terms, code, present, missing)

    def price_list(self) -> str:
        """The name of Severa's price list; what Severa has as long as no price list is mapped at all."""
        present = self._there.price_list if self._there is not None else ""
        if not self._chosen.mappings_price_lists:
            return present
        code = self._card.price_list
        missing = reason("KND-161", Level.WARNING, name=code)
        return self._back("price_list", self._chosen.mappings_price_lists, code, present, missing)

    def currency(self) -> str:
        """Severa's currency code: only what is called otherwise there needs a mapping, and no code is the base."""
        code, base = self._card.currency, self._readings.info.currency
        present = self._there.currency if self._there is not None else ""
        if code in ("", base, present):
            return code or base
        return self._back("currency", self._chosen.mappings_currencies, code, present, code)

    def country(self, code: str) -> str:
        """The country as alpha-2; by its name where Severa's register has only a name that is mapped to the code."""
        if not code:
            return ""
        mapping = self._chosen.mappings_countries
        address = self._there.address if self._there is not None else None
        if address is not None and code == (address.country_code or mapped_country(mapping, address.country)):
            return address.country_code
        if self._readings.company.severa.has_country(code):
            return code
        present = address.country_code if address is not None else ""
        return self._back("country_code", mapping, code, present, reason(NO_COUNTRY, code=code))

    def _back(self, field: str, mapping: Mapping[str, str], code: str, present: str, otherwise: Reason | str) -> str:
        """Severa's value, ``present`` when it cannot be said. Without a mapping: ``otherwise``, a value or why."""
        if not code:
            return ""
        found = mapped_back(mapping, code, present)
        if found.value:
            return found.value
        if found.several:
            names = ", ".join(found.several)
            self.reasons.append(reason("KND-160", Level.WARNING, field=field, code=code, names=names))
        elif isinstance(otherwise, Reason):
            self.reasons.append(otherwise)
        else:
            return otherwise
        return present
