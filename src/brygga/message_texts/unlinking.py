"""Messages of taking a link away."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "WEB-989": Message(
        "Document {nr} is in Administration: its link stays, or the invoice could come to be there twice.",
        "credit the invoice in Severa and transfer the credit note; what should not exist at all is cancelled in "
        "Administration.",
    ),
    "WEB-975": Message(
        "Document {nr} is cancelled in Administration: the number stands for this invoice and is never used again.",
        "make the invoice anew in Severa, and transfer that.",
    ),
    "WEB-976": Message(
        "Nothing called {nr} is linked.",
        "check the number; brygga show tells what happened to a record.",
    ),
    "WEB-977": Message(
        "Several linked records are called {nr}.",
        "name one by its key: {keys}",
    ),
    "WEB-978": Message(
        "No reason was given.",
        "say why the link is taken away; it stays in the history.",
    ),
    "WEB-979": Message(
        "{who} took the link to {nr} away: {why}",
        "nothing; the next transfer looks for the record again.",
    ),
    "WEB-987": Message(
        "Document {nr} is not in Administration any more, and {who} took its link away: {why}",
        "decide whether it is sent again; it is looked for first.",
    ),
    "WEB-988": Message(
        "A write for {nr} is not settled yet.",
        "transfer once more: what was begun is settled by looking. Then take the link away.",
    ),
    "API-916": Message(
        "Only the links of customers, projects, articles and invoices are taken away one by one.",
        "compare everything and reconcile it: brygga takeover",
    ),
}
