"""What Administration posts documents to: charts of accounts, accounting codes and the company's default accounts."""

from __future__ import annotations

from datetime import date

from brygga.records.base import Record


class AccountingCode(Record, frozen=True):
    """An article's accounting code (konteringskod): its sales accounts, empty where the company's default counts."""

    sales: str = ""
    export: str = ""
    eu: str = ""
    buildservice: str = ""
    profit_centre: str = ""
    project: str = ""


class Chart(Record, frozen=True):
    """The ledger accounts of one booking year (first and last day inclusive); ``inactive`` ones are among them."""

    start: date
    end: date
    accounts: frozenset[str]
    inactive: frozenset[str] = frozenset()
    project_letters: dict[str, str] = {}
    """By account: the letter that says whether it takes a project; accounts without one are left out. What the letters
    mean is not public (contracts/adk.md §2.4)."""
    profit_centre_letters: dict[str, str] = {}
    """The same for the profit centre."""


class PostingAccounts(Record, frozen=True):
    """The company's charts and default accounts. Account numbers are text; an empty one is not set."""

    charts: tuple[Chart, ...]
    codes: dict[str, AccountingCode]
    claims: str
    """Kundfordringar, where the customer has no account of its own."""
    vat: tuple[str, str, str, str]
    """Output VAT of VAT codes 1 to 4."""
    sales: str
    export: str
    eu: str
    rounding: str
    claims_of: dict[str, str] = {}
    """A customer's own account for what it owes, by customer number."""
    profit_centre_of: dict[str, str] = {}
    """The profit centre that a customer's documents get, by customer number."""

    def chart(self, day: date) -> Chart | None:
        """The chart of the booking year that holds the day."""
        return next((chart for chart in self.charts if chart.start <= day <= chart.end), None)
