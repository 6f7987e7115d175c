"""What the journal tells the audit trail: every change of a state and of a link (semantics §3.9)."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from brygga.rules.currency import in_base_currency
from brygga.store.audit.trail import Told
from brygga.store.history import History
from brygga.store.journal.records import Link, Operation


class ToldHistory(History):
    """A history whose journal's changes are told too, in the transaction that makes them."""

    def _tell_operation(self, connection: Connection, before: Operation | None, after: Operation, plan: object) -> None:
        told = _told_operation(after) | {"transfer": after.transfer, "write": after.write} | _told_plan(plan)
        self._tell(
            connection,
            Told.OPERATION,
            at=after.updated,
            subject=after.source_key,
            number=after.target_key or str(getattr(plan, "source_number", "")),
            run_id=after.run_id,
            before=_told_operation(before) if before else None,
            after=told,
            reasons=after.reasons or getattr(plan, "reasons", ()),
        )

    def _tell_link(self, connection: Connection, before: Link | None, after: Link | None) -> None:
        link = after or before
        assert link is not None
        if before is not None and after is not None and _told_link(before) == _told_link(after):
            # Every run looks at the card again; only what is no longer the same is a change.
            return
        self._tell(
            connection,
            Told.LINK,
            at=after.updated if after else self.now(),
            subject=link.source_key,
            number=link.snapshot.number or link.target_key,
            before=_told_link(before) if before else None,
            after=_told_link(after) if after else None,
        )


_PLAN_TOLD = ("action", "automatic", "changes", "source_number", "net", "vat", "gross", "currency")
"""What of a plan goes into the audit trail: what was decided and the amounts; no names and no addresses."""


def _told_plan(plan: object) -> dict[str, object]:
    told = {name: getattr(plan, name) for name in _PLAN_TOLD if getattr(plan, name, None) not in (None, "", ())}
    return told | _told_in_base_currency(plan)


def _told_in_base_currency(plan: object) -> dict[str, object]:
    """The amounts of a foreign document at the rate it is sent with: VAT must be known in kronor, and the trail holds
    both (semantics §3.1, §4.6)."""
    document = getattr(plan, "payload", None)
    rate, unit = getattr(document, "rate", None), getattr(document, "unit", None)
    if rate is None or unit is None:
        return {}
    amounts = {name: getattr(plan, name) for name in ("net", "vat", "gross") if getattr(plan, name) is not None}
    in_base = {f"{name}_in_base": in_base_currency(amount, rate, unit) for name, amount in amounts.items()}
    return {"rate": rate, "unit": unit, **in_base}


def _told_operation(operation: Operation) -> dict[str, object]:
    return {name: getattr(operation, name) for name in ("state", "target_key", "payload_hash", "attempts")}


def _told_link(link: Link) -> dict[str, object]:
    amounts = {name: getattr(link.snapshot, name) for name in ("net", "vat", "total", "payload_hash")}
    return {"kind": link.kind, "target_key": link.target_key, **amounts}
