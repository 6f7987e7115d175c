"""Invoices, Severa → Administration: which ones, what they need first, and the plan of each (semantics §4.3–4.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.records.source import Customer, Invoice, InvoiceRow
from brygga.records.target import ArticleCard, CustomerCard, InvoiceDocument, Kind, PostedInvoice
from brygga.rules.countries import is_eu
from brygga.rules.credit import sign_reasons, transfer_order
from brygga.rules.mappings import mapped
from brygga.rules.numbering import number_reasons
from brygga.rules.periods import period_reasons
from brygga.rules.posting_objects import AccountLetters, object_reasons
from brygga.severa.gateway import InvoiceQuery
from brygga.transfers.articles import needed_article
from brygga.transfers.credits import NONE, Original, original_of
from brygga.transfers.customers import country_of
from brygga.transfers.invoice_document import Found, invoice_document, row_name
from brygga.transfers.lookup import carries, remark_key
from brygga.transfers.plan import Action, Plan, SeveraChange, Transfer, action_for
from brygga.transfers.projects import customer_of, needed_project
from brygga.transfers.readings import Readings
from brygga.transfers.selection import Selection


def plan_invoices(readings: Readings, selection: Selection) -> tuple[Plan, ...]:
    """Plans for the chosen invoices in the order of transfer: by date, number, guid (§4.5)."""
    _require_statuses(readings)
    query = _query(readings, selection)
    listed = _listed(readings, selection, query)
    chosen = [invoice for invoice in listed if selection.takes(str(invoice.number or ""), invoice.customer_name)]
    order = transfer_order(chosen)
    to_plan = [invoice for invoice in chosen if query.is_open(invoice)]
    readings.fetch(to_plan)
    numbers = [invoice.number for invoice in to_plan if invoice.number is not None]
    master = readings.preferences.numbering_master
    posted = readings.posted_from(min(numbers)) if numbers and master == "severa" else {}
    plans: dict[str, Plan] = {}
    for invoice in order.documents:
        plans[invoice.key] = plan_invoice(readings, invoice, posted, plans)
    blocked = [invoice for invoice in chosen if invoice.key in order.blocked]
    for invoice in sorted(blocked, key=lambda invoice: (invoice.date, invoice.number or 0, invoice.key)):
        plans[invoice.key] = _plan(readings, invoice, Action.REFUSE, order.blocked[invoice.key])
    return tuple(plans.values())


def _listed(readings: Readings, selection: Selection, query: InvoiceQuery) -> tuple[Invoice, ...]:
    listed = readings.company.severa.invoices(query)
    if selection.keys is None and not selection.texts:
        listed = readings.belonging.ours(listed)
    left = selection.also - {invoice.key for invoice in listed}
    if not left:
        return listed
    of_before = InvoiceQuery(keys=left, settled=query.settled, open_status_keys=query.open_status_keys)
    return (*listed, *readings.company.severa.invoices(of_before))


def _require_statuses(readings: Readings) -> None:
    """The statuses of the settings must be in Severa: else invoices would be left out, or never get their status."""
    preferences = readings.preferences
    after = (preferences.invoices_status_after, preferences.invoices_credit_status_after)
    for name in (*preferences.invoices_statuses, *after):
        if name and readings.status_key(name) is None:
            raise Refused(reason("INS-804", name=name))


def _query(readings: Readings, selection: Selection) -> InvoiceQuery:
    """Listed: the chosen invoices, else those in a status to transfer and those of the chosen days already there."""
    start = selection.start
    earliest = readings.preferences.invoices_from_date
    if selection.keys is None and earliest is not None and (start is None or start < earliest):
        start = earliest
    keys = () if selection.keys is not None or selection.texts else _status_keys(readings)
    return InvoiceQuery(
        start=start,
        end=selection.end,
        status_keys=keys,
        changed_since=selection.changed_since,
        keys=selection.keys,
        settled=frozenset(readings.links(Kind.INVOICE)),
        open_status_keys=_keys_of(readings, readings.preferences.invoices_statuses),
    )


def _status_keys(readings: Readings) -> tuple[str, ...]:
    """The statuses to transfer, and the one that transferred invoices get, so that these are listed as such."""
    preferences = readings.preferences
    names = (
        *preferences.invoices_statuses,
        preferences.invoices_status_after,
        preferences.invoices_credit_status_after,
    )
    return _keys_of(readings, names)


def _keys_of(readings: Readings, names: Iterable[str]) -> tuple[str, ...]:
    keys = (readings.status_key(name) for name in names if name)
    return tuple(key for key in dict.fromkeys(keys) if key is not None)


def plan_invoice(
    readings: Readings, invoice: Invoice, posted: Mapping[int, PostedInvoice], planned: Mapping[str, Plan]
) -> Plan:
    """What to do with one invoice or credit note.

    ``posted``: Administration's invoices by number, as far as they matter; ``planned``: the batch's plans so far.
    """
    link = readings.links(Kind.INVOICE).get(invoice.key)
    if link is not None:
        note = reason("FAK-309", Level.NOTE, nr=link.target_key, date=link.created.date())
        return _plan(readings, invoice, Action.NOTHING, (note,), target_key=link.target_key)
    skipped = _not_ours_to_send(readings, invoice)
    if skipped:
        return _plan(readings, invoice, Action.SKIP, skipped)
    not_ours = readings.belonging.reasons(invoice)
    if not_ours:
        return _plan(readings, invoice, action_for(not_ours, Action.SKIP), not_ours)
    stored_negative = readings.preferences.severa_credit_rows == "negative"
    signs = sign_reasons(invoice.net, is_credit_note=invoice.is_credit_note, stored_negative=stored_negative)
    reasons = (*_eligible(readings, invoice), *signs)
    found, needs, more = _found(readings, invoice)
    original = NONE
    if invoice.is_credit_note:
        original = original_of(
            readings, invoice, found.customer_number, planned, lambda other: _can_come(readings, other)
        )
        found.original_number = original.number
        more = (*more, *original.reasons)
    reasons = (*reasons, *more, *period_reasons(invoice.date, readings.info.booking_years))
    document, more = invoice_document(readings, invoice, found)
    reasons = (*reasons, *more, *_account_reasons(readings, document, found, needs))
    if original.in_ore and document.round_off:
        reasons = (*reasons, reason("FAK-355", Level.WARNING, nr=original.number, amount=document.total))
    there = posted.get(invoice.number) if invoice.number is not None else None
    if there is not None and carries(there, remark_key(invoice.key)):
        # It is ours, from a store that was lost: the engine finds it before it would create it, and links.
        reasons = (reason("FAK-332", Level.NOTE, nr=there.number),)
    elif there is not None:
        reasons = (*reasons, reason("FAK-302", nr=there.number))
    action = action_for(reasons, Action.CREATE)
    return _plan(readings, invoice, action, reasons, document=document, needs=needs, original=original)


def _account_reasons(
    readings: Readings, document: InvoiceDocument, found: Found, needs: Iterable[Plan]
) -> tuple[Reason, ...]:
    """What the accounts of the rows demand or forbid; the chart is read only where a letter may say so."""
    preferences = readings.preferences
    letters = AccountLetters(preferences.invoices_demanding_letters, preferences.invoices_forbidding_letters)
    if not letters.demanding and not letters.forbidding:
        return ()
    new = {need.payload.number: need.payload for need in needs if isinstance(need.payload, ArticleCard)}
    cards = {number: new.get(number) or readings.article_cards.get(number) for number in found.articles.values()}
    codes = {number: card.accounting_code for number, card in cards.items() if card is not None}
    eu_trade = found.card is not None and found.card.eu_customer
    return object_reasons(document, readings.posting_accounts, codes, letters, eu_trade=eu_trade)


def _can_come(readings: Readings, original: Invoice) -> bool:
    """Whether an original outside the batch may still come: statuses change, the cut-over does not (§4.5)."""
    earliest = readings.preferences.invoices_from_date
    return earliest is None or original.date >= earliest


def _not_ours_to_send(readings: Readings, invoice: Invoice) -> tuple[Reason, ...]:
    """Why an invoice is left alone although it was listed; one reason is enough."""
    preferences = readings.preferences
    status = readings.statuses.get(invoice.status_key)
    name = status.name if status is not None else ""
    if name.strip().casefold() not in {wanted.strip().casefold() for wanted in preferences.invoices_statuses}:
        return (reason("FAK-325", Level.NOTE, status=name),)
    if preferences.invoices_from_date is not None and invoice.date < preferences.invoices_from_date:
        return (reason("FAK-331", Level.NOTE, date=preferences.invoices_from_date),)
    return ()


def _eligible(readings: Readings, invoice: Invoice) -> tuple[Reason, ...]:
    """Whether the numbering master lets the invoice go (§3.1, §4.3)."""
    preferences, status = readings.preferences, readings.statuses.get(invoice.status_key)
    if preferences.numbering_master == "":
        return (reason("INS-802"),)
    if preferences.numbering_master == "severa" and not readings.capabilities.invoice_number_given:
        return (reason("INS-803"),)
    return number_reasons(
        invoice.number,
        status_has_number=status is not None and status.has_invoice_number,
        status_is_sent=status is not None and status.is_sent,
        master=preferences.numbering_master,
        override_reason=preferences.numbering_sent_override_reason,
    )


def _found(readings: Readings, invoice: Invoice) -> tuple[Found, tuple[Plan, ...], tuple[Reason, ...]]:
    """What the document refers to, the plans of what is missing, and what stands in the way (§4.7)."""
    number, _, needs, reasons = customer_of(readings, invoice.customer_key)
    card = readings.customer_cards.get(number)
    if card is not None and card.inactive:
        reasons = (*reasons, reason("KND-107", nr=number))
    customer = readings.customer(invoice.customer_key)
    if invoice.reverse_charge and customer is not None and _lacks_vat_number(readings, customer):
        # A missing buyer's VAT number cannot be repaired after the invoice was issued (§3.3): blocked (AT-09).
        reasons = (*reasons, reason("KND-108", nr=number))
    card = card or next((need.payload for need in needs if isinstance(need.payload, CustomerCard)), None)
    reasons = (*reasons, *_flag_reasons(invoice, card))
    found = Found(customer_number=number, projects={}, articles={}, profit_centres={}, card=card)
    collected = [*needs]
    for step in (_projects, _articles, _profit_centres):
        more_needs, more = step(readings, invoice, found)
        collected.extend(more_needs)
        reasons = (*reasons, *more)
    distinct = {(need.kind, need.source_key): need for need in collected}
    return found, tuple(distinct.values()), tuple(dict.fromkeys(reasons))


def _flag_reasons(invoice: Invoice, card: CustomerCard | None) -> tuple[Reason, ...]:
    """The invoice's own flag decides; that it differs from the customer's card is said (§4.1b)."""
    if card is None or invoice.reverse_charge == (card.export or card.buildservice):
        return ()
    return (reason("FAK-351" if invoice.reverse_charge else "FAK-352", Level.WARNING, nr=card.number),)


def _lacks_vat_number(readings: Readings, customer: Customer) -> bool:
    """Reverse charge needs the buyer's VAT number, but outside the EU there is none (§3.3)."""
    country = country_of(readings, customer)
    return not customer.identity.strip() and (country in ("", "SE") or is_eu(country))


def _projects(readings: Readings, invoice: Invoice, found: Found) -> tuple[list[Plan], list[Reason]]:
    """Codes of the rows' projects; a missing one is created first when project transfer is in use (§4.7)."""
    preferences = readings.preferences
    needs: list[Plan] = []
    reasons: list[Reason] = []
    if preferences.invoices_project_on == "off":
        return needs, reasons
    if len(invoice.project_keys) > 1 and any(not row.project_key for row in invoice.rows):
        reasons.append(reason("FAK-324", Level.WARNING))
    for key in dict.fromkeys(row.project_key for row in invoice.rows if row.project_key):
        project = readings.project(key)
        if project is None:
            reasons.append(reason("PRJ-211", name=key))
            continue
        plan = needed_project(readings, project)
        if plan.target_key:
            found.projects[key] = plan.target_key
        elif not preferences.projects_enabled or not preferences.autofix_projects:
            reasons.append(reason("PRJ-208", nr=project.number))
        elif plan.action is Action.CREATE and plan.payload is not None:
            found.projects[key] = plan.natural_key
            needs.append(plan)
        else:
            reasons.extend(plan.stops)
    return needs, reasons


def _articles(readings: Readings, invoice: Invoice, found: Found) -> tuple[list[Plan], list[Reason]]:
    """Article numbers of the rows; a missing article is created first (§4.7)."""
    needs: list[Plan] = []
    reasons: list[Reason] = []
    for row in invoice.rows:
        code = _article_code(readings, row)
        if not code:
            reasons.append(reason("FAK-308", name=row_name(row)))
        elif code in readings.article_cards:
            found.articles[row.key] = code
        else:
            article = readings.severa_articles.get(code)
            if article is None or not readings.preferences.autofix_articles:
                reasons.append(reason("ART-707", nr=code))
                continue
            plan = needed_article(readings, article)
            if plan.action is Action.CREATE:
                found.articles[row.key] = code
                needs.append(plan)
            else:
                reasons.extend(plan.stops)
    return needs, reasons


def _article_code(readings: Readings, row: InvoiceRow) -> str:
    """The row's one code; none or several different ones go to the default article (§4.7)."""
    codes = {code.strip() for code in row.article_codes if code.strip()}
    return codes.pop() if len(codes) == 1 else readings.preferences.articles_default_article


def _profit_centres(readings: Readings, invoice: Invoice, found: Found) -> tuple[list[Plan], list[Reason]]:
    """The row's cost centre, else its project's (which is the business unit's when it has none, §4.4)."""
    reasons: list[Reason] = []
    for row in invoice.rows:
        project = readings.project(row.project_key) if row.project_key else None
        code = row.profit_centre or (project.profit_centre if project is not None else "")
        if not code:
            continue
        code = mapped(readings.preferences.mappings_profit_centres, code) or code
        if code not in readings.info.profit_centres:
            reasons.append(reason("FAK-315", code=code))
            continue
        found.profit_centres[row.key] = code
    return [], reasons


def _status_after(readings: Readings, invoice: Invoice) -> str:
    """Chosen per document: a credit note's own, else the invoices' (§4.5, REL-1.6.3-01)."""
    preferences = readings.preferences
    credit_status = preferences.invoices_credit_status_after if invoice.is_credit_note else ""
    return credit_status or preferences.invoices_status_after


def _plan(
    readings: Readings,
    invoice: Invoice,
    action: Action,
    reasons: tuple[Reason, ...],
    *,
    document: InvoiceDocument | None = None,
    needs: tuple[Plan, ...] = (),
    target_key: str = "",
    original: Original = NONE,
) -> Plan:
    preferences = readings.preferences
    after = _status_after(readings, invoice)
    change = SeveraChange(
        invoice_key=invoice.key,
        status_key=readings.status_key(after) if after else None,
        number_and_reference=preferences.numbering_master == "administration",
        mark_printed=preferences.invoices_mark_printed,
    )
    return Plan(
        company=readings.company.name,
        transfer=Transfer.INVOICES,
        kind=Kind.INVOICE,
        source_key=invoice.key,
        source_number=str(invoice.number or ""),
        source_name=invoice.customer_name,
        action=action,
        target_key=target_key,
        payload=document,
        natural_key=remark_key(invoice.key),
        reasons=reasons,
        needs=needs if action is Action.CREATE else (),
        write_back=change if action is Action.CREATE else None,
        original_key=original.key if action is Action.CREATE else "",
        original_number=original.severa_number,
        net=invoice.net,
        vat=invoice.vat,
        gross=invoice.gross,
        day=invoice.date,
        currency=invoice.currency,
    )
