"""Invoices with their rows: read in as few calls as it takes to read them completely, and turned into records.

Rows have a list of their own that knows no other filter than ``changedSince`` (contracts/severa.md §3.5). Many invoices
therefore take the row pages since the oldest of them was made: 1 000 invoices with 5 000 rows are 10 + 1 + 50 reads.
The rows found are held against each invoice's total; where they do not add up, the invoice's own rows are asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from brygga.records.base import Record
from brygga.records.source import Invoice, InvoiceRow
from brygga.severa import facts, wire
from brygga.severa.connection import PAGE_SIZE
from brygga.severa.http import Parameter, SeveraClient
from brygga.severa.paging import ListTooLong
from brygga.severa.registers import FEW, chunks, find, segment

_MOST_SINGLY = 100
"""Invoices that are asked by key alone, one by one, before reading all of Severa's invoices is tried."""

_ENTRIES = {"Hours": "workhours", "ProjectFees": "projectfees", "TravelExpenses": "projecttravelexpenses"}
"""Where the entries behind a row are listed, by the row's ``rowType`` (contracts/severa.md §3.5 "Row → project")."""

_FLAT_RATE = "FlatRate"

_DAY = 86_400

_ROWS_OF_AN_INVOICE = 10
"""A rough mean (the median is 4 to 7, spec/data.md §6): it decides which way of asking is tried, not what is found."""


class InvoiceQuery(Record, frozen=True):
    """Which invoices: every condition that is given must hold.

    ``start`` and ``end`` are invoice dates, both included; ``status_keys`` any of these statuses (empty = every one);
    ``keys`` any of these invoices. ``row_projects`` asks for the project behind each row of invoices with several
    projects, which costs up to four calls for each of them: leave it out where no row needs its project. Of those that
    are ``settled``, or in another status than ``open_status_keys`` (empty = every one is open), the head is enough:
    nothing more is asked about them; with ``heads_only`` of none.
    """

    start: date | None = None
    end: date | None = None
    status_keys: tuple[str, ...] = ()
    changed_since: datetime | None = None
    keys: frozenset[str] | None = None
    row_projects: bool = True
    settled: frozenset[str] = frozenset()
    open_status_keys: tuple[str, ...] = ()
    heads_only: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether Severa itself can leave invoices out."""
        return any((self.start, self.end, self.status_keys, self.changed_since))

    def is_open(self, invoice: Invoice) -> bool:
        """Whether more than the head is wanted of an invoice."""
        if self.heads_only:
            return False
        in_open_status = not self.open_status_keys or invoice.status_key in self.open_status_keys
        return in_open_status and invoice.key not in self.settled


class InvoiceReader:
    """Reads invoices as records."""

    def __init__(self, client: SeveraClient) -> None:
        self._client = client

    def invoices(self, query: InvoiceQuery) -> tuple[Invoice, ...]:
        """The invoices of a query, in Severa's order; those that are not open without rows."""
        return self.completed(self.heads(query), query)

    def by_number(self, numbers: Iterable[int]) -> tuple[Invoice, ...]:
        """The invoices and credit notes with any of these numbers."""
        heads: dict[str, Invoice] = {}
        for some in chunks(sorted(set(numbers))):
            for head in self._client.pages_by_token("/v1/invoices", wire.Invoice, {"numbers": some}):
                heads.setdefault(head.guid, _invoice(head))
        return self.completed(tuple(heads.values()))

    def invoice(self, key: str) -> Invoice | None:
        """One invoice, or None when Severa has none with that key."""
        head = self._head(key)
        return None if head is None else self.completed((head,))[0]

    def heads(self, query: InvoiceQuery) -> tuple[Invoice, ...]:
        """The invoices of a query without their rows, in Severa's order."""
        keys = query.keys
        if keys is not None and (len(keys) < FEW or (len(keys) <= _MOST_SINGLY and not query.is_narrow)):
            return self._heads_singly(query, keys)
        params: dict[str, Parameter] = {**facts.day_filter(query.start, query.end)}
        if query.status_keys:
            params["invoiceStatusGuids"] = query.status_keys
        if query.changed_since is not None:
            params["changedSince"] = facts.moment(query.changed_since)
        try:
            most = None if keys is None else len(keys)
            listed = self._client.pages_by_token("/v1/invoices", wire.Invoice, params, most_pages=most)
        except ListTooLong:
            return self._heads_singly(query, keys or ())
        return tuple(invoice for head in listed if _is_meant(invoice := _invoice(head), query))

    def _heads_singly(self, query: InvoiceQuery, keys: Collection[str]) -> tuple[Invoice, ...]:
        singly = [head for key in sorted(keys) if (head := self._head(key)) is not None]
        return tuple(head for head in singly if _is_meant(head, query) and _is_changed(head, query.changed_since))

    def _head(self, key: str) -> Invoice | None:
        head = find(self._client, f"/v1/invoices/{segment(key)}", wire.Invoice)
        return None if head is None else _invoice(head)

    def changed_rows(self, since: datetime, most_pages: int) -> frozenset[str] | None:
        """The keys of the invoices of which a row was added or changed since; None when there are more pages."""
        params: Mapping[str, Parameter] = {"changedSince": facts.moment(since)}
        try:
            rows = self._client.pages_by_token("/v1/invoicerows", wire.InvoiceRow, params, most_pages=most_pages)
        except ListTooLong:
            return None
        return frozenset(row.invoice_guid for row in rows)

    def completed(
        self,
        heads: Sequence[Invoice],
        query: InvoiceQuery | None = None,
        known: Mapping[str, tuple[InvoiceRow, ...]] | None = None,
    ) -> tuple[Invoice, ...]:
        """The heads of a query, those that are open with their rows, reverse charge and rows' projects.

        ``known``: rows that were read before and are still the same; only their reverse charge and entries are asked.
        """
        asked, there = query or InvoiceQuery(), known or {}
        wanted = [head for head in heads if asked.is_open(head)]
        rows = {head.key: there[head.key] for head in wanted if head.key in there}
        rows |= self._rows([head for head in wanted if head.key not in rows])
        return tuple(
            self._complete(head, rows[head.key], row_projects=asked.row_projects) if head.key in rows else head
            for head in heads
        )

    def _rows(self, heads: Sequence[Invoice]) -> dict[str, tuple[InvoiceRow, ...]]:
        """The rows of each invoice by its key, in the order in which Severa shows them."""
        rows: dict[str, list[wire.InvoiceRow]] = {head.key: [] for head in heads}
        if len(heads) >= FEW:
            for row in self._rows_since(heads):
                if row.invoice_guid in rows:
                    rows[row.invoice_guid].append(row)
        for head in heads:
            if not _adds_up(head, rows[head.key]):
                rows[head.key] = self._rows_of(head)
            rows[head.key].sort(key=lambda row: (row.sort_order, row.guid))
        return {key: tuple(map(_row, some)) for key, some in rows.items()}

    def _rows_since(self, heads: Sequence[Invoice]) -> list[wire.InvoiceRow]:
        """All rows since an invoice was made; none when that takes more calls than asking each invoice.

        The invoices made before that one are left to be asked for their own rows.
        """
        start = worth_paging(sorted(facts.moment(head.created) for head in heads if head.created is not None))
        if start is None:
            return []
        params: Mapping[str, Parameter] = {"changedSince": start - facts.ROW_CHANGE_MARGIN}
        try:
            return self._client.pages_by_token(
                "/v1/invoicerows", wire.InvoiceRow, params, most_pages=len(heads), confirm_end=False
            )
        except ListTooLong:
            return []

    def _rows_of(self, head: Invoice) -> list[wire.InvoiceRow]:
        path = f"/v1/invoices/{segment(head.key)}/invoicerows"
        rows = self._client.pages_by_token(path, wire.InvoiceRow, confirm_end=False)
        if _adds_up(head, rows):
            return rows
        return self._client.pages_by_token(path, wire.InvoiceRow)

    def _complete(self, head: Invoice, rows: tuple[InvoiceRow, ...], *, row_projects: bool) -> Invoice:
        behind = self._projects_behind(head, rows, row_projects=row_projects)
        placed = (msgspec.structs.replace(row, project_key=behind.get(row.key, "")) for row in rows)
        return msgspec.structs.replace(head, rows=tuple(placed), reverse_charge=self._is_reverse_charged(head, rows))

    def _is_reverse_charged(self, head: Invoice, rows: Sequence[InvoiceRow]) -> bool:
        """Asked only of an invoice with a row of 0 % or no VAT: others cannot be (semantics §4.13 "Calls")."""
        if all(row.vat_rate for row in rows):
            return False
        path = f"/v1/invoices/{segment(head.key)}/invoicesettings"
        return self._client.get(path, wire.InvoiceSettings).is_reverse_charged

    def _projects_behind(self, head: Invoice, rows: Sequence[InvoiceRow], *, row_projects: bool) -> dict[str, str]:
        """The one project behind each row, by the row's key; rows of no or several projects are not there."""
        if len(head.project_keys) == 1:
            return {row.key: head.project_keys[0] for row in rows}
        if not row_projects:
            return {}
        behind: dict[str, set[str]] = {}
        for kind in sorted({row.kind for row in rows} & set(_ENTRIES)):
            path = f"/v1/invoices/{segment(head.key)}/{_ENTRIES[kind]}"
            for entry in self._client.pages_by_token(path, wire.Entry):
                if entry.invoice_row_guid:
                    behind.setdefault(entry.invoice_row_guid, set()).add(_guid(entry.project))
        if any(row.kind == _FLAT_RATE for row in rows):
            flat = self._client.pages_by_token("/v1/flatrates", wire.FlatRate, {"invoiceGuid": head.key})
            by_rate = {rate.guid: _guid(rate.project) for rate in flat if rate.guid}
            for row in rows:
                if row.flat_rate_key:
                    behind.setdefault(row.key, set()).add(by_rate.get(row.flat_rate_key, ""))
        # An entry whose project is unknown counts as another project: the row's project is then not known either.
        return {row: next(iter(some)) for row, some in behind.items() if len(some) == 1}


def worth_paging(created: Sequence[datetime]) -> datetime | None:
    """From when on reading all of Severa's rows costs fewest calls, given when each invoice was made, oldest first.

    Rows are listed for everybody and by age alone, so that one old draft would drag the rows of years along: the
    invoices made before the answer are cheaper asked for their own rows (issue 3, Calls). How many rows a day brings is
    estimated from the newer half of the invoices themselves. None when there are no invoices.
    """
    if not created:
        return None
    newest, middle = created[-1], created[len(created) // 2]
    days = max((newest - middle).total_seconds() / _DAY, 1.0)
    pages_a_day = (len(created) - len(created) // 2) * _ROWS_OF_AN_INVOICE / PAGE_SIZE / days
    costs = [
        (place + (newest - moment).total_seconds() / _DAY * pages_a_day, place) for place, moment in enumerate(created)
    ]
    return created[min(costs)[1]]


def _guid(reference: wire.Reference | None) -> str:
    return (reference.guid or "") if reference is not None else ""


def _invoice(head: wire.Invoice) -> Invoice:
    """The head alone."""
    customer = facts.invoiced_customer(head)
    return Invoice(
        key=head.guid,
        number=head.number,
        status_key=head.status.guid if head.status else "",
        customer_key=(customer.guid or "") if customer else "",
        customer_name=(customer.name or "") if customer else "",
        customer_number=str(customer.number) if customer and customer.number is not None else "",
        date=head.date,
        due_date=head.due_date,
        currency=(head.currency.code or "") if head.currency else "",
        currency_rate=head.currency_rate,
        net=facts.amount(head.total_excluding_tax),
        vat=facts.amount(head.total_tax),
        gross=facts.amount(head.total_including_tax),
        is_credit_note=head.is_credit_note,
        original_key=facts.credited_invoice(head),
        reference_number=head.reference_number or "",
        order_number=head.order_number or "",
        our_reference=head.our_reference or "",
        your_reference=head.your_reference or "",
        notes=head.notes or "",
        text_before=facts.plain_text(head.free_text1),
        text_after=facts.plain_text(head.free_text2),
        payment_days=head.payment_term,
        business_unit_key=head.invoice_number_business_unit_guid or "",
        project_keys=tuple(project.guid for project in head.projects or [] if project.guid),
        created=facts.moment(head.created_date_time),
        payment_date=head.payment_date,
        updated=facts.moment(head.last_updated_date_time or head.created_date_time),
    )


def _is_meant(head: Invoice, query: InvoiceQuery) -> bool:
    """The conditions that the reader can judge itself."""
    return (
        (query.start is None or head.date >= query.start)
        and (query.end is None or head.date <= query.end)
        and (not query.status_keys or head.status_key in query.status_keys)
        and (query.keys is None or head.key in query.keys)
    )


def _is_changed(head: Invoice, since: datetime | None) -> bool:
    """Of an invoice that was read by its key: Severa was not asked for the changed ones only."""
    return since is None or head.updated is None or head.updated >= facts.moment(since)


def _adds_up(head: Invoice, rows: Sequence[wire.InvoiceRow]) -> bool:
    """Whether these can be all rows of the invoice: they make its net total, but for rounding.

    Compared without sign, since the sign that Severa stores on the rows of a credit note is not documented.
    """
    if not rows:
        return False
    made = sum((row.quantity * facts.amount(row.unit_price) for row in rows), Decimal(0))
    tolerance = Decimal("0.01") * (len(rows) + 1)
    return abs(abs(made) - abs(head.net)) <= tolerance


def _row(row: wire.InvoiceRow) -> InvoiceRow:
    return InvoiceRow(
        key=row.guid,
        kind=row.row_type,
        description=row.description or "",
        quantity=row.quantity,
        unit_price=facts.amount(row.unit_price),
        unit=row.measurement_unit or "",
        vat_rate=row.vat_rate,
        article_codes=tuple(code.strip() for code in row.code or [] if code.strip()),
        profit_centre=(row.cost_center.number or "") if row.cost_center else "",
        sales_account=(row.sales_account.number or "") if row.sales_account else "",
        flat_rate_key=row.flat_rate_guid or "",
    )
