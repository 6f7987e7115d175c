"""Customers, contacts, projects and articles: read from Severa and turned into records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from brygga.records.reasons import Refused
from brygga.records.source import Address, Article, ArticleKind, Contact, Customer, Project
from brygga.severa import errors, facts, wire
from brygga.severa.http import Parameter, SeveraClient
from brygga.severa.reference import ReferenceData

T = TypeVar("T")

FEW = 10
"""Fewer records than this are read one by one; more are cheaper in pages of 100."""

_CHUNK = 50
"""Guids in one query: 50 make about 2 500 characters, well below what servers take as an address."""


def segment(key: str) -> str:
    """A key as one part of a path, whatever characters it holds."""
    return quote(key, safe="")


def find(client: SeveraClient, path: str, model: type[T]) -> T | None:
    """The record at a path, or None when Severa has no such record (404)."""
    try:
        return client.get(path, model)
    except Refused as refused:
        if refused.reason.code == errors.NOT_FOUND:
            return None
        raise


def chunks(keys: Iterable[T]) -> Iterator[list[T]]:
    """The keys in lists that fit in one query."""
    ordered = list(keys)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


class Registers:
    """Reads the registers. What no longer exists among the keys asked for is left out of the answer."""

    def __init__(self, client: SeveraClient, reference: ReferenceData) -> None:
        self._client = client
        self._reference = reference

    # Customers

    def customers(self, keys: Collection[str] | None, changed_since: datetime | None) -> tuple[Customer, ...]:
        """Customers with the headquarter address; ``changed_since`` counts a change of that address too."""
        if keys is not None and not keys:
            return ()
        if keys is not None and changed_since is None and len(keys) < FEW:
            read = self._customers_singly(keys)
        elif changed_since is None:
            read = self._client.pages_by_token("/v1/customers", wire.Customer)
        else:
            read = self._changed_customers(changed_since)
        return self._customer_records([customer for customer in read if keys is None or customer.guid in keys])

    def customers_with(self, number: str, name: str) -> tuple[Customer, ...]:
        """Customers with this number, or with this name but for case; what is empty is not asked for."""
        found: dict[str, wire.Customer] = {}
        if number.isascii() and number.isdecimal():
            for one in self._client.pages_by_token("/v1/customers", wire.Customer, {"numbers": [int(number)]}):
                if str(one.number) == number:
                    found.setdefault(one.guid, one)
        if name:
            for one in self._client.pages_by_token("/v1/customers", wire.Customer, {"customerNames": [name]}):
                if one.name.strip().casefold() == name.strip().casefold():
                    found.setdefault(one.guid, one)
        return self._customer_records(list(found.values()))

    def _customer_records(self, wanted: list[wire.Customer]) -> tuple[Customer, ...]:
        addresses = self._headquarters(wanted)
        return tuple(self._customer(customer, addresses) for customer in wanted)

    def _customers_singly(self, keys: Iterable[str]) -> list[wire.Customer]:
        answers = (find(self._client, f"/v1/customers/{segment(key)}", wire.Customer) for key in keys)
        return [customer for customer in answers if customer is not None]

    def _changed_customers(self, since: datetime) -> list[wire.Customer]:
        """Whether a changed address marks its customer as changed is not documented (contracts/severa.md §2)."""
        params: Mapping[str, Parameter] = {"changedSince": facts.moment(since)}
        changed = self._client.pages_by_token("/v1/customers", wire.Customer, params)
        known = {customer.guid for customer in changed}
        addresses = self._client.pages_by_offset("/v1/addresses", wire.Address, params)
        moved = {a.guid for a in addresses}
        owners = {a.customer.guid for a in addresses if a.customer is not None and a.customer.guid} - known
        if len(owners) < FEW:
            others = self._customers_singly(sorted(owners))
        else:
            everybody = self._client.pages_by_token("/v1/customers", wire.Customer)
            others = [customer for customer in everybody if customer.guid in owners]
        return changed + [c for c in others if c.headquarter_address and c.headquarter_address.guid in moved]

    def _headquarters(self, customers: Iterable[wire.Customer]) -> dict[str, wire.Address]:
        wanted = {c.headquarter_address.guid for c in customers if c.headquarter_address and c.headquarter_address.guid}
        if len(wanted) < FEW:
            singly = (find(self._client, f"/v1/addresses/{segment(key)}", wire.Address) for key in sorted(wanted))
            addresses = [address for address in singly if address is not None]
        else:
            addresses = self._client.pages_by_offset("/v1/addresses", wire.Address)
        return {address.guid: address for address in addresses}

    def _customer(self, customer: wire.Customer, addresses: Mapping[str, wire.Address]) -> Customer:
        headquarter = customer.headquarter_address
        address = addresses.get(headquarter.guid or "") if headquarter is not None else None
        return Customer(
            key=customer.guid,
            number=_number(customer.number),
            name=customer.name,
            is_active=customer.is_active,
            identity=customer.vat_number or "",
            language=(customer.language.code or "") if customer.language else "",
            currency=(customer.currency.code or "") if customer.currency else "",
            payment_days=customer.payment_term,
            email=customer.email or "",
            notes=customer.notes or "",
            address=self._address(headquarter, address),
            phone=(address.phone or "") if address else "",
            fax=(address.fax or "") if address else "",
            price_list=(customer.pricelist.name or "") if customer.pricelist else "",
        )

    def _address(self, headquarter: wire.HeadquarterAddress | None, address: wire.Address | None) -> Address:
        """The address itself; what the customer repeats of it when the address could not be found."""
        if address is not None:
            guid = address.country.guid if address.country else None
            name = address.country.name if address.country else None
        elif headquarter is not None:
            guid, name = None, headquarter.country
        else:
            return Address()
        source = address or headquarter
        assert source is not None
        return Address(
            lines=tuple(line.strip() for line in (source.addressline or "").splitlines() if line.strip()),
            postal_code=source.postal_code or "",
            city=source.city or "",
            country=name or "",
            country_code=self._reference.country_code(guid, name) if guid or name else "",
        )

    def is_tax_free(self, customer_key: str) -> bool:
        """The customer's reverse charge, from its country settings."""
        path = f"/v1/customers/{segment(customer_key)}/customercountrysettings"
        rows = self._client.get(path, list[wire.CountrySettings])
        return facts.is_tax_free(rows, self._reference.country, self._reference.country_name)

    # Contacts

    def contacts(self, customer_keys: Collection[str] | None) -> tuple[Contact, ...]:
        """Contact persons, active and inactive, without those that Severa marks as deleted."""
        if customer_keys is not None and not customer_keys:
            return ()
        if customer_keys is not None and len(customer_keys) < FEW:
            paths = [f"/v1/customers/{segment(key)}/contactpersons" for key in customer_keys]
        else:
            paths = ["/v1/contactpersons"]
        people = [person for path in paths for person in self._client.pages_by_offset(path, wire.ContactPerson)]
        wanted = [
            person
            for person in people
            if not person.is_deleted and (customer_keys is None or person.customer.guid in customer_keys)
        ]
        ways = self._communications([person.guid for person in wanted])
        return tuple(_contact(person, ways.get(person.guid, ())) for person in wanted)

    def contact(self, key: str) -> Contact | None:
        """One contact person; None when Severa has none with that key or marks it as deleted."""
        person = find(self._client, f"/v1/contactpersons/{segment(key)}", wire.ContactPerson)
        if person is None or person.is_deleted:
            return None
        return _contact(person, self._communications([key]).get(key, ()))

    def _communications(self, contact_keys: Collection[str]) -> dict[str, list[wire.Communication]]:
        if len(contact_keys) < FEW:
            every = [
                way
                for key in contact_keys
                for way in self._client.get(
                    f"/v1/contacts/{segment(key)}/contactcommunications", list[wire.Communication]
                )
            ]
        else:
            every = self._client.pages_by_offset("/v1/contactcommunications", wire.Communication)
        ways: dict[str, list[wire.Communication]] = {}
        for way in every:
            ways.setdefault(way.contact.guid, []).append(way)
        return ways

    # Projects

    def projects(self, keys: Collection[str] | None, changed_since: datetime | None) -> tuple[Project, ...]:
        """Projects, won or not; ``changed_since`` counts a change of the sales status too."""
        if keys is not None and not keys:
            return ()
        if changed_since is not None:
            read = self._changed_projects(changed_since)
        elif keys is not None:
            read = self._projects_by_key(keys)
        else:
            read = self._client.pages_by_token("/v1/projects", wire.Project)
        return tuple(self._project(project) for project in read if keys is None or project.guid in keys)

    def projects_numbered(self, numbers: Collection[str]) -> tuple[Project, ...]:
        """Projects with any of these numbers, 50 in a query; a text that is no number is left out."""
        # "010" is not 10 (semantics §4.0): only the way Severa itself writes a number is asked for.
        canonical = (number for number in numbers if number.isascii() and number.isdecimal())
        wanted = {int(number) for number in canonical if str(int(number)) == number}
        read: dict[str, wire.Project] = {}
        for some in chunks(sorted(wanted)):
            for project in self._client.pages_by_token("/v1/projects", wire.Project, {"numbers": some}):
                if project.number in wanted:
                    read.setdefault(project.guid, project)
        return tuple(self._project(project) for project in read.values())

    def _changed_projects(self, since: datetime) -> list[wire.Project]:
        """Whether winning a project marks it as changed is not documented, so both filters are asked."""
        by_guid: dict[str, wire.Project] = {}
        for name in ("changedSince", "salesStatusChangedSince"):
            params: Mapping[str, Parameter] = {name: facts.moment(since)}
            for project in self._client.pages_by_token("/v1/projects", wire.Project, params):
                by_guid.setdefault(project.guid, project)
        return list(by_guid.values())

    def _projects_by_key(self, keys: Collection[str]) -> list[wire.Project]:
        """Whether the list holds projects that are not won is not documented: those missing are asked singly."""
        read: list[wire.Project] = []
        if len(keys) >= FEW:
            for some in chunks(sorted(keys)):
                params: Mapping[str, Parameter] = {"projectGuids": some}
                read += self._client.pages_by_token("/v1/projects", wire.Project, params, confirm_end=False)
        missing = sorted(set(keys) - {project.guid for project in read})
        for key in missing:
            project = find(self._client, f"/v1/projects/{segment(key)}", wire.Project)
            if project is not None:
                read.append(project)
        return read

    def _project(self, project: wire.Project) -> Project:
        status = project.sales_status.sales_status_type_guid if project.sales_status else None
        unit = project.business_unit.guid if project.business_unit else ""
        own = (project.cost_center.identifier or "") if project.cost_center else ""
        return Project(
            key=project.guid,
            number=_number(project.number),
            name=project.name,
            customer_key=project.customer.guid if project.customer else "",
            customer_number=_number(project.customer.number) if project.customer else "",
            created=facts.moment(project.created_date_time).date(),
            start=project.start_date,
            deadline=project.deadline,
            is_closed=project.is_closed,
            is_won=bool(status) and status in self._reference.won_statuses,
            profit_centre=own or (self._reference.unit_profit_centres.get(unit, "") if unit else ""),
            business_unit_key=unit,
        )

    # Articles

    def articles(self) -> tuple[Article, ...]:
        """All that can be an article, active or not: products, work types and travel expense types."""
        products = self._client.pages_by_token("/v1/products", wire.Product)
        work_types = self._client.pages_by_offset("/v1/worktypes", wire.WorkType)
        travels = self._client.pages_by_offset("/v1/travelexpensetypes", wire.TravelExpenseType)
        return (
            *(_article(ArticleKind.PRODUCT, one, one.measurement_unit) for one in products),
            *(_article(ArticleKind.WORK_TYPE, one, None) for one in work_types),
            *(_article(ArticleKind.TRAVEL_EXPENSE, one, one.measurement_unit) for one in travels),
        )


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _article(
    kind: ArticleKind, one: wire.Product | wire.WorkType | wire.TravelExpenseType, unit: str | None
) -> Article:
    return Article(
        key=one.guid,
        kind=kind,
        code=(one.code or "").strip(),
        name=one.name,
        unit=unit or "",
        # Nullable in the contract: only an explicit "false" takes an article out of use.
        is_active=one.is_active is not False,
    )


def _contact(person: wire.ContactPerson, ways: Iterable[wire.Communication]) -> Contact:
    """The first usable value of each kind; what must not be used (``isForbiddenToUse``) is not taken over."""
    usable: dict[str, str] = {}
    for way in ways:
        if not way.is_forbidden_to_use and way.value.strip():
            usable.setdefault(way.communication_type.type, way.value.strip())
    return Contact(
        key=person.guid,
        customer_key=person.customer.guid,
        first_name=person.first_name,
        last_name=person.last_name,
        is_active=person.is_active,
        phone=usable.get("Phone", ""),
        mobile=usable.get("MobilePhone", ""),
        email=usable.get("EmailAddress", ""),
        title=person.job_title or "",
    )
