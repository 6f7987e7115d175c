"""The chart of accounts, accounting codes and default accounts of the company (contracts/adk.md §2.2, §2.4)."""

from __future__ import annotations

from brygga.administration.adk.records import AdkRecord, Scan
from brygga.administration.adk.tables import (
    AccountField,
    AccountingCodeField,
    CustomerField,
    DefaultAccountField,
    Table,
)
from brygga.administration.gateway_calls import HostCalls
from brygga.records.posting_accounts import AccountingCode, Chart, PostingAccounts
from brygga.records.target import BookingYear


def read_posting_accounts(calls: HostCalls, years: tuple[BookingYear, ...]) -> PostingAccounts:
    """What documents of the company are posted to."""
    found = calls.scan(Scan(Table.PRM2, [int(field) for field in DefaultAccountField], limit=1))
    defaults = found[0] if found else AdkRecord({})

    def account(field: DefaultAccountField) -> str:
        return defaults.text(field) if found else ""

    return PostingAccounts(
        charts=_charts(calls, years),
        codes=_codes(calls),
        claims=account(DefaultAccountField.DEFAULT_ACCOUNT_CUSTOMER_CLAIM),
        vat=(
            account(DefaultAccountField.DEFAULT_ACCOUNT_VAT1),
            account(DefaultAccountField.DEFAULT_ACCOUNT_VAT2),
            account(DefaultAccountField.DEFAULT_ACCOUNT_VAT3),
            account(DefaultAccountField.DEFAULT_ACCOUNT_VAT4),
        ),
        sales=account(DefaultAccountField.DEFAULT_ACCOUNT_SALES),
        export=account(DefaultAccountField.DEFAULT_ACCOUNT_SALES_EXPORT),
        eu=account(DefaultAccountField.DEFAULT_ACCOUNT_SALES_EU),
        rounding=account(DefaultAccountField.DEFAULT_ACCOUNT_ROUND),
        claims_of=_of_customers(calls, CustomerField.DEBT_ACCOUNT),
        profit_centre_of=_of_customers(calls, CustomerField.PROFIT_CENTRE),
    )


def _charts(calls: HostCalls, years: tuple[BookingYear, ...]) -> tuple[Chart, ...]:
    held: dict[str, list[AdkRecord]] = {}
    for record in calls.scan(Scan(Table.ACCOUNT, [int(field) for field in AccountField])):
        held.setdefault(record.text(AccountField.SEASON_ID), []).append(record)
    return tuple(_chart(year, held.get(year.id, [])) for year in years)


def _chart(year: BookingYear, records: list[AdkRecord]) -> Chart:
    def letters(field: AccountField) -> dict[str, str]:
        return {record.text(AccountField.NUMBER): letter for record in records if (letter := record.text(field))}

    return Chart(
        start=year.start,
        end=year.end,
        accounts=frozenset(record.text(AccountField.NUMBER) for record in records),
        inactive=frozenset(
            record.text(AccountField.NUMBER) for record in records if record.flag(AccountField.NOT_ACTIVE)
        ),
        project_letters=letters(AccountField.PROJECT_ON_ACCOUNT),
        profit_centre_letters=letters(AccountField.PROFIT_CENTRE_ON_ACCOUNT),
    )


def _codes(calls: HostCalls) -> dict[str, AccountingCode]:
    records = calls.scan(Scan(Table.CODE_OF_ARTICLE_ACCOUNT, [int(field) for field in AccountingCodeField]))
    return {
        record.text(AccountingCodeField.CODE): AccountingCode(
            sales=record.text(AccountingCodeField.SALES),
            export=record.text(AccountingCodeField.EXPORT_SALES),
            eu=record.text(AccountingCodeField.SALES_EU),
            buildservice=record.text(AccountingCodeField.BUILD),
            profit_centre=record.text(AccountingCodeField.PROFIT_CENTRE),
            project=record.text(AccountingCodeField.PROJECT),
        )
        for record in records
    }


def _of_customers(calls: HostCalls, field: CustomerField) -> dict[str, str]:
    """What the customers that have it have in the field, by number; older versions of the library do not have every
    field (136)."""
    if field not in calls.describe(Table.CUSTOMER, [field]):
        return {}
    records = calls.scan(Scan(Table.CUSTOMER, [CustomerField.NUMBER, field]))
    return {record.text(CustomerField.NUMBER): own for record in records if (own := record.text(field))}
