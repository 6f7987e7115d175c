"""Supplier invoices of the practice month in Administration: ordinary ones and the edge pack (spec/data.md §6)."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from brygga.practice.administration_base import Record, Value, record, table_named
from brygga.practice.arithmetic import half_up
from brygga.practice.dataset.common import is_working_day, lognormal, month_days, next_month

FIRST_SERIAL = 4701
FIRST_SUPPLIER = 501
COST_ACCOUNTS = (("4600", "Underkonsult"), ("4010", "Material"), ("5410", "Förbrukning"), ("6212", "Telefoni"))
DEBT, VAT = "2440", "2641"
VAT_SHARE = Decimal("0.25")
SUPPLIERS = (
    "Underkonsult i Väst AB", "Kontorsmateriel Norden AB", "Mobiloperatören AB", "Café Crème Catering AB",
    "Bilverkstan i Ytterby AB", "Server & Drift AB", "Städ och fönster AB", "Åkeri Östlund AB",
)  # fmt: skip
TEXTS = ("Underkonsult enligt avtal", "Timmar v. 3–4", "Material till kund", "Hyra av utrustning", "Resekostnad", "")
GONE_PROJECT = "X9"
"""A project that only Administration has."""


@dataclass(frozen=True)
class SupplierFigures:
    """Shares and sizes (spec/data.md §6): of the month's invoices, of those with a project, rows on those."""

    invoices_per_year: int
    project_share: float
    rows_with_project: int
    row_median: int = 4_500
    row_p95: int = 45_000
    unattested_share: float = 0.05


SUPPLIER_SIZES: Mapping[str, SupplierFigures] = {
    "small": SupplierFigures(420, 0.35, 2),
    "medium": SupplierFigures(6_500, 0.35, 3),
}


@dataclass(frozen=True)
class Row:
    """A cost row; ``amount`` in document currency, excluding VAT."""

    account: str
    amount: Decimal
    text: str = ""
    project: str = ""
    profit_centre: str = ""


@dataclass(frozen=True)
class Entered:
    """A supplier invoice as it was entered: ``supplier`` is a place among the suppliers, ``unit`` that of the rate."""

    rows: tuple[Row, ...]
    day: date
    supplier: int = 0
    kind: str = "F"
    project: str = ""
    currency: str = "SEK"
    rate: Decimal = Decimal(1)
    unit: int = 1
    attested: bool = True
    cancelled: bool = False
    vat_free: bool = False
    entered: datetime | None = None


@dataclass(frozen=True)
class Codes:
    """Project codes of Administration: open projects that the invoices may use, one that is closed in Severa, and one
    that somebody closes between the listing and the transfer."""

    open: Sequence[str]
    closed: str
    closing: str


def supplier_tables(
    chance: random.Random, size: str, codes: Codes, centres: Sequence[str], month: date
) -> dict[int, list[Record]]:
    """The suppliers and the month's supplier invoices, with the program's own rows, as records of Administration."""
    invoices = [*_ordinary(chance, SUPPLIER_SIZES[size], codes, centres, month), *_edge_pack(codes, month)]
    invoices.sort(key=lambda each: each.entered or _entry(each.day))
    names = {
        str(FIRST_SUPPLIER + place): name for place, name in enumerate((*SUPPLIERS, "Bau & Söhne GmbH", "Tokyo KK"))
    }
    supplier, head = table_named("SUPPLIER"), table_named("SUPPLIER_INVOICE_HEAD")
    return {
        supplier.id: [record(supplier, {"NUMBER": number, "NAME": name}) for number, name in names.items()],
        head.id: [_head(FIRST_SERIAL + place, each, names) for place, each in enumerate(invoices)],
    }


def _entry(day: date) -> datetime:
    """Two days after its date, in the morning."""
    return datetime.combine(day + timedelta(days=2), time(9, 15))


# -- the ordinary month ------------------------------------------------------------------------------------------------
def _ordinary(
    chance: random.Random, figures: SupplierFigures, codes: Codes, centres: Sequence[str], month: date
) -> Iterable[Entered]:
    days = [day for day in month_days(month) if is_working_day(day)]
    count = round(figures.invoices_per_year / 12)
    with_project = round(count * figures.project_share)
    for place in range(count):
        wanted = place < with_project
        rows = [
            Row(
                chance.choice(COST_ACCOUNTS)[0],
                half_up(Decimal(str(lognormal(chance, figures.row_median, figures.row_p95)))),
                chance.choice(TEXTS),
                chance.choice(codes.open) if wanted and (not number or chance.random() < 0.7) else "",
                chance.choice(centres) if chance.random() < 0.5 else "",
            )
            for number in range(max(1, chance.randrange(1, 2 * figures.rows_with_project)) if wanted else 1)
        ]
        yield Entered(
            tuple(rows),
            chance.choice(days),
            chance.randrange(len(SUPPLIERS)),
            attested=chance.random() >= figures.unattested_share,
        )


# -- the edge pack -----------------------------------------------------------------------------------------------------
def _edge_pack(codes: Codes, month: date) -> list[Entered]:
    """What a sloppy transfer gets wrong, each for itself."""
    first, second = codes.open[0], codes.open[1 % len(codes.open)]
    day = next(each for each in month_days(month) if is_working_day(each)) + timedelta(days=7)
    eur = {"currency": "EUR", "rate": Decimal("11.2345"), "vat_free": True, "supplier": len(SUPPLIERS)}
    cost = Row("4600", Decimal(8000), "Underkonsult", first)

    def plain(*rows: Row, **more: object) -> Entered:
        return replace(Entered(rows, day), **more)  # type: ignore[arg-type]

    return [
        # Mixed: one row with, one without a project; then the same with a project on the head (AT-89, AT-90).
        plain(cost, Row("4010", Decimal(1500), "Skruv")),
        plain(cost, Row("4010", Decimal(1500), "Skruv"), project=second),
        plain(cost, Row("4600", Decimal("333.33"), "Till ett annat", second)),
        # Every row on a blocked account, project or not.
        plain(Row("3740", Decimal("0.45"), "Öresavrundning", first), Row("2641", Decimal(100), "Ingående moms", first)),
        # Foreign currency and its credit (AT-72, AT-73, AT-74).
        plain(Row("4600", Decimal("2499.99"), "Beratung – größer", first), **eur),
        plain(Row("4600", Decimal("2499.99"), "Beratung – größer", first), kind="K", **eur),
        plain(
            Row("4600", Decimal(150000), "Konsulting", first),
            currency="JPY", rate=Decimal("6.97"), unit=100, vat_free=True, supplier=len(SUPPLIERS) + 1,
        ),
        # Signs (AT-74, AT-75, AT-76).
        plain(cost, kind="K"),
        plain(Row("4600", Decimal(10000), "Arbete", first), Row("4600", Decimal(-2000), "Rabatt", first)),
        plain(cost, Row("4600", Decimal(-2000), "Återlagd rabatt", first), kind="K"),
        # Projects that take nothing (AT-85), and one that is closed while the list is on the screen.
        plain(Row("4600", Decimal(700), "Efterslängare", codes.closed), Row("4600", Decimal(800), "Går fram", first)),
        plain(Row("4600", Decimal(900), "Stängs emellan", codes.closing)),
        plain(Row("4600", Decimal(950), "Okänt projekt", GONE_PROJECT)),
        # Cancelled, not attested, entered long after its date.
        plain(cost, cancelled=True),
        plain(cost, attested=False),
        plain(cost, entered=_entry(next_month(month) + timedelta(days=3))),
        # Small, nothing, and without a word.
        plain(Row("4600", Decimal("0.05"), "Fem öre", first), Row("4600", Decimal(0), "Noll", first)),
        plain(Row("4600", Decimal(120), "", first)),
        plain(Row("4600", Decimal(121), "Å" * 60, first)),
    ]  # fmt: skip


# -- records -----------------------------------------------------------------------------------------------------------
def _head(serial: int, invoice: Entered, names: Mapping[str, str]) -> Record:
    number = str(FIRST_SUPPLIER + invoice.supplier)
    net = sum((row.amount for row in invoice.rows), Decimal(0))
    vat = Decimal(0) if invoice.vat_free else half_up(net * VAT_SHARE)
    rows = _program_rows(invoice, net, vat) + [_row(invoice, row) for row in invoice.rows]
    values: dict[str, Value] = {
        "GIVEN_NUMBER": serial,
        "SUPPLIER_NUMBER": number,
        "SUPPLIER_NAME": names[number],
        "INVOICE_NUMBER": f"F{serial - FIRST_SERIAL + 9001}",
        "INVOICE_DATE": invoice.day,
        "DUE_DATE": invoice.day + timedelta(days=30),
        "CURRENCY_CODE": invoice.currency,
        "CURRENCY_RATE": invoice.rate,
        "CURRENCY_UNIT": invoice.unit,
        "TYPE_OF_INVOICE": invoice.kind,
        "TOTAL": net + vat,
        "BALANCE_CURRENT_CURRENCY": Decimal(0) if invoice.cancelled else net + vat,
        "VAT_AMOUNT": vat,
        "CERTIFIED": invoice.attested,
        "CANCELLED": invoice.cancelled,
        "PROJECT": invoice.project,
        "SUPPLIER_DEBT_ACCOUNT": DEBT,
        "NROWS": len(rows),
        "ROWS": [record(table_named("SUPPLIER_INVOICE_ROW"), row) for row in rows],
        "TIMESTAMP": invoice.entered or _entry(invoice.day),
    }
    return record(table_named("SUPPLIER_INVOICE_HEAD"), values)


def _sek(invoice: Entered, amount: Decimal) -> Decimal:
    return half_up(amount * invoice.rate / invoice.unit)


def _program_rows(invoice: Entered, net: Decimal, vat: Decimal) -> list[dict[str, Value]]:
    """The rows for debt and VAT come first; the debt in SEK is what the others sum up to (contracts/adk.md §2.4)."""
    vat_sek = _sek(invoice, vat)
    debt = -sum((_sek(invoice, row.amount) for row in invoice.rows), Decimal(0)) - vat_sek
    made: list[dict[str, Value]] = [
        {
            "TEXT": "Total",
            "ACCOUNT_NUMBER": DEBT,
            "AMOUNT_CURRENT_CURRENCY": -(net + vat),
            "AMOUNT_DOMESTIC_CURRENCY": debt,
        }
    ]
    if vat:
        made.append(
            {
                "TEXT": "Moms",
                "ACCOUNT_NUMBER": VAT,
                "AMOUNT_CURRENT_CURRENCY": vat,
                "AMOUNT_DOMESTIC_CURRENCY": vat_sek,
            }
        )
    return made


def _row(invoice: Entered, row: Row) -> dict[str, Value]:
    return {
        "TEXT": row.text,
        "ACCOUNT_NUMBER": row.account,
        "AMOUNT_CURRENT_CURRENCY": row.amount,
        "AMOUNT_DOMESTIC_CURRENCY": _sek(invoice, row.amount),
        "PROJECT": row.project,
        "PROFIT_CENTRE": row.profit_centre,
    }
