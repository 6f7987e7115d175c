"""Messages about coupling records that stand on both sides before the first transfer."""

from __future__ import annotations

from brygga.message_texts.base import Message

STANDING_WORDS: dict[str, str] = {
    "linked": "coupled",
    "match": "the same on both sides",
    "proposal": "probably the same",
    "conflict": "conflict",
    "severa": "only in Severa",
    "administration": "only in Administration",
}
"""How a record stands between the two systems, by ``Standing`` value."""

MESSAGES: dict[str, Message] = {
    "KOP-801": Message(
        "{count} records in Severa match {nr} in Administration.",
        "find out which of them it is, and name that pair.",
    ),
    "KOP-802": Message(
        "Project {nr} belongs to customer {severa} in Severa and to customer {administration} in Administration.",
        "couple the customers first, or confirm this very project.",
    ),
    "KOP-803": Message(
        "Invoice {nr} has the total {a} in Severa and {b} in Administration.",
        "find out whether it is the same invoice; what differs is never coupled.",
    ),
    "KOP-804": Message(
        "Invoice {nr} is made out to customer {severa} in Severa and to customer {administration} in Administration.",
        "couple the customers first.",
    ),
    "KOP-805": Message(
        "Document {nr} is an invoice on one side and a credit note on the other, or cancelled in Administration.",
        "find out what happened with it; it is not coupled.",
    ),
    "KOP-806": Message("Document {nr} in Administration carries the key of another invoice in Severa."),
    "KOP-807": Message("Invoice {nr} is in {severa} in Severa and in {administration} in Administration."),
    "KOP-808": Message(
        "{nr} cannot be coupled to {other}: one of them is coupled already, or not free.",
        "compare again with brygga couple.",
    ),
    "KOP-809": Message(
        "There is no single record {nr} to couple in Severa.",
        "give the number as it is shown by brygga couple.",
    ),
    "KOP-810": Message(
        "{nr} could not be coupled: {detail}",
        "settle what is under way with the record first.",
    ),
    "KOP-811": Message("Coupled to {nr} by {who}."),
    "KOP-812": Message(
        "Nothing in Administration is like {nr}.",
        "name both sides, such as 1001=1001.",
    ),
    "KOP-813": Message("The document is dated {day}, before the go-live date {date}; it is never transferred."),
}
