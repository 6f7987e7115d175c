"""Project fees in Severa: read by project, made one by one (contracts/severa.md §3.7)."""

from __future__ import annotations

from brygga.records.reasons import Reason, Refused, Uncertain, reason
from brygga.records.severa_cards import ProjectFee
from brygga.severa import errors, facts, wire, wire_writes
from brygga.severa.changes import Created, kept_otherwise
from brygga.severa.http import SeveraClient
from brygga.severa.registers import find, segment


class Fees:
    """Reads and makes project fees."""

    def __init__(self, client: SeveraClient) -> None:
        self._client = client

    def of_project(self, project_key: str) -> tuple[ProjectFee, ...]:
        """Every fee of the project, invoiced or not."""
        path = f"/v1/projects/{segment(project_key)}/projectfees"
        return tuple(_fee(each) for each in self._client.pages_by_token(path, wire_writes.Fee))

    def every(self) -> tuple[ProjectFee, ...]:
        """Every fee of every project, invoiced or not."""
        return tuple(_fee(each) for each in self._client.pages_by_token("/v1/projectfees", wire_writes.Fee))

    def fee(self, key: str) -> ProjectFee | None:
        """One fee, None when Severa has none with that key."""
        found = find(self._client, f"/v1/projectfees/{segment(key)}", wire_writes.Fee)
        return None if found is None else _fee(found)

    def create(self, card: ProjectFee) -> Created:
        """Make the fee. ``Refused`` with PRJ-202 when Severa refuses it and the project is closed."""
        body = wire_writes.FeeBody(
            project=wire.Link(guid=card.project_key),
            quantity=card.quantity,
            unit_cost=wire_writes.MoneyBody(amount=card.unit_cost, currency_code=card.currency),
            unit_price=wire_writes.MoneyBody(amount=card.unit_price, currency_code=card.currency),
            event_date=card.event_date,
            is_billable=card.billable,
            description=card.description or None,
            # With a product its own name stands on the fee (semantics §4.10).
            name=None if card.product_key else card.name,
            product=wire.Link(guid=card.product_key) if card.product_key else None,
            product_type=None if card.product_key else card.product_type or None,
        )
        try:
            made = self._client.post("/v1/projectfees", body, list[wire_writes.Fee])
        except Refused as refused:
            if refused.reason.code == errors.OPERATION_REFUSED and self._is_closed(card.project_key):
                raise Refused(reason(errors.CLOSED_PROJECT)) from refused
            raise
        if len(made) != 1:
            raise Uncertain(reason(errors.ANSWER_LOST, operation="POST /v1/projectfees"))
        return Created(made[0].guid, tuple(_kept_otherwise(card, _fee(made[0]))))

    def _is_closed(self, project_key: str) -> bool:
        """How a closed project is refused is not documented, so the project itself is asked."""
        project = find(self._client, f"/v1/projects/{segment(project_key)}", wire.Project)
        return project is not None and project.is_closed


def _kept_otherwise(card: ProjectFee, made: ProjectFee) -> list[Reason]:
    same = {
        "unit_cost": made.unit_cost * made.quantity == card.unit_cost * card.quantity,
        "unit_price": made.unit_price * made.quantity == card.unit_price * card.quantity,
        "currency": made.currency == card.currency,
        "event_date": made.event_date == card.event_date,
        "billable": made.billable == card.billable,
        "description": facts.same_text(made.description, card.description),
        "project": made.project_key == card.project_key,
    }
    return kept_otherwise(card.description, same)


def _fee(fee: wire_writes.Fee) -> ProjectFee:
    """A fee as a record; one without a day of its own has the day it was made. The project's number is not on it."""
    money = fee.unit_cost or fee.unit_price
    return ProjectFee(
        project_key=(fee.project.guid or "") if fee.project is not None else "",
        project_number="",
        description=fee.description or "",
        name=fee.name or "",
        unit_cost=facts.amount(fee.unit_cost),
        unit_price=facts.amount(fee.unit_price),
        currency=(money.currency_code or "") if money is not None else "",
        event_date=fee.event_date or facts.moment(fee.created_date_time).date(),
        billable=fee.is_billable is not False,
        product_key=(fee.product.guid or "") if fee.product is not None else "",
        product_type=fee.product_type or "",
        quantity=fee.quantity,
        key=fee.guid,
        invoiced=fee.invoice is not None and bool(fee.invoice.guid),
    )
