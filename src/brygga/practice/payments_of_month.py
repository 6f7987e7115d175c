"""Enters in Administration what the customers pay, after the month's invoices were transferred there."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from brygga.practice.adk_engine import user, user_ledgers
from brygga.practice.administration_base import field_named, table_named
from brygga.practice.dataset.towards_customers import CustomerChange
from brygga.practice.dataset.towards_payments import OVERPAID_BY, UNDERPAID_BY, Paying, PaymentPlan

KEY = "SEVERA:"
"""The head of an invoice's unprinted remark: our key, then the Severa guid (architecture, state machine 3)."""


def enter_payments(company: Path, plans: Iterable[PaymentPlan]) -> dict[str, int]:
    """Register the payments of every plan whose invoice is there; answers guid → document number of those."""
    head = table_named("INVOICE_HEAD")
    remark, number = field_named(head, "LOCAL_REMARK").id, field_named(head, "DOCUMENT_NUMBER").id
    total = field_named(head, "TOTAL_AMOUNT").id
    found = {}
    for each in user.read(company, head.id):
        text = str(each[remark])
        if text.startswith(KEY):
            found[text.removeprefix(KEY).split()[0]] = (int(each[number]), Decimal(each[total]))
    here = [plan for plan in plans if plan.guid in found and (not plan.against or plan.against in found)]
    acts = [
        (entered, plan, amount, day)
        for plan in here
        for amount, day, entered in zip(amounts(plan.paying, found[plan.guid][1]), plan.days, plan.entered, strict=True)
    ]
    for entered, plan, amount, day in sorted(acts, key=lambda act: (act[0], found[act[1].guid])):
        invoice = found[plan.guid][0]
        if plan.paying is Paying.SETTLED:
            user_ledgers.settle(company, invoice, found[plan.against][0], amount, day, entered=entered)
            continue
        payment = user_ledgers.register_payment(company, invoice, amount, day, entered=entered)
        if plan.paying is Paying.REVERSED:
            user_ledgers.reverse_payment(company, payment, entered=entered)
    return {plan.guid: found[plan.guid][0] for plan in here}


def amounts(paying: Paying, owed: Decimal) -> tuple[Decimal, ...]:
    """The payments of an invoice that owes so much, in its currency."""
    half = (owed / 2).quantize(Decimal("0.01"))
    return {
        Paying.TWICE: (half, owed - half),
        Paying.PART: (half,),
        Paying.OVERPAID: (owed + OVERPAID_BY,),
        Paying.UNDER: (owed - UNDERPAID_BY,),
    }.get(paying, (owed,))


def enter_customer_changes(company: Path, changes: Iterable[CustomerChange]) -> None:
    """Change the cards in Administration as the bookkeeper does. KeyError for a customer that is not there."""
    customer = table_named("CUSTOMER")
    for change in changes:
        fields = {field_named(customer, name).id: value for name, value in change.fields.items()}
        user.change(company, customer.id, change.number, fields, entered=change.entered)
