"""What this installation can do: asked from the library when a company is opened, never assumed (architecture)."""

from __future__ import annotations

from collections.abc import Mapping

from brygga.administration.adk.records import FieldTraits
from brygga.administration.adk.tables import (
    ArticleField,
    ContactField,
    CustomerField,
    HeadField,
    ProjectField,
    RowField,
    Table,
)
from brygga.administration.mapping import CARDS, NOT_THE_CUSTOMERS
from brygga.records.target import Capabilities, Lengths

Traits = Mapping[tuple[int, int], FieldTraits]
"""What the library said of the fields, by (table, field); a field it does not have is missing."""

LENGTHS: dict[str, tuple[Table, int, int]] = {
    "customer_number": (Table.CUSTOMER, CustomerField.NUMBER, 16),
    "customer_name": (Table.CUSTOMER, CustomerField.NAME, 50),
    "address": (Table.CUSTOMER, CustomerField.MAILING_ADDRESS, 30),
    "zip_code": (Table.CUSTOMER, CustomerField.ZIPCODE, 9),
    "city": (Table.CUSTOMER, CustomerField.CITY, 24),
    "country": (Table.CUSTOMER, CustomerField.COUNTRY, 24),
    "telephone": (Table.CUSTOMER, CustomerField.TELEPHONE, 16),
    "email": (Table.CUSTOMER, CustomerField.EMAIL, 50),
    "organisation_number": (Table.CUSTOMER, CustomerField.ORGANISATION_NUMBER, 11),
    "vat_number": (Table.CUSTOMER, CustomerField.VAT_NUMBER, 14),
    "contact_name": (Table.CONTACT, ContactField.NAME, 30),
    "project_code": (Table.PROJECT, ProjectField.CODE_OF_PROJECT, 6),
    "project_name": (Table.PROJECT, ProjectField.NAME, 50),
    "article_number": (Table.ARTICLE, ArticleField.NUMBER, 16),
    "article_name": (Table.ARTICLE, ArticleField.NAME, 30),
    "row_text": (Table.INVOICE_ROW, RowField.TEXT, 60),
    "unit": (Table.INVOICE_ROW, RowField.UNIT, 4),
    "order_number": (Table.INVOICE_HEAD, HeadField.CUSTOMER_ORDER_NUMBER, 20),
    "our_reference": (Table.INVOICE_HEAD, HeadField.OUR_REFERENCE_NAME, 25),
    "your_reference": (Table.INVOICE_HEAD, HeadField.CUSTOMER_REFERENCE_NAME, 50),
    "remark": (Table.INVOICE_HEAD, HeadField.LOCAL_REMARK, 60),
    "ocr": (Table.INVOICE_HEAD, HeadField.OCR_NUMBER, 25),
    "profit_centre": (Table.INVOICE_ROW, RowField.PROFIT_CENTRE, 6),
}
"""Where each length is asked, and what counts when the library does not say.

The fallbacks are the hints of contracts/adk.md §2.2 and semantics §4.0 (number, name, city, country, article, project,
row, references, order number) and §3.9 (OCR); the others are not public and are kept short on purpose.
"""


def fields_to_ask() -> dict[Table, list[int]]:
    """The fields whose traits are needed, by table."""
    asked: dict[Table, list[int]] = {}
    for table, field, _fallback in LENGTHS.values():
        asked.setdefault(table, []).append(field)
    for card in CARDS.values():
        # What is sent also when empty is sent only where the installation lets a client set it.
        asked.setdefault(card.table, []).extend(column.field for column in card.columns if column.explicit)
    for table, field in NOT_THE_CUSTOMERS:
        asked.setdefault(table, []).append(field)
    asked[Table.INVOICE_HEAD].append(HeadField.DOCUMENT_NUMBER)
    asked[Table.INVOICE_ROW] += [RowField.PRICE_EACH_CURRENT_CURRENCY, RowField.QUANTITY1]
    return asked


def capabilities_from(traits: Traits, api_version: tuple[int, int]) -> Capabilities:
    """What the library said, as capabilities; a length it does not tell is the fallback of ``LENGTHS``."""
    lengths: dict[str, int] = {}
    for name, (table, field, fallback) in LENGTHS.items():
        said = traits.get((table, field))
        lengths[name] = said.length if said is not None and said.length > 0 else fallback
    number = traits.get((Table.INVOICE_HEAD, HeadField.DOCUMENT_NUMBER))
    return Capabilities(
        lengths=Lengths(**lengths), invoice_number_given=number is not None and number.writable, api_version=api_version
    )


def price_decimals(traits: Traits, four_decimals: bool) -> int:
    """Decimals of a unit price: what the company has switched on (PRM field 72) and the field can hold."""
    wanted = 4 if four_decimals else 2
    said = traits.get((Table.INVOICE_ROW, RowField.PRICE_EACH_CURRENT_CURRENCY))
    return wanted if said is None else min(wanted, said.decimals)


def quantity_decimals(traits: Traits) -> int:
    """Decimals of a row's quantity: what the field can hold, two when the library does not say."""
    said = traits.get((Table.INVOICE_ROW, RowField.QUANTITY1))
    return 2 if said is None else said.decimals
