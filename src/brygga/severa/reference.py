"""What the gateway looks up again and again, asked once: the organisation, countries, cost centres, won statuses."""

from __future__ import annotations

from functools import cached_property

from brygga.records.registers import BusinessUnit, SeveraRegisters
from brygga.records.source import Organization
from brygga.rules.mappings import folded
from brygga.severa import facts, wire, wire_writes
from brygga.severa.http import SeveraClient


class ReferenceData:
    """Lists of Severa that change seldom, read when first needed and kept as long as this object lives."""

    def __init__(self, client: SeveraClient) -> None:
        self._client = client

    @cached_property
    def details(self) -> wire.OrganizationDetails:
        """The organisation as Severa describes it."""
        return self._client.get("/v1/organizationdetails", wire.OrganizationDetails)

    @cached_property
    def country(self) -> wire.Country | None:
        """The organisation's country in Severa's register of countries."""
        named = self.details.country
        return None if named is None else self.find_country(named.guid, named.name or named.code)

    @property
    def country_name(self) -> str:
        """The organisation's country as its details name it, empty when they do not."""
        named = self.details.country
        return (named.name or "") if named is not None else ""

    @cached_property
    def organization(self) -> Organization:
        """The organisation with its base currency: as its details name it, else the currency marked as its own."""
        details = self.details
        currency = (details.currency.code or "") if details.currency is not None else ""
        if not currency:
            currencies = self._client.pages_by_offset("/v1/currencies", wire.Currency)
            currency = next((c.code or "" for c in currencies if c.is_organization_currency), "")
        return Organization(
            name=details.name or "",
            vat_number=details.vat_number or "",
            currency=currency,
            key=details.guid,
        )

    @cached_property
    def won_statuses(self) -> frozenset[str]:
        """The guids of the sales status types whose projects are won."""
        types = self._client.pages_by_offset("/v1/salesstatustypes", wire.SalesStatusType)
        return frozenset(one.guid for one in types if one.sales_state == facts.WON)

    def registers(self) -> SeveraRegisters:
        """The lists that settings and mappings may name, read afresh."""
        languages = self._client.get("/v1/localization/languages", list[wire_writes.Language])
        currencies = self._client.pages_by_offset("/v1/currencies", wire.Currency)
        centres = self._client.pages_by_offset("/v1/costcenters", wire.CostCentre)
        rates = self._client.get("/v1/vatrates", list[wire.VatRate])
        return SeveraRegisters(
            business_units=self.business_units,
            languages={one.code: one.name or "" for one in languages if one.code},
            currencies={one.code.upper(): one.name or "" for one in currencies if one.code and one.is_active},
            cost_centres={one.identifier: one.name for one in centres},
            vat_rates=tuple(sorted({one.percentage for one in rates if one.is_active}, reverse=True)),
            price_lists=tuple(dict.fromkeys(one.name for one in self._read_price_lists())),
        )

    @cached_property
    def unit_profit_centres(self) -> dict[str, str]:
        """The code of the cost centre of each business unit that has one, by the unit's guid."""
        return {u.guid: u.cost_center.identifier or "" for u in self._units if u.cost_center is not None}

    @property
    def business_units(self) -> tuple[BusinessUnit, ...]:
        """Severa's business units with their hierarchy."""
        return tuple(BusinessUnit(one.guid, one.name, one.parent_guid or "") for one in self._units)

    @cached_property
    def _units(self) -> list[wire.BusinessUnit]:
        return self._client.pages_by_offset("/v1/businessunits", wire.BusinessUnit)

    @cached_property
    def languages(self) -> dict[str, str]:
        """The guid of each language by its code in small letters."""
        languages = self._client.get("/v1/localization/languages", list[wire_writes.Language])
        return {one.code.casefold(): one.guid for one in languages if one.code and one.guid}

    @cached_property
    def currencies(self) -> dict[str, str]:
        """The guid of each currency in use by its ISO 4217 code."""
        currencies = self._client.pages_by_offset("/v1/currencies", wire.Currency)
        return {one.code.upper(): one.guid for one in currencies if one.is_active and one.code and one.guid}

    @cached_property
    def price_lists(self) -> dict[str, str]:
        """The guid of each price list in use by its name in small letters; a name that several have is not among them,
        for it does not tell which is meant."""
        guids: dict[str, set[str]] = {}
        for one in self._read_price_lists():
            guids.setdefault(folded(one.name), set()).add(one.guid or "")
        return {name: found.pop() for name, found in guids.items() if len(found) == 1}

    def _read_price_lists(self) -> list[wire_writes.PriceList]:
        every = self._client.pages_by_offset("/v1/pricelists", wire_writes.PriceList)
        return [one for one in every if one.is_active and not one.is_custom]

    @cached_property
    def communication_types(self) -> dict[str, str]:
        """The guid of the first communication type in use of each kind (``Phone``, ``MobilePhone`` …)."""
        found: dict[str, str] = {}
        for one in self._client.pages_by_offset("/v1/communicationtypes", wire_writes.CommunicationTypeRow):
            if one.is_active and one.guid:
                found.setdefault(one.type, one.guid)
        return found

    @cached_property
    def _countries(self) -> list[wire.Country]:
        return self._client.get("/v1/localization/countries", list[wire.Country])

    @cached_property
    def _country_names(self) -> dict[str, wire.Country]:
        names: dict[str, wire.Country] = {}
        for country in self._countries:
            for name in (country.name, country.english_name, country.code2, country.code3):
                if name:
                    names.setdefault(name.strip().casefold(), country)
        return names

    def find_country(self, guid: str | None, name: str | None) -> wire.Country | None:
        """A country by its guid, else by its name in any of Severa's spellings or its ISO code."""
        if guid:
            for country in self._countries:
                if country.guid == guid:
                    return country
        return self._country_names.get(name.strip().casefold()) if name and name.strip() else None

    def country_code(self, guid: str | None, name: str | None) -> str:
        """ISO 3166 alpha-2 of a country, empty when Severa's register does not know it."""
        country = self.find_country(guid, name)
        return (country.code2 or "") if country is not None else ""
