"""Supplier invoices, Administration → Severa: each row becomes one project fee (semantics §4.10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import msgspec

from brygga.records.ledger import SupplierInvoice, SupplierInvoiceRow
from brygga.records.reasons import Level, Reason, reason
from brygga.records.severa_cards import SUBCONTRACTING, ProjectFee
from brygga.records.source import Project
from brygga.records.target import Kind
from brygga.rules.supplier_costs import (
    BlockList,
    Cost,
    Sent,
    below_cost,
    content_hash,
    corrections,
    cost_of,
    free_row_number,
    paired,
    price_of,
    project_of,
    row_text,
)
from brygga.store.journal.journal import Link
from brygga.store.states import CREATE
from brygga.transfers.plan import Action, Plan, Transfer, action_for
from brygga.transfers.readings import Readings
from brygga.transfers.selection import Selection
from brygga.transfers.severa_side import SeveraSide

_KEY = re.compile(r"([0-9]+):([0-9]+)(?:\+([0-9]+))?")
"""Our own serial, the row's number, and for a correction which one it is: ``4711:3``, ``4711:3+1``."""


def plan_supplier_invoices(readings: Readings, selection: Selection) -> tuple[Plan, ...]:
    """A plan for each row of the chosen supplier invoices, in order of serial and row; generated rows are no rows."""
    invoices = [invoice for invoice in _chosen(readings, selection) if _is_meant(invoice, selection)]
    planner = _Planner(readings, selection)
    planner.side.fetch_projects(project_of(invoice, row) for invoice in invoices for row in invoice.rows)
    plans = [plan for invoice in invoices for plan in planner.invoice(invoice)]
    return tuple(plan for plan in plans if selection.keys is None or plan.source_key in selection.keys)


def _chosen(readings: Readings, selection: Selection) -> tuple[SupplierInvoice, ...]:
    ledgers = readings.company.administration
    found: dict[int, SupplierInvoice] = {}
    if selection.keys is None:
        listed = ledgers.supplier_invoices(
            start=selection.start, end=selection.end, changed_since=selection.changed_since
        )
        found.update((invoice.serial, invoice) for invoice in listed)
    for key in sorted(selection.also if selection.keys is None else selection.keys):
        serial = int(key_of[1]) if (key_of := _KEY.fullmatch(key)) is not None else 0
        if serial and serial not in found and (invoice := ledgers.supplier_invoice(serial)) is not None:
            found[serial] = invoice
    return tuple(found[serial] for serial in sorted(found))


def _is_meant(invoice: SupplierInvoice, selection: Selection) -> bool:
    names = (invoice.supplier_name, invoice.supplier_invoice_number)
    return any(selection.takes(str(invoice.serial), name) for name in names)


@dataclass(frozen=True)
class _Row:
    """A row as it is now: what it costs, and why it does not become a cost."""

    row: SupplierInvoiceRow
    amount: Decimal
    cost: Cost
    skips: tuple[Reason, ...]


class _Planner:
    """Plans the rows of one batch."""

    def __init__(self, readings: Readings, selection: Selection) -> None:
        self.side = SeveraSide(readings)
        self._readings = readings
        self._accepted = selection.accepted
        chosen = readings.preferences
        self._chosen = chosen
        self._blocked = BlockList(chosen.supplier_invoices_blocked_accounts)
        code = chosen.supplier_invoices_product_code.strip()
        self._product = self.side.product_key(code) if code else ""
        self._doubts = fees_in_doubt(readings)
        self._sent = _sent_by_serial(readings.links(Kind.PROJECT_FEE), self._doubts)
        self._tag = _tag(readings)

    def invoice(self, invoice: SupplierInvoice) -> list[Plan]:
        """The plans of one supplier invoice: its rows, then the corrections of what was sent before."""
        sent = self._sent.get(invoice.serial, ())
        rows = {row.ordinal: self._row(invoice, row) for row in invoice.rows if not row.generated}
        taken = {one.row for one in sent}
        plans: list[Plan] = []
        for pairing in paired([row.cost for row in rows.values()], sent):
            if pairing.sent is None:
                assert pairing.now is not None
                number = free_row_number(pairing.now.ordinal, taken)
                taken.add(number)
                plans.append(self._new(invoice, rows[pairing.now.ordinal], number))
                continue
            doubtful = self._doubtful(invoice.serial, pairing.sent.row)
            if doubtful:
                # What is in doubt is decided first, as it was sent; only then can a correction be counted.
                plans.extend(doubtful)
                continue
            now = None if invoice.cancelled else pairing.now
            row = rows[pairing.now.ordinal].row if pairing.now is not None else None
            plans.append(self._sent_before(invoice, row, now, pairing.sent))
        return plans

    def _doubtful(self, serial: int, row: int) -> list[Plan]:
        key = f"{serial}:{row}"
        return [plan for name, plan in self._doubts.items() if name == key or name.startswith(f"{key}+")]

    def _row(self, invoice: SupplierInvoice, row: SupplierInvoiceRow) -> _Row:
        amount = cost_of(invoice, row, self._chosen.supplier_invoices_credit_rows)
        project = project_of(invoice, row)
        content = content_hash(invoice, row, amount)
        skips: list[Reason] = []
        if row.named_as_generated:
            # Never a cost (§4.10); but on such an account a person may have written the text, so it is not hidden.
            skips.append(reason("LEV-613", Level.WARNING, text=row.text.strip(), account=row.account))
        elif row.account in self._blocked:
            skips.append(reason("LEV-602", Level.NOTE, account=row.account))
        elif amount == 0:
            skips.append(reason("LEV-606", Level.NOTE))
        elif not project:
            skips.append(reason("LEV-601", Level.NOTE))
        counted = Decimal(0) if skips else amount
        return _Row(row, amount, Cost(row.ordinal, content, "" if skips else project, counted), tuple(skips))

    def _new(self, invoice: SupplierInvoice, row: _Row, number: int) -> Plan:
        """A row that was never sent."""
        key = f"{invoice.serial}:{number}"
        if row.skips:
            return self._plan(invoice, row.row, key, Action.SKIP, row.skips, net=row.amount)
        if invoice.cancelled:
            why = reason("LEV-607", Level.NOTE, nr=invoice.serial)
            return self._plan(invoice, row.row, key, Action.SKIP, (why,), net=row.amount)
        earliest = self._chosen.invoices_from_date
        if earliest is not None and invoice.date < earliest:
            why = reason("KOP-813", Level.NOTE, day=invoice.date, date=earliest)
            return self._plan(invoice, row.row, key, Action.SKIP, (why,), net=row.amount)
        reasons: tuple[Reason, ...] = ()
        if self._chosen.supplier_invoices_require_attest and not invoice.attested:
            reasons = (reason("LEV-608", Level.WAIT, nr=invoice.serial),)
        return self._fee_plan(invoice, row.row, key, row.cost.project, row.cost.amount, row.cost.content, reasons)

    def _sent_before(
        self, invoice: SupplierInvoice, row: SupplierInvoiceRow | None, now: Cost | None, sent: Sent
    ) -> Plan:
        """A row that was sent: nothing to do, or the offer of a correction (AT-86, AT-87, AT-88)."""
        mending = corrections(now, sent)
        key = f"{invoice.serial}:{sent.row}"
        before = sum(sent.costs.values(), Decimal(0))
        if not mending:
            return self._plan(invoice, row, key, Action.NOTHING, (), net=before)
        first = f"{key}+{sent.parts}"
        after = now.amount if now is not None else Decimal(0)
        why = self._why_corrected(invoice, row, before, after, accepted=first in self._accepted)
        # The first of two keeps the old content: if the second fails, what it lacks is offered again.
        last = len(mending) - 1
        content = now.content if now is not None else ""
        plans = [
            self._fee_plan(
                invoice,
                row,
                f"{key}+{sent.parts + place}",
                correction.project,
                correction.amount,
                content if place == last else sent.content,
                (why,),
            )
            for place, correction in enumerate(mending)
        ]
        return _with_parts(plans)

    def _why_corrected(
        self, invoice: SupplierInvoice, row: SupplierInvoiceRow | None, a: Decimal, b: Decimal, *, accepted: bool
    ) -> Reason:
        level = Level.NOTE if accepted else Level.WAIT
        if invoice.cancelled:
            return reason("LEV-610", level, nr=invoice.serial, a=a)
        return reason("LEV-609" if row is not None else "LEV-611", level, a=a, b=b)

    def _fee_plan(
        self,
        invoice: SupplierInvoice,
        row: SupplierInvoiceRow | None,
        key: str,
        code: str,
        amount: Decimal,
        content: str,
        reasons: tuple[Reason, ...],
    ) -> Plan:
        project = self._project(code)
        found = [*reasons]
        if project is None:
            found.append(reason("PRJ-205", nr=code))
        elif project.is_closed:
            found.append(reason("PRJ-202"))
        if self._product is None:
            found.append(reason("LEV-605", code=self._chosen.supplier_invoices_product_code))
        mode, percent = self._chosen.supplier_invoices_price_mode, self._chosen.supplier_invoices_price_percent
        found.extend(below_cost(mode, percent))
        tag = f"({self._tag}{key})"
        text = row_text(invoice, row) if row is not None else row_text(invoice, SupplierInvoiceRow(0))
        fee = ProjectFee(
            project_key=project.key if project is not None else "",
            project_number=code,
            description=f"{text} {tag}",
            name="" if self._product else text,
            unit_cost=amount,
            unit_price=price_of(amount, mode, percent),
            currency=self._readings.info.currency,
            event_date=invoice.date,
            billable=mode != "cost_only",
            product_key=self._product or "",
            product_type="" if self._product else SUBCONTRACTING,
        )
        action = action_for(found, Action.CREATE)
        return self._plan(invoice, row, key, action, tuple(found), net=amount, fee=fee, tag=tag, content=content)

    def _project(self, code: str) -> Project | None:
        self.side.fetch_projects((code,))
        return self.side.project(code)

    def _plan(
        self,
        invoice: SupplierInvoice,
        row: SupplierInvoiceRow | None,
        key: str,
        action: Action,
        reasons: tuple[Reason, ...],
        *,
        net: Decimal,
        fee: ProjectFee | None = None,
        tag: str = "",
        content: str = "",
    ) -> Plan:
        text = row.text.strip() if row is not None else ""
        names = (invoice.supplier_name.strip(), text or invoice.supplier_invoice_number.strip())
        return Plan(
            company=self._readings.company.name,
            transfer=Transfer.SUPPLIER_INVOICES,
            kind=Kind.PROJECT_FEE,
            source_key=key,
            source_number=key,
            source_name=" – ".join(name for name in names if name) or str(invoice.serial),
            action=action,
            payload=fee,
            natural_key=tag,
            reasons=reasons,
            net=net,
            currency=self._readings.info.currency,
            day=invoice.date,
            content_hash=content,
        )


def _tag(readings: Readings) -> str:
    """What our keys are called in a fee's description."""
    # Several companies on one Severa may have a supplier invoice of the same serial on one project (§4.3).
    return f"LF {readings.company.name} " if readings.preferences.severa_business_units else "LF "


def key_in(readings: Readings, fee: ProjectFee) -> str:
    """The key of the row that the fee is the cost of; empty when it is not one of this company's."""
    key = fee.description.rpartition(f"({_tag(readings)}")[2].removesuffix(")")
    return key if _KEY.fullmatch(key) and fee.description.endswith(f"({_tag(readings)}{key})") else ""


def _with_parts(plans: list[Plan]) -> Plan:
    """The first plan, with the others following it: they are one decision, and refused when one of them is."""
    first, rest = plans[0], tuple(plans[1:])
    stops = tuple(dict.fromkeys(why for plan in plans for why in plan.reasons))
    return msgspec.structs.replace(first, parts=rest, reasons=stops, action=action_for(stops, first.action))


def fees_in_doubt(readings: Readings) -> dict[str, Plan]:
    """The fees of which it is not known whether Severa has them, by key, as they were sent."""
    name = Transfer.SUPPLIER_INVOICES.value
    doubts = (each for each in readings.company.journal.in_doubt() if each.transfer == name and each.write == CREATE)
    return {each.source_key: msgspec.json.decode(each.payload, type=Plan) for each in doubts}


class _Fee(NamedTuple):
    """One fee of a row: the row's own or a correction, by its place."""

    place: int
    project: str
    cost: Decimal
    content: str


def _sent_by_serial(links: dict[str, Link], doubts: dict[str, Plan]) -> dict[int, tuple[Sent, ...]]:
    """What was sent, by serial: the fee of each row with its corrections. What is in doubt counts as sent."""
    chains: dict[tuple[int, int], list[_Fee]] = {}
    for link in links.values():
        found, shot = _KEY.fullmatch(link.target_key), link.snapshot
        if found is not None:
            fee = _Fee(int(found[3] or 0), shot.number, shot.net or Decimal(0), shot.payload_hash)
            chains.setdefault((int(found[1]), int(found[2])), []).append(fee)
    for key, plan in doubts.items():
        found = _KEY.fullmatch(key)
        if found is not None and isinstance(plan.payload, ProjectFee):
            fee = _Fee(int(found[3] or 0), plan.payload.project_number, plan.payload.unit_cost, plan.content_hash)
            chains.setdefault((int(found[1]), int(found[2])), []).append(fee)
    sent: dict[int, tuple[Sent, ...]] = {}
    for (serial, row), chain in sorted(chains.items()):
        chain.sort()
        costs: dict[str, Decimal] = {}
        for fee in chain:
            costs[fee.project] = costs.get(fee.project, Decimal(0)) + fee.cost
        one = Sent(row=row, content=chain[-1].content, costs=costs, parts=chain[-1].place + 1)
        sent[serial] = (*sent.get(serial, ()), one)
    return sent
