"""Messages about customers, payments and supplier invoices on their way to Severa (semantics §5.2)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "KND-130": Message(
        "It is not clear whether customer {nr} was saved in Severa. It is being checked, do not transfer it again.",
        "wait a few minutes and transfer again: the program looks in Severa before anything is repeated.",
    ),
    "KND-131": Message(
        "{kind} {nr} is already in Severa with other contents.",
        "compare the two and couple them if they are the same, otherwise change the number in Administration.",
    ),
    "KND-132": Message("Already transferred ({nr})."),
    "BET-504": Message(
        "It is not clear whether Severa took the payment of invoice {nr}. It is being checked.",
        "wait a few minutes and transfer again: the program looks in Severa before anything is repeated.",
    ),
    "LEV-603": Message(
        "It is not clear whether the cost {nr} was saved in Severa. It is being checked, do not transfer it again.",
        "wait a few minutes and transfer again: the program looks in Severa before anything is repeated.",
    ),
    "LEV-604": Message(
        "A cost with the key {nr} is already in Severa on the same project, with another amount or date.",
        "compare the cost in Severa with the row in Administration, and couple the two if they are the same.",
    ),
}
