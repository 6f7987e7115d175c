"""All tables that the practice engine models, by id. Any other id is refused (107)."""

from __future__ import annotations

from brygga.practice.adk_engine.fields import Table
from brygga.practice.adk_engine.tables_codes import (
    ACCOUNT,
    CODE_OF_ARTICLE_ACCOUNT,
    CODE_OF_ARTICLE_GROUP,
    CODE_OF_BOOKINGYEAR,
    CODE_OF_COUNTRY_CODE,
    CODE_OF_CURRENCY,
    CODE_OF_LANGUAGE,
    CODE_OF_PRICE_LIST,
    CODE_OF_PROFIT_CENTRE,
    CODE_OF_TERMS_OF_PAYMENT,
    CODE_OF_UNIT,
    PRM,
    PRM2,
)
from brygga.practice.adk_engine.tables_documents import INVOICE_HEAD, INVOICE_ROW
from brygga.practice.adk_engine.tables_ledgers import (
    CUSTOMERPAYMENT,
    SUPPLIER,
    SUPPLIER_INVOICE_HEAD,
    SUPPLIER_INVOICE_ROW,
)
from brygga.practice.adk_engine.tables_registers import ARTICLE, CONTACT, CUSTOMER, PROJECT

TABLES: dict[int, Table] = {
    table.id: table
    for table in (
        CUSTOMER,
        ARTICLE,
        INVOICE_HEAD,
        INVOICE_ROW,
        PROJECT,
        ACCOUNT,
        CODE_OF_TERMS_OF_PAYMENT,
        CODE_OF_LANGUAGE,
        CODE_OF_CURRENCY,
        CODE_OF_ARTICLE_GROUP,
        CODE_OF_ARTICLE_ACCOUNT,
        CODE_OF_UNIT,
        CODE_OF_PROFIT_CENTRE,
        CODE_OF_PRICE_LIST,
        PRM,
        PRM2,
        CODE_OF_COUNTRY_CODE,
        CODE_OF_BOOKINGYEAR,
        CONTACT,
        SUPPLIER,
        SUPPLIER_INVOICE_HEAD,
        SUPPLIER_INVOICE_ROW,
        CUSTOMERPAYMENT,
    )
}

ROW_TABLES: dict[int, Table] = {
    table.id: TABLES[table.row_table] for table in TABLES.values() if table.row_table is not None
}
"""The table of the rows of each document table, by the id of its heads."""

IS_ROWS = frozenset(table.id for table in ROW_TABLES.values())
"""Ids of the tables whose records exist only inside a head."""
