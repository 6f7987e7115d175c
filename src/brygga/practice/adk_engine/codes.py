"""The result, table and function codes that the practice engine answers with (contracts/adk_errors.json).

An own table, apart from the one of the program's binding: both meet at the contract only, so one wrong number cannot
hide on both sides. Names are the contract's without the ``ADKE_``/``ADKW_`` prefix, its spelling mistakes included.
"""

from __future__ import annotations

from enum import IntEnum


class Rc(IntEnum):
    """Result codes: refusals (ADKE_*), positions and warnings (ADKW_*)."""

    OK = 0
    INTERNAL = 1
    EXPORT_INVOICE = 3
    OOF_EDIT_DENIED = 4
    NOT_PRINTED_IF_NOT_READY = 5
    NO_CHANGE_ON_EXPORT = 6
    NO_ARTNR_ON_TEXT_ROW = 7
    EDIT_DENIED_OBLITERATED = 9
    EDIT_DENIED_PRINTED = 12
    COULD_NOT_FIND_CUSTOMER = 21
    DENIED_PROFIT_CENTRE_ON_ACCOUNT = 22
    INVOICE_EDIT_DENIED_JOURNAL = 23
    INVOICE_EDIT_DENIED_CUSTOMER_NR = 28
    INVALID_STRING = 34
    INVALID_PAYMENT_TERMS = 41
    INVALID_CURRENCY_CODE = 43
    INVALID_LAUNGUAGE_CODE = 44
    ARTICLE_INVALID_ARTGRP = 45
    ARTICLE_INVALID_KONTKOD = 46
    ARTICLE_INVALID_UNITCODE = 47
    OOF_INVALID_CUSTOMER = 49
    OOF_INVALID_ARTICLE = 50
    INVALID_DB_NEWER = 76
    INVALID_DB_OLDER = 77
    BOF = 78
    EOF = 79
    NO_DB_OPEN = 80
    UNKNON_DB_FIELD = 102
    INVALID_DATA_TYPE = 103
    NOT_VALID_SORTORDER = 104
    INVALID_DB = 107
    INVALID_CONTROLNR = 108
    EDIT_DENIED_FIELD = 109
    INVALID_INVOICE_TYPE = 110
    INVALID_INDEX = 111
    NO_KEY = 112
    TO_SHORT_STRING = 114
    NOT_FOUND = 115
    INVALID_PATH_COMPANY = 116
    APP_OLD = 132
    APP_NEW = 133
    CANT_OPEN_FILE = 134
    TOO_MANY_LICENCE = 135
    INVALID_ADM_PATH = 137
    INVLAID_ACCOUNT = 148
    INVLAID_PROJECT = 149
    INVLAID_RESULT_UNIT = 150
    DELETE_DENIED_CONNECTION = 155
    DELETE_DENIED = 164
    END_BEFORE_START = 167
    END_AND_START = 168
    INVALID_INVOICE = 173
    NO_SEARCH_VALUE = 177
    TOO_MANY_SIGNS = 180
    TOO_MANY_DECIMALS = 181
    EDIT_DENIED_ON_TEXT_ROW = 182
    OLD_PROJECT_NUMBER = 184
    DENIED_PROJECT_ON_ACCOUNT = 192
    CAN_NOT_CHANGE_ARTICLE_ROW_TO_TEXT_ROW = 195
    CAN_NOT_CHANGE_TEXT_ROW_TO_ARTICLE_ROW = 196
    INVALID_ROW_TYPE = 197
    CURRENCY_LANGUAGE_INACTIVE = 209
    INVALID_STRUCT_POINTER = 211
    INVALID_STRUCT_POINTER_TO_ROW = 212
    KEY_TAKEN_IN_NUMBERSERIES = 214
    API_APP_DIFF = 223
    DENIED_CREDIT_CREDIT_INVOICE = 233
    DENIED_CREDIT_OBLITERATED_INVOICE = 234
    CREDIT_LIMIT = 238
    ACCOUNT_NOT_ACTIVE = 256
    CAN_NOT_CONNECT_CREDIT = 261
    NO_CHANGE_CLOSED_PROJECT1 = 273
    INVALID_COUNTRY_CODE = 279
    CHANGE_OF_CURRENCY_CODE = 326
    CHANGE_OF_CURRENCY_RATE = 327
    CHANGE_OF_CUSTOMER_OTHER_CURRENCY = 328
    INVALID_VAT_CODE = 373
    BUILDING_SERVICE_EXP = 377
    EXP_BUILDING_SERVICE = 378
    BUILD_SERVICE_INACTIVE = 379
    VERIFICATION_YEAR_LOCKED = 457
    VERIFICATION_MONTH_LOCKED = 461
    CANT_FIND_YEAR_ID = 462
    ACCOUNT_DEMAND_PROJEKT = 465
    ACCOUNT_DEMAND_PROFIT_CENTRE = 466
    EXCLUSIVE_LOCK = 486
    CONTACT_NAME_OR_SIGN_IS_MISSING = 513
    PROJECT_COMPLETED = 553
    JOURNAL_IN_PROGRESS = 560
    OOF_EXP_EU = 579
    LICENS_NO_API = 583
    WRONG_INVOICE_DATE = 591
    DATE_NOT_WITHIN_ANY_BOOKING_YEAR = 601
    TIMESTAMP_FIELD_NOT_FOUND = 607
    INVALID_PDATA = 672
    LOGIN_FAIL = 676
    INVALID_FILTER_FIELD = 685
    INVALID_FILTER_EXPRESSION = 686


WARNINGS = frozenset(
    {
        Rc.CREDIT_LIMIT,
        Rc.ACCOUNT_NOT_ACTIVE,
        Rc.CHANGE_OF_CURRENCY_CODE,
        Rc.CHANGE_OF_CURRENCY_RATE,
        Rc.CHANGE_OF_CUSTOMER_OTHER_CURRENCY,
        Rc.OOF_EXP_EU,
    }
)
"""The ADKW_* numbers among them: reported, never refusing (contracts/adk.md §4)."""


class Fn(IntEnum):
    """Codes of the ``lFunction`` member (contracts/adk_errors.json, kind function-name); NONE where it has none."""

    NONE = 0
    ADD = 81
    FIND = 82
    FIRST = 83
    NEXT = 84
    UPDATE = 85
    SET_BOOL = 87
    SET_DOUBLE = 88
    SET_STRING = 89
    SET_DATA = 90
    SET_DATE = 91
    GET_STRING = 92
    GET_BOOL = 94
    GET_DOUBLE = 95
    GET_DATE = 96
    GET_TYPE = 97
    GET_DATA = 98
    GET_DATA_ROW = 99
    DELETE_STRUCT = 101
    LONG_TO_DATE = 113
    SET_SORT_ORDER = 117
    DATE_TO_LONG = 138
    DELETE = 154
    DELETE_ROW = 165
    GET_LENGTH = 178
    GET_DECIMALS = 179
    PREVIOUS = 204
    LAST = 205
    RESET_STRUCT = 349
    FIRSTEX = 380
    NEXTEX = 381
    FINDEX = 382
    PREVIOUSEX = 383
    LASTEX = 384
    GETVARIANT = 476
    GET_BOOKINGYEAR_ID = 600
    GET_TIMESTAMP_FIELD = 606
    GETCOMPANYNAME = 616
    GET_LAST_FIELD_ID = 667
    OPEN2 = 677
    ISLOGINACTIVATED = 679
    SETFILTER = 682
    ISFILTERABLE = 683
    CLEARFILTERS = 684


NO_TABLE = 187
"""ADKE_NO_DB_INVOLVED: the ``lDbTable`` of an error that concerns no table."""
NO_FIELD = 188
"""ADKE_NO_FIELD_INVOLVED: the ``lField`` of an error that concerns no field."""


class Refusal(Exception):
    """A call is refused with ``code``; ``table`` is an ADKE_DBTABLE_* code, ``field`` a field id of that table."""

    def __init__(self, code: Rc, table: int = NO_TABLE, field: int = NO_FIELD) -> None:
        super().__init__(code.name)
        self.code = code
        self.table = table
        self.field = field
