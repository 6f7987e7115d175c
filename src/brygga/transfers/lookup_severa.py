"""Find before create, in Severa: what could be the record that a plan is about to create there."""

from __future__ import annotations

from brygga.records.severa_cards import ProjectFee, SeveraContact, SeveraCustomer
from brygga.records.source import Customer
from brygga.records.target import Kind
from brygga.rules.identity import same_identity
from brygga.transfers.company import Company
from brygga.transfers.lookup import Sighting
from brygga.transfers.plan import Plan


class SeveraLookup:
    """Looks for one run. The fees of a project are read once, before the first of them is created, and read afresh
    whenever a write's answer was lost: a month of supplier invoices costs one list for each project, not for each row.
    """

    def __init__(self, company: Company) -> None:
        self._severa = company.severa
        self._journal = company.journal
        self._fees: dict[str, tuple[ProjectFee, ...]] = {}

    def sightings(self, plan: Plan, *, afresh: bool) -> tuple[Sighting, ...]:
        """The records under the plan's natural key. Any fault of the look-up is raised: it is never "not found"."""
        match plan.payload:
            case SeveraCustomer() as card:
                return tuple(self._customer(plan, card, found) for found in self._customers(card))
            case SeveraContact() as card:
                return self._contact_sightings(card)
            case ProjectFee() as card:
                return self._fee_sightings(plan, card, afresh=afresh)
            case _:
                return ()

    def _customers(self, card: SeveraCustomer) -> tuple[Customer, ...]:
        """By number; a customer that Severa is to number is looked for by its name, which is unique there."""
        if card.number:
            return self._severa.find_customers(number=card.number)
        return self._severa.find_customers(name=card.name)

    def _customer(self, plan: Plan, card: SeveraCustomer, found: Customer) -> Sighting:
        link = self._journal.link_of(Kind.CUSTOMER, found.key)
        free = link is None or link.target_key == plan.source_key
        same = found.name == card.name and (not card.identity or same_identity(found.identity, card.identity))
        return Sighting(key=found.key, posted=None, ours=free and same)

    def _contact_sightings(self, card: SeveraContact) -> tuple[Sighting, ...]:
        return tuple(
            Sighting(key=contact.key, posted=None, ours=True)
            for contact in self._severa.contacts((card.customer_key,))
            if (contact.first_name, contact.last_name) == (card.first_name, card.last_name)
            # Two contacts of one name are two people: one that is linked to another is not this one.
            and self._journal.link_of(Kind.CONTACT, contact.key) is None
        )

    def _fee_sightings(self, plan: Plan, card: ProjectFee, *, afresh: bool) -> tuple[Sighting, ...]:
        if afresh or card.project_key not in self._fees:
            self._fees[card.project_key] = self._severa.project_fees(card.project_key)
        return tuple(
            Sighting(
                key=fee.key, posted=None, ours=(fee.unit_cost, fee.event_date) == (card.unit_cost, card.event_date)
            )
            for fee in self._fees[card.project_key]
            if fee.description.endswith(plan.natural_key) and self._is_free(plan, fee)
        )

    def _is_free(self, plan: Plan, fee: ProjectFee) -> bool:
        link = self._journal.link_of(Kind.PROJECT_FEE, fee.key)
        return link is None or link.target_key == plan.source_key
