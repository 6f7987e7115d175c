"""A list as a file: Excel, and CSV with semicolons."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

import xlsxwriter
from litestar import Response, get
from litestar.params import FromPath

from brygga.store.listings import ListedRow
from brygga.web.pages.exports import guarded
from brygga.web.pages.lists import ListPage
from brygga.web.site import NoSuchPage, WebRequest
from brygga.web.texts import Words

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/{company:str}/{tab:str}/excel", sync_to_thread=True)
def excel(request: WebRequest, company: FromPath[str], tab: FromPath[str]) -> Response[bytes]:
    """The list as it is filtered, as an Excel workbook."""
    shown = ListPage(request, company, tab)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(shown.words.transfer(shown.name)[:31])
        bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet.write_row(0, 0, _headings(shown), bold)
        for number, row in enumerate(_exported(shown), start=1):
            for column, value in enumerate(_cells(shown.words, row)):
                if column == GROSS_COLUMN and row.gross is not None:
                    sheet.write_number(number, column, row.gross, amount)
                else:
                    sheet.write_string(number, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return _file(buffer.getvalue(), EXCEL, f"{shown.tab}.xlsx")


@get("/{company:str}/{tab:str}/csv", sync_to_thread=True)
def comma_separated(request: WebRequest, company: FromPath[str], tab: FromPath[str]) -> Response[bytes]:
    """The list as it is filtered, as CSV with semicolons (as Swedish Excel opens it)."""
    shown = ListPage(request, company, tab)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(_headings(shown))
    for row in _exported(shown):
        writer.writerow([guarded(value) for value in _cells(shown.words, row)])
    return _file(b"\xef\xbb\xbf" + buffer.getvalue().encode(), "text/csv; charset=utf-8", f"{shown.tab}.csv")


GROSS_COLUMN = 4


def _headings(shown: ListPage) -> list[str]:
    t = shown.words.t
    first = [t("Number"), t("Name"), t("Detail"), t("Date"), shown.amount_heading, t("Currency"), t("State")]
    return [*first, t("In the other system"), t("Reason and remedy")]


def _cells(words: Words, row: ListedRow) -> list[str]:
    gross = "" if row.gross is None else words.translator.number(row.gross).replace("\u00a0", "")
    why = " ".join(words.reason(each) for each in words.reasons(row.reasons))
    return [
        row.number,
        row.name,
        row.detail,
        row.day,
        gross,
        row.currency,
        words.state(row.state),
        words.key(row.target_key),
        why,
    ]


def _exported(shown: ListPage) -> Iterable[ListedRow]:
    listing = shown.listing
    if listing is None:
        raise NoSuchPage(shown.tab)
    return shown.listings.rows(listing, shown.view.filter)


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


ROUTES: tuple[Callable[..., Any], ...] = (excel, comma_separated)
