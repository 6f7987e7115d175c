"""Rules that apply when a field is set, before anything is written (contracts/adk.md §4: validation in AdkSet*)."""

from __future__ import annotations

from decimal import Decimal

from brygga.practice.adk_engine.codes import Rc
from brygga.practice.adk_engine.fields import (
    PRICE_DECIMALS,
    PRICE_DECIMALS_WIDE,
    Field,
    Value,
)
from brygga.practice.adk_engine.records import Record
from brygga.practice.adk_engine.rules_invoices import (
    BUILDSERVICE,
    CURRENCY,
    CUSTOMER_NUMBER,
    EXPORT,
    currency_defaults,
    customer_defaults,
)
from brygga.practice.adk_engine.rules_registers import check_organisation_number
from brygga.practice.adk_engine.storage import Storage
from brygga.practice.adk_engine.tables_codes import PRM
from brygga.practice.adk_engine.tables_documents import INVOICE_HEAD
from brygga.practice.adk_engine.tables_registers import CUSTOMER, PROJECT
from brygga.practice.adk_engine.values import has_decimals
from brygga.practice.adk_engine.work import Work, refuse

INCLUDING_VAT = 41
VAT_FREE_FLAGS: dict[int, tuple[int, int]] = {CUSTOMER.id: (41, 78), INVOICE_HEAD.id: (EXPORT, BUILDSERVICE)}
"""Per table: the fields EXPORT and BUILDSERVICE, which exclude each other (377/378)."""


def decimals_of(storage: Storage, quantity_decimals: int, known: Field) -> int:
    """How many decimals a client may give a number field now: prices by PRM 72, quantities by the installation."""
    if known.measure == "price":
        return PRICE_DECIMALS_WIDE if storage.single(PRM)[72] else PRICE_DECIMALS
    return quantity_decimals if known.measure == "quantity" else known.decimals


def check_limits(work: Work, record: Record, known: Field, value: Value) -> None:
    """180 for a text that is too long, 181 for a number with too many decimals."""
    if isinstance(value, str):
        if len(value) > known.length:
            raise refuse(Rc.TOO_MANY_SIGNS, record.table, known.id)
    elif isinstance(value, Decimal):
        decimals = decimals_of(work.storage, work.switches.quantity_decimals, known)
        if not has_decimals(value, decimals):
            raise refuse(Rc.TOO_MANY_DECIMALS, record.table, known.id)


def check_set(work: Work, record: Record, known: Field, value: Value) -> None:
    """The rules of the single field, given what is already on the record."""
    table = record.table
    if table is CUSTOMER and known.id == 25:
        check_organisation_number(record, str(value))
    if table is INVOICE_HEAD and known.id == INCLUDING_VAT and value:
        # The practice company keeps prices without VAT only; contracts/adk.md §2.4 wants it false for net prices.
        raise refuse(Rc.EDIT_DENIED_FIELD, table, known.id)
    if table.id in VAT_FREE_FLAGS and value:
        export, construction = VAT_FREE_FLAGS[table.id]
        if known.id == construction and not work.module_active("construction_reverse_charge"):
            raise refuse(Rc.BUILD_SERVICE_INACTIVE, table, known.id)
        if known.id == construction and record.values.get(export):
            raise refuse(Rc.BUILDING_SERVICE_EXP, table, known.id)
        if known.id == export and record.values.get(construction):
            raise refuse(Rc.EXP_BUILDING_SERVICE, table, known.id)


def after_set(work: Work, record: Record, known: Field) -> None:
    """What setting a field fills in beside it: a customer's defaults, a currency's rate."""
    if record.table is INVOICE_HEAD and record.stored is None:
        if known.id == CUSTOMER_NUMBER:
            customer_defaults(work, record)
        elif known.id == CURRENCY:
            currency_defaults(work, record)
    elif record.table is PROJECT and known.id == 6 and 7 not in record.changed:
        customer = work.by_key(CUSTOMER, record.values[6])
        if customer is not None:
            record.values[7] = customer.values[1]
            if record.stored is not None:
                record.changed.add(7)
