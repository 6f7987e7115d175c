"""Ledger accounts that demand or forbid a project or a profit centre, told before anything is sent (semantics §4.4).

What the letters of the chart mean is known from one client only (contracts/adk.md §2.4), so they are settings of the
company and what is said is a warning: Administration decides, and refuses the whole invoice (22, 192, 465, 466).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from brygga.records.base import Record
from brygga.records.posting_accounts import AccountingCode, PostingAccounts
from brygga.records.reasons import Level, Reason, reason
from brygga.records.target import DocumentRow, InvoiceDocument, RowKind
from brygga.rules.posting import NO_CODE, income_account

DEMANDS_PROJECT, DEMANDS_PROFIT_CENTRE = "FAK-360", "FAK-361"
FORBIDS_PROJECT, FORBIDS_PROFIT_CENTRE = "FAK-362", "FAK-363"


class AccountLetters(Record, frozen=True):
    """The letters by which an account demands or forbids an object."""

    demanding: Collection[str] = ()
    forbidding: Collection[str] = ()


def object_reasons(
    document: InvoiceDocument,
    ledger: PostingAccounts,
    accounting_code_of: Mapping[str, str],
    letters: AccountLetters,
    *,
    eu_trade: bool = False,
) -> tuple[Reason, ...]:
    """A warning for each account of the rows that demands what a row lacks, or forbids what a row names.

    ``accounting_code_of``: accounting code by article number; ``eu_trade``: whether an export document is to a customer
    in the EU. What a row lacks may still come from its article's accounting code, from the head, and the profit centre
    from the customer's card; what an account forbids is only refused when the row itself names it.
    """
    chart = ledger.chart(document.date)
    if chart is None or not (chart.project_letters or chart.profit_centre_letters):
        return ()
    own_centre = document.profit_centre or ledger.profit_centre_of.get(document.customer_number, "")
    found: list[Reason] = []
    for row in document.rows:
        if row.kind is not RowKind.PRICED:
            continue
        code = ledger.codes.get(accounting_code_of.get(row.article, ""), NO_CODE)
        account = row.account or income_account(document, code, ledger, eu_trade=eu_trade)
        said = (chart.project_letters.get(account, ""), chart.profit_centre_letters.get(account, ""))
        for why, letter in _told(row, code, document.project, own_centre, said, letters):
            found.append(reason(why, Level.WARNING, account=account, letter=letter))
    return tuple(dict.fromkeys(found))


def _told(
    row: DocumentRow, code: AccountingCode, project: str, centre: str, said: tuple[str, str], letters: AccountLetters
) -> Iterator[tuple[str, str]]:
    on_project, on_centre = said
    if on_project in letters.demanding and not (row.project or code.project or project):
        yield DEMANDS_PROJECT, on_project
    if on_centre in letters.demanding and not (row.profit_centre or code.profit_centre or centre):
        yield DEMANDS_PROFIT_CENTRE, on_centre
    if on_project in letters.forbidding and row.project:
        yield FORBIDS_PROJECT, on_project
    if on_centre in letters.forbidding and row.profit_centre:
        yield FORBIDS_PROFIT_CENTRE, on_centre
