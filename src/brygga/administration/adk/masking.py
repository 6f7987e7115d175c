"""What the call log shows of a text: personal data never (semantics §3.9, §4.11). Standard library only."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from brygga.administration.adk.tables import (
    FIELDS,
    CompanyField,
    ContactField,
    CustomerField,
    HeadField,
    ProjectField,
    RowField,
    SupplierHeadField,
    Table,
)

PERSONAL: Mapping[int, frozenset[int]] = {
    Table.CUSTOMER: frozenset(
        {
            CustomerField.NAME,
            CustomerField.MAILING_ADDRESS,
            CustomerField.MAILING_ADDRESS2,
            CustomerField.ZIPCODE,
            CustomerField.CITY,
            CustomerField.TELEPHONE,
            CustomerField.FAX,
            CustomerField.EMAIL,
            # A sole trader's is a personal number (semantics §3.9), and the VAT number is made of it.
            CustomerField.ORGANISATION_NUMBER,
            CustomerField.VAT_NUMBER,
        }
    ),
    Table.CONTACT: frozenset(
        {
            ContactField.NAME,
            ContactField.TITLE,
            ContactField.TELEPHONE,
            ContactField.MOBILEPHONE,
            ContactField.EMAIL,
        }
    ),
    Table.PROJECT: frozenset({ProjectField.NAME, ProjectField.CUSTOMER_NAME}),
    Table.INVOICE_HEAD: frozenset(
        {
            HeadField.CUSTOMER_NAME,
            HeadField.CUSTOMER_REFERENCE_NAME,
            HeadField.CUSTOMER_ORDER_NUMBER,
            HeadField.OUR_REFERENCE_NAME,
            HeadField.LOCAL_REMARK,
        }
    ),
    Table.INVOICE_ROW: frozenset({RowField.TEXT}),
    Table.SUPPLIER_INVOICE_HEAD: frozenset({SupplierHeadField.SUPPLIER_NAME}),
    Table.SUPPLIER_INVOICE_ROW: frozenset({RowField.TEXT}),
    Table.PRM: frozenset({CompanyField.NAME, CompanyField.ORGANISATION_NUMBER}),
}
"""Fields of this program's tables whose text is, or may hold, personal data: names, addresses, notes."""

_EMAIL = re.compile(r"[^\s@\"<>,;:()]+@[^\s@\"<>,;:()]+")
_LONG_NUMBER = re.compile(r"\+?\d(?:[ ()./+\-\u2010-\u2013\u2212\u00a0]{0,3}\d){6,}")
"""Seven digits or more: telephone numbers, personal numbers and organisation numbers in all their spellings."""


def masked(text: str) -> str:
    """The text without its words; an empty one is seen to be empty."""
    return f"*** ({len(text)} characters)" if text else '""'


def masked_patterns(text: str) -> str:
    """The text as JSON, its e-mail addresses and long numbers masked."""
    return json.dumps(_LONG_NUMBER.sub("***", _EMAIL.sub("***", text)), ensure_ascii=False)


def masked_field(table: int | None, field: int, text: str) -> str:
    """The text of a field (table None: unknown): shown only where the program knows that it is no personal data."""
    used: Any = FIELDS.get(cast(Table, table), ())
    is_known = any(field == member for member in used)
    if not is_known or field in PERSONAL.get(cast(int, table), ()):
        return masked(text)
    return masked_patterns(text)
