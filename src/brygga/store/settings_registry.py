"""Every setting there is: a setting is one entry here (architecture, Rooms). The help is for an accountant."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import urlsplit

from brygga.store.setting_types import N_, Section, Setting, SettingType, decimal_of
from brygga.store.settings_audit import AUDIT
from brygga.store.settings_library import LIBRARY
from brygga.store.settings_mirror import MIRROR
from brygga.store.settings_schedule import SCHEDULE
from brygga.store.settings_towards_severa import TOWARDS_SEVERA

_T = SettingType


def _is_safe_address(value: str) -> bool:
    """Encrypted, or on this very computer (the practice company): a secret travels to this address."""
    try:
        address = urlsplit(value)
        local = address.hostname in ("localhost", "127.0.0.1", "::1")
    except ValueError:
        return False
    return bool(address.hostname) and (address.scheme == "https" or (address.scheme == "http" and local))


def _is_rate(value: int) -> bool:
    # Severa refuses more than 10 requests in one second (contracts/severa.md).
    return 1 <= value <= 10


def _is_duration(value: Decimal) -> bool:
    return Decimal(1) <= value <= Decimal(3600)


def _is_ledger_account(value: str) -> bool:
    return re.fullmatch(r"[1-9][0-9]{3}", value) is not None


def _is_vat_mapping(value: dict[str, str]) -> bool:
    """Percentages to the row codes 0 (none) to 4, each rate once also when written 25 and 25,0 (semantics §4.4)."""
    try:
        rates = {decimal_of(percent) for percent in value}
    except ValueError:
        return False
    in_range = all(0 <= rate <= 100 for rate in rates)
    return in_range and len(rates) == len(value) and set(value.values()) <= {"0", "1", "2", "3", "4"}


def _are_days(value: dict[str, str]) -> bool:
    return all(re.fullmatch(r"[0-9]{1,3}", days) for days in value)


_SECONDS = N_("Give a number of seconds from 1 to 3600.")

_CONNECTION = (
    Setting(
        "severa.base_url",
        _T.TEXT,
        "https://api.severa.visma.com/rest-api",
        Section.CONNECTION,
        N_("The address of Severa's REST interface. Change it only for the practice company."),
        holds=_is_safe_address,
        accepts=N_("Give an address that begins with https://."),
    ),
    Setting(
        "severa.client_id",
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The client id of the API credential that you created in Severa."),
    ),
    Setting(
        "severa.client_secret",
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The secret of the API credential. It is kept in the keyring of your user, never in the store."),
        secret=True,
        environment="SEVERA_CLIENT_SECRET",
    ),
    Setting(
        "severa.environment",
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The Severa organisation of this company. The program notes it at the first connection; leave it as it is."),
    ),
    Setting(
        "severa.requests_per_second",
        _T.INT,
        8,
        Section.CONNECTION,
        N_("How many questions a second are sent to Severa. Severa refuses more than 10."),
        holds=_is_rate,
        accepts=N_("Give a whole number from 1 to 10."),
    ),
    Setting(
        "severa.timeout_seconds",
        _T.DECIMAL,
        Decimal(30),
        Section.CONNECTION,
        N_("How many seconds to wait for Severa's answer."),
        holds=_is_duration,
        accepts=_SECONDS,
    ),
    Setting(
        "severa.settling_seconds",
        _T.DECIMAL,
        Decimal(120),
        Section.CONNECTION,
        N_("How many seconds must pass after a lost answer before a change in Severa may be sent again."),
        holds=_is_duration,
        accepts=_SECONDS,
    ),
    Setting(
        "severa.credit_rows",
        _T.CHOICE,
        "negative",
        Section.CONNECTION,
        N_("Whether Severa stores the quantities that a credit note credits as negative or as positive numbers."),
        choices=("negative", "positive"),
    ),
    Setting(
        "severa.business_units",
        _T.LIST,
        (),
        Section.CONNECTION,
        N_(
            "The business units in Severa whose invoices belong to this company. Leave empty when there is one company."
        ),
    ),
    *LIBRARY,
    Setting(
        "administration.common_path",
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The folder with Administration's common files."),
    ),
    Setting(
        "administration.company_path",
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The folder of the company in Administration."),
    ),
    Setting(
        "administration.user",
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The user name in Administration. Leave empty when the company has no log-in."),
    ),
    Setting(
        "administration.password",
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The password in Administration. It is kept in the keyring of your user, never in the store."),
        secret=True,
        environment="ADMINISTRATION_PASSWORD",
    ),
    Setting(
        "administration.dll",
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The file of Administration's program interface. Leave empty to use the one that is installed."),
    ),
    Setting(
        "administration.interpreter",
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The Python that loads the program interface, when it must be another than this one (a 32-bit one)."),
    ),
    Setting(
        "administration.idle_close_seconds",
        _T.DECIMAL,
        Decimal(60),
        Section.CONNECTION,
        N_("After how many idle seconds the company is closed, so that its licence is free for others."),
        holds=_is_duration,
        accepts=_SECONDS,
    ),
)

_REGISTERS = (
    Setting(
        "numbering.master",
        _T.CHOICE,
        "",
        Section.NUMBERING,
        N_("Which program numbers the invoices. Administration's number is written to Severa."),
        choices=("severa", "administration"),
    ),
    Setting(
        "numbering.sent_override_reason",
        _T.TEXT,
        "",
        Section.NUMBERING,
        N_("Why invoices sent under a temporary number are transferred all the same. Empty: they are refused."),
    ),
    Setting(
        "customers.won_only",
        _T.BOOL,
        True,
        Section.CUSTOMERS,
        N_("List and transfer only customers that have a won project."),
    ),
    Setting(
        "customers.update_empty",
        _T.BOOL,
        False,
        Section.CUSTOMERS,
        N_("Also empty a field of the customer when it is empty in the system the customer comes from."),
    ),
    Setting(
        "customers.existing",
        _T.CHOICE,
        "update",
        Section.CUSTOMERS,
        N_("What to do with a customer that the other system has already: update it, or skip it."),
        choices=("update", "skip"),
    ),
    Setting(
        "customers.reverse_charge_rule",
        _T.CHOICE,
        "simple",
        Section.CUSTOMERS,
        N_("What reverse charge means. Simple: export customer. By country: export, EU or construction."),
        choices=("simple", "by_country"),
    ),
    Setting(
        "projects.enabled",
        _T.BOOL,
        True,
        Section.PROJECTS,
        N_("Projects are transferred to Administration."),
    ),
    Setting(
        "projects.won_only",
        _T.BOOL,
        True,
        Section.PROJECTS,
        N_("List and transfer only won projects."),
    ),
    Setting(
        "projects.code_map",
        _T.MAPPING,
        {},
        Section.PROJECTS,
        N_("Project numbers in Severa that have another code in Administration, for numbers that are too long there."),
    ),
    Setting(
        "articles.default_article",
        _T.TEXT,
        "",
        Section.ARTICLES,
        N_("The article of invoice rows that have no article code of their own, or several different ones."),
    ),
    Setting(
        "articles.group",
        _T.TEXT,
        "",
        Section.ARTICLES,
        N_("The article group of new articles. Leave empty to use Administration's default."),
    ),
    Setting(
        "articles.accounting_code",
        _T.TEXT,
        "",
        Section.ARTICLES,
        N_("The accounting code of new articles. Leave empty to use Administration's default."),
    ),
)

_INVOICES = (
    Setting(
        "invoices.statuses",
        _T.LIST,
        (),
        Section.INVOICES,
        N_("The invoice statuses in Severa whose invoices are to be transferred."),
    ),
    Setting(
        "invoices.status_after",
        _T.TEXT,
        "",
        Section.INVOICES,
        N_("The status that an invoice gets in Severa when it is transferred. Leave empty to keep the one it has."),
    ),
    Setting(
        "invoices.rate_direction",
        _T.CHOICE,
        "inverse",
        Section.INVOICES,
        N_(
            "What Severa's currency rate means: inverse is foreign currency for one krona, direct is kronor for one "
            "unit of the foreign currency."
        ),
        choices=("inverse", "direct"),
    ),
    Setting(
        "invoices.credit_status_after",
        _T.TEXT,
        "",
        Section.INVOICES,
        N_(
            "The status that a credit note gets in Severa when it is transferred. Leave empty to use the invoices' one."
        ),
    ),
    Setting(
        "invoices.project_on",
        _T.CHOICE,
        "both",
        Section.INVOICES,
        N_("Where the project number is set: off, on the invoice head, on the rows, or both."),
        choices=("off", "head", "rows", "both"),
    ),
    Setting(
        "invoices.mark_printed",
        _T.BOOL,
        False,
        Section.INVOICES,
        N_("Mark the invoice as printed in Administration. It is then locked and counts as issued."),
    ),
    Setting(
        "invoices.round_to_kronor",
        _T.BOOL,
        True,
        Section.INVOICES,
        N_("The amount to pay is rounded to whole kronor, as in Administration. Foreign invoices keep their decimals."),
    ),
    Setting(
        "invoices.vat_rounding",
        _T.CHOICE,
        "document",
        Section.INVOICES,
        N_("Whether VAT is rounded once for each rate of the document, or on every row."),
        choices=("document", "row"),
    ),
    Setting(
        "invoices.rounding_account",
        _T.TEXT,
        "3740",
        Section.INVOICES,
        N_("The ledger account for rounding differences."),
        holds=_is_ledger_account,
        accepts=N_("Give a ledger account of four digits."),
    ),
    Setting(
        "invoices.account_from_severa",
        _T.BOOL,
        False,
        Section.INVOICES,
        N_("Send the sales account of Severa's rows instead of letting the article decide the ledger account."),
    ),
    Setting(
        "invoices.from_date",
        _T.DATE,
        None,
        Section.INVOICES,
        N_("The first invoice date to transfer; earlier invoices were handled before the program was taken into use."),
    ),
)

_MAPPINGS = (
    Setting(
        "mappings.units",
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_("Units in Severa and the unit codes they are in Administration, such as h=tim."),
    ),
    Setting(
        "mappings.vat",
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_("VAT rates in percent and their VAT codes in Administration, such as 25=1."),
        holds=_is_vat_mapping,
        accepts=N_("Give pairs such as 25=1: a percentage, each once, and a VAT code from 0 to 4."),
    ),
    Setting(
        "mappings.payment_terms",
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_("Days of payment in Severa and the payment terms they are in Administration, such as 30=30."),
        holds=_are_days,
        accepts=N_("Give pairs such as 30=30: a number of days and a payment term."),
    ),
    Setting(
        "mappings.languages",
        _T.MAPPING,
        {},
        Section.MAPPINGS,
        N_("Languages in Severa and the language codes they are in Administration, such as en-GB=EN."),
    ),
    Setting(
        "autofix.customers",
        _T.BOOL,
        True,
        Section.AUTOFIX,
        N_("Create a missing customer when an invoice or a project needs it."),
    ),
    Setting(
        "autofix.projects",
        _T.BOOL,
        True,
        Section.AUTOFIX,
        N_("Create a missing project when an invoice needs it and projects are transferred."),
    ),
    Setting(
        "autofix.articles",
        _T.BOOL,
        True,
        Section.AUTOFIX,
        N_("Create a missing article when an invoice needs it."),
    ),
    Setting(
        "interface.language",
        _T.CHOICE,
        "sv",
        Section.INTERFACE,
        N_("The language of the program: Swedish or English."),
        choices=("sv", "en"),
    ),
)

SETTINGS: tuple[Setting, ...] = (
    *_CONNECTION,
    *AUDIT,
    *MIRROR,
    *_REGISTERS,
    *_INVOICES,
    *TOWARDS_SEVERA,
    *_MAPPINGS,
    *SCHEDULE,
)
"""Every setting, section by section."""

BY_KEY = {setting.key: setting for setting in SETTINGS}
