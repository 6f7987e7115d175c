"""The program's own table of ids: tables, fields and sort orders of the Administration API that it uses.

Ids never change their meaning (contracts/adk.md §2: append-only, compared over fifteen years). A test holds every
member against ``adk_fields.json`` and ``adk_api.json``: members are named as the API's constants without prefix.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Table(IntEnum):
    """ADK_DB_*: the tables."""

    CUSTOMER = 0
    ARTICLE = 1
    INVOICE_HEAD = 6
    INVOICE_ROW = 7
    SUPPLIER_INVOICE_HEAD = 8
    SUPPLIER_INVOICE_ROW = 9
    PROJECT = 10
    ACCOUNT = 11
    CODE_OF_TERMS_OF_PAYMENT = 15
    CODE_OF_LANGUAGE = 16
    CODE_OF_CURRENCY = 17
    CODE_OF_ARTICLE_GROUP = 22
    CODE_OF_ARTICLE_ACCOUNT = 23
    CODE_OF_UNIT = 24
    CODE_OF_PROFIT_CENTRE = 25
    CODE_OF_PRICE_LIST = 26
    PRM = 27
    PRM2 = 58
    CODE_OF_COUNTRY_CODE = 61
    CODE_OF_BOOKINGYEAR = 67
    CONTACT = 69


class CustomerField(IntEnum):
    """Fields of CUSTOMER."""

    NUMBER = 0
    NAME = 1
    MAILING_ADDRESS = 3
    MAILING_ADDRESS2 = 4
    ZIPCODE = 6
    CITY = 7
    COUNTRY = 8
    TELEPHONE = 9
    FAX = 11
    ORGANISATION_NUMBER = 25
    CODE_OF_TERMS_OF_PAYMENT = 30
    CODE_OF_CURRENCY = 37
    CODE_OF_LANGUAGE = 38
    EXPORT = 41
    PRICE_LIST = 43
    VAT_NUMBER = 59
    EU_CUSTOMER = 61
    EMAIL = 62
    CODE_OF_COUNTRY = 70
    BUILDSERVICE = 78
    TIMESTAMP = 94
    PROFIT_CENTRE = 95
    INACTIVE = 112
    DEBT_ACCOUNT = 136


class ContactField(IntEnum):
    """Fields of CONTACT."""

    ID = 0
    NAME = 2
    CUSTOMER_NUMBER = 3
    TITLE = 5
    TELEPHONE = 6
    MOBILEPHONE = 8
    EMAIL = 9
    TIMESTAMP = 23


class ArticleField(IntEnum):
    """Fields of ARTICLE."""

    NUMBER = 0
    NAME = 1
    GROUP = 4
    ACCOUNTING_CODE = 5
    UNIT_CODE = 7
    INACTIVE = 76


class ProjectField(IntEnum):
    """Fields of PROJECT."""

    CODE_OF_PROJECT = 0
    NAME = 1
    DATE_OF_BEGINNING = 2
    DATE_OF_END = 3
    CUSTOMER_NUMBER = 6
    CUSTOMER_NAME = 7
    CLOSED = 20


class HeadField(IntEnum):
    """Fields of INVOICE_HEAD (ids shared with orders and offers)."""

    DOCUMENT_NUMBER = 0
    DOCUMENT_NOT_DONE = 5
    DOCUMENT_PRINTED = 6
    DOCUMENT_CANCELLED = 7
    DOCUMENT_DATE1 = 8
    DOCUMENT_DATE2 = 9
    TYPE_OF_INVOICE = 13
    CUSTOMER_NUMBER = 14
    CUSTOMER_NAME = 15
    CUSTOMER_REFERENCE_NAME = 27
    CUSTOMER_ORDER_NUMBER = 28
    OUR_REFERENCE_NAME = 30
    CURRENCY_CODE = 33
    CURRENCY_RATE = 35
    CURRENCY_UNIT = 36
    EXPORT = 40
    INCLUDING_VAT = 41
    INVOICE_DISCOUNT = 44
    CODE_OF_TERMS_OF_PAYMENT = 46
    CARGO_AMOUNT = 56
    DISPATCH_FEE = 58
    ROUND_OFF = 60
    TOTAL_AMOUNT = 61
    BALANCE = 62
    PROJECT_CODE = 63
    PROFIT_CENTRE = 64
    BALANCE2 = 78
    NUMBER_OF_ORIGINAL_INVOICE = 80
    EU_ACCOUNT_FOR_QUARTERLY = 89
    EXCLUDING_OF_VAT = 98
    VAT_AMOUNT = 99
    ROWS = 103
    NROWS = 104
    LOCAL_REMARK = 105
    OCR_NUMBER = 112
    BUILDSERVICE = 119
    LAST_PAYMENT = 120
    TIMESTAMP = 137


class RowField(IntEnum):
    """Fields of INVOICE_ROW (ids shared with all document rows)."""

    ARTICLE_NUMBER = 0
    QUANTITY1 = 2
    QUANTITY2 = 3
    PRICE_EACH_CURRENT_CURRENCY = 5
    DISCOUNT = 7
    AMOUNT_DOMESTIC_CURRENCY = 10
    ACCOUNT_NUMBER = 11
    PROFIT_CENTRE = 12
    PROJECT = 13
    TEXT = 14
    UNIT = 15
    VAT_CODE = 16


class AccountField(IntEnum):
    """Fields of ACCOUNT, the chart of accounts by booking year."""

    SEASON_ID = 0
    NUMBER = 1
    PROFIT_CENTRE_ON_ACCOUNT = 8
    PROJECT_ON_ACCOUNT = 10
    NOT_ACTIVE = 20


class AccountingCodeField(IntEnum):
    """Fields of CODE_OF_ARTICLE_ACCOUNT, the accounting codes of articles."""

    CODE = 0
    TEXT = 1
    SALES = 2
    EXPORT_SALES = 3
    SALES_EU = 4
    PROFIT_CENTRE = 8
    BUILD = 12
    PROJECT = 15


class SupplierHeadField(IntEnum):
    """Fields of SUPPLIER_INVOICE_HEAD."""

    GIVEN_NUMBER = 0
    SUPPLIER_NUMBER = 1
    SUPPLIER_NAME = 2
    INVOICE_NUMBER = 6
    INVOICE_DATE = 8
    DUE_DATE = 9
    CURRENCY_CODE = 10
    CURRENCY_RATE = 11
    TYPE_OF_INVOICE = 12
    TOTAL = 13
    VAT_AMOUNT = 16
    CERTIFIED = 19
    CANCELLED = 20
    PROJECT = 21
    PROFIT_CENTRE = 22
    CURRENCY_UNIT = 27
    ROWS = 36
    NROWS = 37
    TIMESTAMP = 43


class PaymentTermsField(IntEnum):
    """Fields of CODE_OF_TERMS_OF_PAYMENT."""

    CODE = 0
    TEXT = 1


class LanguageField(IntEnum):
    """Fields of CODE_OF_LANGUAGE."""

    CODE = 0
    TEXT = 1


class PriceListField(IntEnum):
    """Fields of CODE_OF_PRICE_LIST."""

    CODE = 0
    TEXT = 1


class CurrencyField(IntEnum):
    """Fields of CODE_OF_CURRENCY."""

    CODE = 0
    COUNTRY = 1
    UNIT = 2
    SELL = 4
    BUY = 5


class ArticleGroupField(IntEnum):
    """Fields of CODE_OF_ARTICLE_GROUP."""

    CODE = 0
    TEXT = 1


class CountryField(IntEnum):
    """Fields of CODE_OF_COUNTRY_CODE."""

    CODE = 0
    COUNTRY = 1


class UnitField(IntEnum):
    """Fields of CODE_OF_UNIT."""

    CODE = 0
    TEXT = 3


class ProfitCentreField(IntEnum):
    """Fields of CODE_OF_PROFIT_CENTRE."""

    CODE = 1
    NAME = 2


class BookingYearField(IntEnum):
    """Fields of CODE_OF_BOOKINGYEAR."""

    ID = 0
    START = 1
    END = 2
    LOCKED_MONTH = 5
    YEAR_LOCKED = 6


class CompanyField(IntEnum):
    """Fields of PRM, the company's first settings record."""

    NAME = 0
    ORGANISATION_NUMBER = 11
    CODE_OF_CURRENCY = 15
    CODE_OF_COUNTRY = 38
    CURRENCY_CODE = 51
    DEFAULT_ARTICLE_GROUP = 66
    DEFAULT_ARTICLE_ACCOUNTING_CODE = 67
    PRICE_4_DECIMALS_ACTIVATED = 72


class CompanyVatField(IntEnum):
    """Fields of PRM2, the company's second settings record."""

    VAT1 = 0
    VAT2 = 1
    VAT3 = 2
    VAT4 = 3


class DefaultAccountField(IntEnum):
    """Fields of PRM2 too: the accounts that documents are posted to where nothing else says."""

    DEFAULT_ACCOUNT_CUSTOMER_CLAIM = 42
    DEFAULT_ACCOUNT_VAT1 = 45
    DEFAULT_ACCOUNT_VAT2 = 46
    DEFAULT_ACCOUNT_VAT3 = 47
    DEFAULT_ACCOUNT_VAT4 = 48
    DEFAULT_ACCOUNT_SALES = 49
    DEFAULT_ACCOUNT_SALES_EXPORT = 50
    DEFAULT_ACCOUNT_ROUND = 51
    DEFAULT_ACCOUNT_SALES_EU = 63


FIELDS: dict[Table, type[IntEnum]] = {
    Table.CUSTOMER: CustomerField,
    Table.CONTACT: ContactField,
    Table.ARTICLE: ArticleField,
    Table.PROJECT: ProjectField,
    Table.INVOICE_HEAD: HeadField,
    Table.INVOICE_ROW: RowField,
    Table.SUPPLIER_INVOICE_HEAD: SupplierHeadField,
    Table.SUPPLIER_INVOICE_ROW: RowField,
    Table.ACCOUNT: AccountField,
    Table.CODE_OF_ARTICLE_ACCOUNT: AccountingCodeField,
    Table.CODE_OF_TERMS_OF_PAYMENT: PaymentTermsField,
    Table.CODE_OF_LANGUAGE: LanguageField,
    Table.CODE_OF_CURRENCY: CurrencyField,
    Table.CODE_OF_ARTICLE_GROUP: ArticleGroupField,
    Table.CODE_OF_COUNTRY_CODE: CountryField,
    Table.CODE_OF_UNIT: UnitField,
    Table.CODE_OF_PROFIT_CENTRE: ProfitCentreField,
    Table.CODE_OF_PRICE_LIST: PriceListField,
    Table.CODE_OF_BOOKINGYEAR: BookingYearField,
    Table.PRM: CompanyField,
    Table.PRM2: CompanyVatField,
}
"""The fields used of each table."""


class SortOrder(IntEnum):
    """ADK_SORT_ORDER: the orders used besides each table's primary key."""

    eInvoiceNr = 12
    eInvoiceDate = 13
    eTimeStamp = 220


@dataclass(frozen=True)
class RowsOf:
    """Where a head table keeps its rows: the row table, the field of the array and that of their number."""

    table: int
    rows_field: int
    count_field: int


ROWS_OF: dict[int, RowsOf] = {
    int(Table.INVOICE_HEAD): RowsOf(int(Table.INVOICE_ROW), int(HeadField.ROWS), int(HeadField.NROWS)),
    int(Table.SUPPLIER_INVOICE_HEAD): RowsOf(
        int(Table.SUPPLIER_INVOICE_ROW), int(SupplierHeadField.ROWS), int(SupplierHeadField.NROWS)
    ),
}
"""The head tables (contracts/adk.md §2.4: NROWS and ROWS are set together)."""

ROW_TABLES = frozenset(rows.table for rows in ROWS_OF.values())
"""Tables whose records exist only inside a head: made with AdkCreateDataRow."""
