"""A whole practice company: both systems before the first transfer, the settings between them, and the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from brygga.practice.administration_accounts import Purpose
from brygga.practice.administration_base import AdministrationBase, Notice, Record, field_named, table_named
from brygga.practice.administration_tables import PAYMENT_TERMS, PRICE_LIST_CODES, tables_of
from brygga.practice.dataset.articles import ArticleBook, build_articles
from brygga.practice.dataset.common import Document, month_before, stream
from brygga.practice.dataset.customers import CustomerBook, build_customers
from brygga.practice.dataset.defects import add_defects
from brygga.practice.dataset.invoices import FIRST_NUMBER, InvoiceBook, Sources, build_month
from brygga.practice.dataset.maker import Defects
from brygga.practice.dataset.parameters import PracticeParameters
from brygga.practice.dataset.projects import ProjectBook, build_projects
from brygga.practice.dataset.registers import PAID, TO_TRANSFER, TRANSFERRED, Registers, build_registers
from brygga.practice.dataset.specials import add_specials
from brygga.practice.dataset.towards import TowardsSevera, add_towards
from brygga.practice.oracle import AdministrationBefore, Oracle, build_oracle

NEXT_NUMBER = 10_001
"""The next number of Administration's own invoice series: above the earlier months' invoices that lie there."""

Setting = str | bool | list[str] | dict[str, str]
"""Value of a setting: text (choices, dates as yyyy-mm-dd), flag, list, mapping."""


@dataclass(frozen=True)
class PracticeCompany:
    """Both sides of a company that Severa and Administration share, before the first transfer.

    ``severa``: collection → wire documents. ``administration_tables``: table id → records by field id.
    ``settings``: key of the settings registry → value. ``expected_reasons``: guid of the source document of a
    special or a defect → message codes that must be among those it gives (an empty set: it is odd but must be
    transferred).
    """

    name: str
    month: date
    severa: Mapping[str, list[Document]]
    administration_tables: Mapping[int, list[Record]]
    next_invoice_number: int
    settings: Mapping[str, Setting]
    oracle: Oracle
    expected_reasons: Mapping[str, frozenset[str]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    towards: TowardsSevera | None = None
    """What Administration has for Severa, when the parameters ask for it."""


def generate(parameters: PracticeParameters, administration: AdministrationBase) -> PracticeCompany:
    """The practice company of the parameters on top of the Administration company. Same input, same company.

    The invoices of the practice month wait in status "Att överföra". Those of the month before are in Severa only, as
    "Betald": they are from before the go-live date (``invoices.from_date``), so neither transfer nor reconciliation of
    the practice month asks for them in Administration. ValueError when no booking year holds the month.
    """
    month = (parameters.month or administration.month).replace(day=1)
    if not any(year.start <= month <= year.end for year in administration.years):
        raise ValueError(f"Administration has no booking year that holds {month:%Y-%m}")
    administration = replace(administration, month=month, locked_through=month - timedelta(days=1))
    registers = build_registers(parameters, administration, month)
    customers = build_customers(parameters, registers, month)
    projects = build_projects(parameters, registers, customers.customers, administration, month)
    articles = build_articles(parameters, registers, month)
    book = InvoiceBook(next_number=FIRST_NUMBER[parameters.numbering_master])
    sources = Sources(parameters, registers, customers.customers, customers.contacts, projects, articles)
    build_month(book, sources, month_before(month), PAID)
    waiting = build_month(book, sources, month, TO_TRANSFER)
    if parameters.numbering_master == "administration":
        for invoice in waiting[-2:]:
            # Under Administration master an invoice needs no number of its own (AT-23).
            invoice |= {"number": None, "referenceNumber": None}
            book.entries.renumber(invoice)
    tables = tables_of(administration)
    defects = Defects()
    if parameters.with_defects:
        chance = stream(parameters.seed, "defects")
        defects = add_defects(chance, sources, book, customers, tables, administration, month)
    if not parameters.ordinary_only:
        chance = stream(parameters.seed, "specials")
        specials = add_specials(chance, sources, book, customers, tables, administration, month, waiting)
        defects.expected_reasons |= specials.expected_reasons
        defects.refused |= specials.refused
    settings = settings_of_company(parameters, administration, projects.code_map, month)
    severa = wire_collections(registers, customers, projects, articles) | book.collections()
    towards = None
    if parameters.towards_severa:
        towards = add_towards(
            parameters, projects, customers, defects.refused, severa, tables, administration, month
        )  # fmt: skip
        settings |= towards.settings
    number_series(severa, book.next_number)
    before = AdministrationBefore(_keys(tables), NEXT_NUMBER, _currency_units(tables))
    oracle = build_oracle(severa, settings, before, refused=defects.refused)
    return PracticeCompany(
        administration.name, month, severa, tables, NEXT_NUMBER, settings, oracle, defects.expected_reasons,
        administration.notices, towards,
    )  # fmt: skip


def wire_collections(
    registers: Registers, customers: CustomerBook, projects: ProjectBook, articles: ArticleBook
) -> dict[str, list[Document]]:
    """Every collection of the environment but those of the invoices."""
    return registers.collections | {
        "customers": customers.customers,
        "addresses": customers.addresses,
        "contactpersons": customers.contacts,
        "contactcommunications": customers.communications,
        "customercountrysettings": customers.country_settings,
        "projects": projects.projects,
        "products": articles.products,
        "worktypes": articles.work_types,
        "travelexpensetypes": articles.travel_types,
    }


def settings_of_company(
    parameters: PracticeParameters, base: AdministrationBase, code_map: dict[str, str], month: date
) -> dict[str, Setting]:
    """The settings of the program that couple both sides."""
    # The defects hold an invoice of the locked month before: it must be within what is transferred.
    go_live = month_before(month) if parameters.with_defects else month
    settings: dict[str, Setting] = {
        "numbering.master": parameters.numbering_master,
        "customers.won_only": True,
        "projects.enabled": True,
        "projects.won_only": True,
        "projects.code_map": code_map,
        "invoices.statuses": [TO_TRANSFER],
        "invoices.status_after": TRANSFERRED,
        "payments.status_paid": PAID,
        "invoices.project_on": "both",
        "invoices.round_to_kronor": True,
        "invoices.vat_rounding": "document",
        "invoices.mark_printed": False,
        "invoices.from_date": go_live.isoformat(),
        "articles.group": base.article_group,
        "articles.accounting_code": base.accounting_code,
        "mappings.units": {"h": "tim", "st": "st", "km": "km", "dag": "dag", "mån": "mån"},
        "mappings.vat": {"25": "1", "12": "2", "6": "3", "0": "0"},
        "mappings.payment_terms": {str(days): str(days) for days in PAYMENT_TERMS},
        "mappings.languages": {
            "sv-SE": "SV", "en-GB": "EN", "de-DE": "DE", "nb-NO": "NO", "da-DK": "DA", "fi-FI": "FI",
        },
        "mappings.price_lists": dict(PRICE_LIST_CODES),
        "autofix.customers": True,
        "autofix.projects": True,
        "autofix.articles": True,
    }  # fmt: skip
    if not parameters.ordinary_only:
        # Only the edge pack has an invoice that needs it.
        settings["invoices.rounding_account"] = base.accounts[Purpose.ROUNDING]
    return settings


def number_series(severa: Mapping[str, list[Document]], next_invoice: int) -> None:
    """Severa's own counters, one after the highest number in use."""
    last = {name: max(each["number"] for each in severa[f"{name}s"]) for name in ("customer", "project")}
    last["invoice"] = next_invoice - 1
    settings: dict[str, Any] = severa["organizationsettings"][0]
    for name, number in last.items():
        settings |= {f"last{name.title()}Number": number, f"next{name.title()}Number": number + 1}


def _keys(tables: Mapping[int, list[Record]]) -> dict[str, frozenset[tuple[str, ...]]]:
    keys: dict[str, frozenset[tuple[str, ...]]] = {}
    for name, field_id in (("CUSTOMER", 0), ("PROJECT", 0), ("ARTICLE", 0), ("INVOICE_HEAD", 0)):
        held = tables.get(table_named(name).id, [])
        keys[name] = frozenset((str(record[field_id]),) for record in held)
    return keys


def _currency_units(tables: Mapping[int, list[Record]]) -> dict[str, int]:
    register = table_named("CODE_OF_CURRENCY")
    code, unit = field_named(register, "CODE").id, field_named(register, "UNIT").id
    return {str(each[code]): int(str(each[unit])) for each in tables[register.id]}
