"""Rules of adding, changing and deleting in the registers: customers, contacts, projects, articles."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from brygga.practice.adk_engine.codes import Rc
from brygga.practice.adk_engine.fields import Table, Value
from brygga.practice.adk_engine.records import Record
from brygga.practice.adk_engine.tables_codes import (
    ACCOUNT,
    CODE_OF_ARTICLE_ACCOUNT,
    CODE_OF_ARTICLE_GROUP,
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
from brygga.practice.adk_engine.tables_registers import ARTICLE, CONTACT, CUSTOMER, PROJECT
from brygga.practice.adk_engine.values import luhn_digit
from brygga.practice.adk_engine.work import Work, refuse

Values = dict[int, Value]

REFERENCES: dict[int, dict[int, tuple[Table, int, Rc]]] = {
    CUSTOMER.id: {
        30: (CODE_OF_TERMS_OF_PAYMENT, 0, Rc.INVALID_PAYMENT_TERMS),
        37: (CODE_OF_CURRENCY, 0, Rc.INVALID_CURRENCY_CODE),
        38: (CODE_OF_LANGUAGE, 0, Rc.INVALID_LAUNGUAGE_CODE),
        43: (CODE_OF_PRICE_LIST, 0, Rc.INVALID_PRISL),
        70: (CODE_OF_COUNTRY_CODE, 0, Rc.INVALID_COUNTRY_CODE),
        71: (CODE_OF_COUNTRY_CODE, 0, Rc.INVALID_COUNTRY_CODE),
        95: (CODE_OF_PROFIT_CENTRE, 1, Rc.INVLAID_RESULT_UNIT),
        96: (PROJECT, 0, Rc.INVLAID_PROJECT),
        136: (ACCOUNT, 1, Rc.INVLAID_ACCOUNT),
    },
    CONTACT.id: {
        3: (CUSTOMER, 0, Rc.COULD_NOT_FIND_CUSTOMER),
        16: (CODE_OF_COUNTRY_CODE, 0, Rc.INVALID_COUNTRY_CODE),
    },
    PROJECT.id: {6: (CUSTOMER, 0, Rc.COULD_NOT_FIND_CUSTOMER)},
    ARTICLE.id: {
        4: (CODE_OF_ARTICLE_GROUP, 0, Rc.ARTICLE_INVALID_ARTGRP),
        5: (CODE_OF_ARTICLE_ACCOUNT, 0, Rc.ARTICLE_INVALID_KONTKOD),
        7: (CODE_OF_UNIT, 0, Rc.ARTICLE_INVALID_UNITCODE),
    },
    INVOICE_HEAD.id: {
        33: (CODE_OF_CURRENCY, 0, Rc.INVALID_CURRENCY_CODE),
        34: (CODE_OF_LANGUAGE, 0, Rc.INVALID_LAUNGUAGE_CODE),
        46: (CODE_OF_TERMS_OF_PAYMENT, 0, Rc.INVALID_PAYMENT_TERMS),
        113: (CODE_OF_COUNTRY_CODE, 0, Rc.INVALID_COUNTRY_CODE),
        114: (CODE_OF_COUNTRY_CODE, 0, Rc.INVALID_COUNTRY_CODE),
    },
}
"""Per table: field → (register, its field, code when the value is not there). Accounts and profit centres of
registers are looked for in any booking year; those of documents in the document's own (rules_rows)."""

_ORGANISATION_NUMBER = re.compile(r"\d{6}-\d{4}")


def check_organisation_number(record: Record, value: str) -> None:
    """NNNNNN-NNNN with a right check digit, else 108; IGNORE_ORGANISATION_NUMBER_CHECK set before lets all pass
    (contracts/adk.md, CUSTOMER 93 and §4 "Order of sets")."""
    if not value or record.values.get(93):
        return
    digits = value.replace("-", "")
    if not _ORGANISATION_NUMBER.fullmatch(value) or luhn_digit(digits[:9]) != int(digits[9]):
        raise refuse(Rc.INVALID_CONTROLNR, CUSTOMER, 25)


def check_references(work: Work, table: Table, values: Values, fields: set[int]) -> None:
    """Each of the fields that is filled must name a record that exists."""
    for field_id, (register, key_field, code) in REFERENCES.get(table.id, {}).items():
        value = values.get(field_id)
        if field_id in fields and value and work.storage.match(register, {key_field: value}) is None:
            raise refuse(code, table, field_id)


def _check_key_free(work: Work, table: Table, values: Values) -> None:
    if not values.get(table.key[0]):
        raise refuse(Rc.NO_KEY, table, table.key[0])
    if work.by_key(table, values[table.key[0]]) is not None:
        raise refuse(Rc.KEY_TAKEN_IN_NUMBERSERIES, table, table.key[0])


# -- adding ----------------------------------------------------------------------------------------------------


def _complete_customer(work: Work, values: Values, explicit: set[int]) -> None:
    settings = work.storage.single(PRM2)
    if not values.get(0) and work.switches.customer_number_empty == "assigned":
        values[0] = _assigned_customer_number(work, str(settings[36]))
    for field_id, setting in ((30, 13), (35, 24), (36, 26), (41, 11), (43, 10), (61, 12)):
        if field_id not in explicit:
            values[field_id] = settings[setting]
    _check_customer_flags(work, values, explicit)
    values[66] = work.installation.current_day()


def _assigned_customer_number(work: Work, upcoming: str) -> str:
    if not upcoming.isdigit():
        raise refuse(Rc.NO_KEY, CUSTOMER, 0)
    stored = work.storage.match(PRM2, {})
    assert stored is not None
    work.storage.update(PRM2, stored.rowid, {36: str(int(upcoming) + 1).zfill(len(upcoming))})
    return upcoming


def _check_customer_flags(work: Work, values: Values, explicit: set[int]) -> None:
    currency = str(values.get(37, ""))
    if 37 in explicit:
        check_currency_active(work, currency, CUSTOMER, 37)
    if values.get(41) and values.get(78):
        raise refuse(Rc.BUILDING_SERVICE_EXP, CUSTOMER, 78)
    if values.get(41) and values.get(61) and {41, 61} & explicit:
        work.warn(Rc.OOF_EXP_EU, CUSTOMER, 61)


def check_currency_active(work: Work, currency: str, table: Table, field_id: int) -> None:
    """209 for a foreign currency in a company that has the module switched off."""
    foreign = currency not in ("", work.domestic_currency())
    if foreign and not work.module_active("currencies_active"):
        raise refuse(Rc.CURRENCY_LANGUAGE_INACTIVE, table, field_id)


def _complete_contact(work: Work, values: Values, explicit: set[int]) -> None:
    if 0 in explicit:
        raise refuse(Rc.EDIT_DENIED_FIELD, CONTACT, 0)
    _check_contact_name(values)
    values[0] = Decimal(work.storage.setting("next_contact_id"))
    work.storage.set_setting("next_contact_id", str(int(values[0]) + 1))


def _check_contact_name(values: Values) -> None:
    if not values.get(1) and not values.get(2):
        raise refuse(Rc.CONTACT_NAME_OR_SIGN_IS_MISSING, CONTACT, 2)


def _complete_project(work: Work, values: Values, explicit: set[int]) -> None:
    if work.storage.was_project_deleted(str(values.get(0, ""))):
        raise refuse(Rc.OLD_PROJECT_NUMBER, PROJECT, 0)
    _check_project_dates(values)


def _check_project_dates(values: Values) -> None:
    start, end = int(values.get(2, 0)), int(values.get(3, 0))
    if end and not start:
        raise refuse(Rc.END_AND_START, PROJECT, 2)
    if end and end < start:
        raise refuse(Rc.END_BEFORE_START, PROJECT, 3)


def _complete_article(work: Work, values: Values, explicit: set[int]) -> None:
    settings = work.storage.single(PRM)
    for field_id, setting in ((4, 66), (5, 67), (7, 68), (6, 69)):
        if field_id not in explicit:
            values[field_id] = settings[setting]
    _check_article_codes(values)


def _check_article_codes(values: Values) -> None:
    for field_id, code in ((4, Rc.ARTICLE_INVALID_ARTGRP), (5, Rc.ARTICLE_INVALID_KONTKOD)):
        if not values.get(field_id):
            raise refuse(code, ARTICLE, field_id)


_COMPLETE: dict[int, Callable[[Work, Values, set[int]], None]] = {
    CUSTOMER.id: _complete_customer,
    CONTACT.id: _complete_contact,
    PROJECT.id: _complete_project,
    ARTICLE.id: _complete_article,
}


def add_to_register(work: Work, record: Record) -> int:
    """Insert a customer, contact, project or article; returns its row."""
    table, values = record.table, dict(record.values)
    _COMPLETE[table.id](work, values, record.changed)
    _check_key_free(work, table, values)
    check_references(work, table, values, set(values))
    return work.storage.insert(table, values)


# -- changing and deleting -----------------------------------------------------------------------------------------


def update_register(work: Work, record: Record, current: Values) -> Values:
    """The fields to write of a changed record; ``current`` is what is stored now."""
    table, changed = record.table, set(record.changed)
    for key in table.key:
        if key in changed and record.values[key] != current[key]:
            raise refuse(Rc.EDIT_DENIED_FIELD, table, key)
    new = {field_id: record.values[field_id] for field_id in changed}
    merged = {**current, **new}
    if table is CUSTOMER:
        _check_customer_flags(work, merged, changed)
        new[66] = work.installation.current_day()
    elif table is CONTACT:
        _check_contact_name(merged)
    elif table is PROJECT:
        if current[20]:
            raise refuse(Rc.NO_CHANGE_CLOSED_PROJECT1, PROJECT, 20)
        _check_project_dates(merged)
    elif table is ARTICLE:
        _check_article_codes(merged)
    check_references(work, table, merged, changed)
    return new


USES: dict[int, tuple[tuple[Table, int], ...]] = {
    CUSTOMER.id: ((INVOICE_HEAD, 14), (PROJECT, 6), (CONTACT, 3)),
    PROJECT.id: ((INVOICE_HEAD, 63), (INVOICE_ROW, 13), (CUSTOMER, 96)),
    ARTICLE.id: ((INVOICE_ROW, 0),),
    CONTACT.id: (),
}
"""Registers whose records a client may delete, with the fields that may name such a record."""


def delete_from_register(work: Work, record: Record, current: Values) -> None:
    """Delete a record of one of the USES. 155 when another record names it; a project's number is remembered (184)."""
    table = record.table
    assert record.stored is not None
    key = str(current[table.key[0]])
    if any(work.storage.is_used(user, field_id, key) for user, field_id in USES[table.id]):
        raise refuse(Rc.DELETE_DENIED_CONNECTION, table, table.key[0])
    if table is PROJECT:
        work.storage.remember_deleted_project(key)
    work.storage.delete(table, record.stored.rowid)
