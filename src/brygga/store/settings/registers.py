"""The settings of numbering, customers, projects, articles and automatic actions, and the language."""

from __future__ import annotations

from brygga.i18n import N_
from brygga.store.settings.types import Section, Setting, SettingType

_T = SettingType

REGISTERS = (
    Setting(
        "numbering.master",
        N_("Numbering master"),
        _T.CHOICE,
        "",
        Section.NUMBERING,
        N_("Which program numbers the invoices. Administration's number is written to Severa."),
        choices=("severa", "administration"),
    ),
    Setting(
        "numbering.sent_override_reason",
        N_("Reason to transfer sent invoices"),
        _T.TEXT,
        "",
        Section.NUMBERING,
        N_("Why invoices sent under a temporary number are transferred all the same. Empty: they are refused."),
    ),
    Setting(
        "customers.won_only",
        N_("Only with won projects"),
        _T.BOOL,
        True,
        Section.CUSTOMERS,
        N_("List and transfer only customers that have a won project."),
    ),
    Setting(
        "customers.update_empty",
        N_("Also update empty fields"),
        _T.BOOL,
        False,
        Section.CUSTOMERS,
        N_("Also empty a field of the customer when it is empty in the system the customer comes from."),
    ),
    Setting(
        "customers.existing",
        N_("Customers that exist"),
        _T.CHOICE,
        "update",
        Section.CUSTOMERS,
        N_("What to do with a customer that the other system has already: update it, or skip it."),
        choices=("update", "skip"),
    ),
    Setting(
        "customers.reverse_charge_rule",
        N_("Rule for reverse charge"),
        _T.CHOICE,
        "simple",
        Section.CUSTOMERS,
        N_("What reverse charge means. Simple: export customer. By country: export, EU or construction."),
        choices=("simple", "by_country"),
    ),
    Setting(
        "projects.enabled",
        N_("Project transfer"),
        _T.BOOL,
        True,
        Section.PROJECTS,
        N_("Projects are transferred to Administration."),
    ),
    Setting(
        "projects.won_only",
        N_("Only won projects"),
        _T.BOOL,
        True,
        Section.PROJECTS,
        N_("List and transfer only won projects."),
    ),
    Setting(
        "projects.code_map",
        N_("Project codes"),
        _T.MAPPING,
        {},
        Section.PROJECTS,
        N_("Project numbers in Severa that have another code in Administration, for numbers that are too long there."),
    ),
    Setting(
        "articles.default_article",
        N_("Default article"),
        _T.TEXT,
        "",
        Section.ARTICLES,
        N_("The article of invoice rows that have no article code of their own, or several different ones."),
    ),
    Setting(
        "articles.group",
        N_("Article group"),
        _T.TEXT,
        "",
        Section.ARTICLES,
        N_("The article group of new articles. Leave empty to use Administration's default."),
    ),
    Setting(
        "articles.accounting_code",
        N_("Accounting code"),
        _T.TEXT,
        "",
        Section.ARTICLES,
        N_("The accounting code of new articles. Leave empty to use Administration's default."),
    ),
)

AUTOMATIC = (
    Setting(
        "autofix.customers",
        N_("Create missing customers"),
        _T.BOOL,
        True,
        Section.AUTOFIX,
        N_("Create a missing customer when an invoice or a project needs it."),
    ),
    Setting(
        "autofix.projects",
        N_("Create missing projects"),
        _T.BOOL,
        True,
        Section.AUTOFIX,
        N_("Create a missing project when an invoice needs it and projects are transferred."),
    ),
    Setting(
        "autofix.articles",
        N_("Create missing articles"),
        _T.BOOL,
        True,
        Section.AUTOFIX,
        N_("Create a missing article when an invoice needs it."),
    ),
    Setting(
        "interface.language",
        N_("Language of the program"),
        _T.CHOICE,
        "sv",
        Section.INTERFACE,
        N_("The language of the program: Swedish or English."),
        choices=("sv", "en"),
    ),
)
