"""What a batch of plans has read: each register and each Severa record once, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from brygga.records.posting_accounts import PostingAccounts
from brygga.records.source import Article, Customer, Invoice, InvoiceStatus, Project
from brygga.records.target import (
    ArticleCard,
    Capabilities,
    CompanyInfo,
    ContactCard,
    CustomerCard,
    Kind,
    PostedInvoice,
    ProjectCard,
)
from brygga.rules.matching import CardIndex, Peers
from brygga.store.journal.journal import Link
from brygga.transfers.belonging import Belonging
from brygga.transfers.company import Company
from brygga.transfers.plan import Plan
from brygga.transfers.preferences import Preferences


class Readings:
    """Lazy, cached reads of both systems and the journal for one batch; nothing is written through it."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self._customers: dict[str, Customer] = {}
        self._projects: dict[str, Project] = {}
        self._needed: dict[tuple[Kind, str], Plan] = {}

    @property
    def preferences(self) -> Preferences:
        """The company's choices."""
        return self.company.preferences

    @cached_property
    def info(self) -> CompanyInfo:
        """Administration's company settings and code registers."""
        return self.company.administration.company()

    @cached_property
    def posting_accounts(self) -> PostingAccounts:
        """Administration's charts of accounts and what documents are posted to."""
        return self.company.administration.posting_accounts()

    @cached_property
    def capabilities(self) -> Capabilities:
        """What the Administration installation can do."""
        return self.company.administration.capabilities()

    @cached_property
    def customer_cards(self) -> dict[str, CustomerCard]:
        """Administration's customers by number."""
        return self.company.administration.customers()

    @cached_property
    def severa_customers(self) -> tuple[Customer, ...]:
        """Every customer of Severa."""
        return self.company.severa.customers()

    @cached_property
    def customer_peers(self) -> Peers:
        """Severa's customers, for the question whether what one has is unique."""
        return Peers(self.severa_customers, self.links(Kind.CUSTOMER).keys())

    @cached_property
    def card_index(self) -> CardIndex:
        """Administration's customers, for finding those that could be a given one of Severa's."""
        return CardIndex(self.customer_cards.values())

    @cached_property
    def card_holders(self) -> dict[str, str]:
        """The Severa key of the customer that a card is linked to, by the card's number."""
        return {link.target_key: key for key, link in self.links(Kind.CUSTOMER).items()}

    @cached_property
    def card_peers(self) -> Peers:
        """Administration's customers, for the same question."""
        linked = {link.target_key for link in self.links(Kind.CUSTOMER).values()}
        return Peers(self.customer_cards.values(), linked)

    @cached_property
    def contact_cards(self) -> dict[str, list[ContactCard]]:
        """Administration's contacts by customer number."""
        found: dict[str, list[ContactCard]] = {}
        for card in self.company.administration.contacts():
            found.setdefault(card.customer_number, []).append(card)
        return found

    @cached_property
    def project_cards(self) -> dict[str, ProjectCard]:
        """Administration's projects by code."""
        return self.company.administration.projects()

    @cached_property
    def article_cards(self) -> dict[str, ArticleCard]:
        """Administration's articles by number."""
        return self.company.administration.articles()

    @cached_property
    def severa_articles(self) -> dict[str, Article]:
        """The item that names the article of each code: of several with one code the first that was linked wins, else
        the first active one, so that a later item never renames the article (semantics §4.8)."""
        links = self.links(Kind.ARTICLE)
        articles = [article for article in ordered_articles(self.company.severa.articles()) if article.code]
        linked = [one for one in articles if one.key in links and links[one.key].target_key == one.code]
        found: dict[str, Article] = {}
        for article in sorted(linked, key=lambda one: links[one.key].created):
            found.setdefault(article.code, article)
        for article in articles:
            if article.is_active:
                found.setdefault(article.code, article)
        return found

    @cached_property
    def statuses(self) -> dict[str, InvoiceStatus]:
        """Severa's invoice statuses by key."""
        return {status.key: status for status in self.company.severa.invoice_statuses()}

    @cached_property
    def belonging(self) -> Belonging:
        """Whose the invoices and projects of a shared Severa are."""
        return Belonging(self)

    def links(self, kind: Kind) -> dict[str, Link]:
        """The journal's links of a kind by Severa key."""
        if kind not in self._links:
            self._links[kind] = self.company.journal.links(kind)
        return self._links[kind]

    @cached_property
    def _links(self) -> dict[Kind, dict[str, Link]]:
        return {}

    def status_key(self, name: str) -> str | None:
        """Key of the status with this name (case and outer spaces do not matter), None when Severa has none."""
        wanted = name.strip().casefold()
        return next((key for key, status in self.statuses.items() if status.name.strip().casefold() == wanted), None)

    def fetch(self, invoices: Iterable[Invoice]) -> None:
        """Read the customers and projects behind the invoices, those not read yet, in as few calls as possible."""
        chosen = list(invoices)
        self.fetch_projects({key for invoice in chosen for key in _project_keys(invoice)})
        self.fetch_customers({invoice.customer_key for invoice in chosen})
        self.fetch_customers({project.customer_key for project in self._projects.values()})

    def fetch_customers(self, keys: Iterable[str]) -> None:
        """Read the customers with these keys, those not read yet."""
        missing = sorted(set(keys) - self._customers.keys() - {""})
        if missing:
            self._customers.update((customer.key, customer) for customer in self.company.severa.customers(missing))

    def fetch_projects(self, keys: Iterable[str]) -> None:
        """Read the projects with these keys, those not read yet."""
        missing = sorted(set(keys) - self._projects.keys() - {""})
        if missing:
            self._projects.update((project.key, project) for project in self.company.severa.projects(missing))

    def customer(self, key: str) -> Customer | None:
        """The Severa customer, None when Severa does not list it."""
        self.fetch_customers((key,))
        return self._customers.get(key)

    def project(self, key: str) -> Project | None:
        """The Severa project, None when Severa does not list it."""
        self.fetch_projects((key,))
        return self._projects.get(key)

    def with_reverse_charge(self, customer: Customer) -> Customer:
        """The customer with its reverse-charge flag, asked once (semantics §4.13, Calls)."""
        if customer.key not in self._reverse_charged:
            self._reverse_charged[customer.key] = self.company.severa.with_reverse_charge(customer)
        return self._reverse_charged[customer.key]

    @cached_property
    def _reverse_charged(self) -> dict[str, Customer]:
        return {}

    def needed(self, kind: Kind, key: str, planned: Callable[[], Plan]) -> Plan:
        """The plan of a record that rows of the batch need (auto-fix, §4.7): made once, however many they are."""
        if (kind, key) not in self._needed:
            self._needed[kind, key] = planned()
        return self._needed[kind, key]

    def posted_from(self, number: int) -> dict[int, PostedInvoice]:
        """Administration's invoices numbered ``number`` or higher."""
        return {posted.number: posted for posted in self.company.administration.invoices_after(number - 1)}


def _project_keys(invoice: Invoice) -> set[str]:
    return {*invoice.project_keys, *(row.project_key for row in invoice.rows)}


def ordered_articles(articles: Iterable[Article]) -> list[Article]:
    """By kind, then by name: the first of those that share a code names the article (semantics §4.8)."""
    return sorted(articles, key=lambda article: (article.kind.value, article.name.casefold(), article.key))
