"""Whether what the settings name is there: each setting against the live registers of both systems (issue 5).

What can be judged without asking anybody is judged when a setting is saved (``store.settings.contradictions``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from brygga.insight.numbering import setup_reasons
from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.registers import CodeRegisters, SeveraRegisters
from brygga.records.source import ArticleKind, InvoiceStatus
from brygga.rules.business_units import unknown_units
from brygga.rules.supplier_costs import below_cost
from brygga.rules.vat import codes_on, mapping_reasons
from brygga.transfers.company import Company
from brygga.transfers.readings import Readings


class Finding(Record, frozen=True):
    """What is wrong with one setting; a reason of level ``stop`` keeps records from being transferred."""

    key: str
    reason: Reason


def setting_findings(company: Company) -> tuple[Finding, ...]:
    """Everything the settings name that is not there or cannot work, in the order of the settings page.

    Reads registers only. A fault of either system is raised: "could not ask" is never "nothing found".
    """
    checks = _Checks(company)
    return tuple(
        finding
        for check in (
            checks.connection,
            checks.numbering,
            checks.projects,
            checks.invoices,
            checks.payments,
            checks.supplier_invoices,
            checks.articles,
            checks.mappings,
        )
        for finding in check()
    )


class _Checks:
    """The checks of one company; each register is read once."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._chosen = company.preferences
        self._readings = Readings(company)
        self._here: SeveraRegisters = company.severa.registers()
        self._there: CodeRegisters = company.administration.code_registers()

    def connection(self) -> Iterator[Finding]:
        """The business units must be Severa's; with several companies on one Severa each must name its own."""
        for unit in unknown_units(self._chosen.severa_business_units, self._here.business_units):
            yield Finding("severa.business_units", reason("INS-822", name=unit))
        if self._company.neighbours and not self._chosen.severa_business_units:
            names = ", ".join(neighbour.name for neighbour in self._company.neighbours)
            yield Finding("severa.business_units", reason("INS-824", companies=names))

    def numbering(self) -> Iterator[Finding]:
        """The numbering master must be possible, and two series must not meet (AT-25)."""
        master = self._chosen.numbering_master
        for why in setup_reasons(self._company.severa, self._company.administration, master):
            yield Finding("numbering.master", why)

    def projects(self) -> Iterator[Finding]:
        """A mapped code must fit in Administration (semantics §4.2)."""
        longest = self._readings.capabilities.lengths.project_code
        for number, code in self._chosen.projects_code_map.items():
            if len(code) > longest:
                yield Finding("projects.code_map", reason("INS-823", nr=number, code=code, max=longest))

    def invoices(self) -> Iterator[Finding]:
        """The statuses before and after must be there, apart from each other, and able to carry a number."""
        chosen = self._chosen
        before = [*self._statuses("invoices.statuses", chosen.invoices_statuses)]
        after = [*self._statuses("invoices.status_after", (chosen.invoices_status_after,))]
        credit = [*self._statuses("invoices.credit_status_after", (chosen.invoices_credit_status_after,))]
        yield from (found for found in (*before, *after, *credit) if isinstance(found, Finding))
        listed = [found for found in before if isinstance(found, InvoiceStatus)]
        for status in listed:
            if chosen.numbering_master == "severa" and not status.has_invoice_number:
                why = reason("INS-816", Level.WARNING, name=status.name)
                yield Finding("invoices.statuses", why)
        for key, found in (("invoices.status_after", after), ("invoices.credit_status_after", credit)):
            for each in found:
                if isinstance(each, InvoiceStatus) and each in listed:
                    yield Finding(key, reason("INS-817", Level.WARNING, name=each.name))
        yield from self._account("invoices.rounding_account", chosen.invoices_rounding_account)

    def payments(self) -> Iterator[Finding]:
        """The paid status must count as paid and the part-paid one must not (semantics §4.9)."""
        chosen = self._chosen
        wanted = (
            ("payments.status_paid", chosen.payments_status_paid, True, "BET-507"),
            ("payments.status_part_paid", chosen.payments_status_part_paid, False, "BET-508"),
        )
        for key, name, is_paid, code in wanted:
            for found in self._statuses(key, (name,)):
                if isinstance(found, Finding):
                    yield found
                elif found.is_paid is not is_paid:
                    yield Finding(key, reason(code, status=found.name))
        reversed_to = self._statuses("payments.status_reversed", (chosen.payments_status_reversed,))
        yield from (found for found in reversed_to if isinstance(found, Finding))

    def supplier_invoices(self) -> Iterator[Finding]:
        """The product must be in Severa; a percentage below 100 is a loss on every cost (semantics §4.10)."""
        chosen = self._chosen
        code = chosen.supplier_invoices_product_code.strip()
        products = (one for one in self._company.severa.articles() if one.kind is ArticleKind.PRODUCT) if code else ()
        if code and not any(product.is_active and product.code == code for product in products):
            yield Finding("supplier_invoices.product_code", reason("LEV-605", code=code))
        for why in below_cost(chosen.supplier_invoices_price_mode, chosen.supplier_invoices_price_percent):
            yield Finding("supplier_invoices.price_percent", why)

    def articles(self) -> Iterator[Finding]:
        """What new articles and rows without an article get must be there."""
        chosen = self._chosen
        wanted: tuple[tuple[str, str, Collection[str]], ...] = (
            ("articles.default_article", chosen.articles_default_article, self._readings.article_cards),
            ("articles.group", chosen.articles_group, self._there.article_groups),
            ("articles.accounting_code", chosen.articles_accounting_code, self._there.accounting_codes),
        )
        for key, code, known in wanted:
            if code and code not in known:
                yield Finding(key, reason("INS-818", code=code))

    def mappings(self) -> Iterator[Finding]:
        """Every mapping must point to a code that is there (AT-35), and a VAT code must stand for its own rate."""
        chosen, there = self._chosen, self._there
        longest = self._readings.capabilities.lengths.unit
        pointed: tuple[tuple[str, Iterable[str], Collection[str]], ...] = (
            ("mappings.units", chosen.mappings_units.values(), [code for code in there.units if len(code) <= longest]),
            ("mappings.payment_terms", chosen.mappings_payment_terms.values(), there.payment_terms),
            ("mappings.languages", chosen.mappings_languages.values(), there.languages),
            ("mappings.currencies", chosen.mappings_currencies.values(), there.currencies),
            ("mappings.countries", chosen.mappings_countries.values(), there.countries),
            ("mappings.profit_centres", chosen.mappings_profit_centres.values(), there.profit_centres),
            ("mappings.price_lists", chosen.mappings_price_lists.values(), there.price_lists),
        )
        for key, codes, known in pointed:
            for code in dict.fromkeys(codes):
                if code not in known:
                    yield Finding(key, reason("MAP-854", code=code))
        today = codes_on(chosen.mappings_vat, self._company.journal.now().date())
        for why in mapping_reasons(today, self._readings.info.vat_rates):
            yield Finding("mappings.vat", why)

    def _statuses(self, key: str, names: Iterable[str]) -> Iterator[InvoiceStatus | Finding]:
        """Severa's status of each name; a finding instead of one that is not there, and beside one out of use."""
        for name in names:
            if not name:
                continue
            status = self._readings.statuses.get(self._readings.status_key(name) or "")
            if status is None:
                yield Finding(key, reason("INS-804", name=name))
                continue
            if not status.is_active:
                yield Finding(key, reason("INS-815", Level.WARNING, name=status.name))
            yield status

    def _account(self, key: str, account: str) -> Iterator[Finding]:
        """The account must be in use in the newest chart of accounts."""
        charts = self._readings.posting_accounts.charts
        newest = max(charts, key=lambda chart: chart.start, default=None)
        if newest is not None and (account not in newest.accounts or account in newest.inactive):
            yield Finding(key, reason("INS-819", account=account, start=newest.start, end=newest.end))
