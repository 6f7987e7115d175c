"""What an installation answers to the questions that public facts leave open (contracts/adk.md §7), by reading only.

Each question is asked of records that are there, or of an empty record in memory that is never added. An answer is a
short word; None means that reading could not settle it here. Neither names nor amounts leave this module. Standard
library only: the host process runs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from brygga.administration.adk.errors import AdkError, Code
from brygga.administration.adk.library import AdkLibrary, Handle
from brygga.administration.adk.tables import (
    BookingYearField,
    CompanyField,
    CustomerField,
    HeadField,
    RowField,
    SupplierHeadField,
    Table,
)

LOOKED_AT = 2000
"""At most so many records of a table are looked at for one that settles a question."""
PROBE_DATE = ("2026-01-31", 20260131)
BUFFER = 300
EMPTY = (Code.EOF, Code.NOT_FOUND)

Answer = str | None


class Probe:
    """Asks the library of an open company. Every method is one question."""

    def __init__(self, library: AdkLibrary) -> None:
        self._library = library

    def answers(self) -> dict[str, Answer]:
        """Every question with its answer; one that fails is not settled, and does not keep the others from asking."""
        questions: dict[str, Callable[[], Answer]] = {
            "document_number_writable": self.document_number_writable,
            "date_encoding": self.date_encoding,
            "buffer_counts_nul": self.buffer_counts_nul,
            "first_on_empty": self.first_on_empty,
            "filter_ignores_case": self.filter_ignores_case,
            "limits_checked_at": self.limits_checked_at,
            "quantity_decimals": self.quantity_decimals,
            "timestamp_text": self.timestamp_text,
            "balance_in": self.balance_in,
            "credit_balance_sign": self.credit_balance_sign,
            "supplier_credit_sign": self.supplier_credit_sign,
            "locked_month_format": self.locked_month_format,
        }
        return {name: _asked(question) for name, question in questions.items()}

    def document_number_writable(self) -> Answer:
        """Whether a client may give an invoice its number (§7.2); that the add takes it is seen at the first one."""
        with self._record(Table.INVOICE_HEAD) as data:
            return _yes(self._library.is_read_write(data, HeadField.DOCUMENT_NUMBER))

    def date_encoding(self) -> Answer:
        """Whether the LONG of a date is yyyymmdd (§7.5)."""
        text, plain = PROBE_DATE
        return "yyyymmdd" if self._library.date_to_long(text) == plain else "opaque"

    def buffer_counts_nul(self) -> Answer:
        """Whether the length given to AdkGetStr counts the NUL (§7.6), by the company's own name."""
        with self._record(Table.PRM) as data:
            self._library.first(data, False)
            length = len(self._library.get_str(data, CompanyField.NAME, BUFFER))
            if not length:
                return None
            try:
                read = self._library.get_str(data, CompanyField.NAME, length)
            except AdkError as error:
                if error.code != Code.TOO_SHORT_STRING:
                    raise
                return "yes"
            return "no" if len(read) == length else "yes"

    def first_on_empty(self) -> Answer:
        """The code for a table in which the filter leaves nothing (§7.9)."""
        with self._record(Table.CUSTOMER) as data:
            self._library.set_filter(data, CustomerField.NUMBER, "~no such~")
            try:
                self._library.first(data, False)
            except AdkError as error:
                return str(int(error.code)) if error.code in EMPTY else None
            return None

    def filter_ignores_case(self) -> Answer:
        """Whether a name written with the other case is found by a filter (§7.11)."""
        for data in self._walk(Table.CUSTOMER):
            name = self._library.get_str(data, CustomerField.NAME, BUFFER)
            other = name.swapcase()
            if other.swapcase() != name or other == name or "*" in name:
                continue
            return self._found_by(other)
        return None

    def _found_by(self, name: str) -> Answer:
        with self._record(Table.CUSTOMER) as data:
            self._library.set_filter(data, CustomerField.NAME, name)
            try:
                self._library.first(data, False)
            except AdkError as error:
                if error.code not in EMPTY:
                    raise
                return "no"
            same = self._library.get_str(data, CustomerField.NAME, BUFFER) == name
            return None if same else "yes"

    def limits_checked_at(self) -> Answer:
        """Whether a text that is too long is refused when it is set, or first when the record is added."""
        with self._record(Table.CUSTOMER) as data:
            length = self._library.field_length(data, CustomerField.NAME)
            try:
                self._library.set_str(data, CustomerField.NAME, "x" * (length + 1))
            except AdkError as error:
                return "set" if error.code == Code.TOO_MANY_CHARACTERS else None
            return "add"

    def quantity_decimals(self) -> Answer:
        """Decimals of a row's quantity."""
        array = self._library.create_rows(Table.INVOICE_ROW, 1)
        try:
            return str(self._library.field_decimals(self._library.row(array, 0), RowField.QUANTITY1))
        finally:
            self._library.delete_struct(array)

    def timestamp_text(self) -> Answer:
        """How exact the text of a change time is (§7.5)."""
        for data in self._walk(Table.CUSTOMER):
            long = self._library.get_date(data, self._library.timestamp_field(data))
            if long:
                text = self._library.long_to_date_time(long)
                return {2: "seconds", 1: "minutes"}.get(text.count(":"))
        return None

    def balance_in(self) -> Answer:
        """Which of BALANCE and BALANCE2 is in SEK, by an open invoice in another currency (§7.3)."""
        for data in self._walk(Table.INVOICE_HEAD, backwards=True):
            unit = self._library.get_double(data, HeadField.CURRENCY_UNIT) or 1.0
            rate = self._library.get_double(data, HeadField.CURRENCY_RATE) / unit
            first = abs(self._library.get_double(data, HeadField.BALANCE))
            second = abs(self._library.get_double(data, HeadField.BALANCE2))
            if rate <= 0 or 0.8 < rate < 1.25 or first < 1 or second < 1:
                continue
            if _near(second / first, rate):
                return "document"
            if _near(first / second, rate):
                return "sek"
        return None

    def credit_balance_sign(self) -> Answer:
        """The sign of the balance of an unpaid credit invoice."""
        return self._sign(Table.INVOICE_HEAD, HeadField.TYPE_OF_INVOICE, HeadField.BALANCE)

    def supplier_credit_sign(self) -> Answer:
        """The sign of the total of a supplier's credit invoice."""
        return self._sign(Table.SUPPLIER_INVOICE_HEAD, SupplierHeadField.TYPE_OF_INVOICE, SupplierHeadField.TOTAL)

    def _sign(self, table: Table, type_field: int, amount_field: int) -> Answer:
        for data in self._walk(table, backwards=True):
            if self._library.get_str(data, type_field, BUFFER) == "K":
                amount = self._library.get_double(data, amount_field)
                if amount:
                    return "positive" if amount > 0 else "negative"
        return None

    def locked_month_format(self) -> Answer:
        """How a locked month is written, by a booking year that has one."""
        for data in self._walk(Table.CODE_OF_BOOKINGYEAR):
            text = self._library.get_str(data, BookingYearField.LOCKED_MONTH, BUFFER).strip()
            if text:
                if re.fullmatch(r"\d{4}-\d{2}", text):
                    return "yyyy-MM"
                return "MM" if re.fullmatch(r"\d{1,2}", text) else "other"
        return None

    # -- records ---------------------------------------------------------------------------------------------
    @contextmanager
    def _record(self, table: int) -> Iterator[Handle]:
        data = self._library.create_data(table)
        try:
            yield data
        finally:
            self._library.delete_struct(data)

    def _walk(self, table: int, *, backwards: bool = False) -> Iterator[Handle]:
        """The records of the table, one after another in the same handle."""
        begin, onwards = (
            (self._library.last, self._library.previous) if backwards else (self._library.first, self._library.next)
        )
        with self._record(table) as data:
            step = begin
            for _ in range(LOOKED_AT):
                try:
                    step(data, False)
                except AdkError as error:
                    if error.code in (Code.EOF, Code.BOF, Code.NOT_FOUND):
                        return
                    raise
                yield data
                step = onwards


def _asked(question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except AdkError as error:
        if error.code == Code.NO_DB_OPEN:
            raise
        return None


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 0.02 * other
