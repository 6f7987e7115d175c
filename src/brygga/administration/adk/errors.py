"""Result codes of the Administration API that the program tells apart (contracts/adk.md §4.1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum


class Code(IntEnum):
    """The ADKE_* / ADKW_* numbers this program names; other numbers are carried through unnamed."""

    OK = 0
    INTERNAL = 1
    EXPORT_INVOICE = 3
    NOT_PRINTED_IF_NOT_READY = 5
    NO_CHANGE_ON_EXPORT = 6
    NO_ARTICLE_ON_TEXT_ROW = 7
    EDIT_DENIED_CANCELLED = 9
    EDIT_DENIED_PRINTED = 12
    DENIED_PROFIT_CENTRE_ON_ACCOUNT = 22
    EDIT_DENIED_JOURNAL = 23
    INVALID_STRING = 34
    INVALID_PRICE_LIST = 35
    INVALID_PAYMENT_TERMS = 41
    INVALID_CURRENCY = 43
    INVALID_LANGUAGE = 44
    INVALID_ARTICLE_GROUP = 45
    INVALID_ACCOUNTING_CODE = 46
    INVALID_UNIT = 47
    INVALID_CUSTOMER_ON_DOCUMENT = 49
    INVALID_ARTICLE_ON_DOCUMENT = 50
    INVALID_CUSTOMER_NUMBER = 51
    BOF = 78
    EOF = 79
    NO_DB_OPEN = 80
    UNKNOWN_FIELD = 102
    INVALID_DATA_TYPE = 103
    NOT_VALID_SORT_ORDER = 104
    INVALID_DB = 107
    INVALID_CONTROL_NUMBER = 108
    EDIT_DENIED_FIELD = 109
    INVALID_INVOICE_TYPE = 110
    INVALID_INDEX = 111
    NO_KEY = 112
    TOO_SHORT_STRING = 114
    NOT_FOUND = 115
    INVALID_PATH_COMPANY = 116
    INVALID_NET_LICENCE = 128
    APP_OLD = 132
    APP_NEW = 133
    CANT_OPEN_FILE = 134
    TOO_MANY_LICENCES = 135
    INVALID_PATH_COMMON = 137
    INVALID_ACCOUNT = 148
    INVALID_PROJECT = 149
    INVALID_PROFIT_CENTRE = 150
    DELETE_DENIED = 164
    END_BEFORE_START = 167
    END_AND_START = 168
    INVALID_INVOICE = 173
    NO_SEARCH_VALUE = 177
    TOO_MANY_CHARACTERS = 180
    TOO_MANY_DECIMALS = 181
    EDIT_DENIED_ON_TEXT_ROW = 182
    DENIED_PROJECT_ON_ACCOUNT = 192
    INVALID_ROW_TYPE = 197
    CURRENCY_INACTIVE = 209
    INVALID_STRUCT_POINTER = 211
    INVALID_ROW_POINTER = 212
    KEY_TAKEN = 214
    API_APP_DIFF = 223
    DENIED_CREDIT_CREDIT = 233
    DENIED_CREDIT_CANCELLED = 234
    CREDIT_LIMIT = 238
    ACCOUNT_NOT_ACTIVE = 256
    CLOSED_PROJECT = 273
    INVALID_COUNTRY_CODE = 279
    CURRENCY_CODE_CHANGED = 326
    CURRENCY_RATE_CHANGED = 327
    CUSTOMER_OTHER_CURRENCY = 328
    INVALID_VAT_CODE = 373
    BUILDSERVICE_EXPORT = 377
    EXPORT_BUILDSERVICE = 378
    BUILDSERVICE_INACTIVE = 379
    YEAR_LOCKED = 457
    MONTH_LOCKED = 461
    CANT_FIND_YEAR = 462
    ACCOUNT_DEMANDS_PROJECT = 465
    ACCOUNT_DEMANDS_PROFIT_CENTRE = 466
    EXCLUSIVE_LOCK = 486
    CONTACT_NAME_MISSING = 513
    CANT_COMBINE_REFERENCE_AND_SIGN = 517
    JOURNAL_IN_PROGRESS = 560
    EXPORT_EU_CONFLICT = 579
    LICENCE_NO_KEY = 580
    LICENCE_NO_API = 583
    WRONG_INVOICE_DATE = 591
    DATE_OUTSIDE_BOOKING_YEARS = 601
    NO_TIMESTAMP_FIELD = 607
    INVALID_DATA = 672
    LOGIN_DENIED = 674
    LOGIN_FAILED = 676
    INVALID_FILTER_FIELD = 685
    INVALID_FILTER_EXPRESSION = 686
    INVALID_FILTER_SYNTAX = 687


@dataclass(frozen=True)
class AdkStatus:
    """The five members of ADK_ERROR (contracts/adk.md §1.2): result, table, field, function, program part."""

    code: int
    table: int = 187
    field: int = 188
    function: int = 0
    program_part: int = 0


class AdkError(Exception):
    """A call of the Administration API answered with something else than OK.

    ``status`` holds the codes, ``text`` the library's own (Swedish) words for the result code, possibly empty.
    """

    def __init__(self, status: AdkStatus, text: str = "") -> None:
        super().__init__(f"ADK {status.code} {text}".rstrip())
        self.status = status
        self.text = text

    @property
    def code(self) -> int:
        """The result code (lRc)."""
        return self.status.code


class AdkLoadError(Exception):
    """The library itself cannot be used: not found, wrong bitness, an entry point missing, too old.

    ``reason`` is one of: ``not_found``, ``not_a_library``, ``wrong_bitness``, ``missing_function``, ``no_handshake``,
    and of the .NET way ``no_pythonnet``, ``no_runtime``, ``no_api``. ``detail`` names the file, the function or what
    was said; ``python_bits`` is the bitness of the Python that tried.
    """

    def __init__(self, reason: str, detail: str, python_bits: int = 8 * struct.calcsize("P")) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.python_bits = python_bits
