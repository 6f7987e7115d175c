"""Customers in Severa: the customer, its headquarter address (phone and fax too) and its reverse charge.

Three resources make one card (contracts/severa.md §3.1, §3.2). The customer itself is made first, and alone decides
whether the card is there; what follows it and fails is told, and added by the next update.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.records.severa_cards import SeveraCustomer
from brygga.records.source import Customer
from brygga.rules.mappings import folded
from brygga.severa import errors, facts, wire, wire_writes
from brygga.severa.changes import Change, Created, afterwards, carry_out, kept_otherwise, text_change
from brygga.severa.http import SeveraClient
from brygga.severa.reference import ReferenceData
from brygga.severa.registers import segment

ADDRESS_POINTERS = {
    "street": (facts.ADDRESS_STREET, "addressline"),
    "postal_code": (facts.ADDRESS_POSTAL_CODE, "postal_code"),
    "city": (facts.ADDRESS_CITY, "city"),
    "phone": (facts.ADDRESS_PHONE, "phone"),
    "fax": (facts.ADDRESS_FAX, "fax"),
}
"""Card field → pointer and model field of the texts of the headquarter address."""

ADDRESS_FIELDS = frozenset({*ADDRESS_POINTERS, "country_code"})

TEXT_POINTERS = {
    "name": (facts.CUSTOMER_NAME, "name"),
    "identity": (facts.CUSTOMER_IDENTITY, "vat_number"),
    "email": (facts.CUSTOMER_EMAIL, "email"),
}
"""Card field → pointer and model field of the customer's own texts."""

REFERENCES = ("language", "currency", "price_list")
"""Card fields that Severa keeps as references to its registers."""

CHANGEABLE = ADDRESS_FIELDS | {*TEXT_POINTERS, *REFERENCES, "payment_days", "is_active", "reverse_charge"}


def customer_card(customer: Customer) -> SeveraCustomer:
    """A customer that was read, with reverse charge, as the card that is compared and changed."""
    address = customer.address
    return SeveraCustomer(
        name=customer.name,
        number=customer.number,
        identity=customer.identity,
        language=customer.language,
        currency=customer.currency,
        payment_days=customer.payment_days,
        email=customer.email,
        street="\n".join(address.lines),
        postal_code=address.postal_code,
        city=address.city,
        country_code=address.country_code,
        phone=customer.phone,
        fax=customer.fax,
        price_list=customer.price_list,
        reverse_charge=customer.reverse_charge,
        is_active=customer.is_active,
    )


class CustomerWriter:
    """Makes and changes customers."""

    def __init__(self, client: SeveraClient, reference: ReferenceData) -> None:
        self._client = client
        self._reference = reference

    # -- making ----------------------------------------------------------------------------------------------
    def create(self, card: SeveraCustomer) -> Created:
        """Make the customer, then its address and its reverse charge. Codes that Severa lacks are ``Refused`` first."""
        body = wire_writes.CustomerBody(
            name=card.name,
            is_active=card.is_active,
            number=int(card.number) if card.number else None,
            vat_number=card.identity or None,
            email=card.email or None,
            payment_term=card.payment_days,
            language=self._link(self._language, card.language),
            currency=self._link(self._currency, card.currency),
            pricelist=self._link(self._price_list, card.price_list),
        )
        self._link(self._country, card.country_code)
        made = self._client.post("/v1/customers", body, wire.Customer)
        warnings = kept_otherwise(card.name, self._kept(card, made))
        at_first = len(warnings)
        address = {name: getattr(card, name) for name in ADDRESS_FIELDS if getattr(card, name)}
        if address:
            with afterwards(warnings, card.name, "street"):
                self._write_address(made.guid, made.headquarter_address, address, is_new=True)
        if card.reverse_charge:
            with afterwards(warnings, card.name, "reverse_charge"):
                self._write_reverse_charge(made.guid, True)
        return Created(made.guid, tuple(warnings), complete=len(warnings) == at_first)

    @staticmethod
    def _kept(card: SeveraCustomer, made: wire.Customer) -> dict[str, bool]:
        """Whether each field came back as it was sent."""
        return {
            "number": not card.number or str(made.number) == card.number,
            "name": facts.same_text(made.name, card.name),
            "identity": facts.same_text(made.vat_number, card.identity),
            "email": facts.same_text(made.email, card.email),
            "payment_days": card.payment_days is None or made.payment_term == card.payment_days,
            "language": not card.language or facts.same_code(made.language, card.language),
            "currency": not card.currency or facts.same_code(made.currency, card.currency),
            "price_list": not card.price_list or facts.same_name(made.pricelist, card.price_list),
        }

    # -- changing --------------------------------------------------------------------------------------------
    def update(self, key: str, changes: Mapping[str, object]) -> tuple[Reason, ...]:
        """Change the named fields of the card; an empty language, currency, price list or country is a warning
        (SEV-725), because a reference cannot be emptied. ValueError for a field that cannot be changed."""
        unknown = changes.keys() - CHANGEABLE
        if unknown:
            raise ValueError(f"fields of a customer that cannot be changed in Severa: {sorted(unknown)}")
        wanted, warnings = _without_empty_references(changes)
        carry_out(self._client, f"/v1/customers/{segment(key)}", key, self._changes(wanted), wire.Customer)
        address = {name: wanted[name] for name in sorted(ADDRESS_FIELDS & wanted.keys())}
        if address:
            customer = self._client.get(f"/v1/customers/{segment(key)}", wire.Customer)
            self._write_address(key, customer.headquarter_address, address, is_new=False)
        if "reverse_charge" in wanted:
            self._write_reverse_charge(key, bool(wanted["reverse_charge"]))
        return warnings

    def _changes(self, wanted: Mapping[str, object]) -> list[Change[wire.Customer]]:
        found: list[Change[wire.Customer]] = [
            text_change(field, pointer, wanted[field], name)
            for field, (pointer, name) in TEXT_POINTERS.items()
            if field in wanted
        ]
        if "payment_days" in wanted:
            days = wanted["payment_days"]
            assert days is None or isinstance(days, int)
            took: Callable[[wire.Customer], bool] = lambda after: after.payment_term == days  # noqa: E731
            found.append(Change("payment_days", facts.CUSTOMER_PAYMENT_TERM, days, took))
        if "is_active" in wanted:
            active = bool(wanted["is_active"])
            found.append(Change("is_active", facts.CUSTOMER_IS_ACTIVE, active, lambda after: after.is_active == active))
        return [*found, *self._reference_changes(wanted)]

    def _reference_changes(self, wanted: Mapping[str, object]) -> list[Change[wire.Customer]]:
        language, currency, name = (str(wanted.get(field) or "") for field in REFERENCES)
        found: list[Change[wire.Customer]] = []
        if language:
            took: Callable[[wire.Customer], bool] = lambda after: facts.same_code(after.language, language)  # noqa: E731
            found.append(Change("language", facts.CUSTOMER_LANGUAGE, self._language(language), took))
        if currency:
            took = lambda after: facts.same_code(after.currency, currency)  # noqa: E731
            found.append(Change("currency", facts.CUSTOMER_CURRENCY, self._currency(currency), took))
        if name:
            took = lambda after: facts.same_name(after.pricelist, name)  # noqa: E731
            found.append(Change("price_list", facts.CUSTOMER_PRICE_LIST, self._price_list(name), took))
        return found

    # -- the address -----------------------------------------------------------------------------------------
    def _write_address(
        self, customer: str, headquarter: wire.HeadquarterAddress | None, fields: Mapping[str, object], *, is_new: bool
    ) -> None:
        """Change the headquarter address; without one, make it and choose it. An address that an earlier try made and
        did not get to choose is found and chosen, not made again."""
        guid = headquarter.guid if headquarter is not None else None
        if guid:
            path = f"/v1/addresses/{segment(guid)}"
            carry_out(self._client, path, guid, self._address_changes(fields), wire.Address)
            return
        body = self._address_body(fields)
        path = f"/v1/customers/{segment(customer)}/addresses"
        before = [] if is_new else self._client.pages_by_offset(path, wire.Address)
        same = next((each for each in before if _is_same(each, body)), None)
        address = same or self._client.post(path, body, wire.Address)
        chosen: Change[wire.Customer] = Change(
            "street",
            facts.CUSTOMER_HEADQUARTER,
            address.guid,
            lambda after: after.headquarter_address is not None and after.headquarter_address.guid == address.guid,
        )
        carry_out(self._client, f"/v1/customers/{segment(customer)}", customer, [chosen], wire.Customer)

    def _address_changes(self, fields: Mapping[str, object]) -> list[Change[wire.Address]]:
        found: list[Change[wire.Address]] = [
            text_change(field, pointer, fields[field], name)
            for field, (pointer, name) in ADDRESS_POINTERS.items()
            if field in fields
        ]
        if fields.get("country_code"):
            guid = self._country(str(fields["country_code"]))
            found.append(
                Change(
                    "country_code",
                    facts.ADDRESS_COUNTRY,
                    guid,
                    lambda after: after.country is not None and after.country.guid == guid,
                )
            )
        return found

    def _address_body(self, fields: Mapping[str, object]) -> wire_writes.AddressBody:
        texts: dict[str, Any] = {
            name: str(fields[field]) for field, (_, name) in ADDRESS_POINTERS.items() if fields.get(field)
        }
        return wire_writes.AddressBody(
            **texts, country=self._link(self._country, str(fields.get("country_code") or ""))
        )

    # -- reverse charge --------------------------------------------------------------------------------------
    def _write_reverse_charge(self, customer: str, wanted: bool) -> None:
        """The row of the selling company's country; one that is missing is made only to switch it on (§4.1b)."""
        rows = self._client.get(
            f"/v1/customers/{segment(customer)}/customercountrysettings", list[wire.CountrySettings]
        )
        row = facts.tax_row(rows, self._reference.country, self._reference.country_name)
        if row is not None and row.guid:
            change: Change[wire.CountrySettings] = Change(
                "reverse_charge", facts.IS_TAX_FREE, wanted, lambda after: after.is_tax_free == wanted
            )
            path = f"/v1/customercountrysettings/{segment(row.guid)}"
            carry_out(self._client, path, row.guid, [change], wire.CountrySettings)
        elif wanted:
            country = self._reference.country
            if country is None:
                raise Refused(reason(errors.NO_COUNTRY, code=self._reference.country_name))
            body = wire_writes.CountrySettingsBody(wire.Link(guid=customer), wire.Link(guid=country.guid), True)
            made = self._client.post("/v1/customercountrysettings", body, wire.CountrySettings)
            if not made.is_tax_free:
                raise Refused(reason(errors.NOT_TAKEN, field=facts.IS_TAX_FREE, key=customer))

    # -- codes -----------------------------------------------------------------------------------------------
    @staticmethod
    def _link(look_up: Callable[[str], str], code: str) -> wire.Link | None:
        return wire.Link(guid=look_up(code)) if code else None

    def _language(self, code: str) -> str:
        return _known(self._reference.languages.get(code.casefold()), errors.NO_LANGUAGE, code)

    def _currency(self, code: str) -> str:
        return _known(self._reference.currencies.get(code.upper()), errors.NO_CURRENCY, code)

    def _price_list(self, name: str) -> str:
        return _known(self._reference.price_lists.get(folded(name)), errors.NO_PRICE_LIST, name)

    def _country(self, code: str) -> str:
        country = self._reference.find_country(None, code)
        return _known(country.guid if country is not None else None, errors.NO_COUNTRY, code)


def _known(guid: str | None, code_of_reason: str, code: str) -> str:
    if not guid:
        raise Refused(reason(code_of_reason, code=code))
    return guid


def _without_empty_references(changes: Mapping[str, object]) -> tuple[dict[str, object], tuple[Reason, ...]]:
    empty = sorted(name for name in (*REFERENCES, "country_code") if name in changes and not changes[name])
    warnings = tuple(reason(errors.NOT_EMPTIED, Level.WARNING, field=name) for name in empty)
    return {name: value for name, value in changes.items() if name not in empty}, warnings


def _is_same(address: wire.Address, body: wire_writes.AddressBody) -> bool:
    texts = all(facts.same_text(getattr(address, name), getattr(body, name)) for _, name in ADDRESS_POINTERS.values())
    country = address.country.guid if address.country is not None else None
    return texts and country == (body.country.guid if body.country is not None else None)
