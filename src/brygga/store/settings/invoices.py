"""The settings of the invoices, Severa to Administration."""

from __future__ import annotations

import re

from brygga.i18n import N_
from brygga.store.settings.types import Section, Setting, SettingType

_T = SettingType


def _is_ledger_account(value: str) -> bool:
    return re.fullmatch(r"[1-9][0-9]{3}", value) is not None


INVOICES = (
    Setting(
        "invoices.statuses",
        N_("Statuses to transfer"),
        _T.LIST,
        (),
        Section.INVOICES,
        N_("The invoice statuses in Severa whose invoices are to be transferred."),
    ),
    Setting(
        "invoices.status_after",
        N_("Status after transfer"),
        _T.TEXT,
        "",
        Section.INVOICES,
        N_("The status that an invoice gets in Severa when it is transferred. Leave empty to keep the one it has."),
    ),
    Setting(
        "invoices.rate_direction",
        N_("Direction of the rate"),
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
        N_("Status of credit notes"),
        _T.TEXT,
        "",
        Section.INVOICES,
        N_(
            "The status that a credit note gets in Severa when it is transferred. Leave empty to use the invoices' one."
        ),
    ),
    Setting(
        "invoices.project_on",
        N_("Project number on"),
        _T.CHOICE,
        "both",
        Section.INVOICES,
        N_("Where the project number is set: off, on the invoice head, on the rows, or both."),
        choices=("off", "head", "rows", "both"),
    ),
    Setting(
        "invoices.mark_printed",
        N_("Mark as printed"),
        _T.BOOL,
        False,
        Section.INVOICES,
        N_("Mark the invoice as printed in Administration. It is then locked and counts as issued."),
    ),
    Setting(
        "invoices.round_to_kronor",
        N_("Round to kronor"),
        _T.BOOL,
        True,
        Section.INVOICES,
        N_("The amount to pay is rounded to whole kronor, as in Administration. Foreign invoices keep their decimals."),
    ),
    Setting(
        "invoices.vat_rounding",
        N_("Rounding of VAT"),
        _T.CHOICE,
        "document",
        Section.INVOICES,
        N_("Whether VAT is rounded once for each rate of the document, or on every row."),
        choices=("document", "row"),
    ),
    Setting(
        "invoices.rounding_account",
        N_("Rounding account"),
        _T.TEXT,
        "3740",
        Section.INVOICES,
        N_("The ledger account for rounding differences."),
        holds=_is_ledger_account,
        accepts=N_("Give a ledger account of four digits."),
    ),
    Setting(
        "invoices.account_from_severa",
        N_("Ledger account from Severa"),
        _T.BOOL,
        False,
        Section.INVOICES,
        N_("Send the sales account of Severa's rows instead of letting the article decide the ledger account."),
    ),
    Setting(
        "invoices.from_date",
        N_("Go-live date"),
        _T.DATE,
        None,
        Section.INVOICES,
        N_(
            "No invoice and no supplier invoice dated before this day is ever transferred; they were handled before "
            "the program was taken into use."
        ),
    ),
)
