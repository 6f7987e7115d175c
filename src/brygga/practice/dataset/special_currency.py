"""Foreign currency and reverse charge: buyers abroad, construction at home, and rates that must be stopped."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from brygga.practice.administration_base import Record
from brygga.practice.dataset.common import Document, audit, is_working_day, money, month_before, month_days, new_guid
from brygga.practice.dataset.customers import organisation_number
from brygga.practice.dataset.invoices import charge_reversely, totals_of
from brygga.practice.dataset.maker import Maker, seed_record
from brygga.practice.dataset.registers import Registers, copy, vat_number
from brygga.practice.dataset.special_shapes import CONSTRUCTION_NAMES, invoice_at

RATES = {"EUR": "0.0895", "DKK": "0.6641", "USD": "0.0960", "NOK": "1.0321", "JPY": "14.3472"}
"""Foreign currency for one krona, the inverse direction (semantics §4.6)."""

HOUR_PRICES = {"EUR": "118.50", "DKK": "890.25", "USD": "131.75", "NOK": "1240.00", "JPY": "18500"}

FAR_RATE = "0.0790"
"""More than a tenth from the register's rate of the euro."""

EU_CURRENCIES = ("EUR", "DKK")

NEW_CURRENCIES = (("Japansk yen", "JPY", "¥", "14.3472"), ("Brittiskt pund", "GBP", "£", "0.0769"))
"""Currencies that only these companies have in Severa; of the pound Administration knows nothing."""

YEN: Mapping[str, str | Decimal] = {
    "CODE": "JPY",
    "COUNTRY": "Japan",
    "UNIT": Decimal(100),
    "SELL": Decimal("6.9700"),
    "BUY": Decimal("6.9010"),
}

BUYERS: Mapping[str, tuple[str, str, dict[str, object]]] = {
    "EUR": ("Rheinwerk Beratung GmbH", "DE811907980", {
        "country": "DE", "lines": ("Düsseldorfer Straße 7",), "postal_code": "40545", "city": "Düsseldorf",
        "language": "de-DE", "currency": "EUR",
    }),
    "DKK": ("Øresund Rådgivning A/S", "DK12345674", {
        "country": "DK", "lines": ("Østergade 11",), "postal_code": "1100", "city": "København",
        "language": "da-DK", "currency": "DKK",
    }),
    "USD": ("Lakeshore Analytics Inc.", "98-7654321", {
        "country": "US", "lines": ("100 Main Street", "Suite 400"), "postal_code": "60601", "city": "Chicago",
        "language": "en-GB", "currency": "USD",
    }),
    "NOK": ("Fjordbyen Eiendom AS", "NO987654321MVA", {
        "country": "NO", "lines": ("Strandgaten 20",), "postal_code": "5013", "city": "Bergen",
        "language": "nb-NO", "currency": "NOK",
    }),
    "JPY": ("Hokusai Trading K.K.", "T7010001234567", {
        "country": "JP", "lines": ("2-1 Marunouchi",), "postal_code": "100-0005", "city": "Tokyo",
        "language": "en-GB", "currency": "JPY",
    }),
}  # fmt: skip
"""Reverse-charged buyers by the currency they are billed in: name, identity, the rest."""


def at_least_one(share: float, count: int) -> int:
    """A share of a count, one at the least: everything occurs in every company."""
    return max(1, round(share * count))


def add_currencies(make: Maker, tables: dict[int, list[Record]], count: int) -> None:
    """Add all of it; ``count`` ordinary invoices decide how many there are."""
    _registers(make, tables)
    _foreign_invoices(make, count)
    _construction(make, count)
    _without_vat_number(make)
    _rates(make)


def bill_in(make: Maker, invoice: Document, currency: str, rate: str) -> Document:
    """Turn an invoice in kronor into one in another currency; the figures stay."""
    rows = make.book.rows_of(invoice)
    for row in rows:
        row["unitPrice"] = money(row["unitPrice"]["amount"], currency)
    register = make.sources.registers.currencies[currency]
    invoice |= {"currency": copy(register, "name", "code", "symbol"), "currencyRate": Decimal(rate)}
    invoice |= totals_of(rows)
    return invoice


def settings_of(make: Maker, invoice: Document) -> Document:
    """The settings of an invoice."""
    return next(each for each in make.book.settings if each["guid"] == invoice["guid"])


def _registers(make: Maker, tables: dict[int, list[Record]]) -> None:
    registers: Registers = make.sources.registers
    made = month_before(month_before(make.month))
    for name, code, symbol, rate in NEW_CURRENCIES:
        currency: Document = {
            "guid": new_guid(make.chance),
            "name": name,
            "code": code,
            "symbol": symbol,
            "rate": Decimal(rate),
            "isActive": True,
            "isOrganizationCurrency": False,
            **audit(made, make.chance),
        }
        registers.currencies[code] = currency
        registers.collections["currencies"].append(currency)
    japan: Document = {
        "guid": new_guid(make.chance),
        "name": "Japan",
        "englishName": "Japan",
        "code2": "JP",
        "code3": "JPN",
        "hasRegions": "NoRegion",
        "isInEU": False,
        "isRegistrationCountry": False,
    }
    registers.countries["JP"] = japan
    registers.collections["countries"].append(japan)
    seed_record(tables, "CODE_OF_CURRENCY", YEN)
    seed_record(tables, "CODE_OF_COUNTRY_CODE", {"CODE": "JP", "COUNTRY": "Japan", "ISO": True})


def _foreign_invoices(make: Maker, count: int) -> None:
    """Invoices per currency: reverse-charged to a buyer abroad, the rest with VAT to Swedish customers."""
    figure = make.sources.parameters.special
    charged = {True: at_least_one(figure.eu_share, count), False: at_least_one(figure.export_share, count)}
    buyers: dict[str, tuple[Document, Document]] = {}
    for currency, share in figure.currency_shares:
        in_union = currency in EU_CURRENCIES
        for place in range(at_least_one(share, count)):
            if charged[in_union] > 0:
                charged[in_union] -= 1
                if currency not in buyers:
                    buyers[currency] = _buyer(make, currency)
                _reverse_charged(make, currency, *buyers[currency])
            else:
                customer = make.sound[place % len(make.sound)]
                _in_currency(make, currency, customer, make.sources.projects.won_of[customer["guid"]][0], Decimal(25))


def _buyer(make: Maker, currency: str) -> tuple[Document, Document]:
    name, identity, rest = BUYERS[currency]
    customer = make.customer(name, identity, reverse_charge=True, **rest)
    return customer, make.project(customer, "Rådgivning")


def _reverse_charged(make: Maker, currency: str, customer: Document, project: Document) -> Document:
    invoice = _in_currency(make, currency, customer, project, Decimal(0))
    charge_reversely(settings_of(make, invoice))
    return invoice


def _in_currency(make: Maker, currency: str, customer: Document, project: Document, rate: Decimal) -> Document:
    day = make.chance.choice([each for each in month_days(make.month) if is_working_day(each)])
    rows = [
        {"quantity": Decimal(make.chance.randrange(1, 160)) / 4, "price": Decimal(HOUR_PRICES[currency]),
         "vat_rate": rate, "text": f"Konsultarvode, del {place}"}
        for place in range(1, make.chance.randrange(2, 5))
    ]  # fmt: skip
    invoice = make.invoice_with(customer, project, rows, day=day)
    make.defects.pass_with(invoice)
    return bill_in(make, invoice, currency, RATES[currency])


def _construction(make: Maker, count: int) -> None:
    """Construction services: the buyer is Swedish and owes the VAT; one row says so by having no rate at all."""
    for place in range(at_least_one(make.sources.parameters.special.construction_share, count)):
        name = CONSTRUCTION_NAMES[place % len(CONSTRUCTION_NAMES)]
        turn = place // len(CONSTRUCTION_NAMES)
        identity = vat_number(organisation_number(make.chance))
        customer = make.customer(f"{name} {turn + 1}" if turn else name, identity, reverse_charge=True)
        make.defects.pass_with(customer, "KND-105")
        rows = [{"vat_rate": Decimal(0)}, {"vat_rate": Decimal(0), "quantity": Decimal(3)}]
        invoice = make.invoice_with(customer, make.project(customer, "Stomkomplettering"), rows)
        make.book.rows_of(invoice)[0]["vatRate"] = None
        charge_reversely(settings_of(make, invoice))
        make.defects.pass_with(invoice)


def _without_vat_number(make: Maker) -> None:
    """Reverse charge without the buyer's VAT number: the card goes, the invoice does not (AT-09)."""
    rest = BUYERS["DKK"][2]
    customer = make.customer("Uden Nummer ApS", None, reverse_charge=True, **rest)
    make.defects.pass_with(customer, "KND-108")
    invoice = make.invoice_to(customer, make.project(customer, "Rådgivning"), vat_rate=Decimal(0))
    charge_reversely(settings_of(make, invoice))
    make.defects.refuse(bill_in(make, invoice, "DKK", RATES["DKK"]), "KND-108")


def _rates(make: Maker) -> None:
    """Rates to stop, to warn of, and one that is 1 because the currency is worth about a krona (semantics §4.6)."""
    amount = [{"quantity": Decimal(1), "price": Decimal("4875.50")}]
    for place, (currency, rate, code) in enumerate(
        (("EUR", "1", "VAL-401"), ("EUR", "0", "VAL-403"), ("GBP", "0.0769", "VAL-404"))
    ):
        make.defects.refuse(bill_in(make, invoice_at(make, place, amount), currency, rate), code)
    make.defects.pass_with(bill_in(make, invoice_at(make, 3, amount), "EUR", FAR_RATE), "VAL-402")
    make.defects.pass_with(bill_in(make, invoice_at(make, 4, amount), "NOK", "1"))
    make.defects.pass_with(bill_in(make, invoice_at(make, 5, amount), "EUR", RATES["EUR"]))
