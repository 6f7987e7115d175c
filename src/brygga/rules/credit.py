"""Credit notes: their type, signs and place in the order of transfer (semantics §4.5, AT-36…43)."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from brygga.records.reasons import Level, Reason, reason

INVOICE = "F"
CREDIT_NOTE = "K"


class OrderedDocument(Protocol):
    """What the order of transfer looks at; ``brygga.records.source.Invoice`` has it."""

    @property
    def key(self) -> str: ...
    @property
    def number(self) -> int | None: ...
    @property
    def date(self) -> date: ...
    @property
    def is_credit_note(self) -> bool: ...
    @property
    def original_key(self) -> str: ...


D = TypeVar("D", bound=OrderedDocument)


@dataclass(frozen=True)
class TransferOrder(Generic[D]):
    """``documents`` in the order in which they are transferred; ``blocked``: keys of the others and why."""

    documents: tuple[D, ...]
    blocked: dict[str, tuple[Reason, ...]]


def document_type(*, is_credit_note: bool) -> str:
    """``K`` for what Severa calls a credit note, else ``F``: never by the sign of the total (REL-1.5.0-11)."""
    return CREDIT_NOTE if is_credit_note else INVOICE


def credit_quantity(quantity: Decimal, *, stored_negative: bool = True) -> Decimal:
    """The quantity on a ``K`` row, where a credited amount is positive (AT-36, AT-38).

    ``stored_negative``: whether Severa stores what is credited as negative quantities (a capability, §4.5).
    """
    return -quantity if stored_negative else quantity


def sign_reasons(net: Decimal, *, is_credit_note: bool, stored_negative: bool = True) -> tuple[Reason, ...]:
    """An ordinary invoice with a negative total is transferred with a warning (FAK-329, AT-43); a credit note whose
    total has the other sign than Severa's credit notes have is refused (FAK-343), never guessed."""
    if not is_credit_note:
        return (reason("FAK-329", Level.WARNING, amount=net),) if net < 0 else ()
    return (reason("FAK-343", amount=net),) if credit_quantity(net, stored_negative=stored_negative) < 0 else ()


def transfer_order(documents: Iterable[D]) -> TransferOrder[D]:
    """Originals before their credit notes, else by (date, number, key), those without number last (AT-39).

    A credit note of a credit note is blocked (FAK-342; Administration refuses it, code 233), and so are documents that
    credit each other in a circle (FAK-341). An original outside the batch holds nobody back here.
    """
    by_key = {document.key: document for document in documents}
    blocked: dict[str, tuple[Reason, ...]] = {}
    waiting: dict[str, list[str]] = {}
    ready: list[tuple[tuple[date, bool, int], str]] = []
    for key, document in by_key.items():
        original = by_key.get(document.original_key) if document.is_credit_note else None
        if original is None:
            heapq.heappush(ready, (_rank(document), key))
        else:
            waiting.setdefault(original.key, []).append(key)
    ordered = []
    while ready:
        _, key = heapq.heappop(ready)
        document = by_key[key]
        ordered.append(document)
        for credit in waiting.pop(key, ()):
            if document.is_credit_note:
                blocked[credit] = (reason("FAK-342", nr=_name(document)),)
                _block_followers(credit, waiting, by_key, blocked)
            else:
                heapq.heappush(ready, (_rank(by_key[credit]), credit))
    for original_key, credits in waiting.items():
        for credit in credits:
            blocked[credit] = (reason("FAK-341", nr=_name(by_key[original_key])),)
    return TransferOrder(tuple(ordered), blocked)


def _block_followers(
    key: str, waiting: dict[str, list[str]], by_key: dict[str, D], blocked: dict[str, tuple[Reason, ...]]
) -> None:
    """Whatever credits a blocked credit note is itself a credit of a credit."""
    todo = [key]
    while todo:
        original = todo.pop()
        for credit in waiting.pop(original, ()):
            blocked[credit] = (reason("FAK-342", nr=_name(by_key[original])),)
            todo.append(credit)


def _rank(document: OrderedDocument) -> tuple[date, bool, int]:
    return (document.date, document.number is None, document.number or 0)


def _name(document: OrderedDocument) -> str:
    return str(document.number) if document.number is not None else document.key
