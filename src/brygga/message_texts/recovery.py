"""Messages about who may write, what is in doubt, and systems that came back from a backup (semantics §4.12)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "SYS-920": Message(
        "This run was not heard of for too long, and another has been working with the company since {since} "
        "({holder}). No further record was begun.",
        "wait until it is done, and start again; the computer must not sleep during a run.",
    ),
    "SYS-921": Message(
        "Another store has been writing to company {company} since {since} ({holder}). Nothing was written.",
        "use Brygga where that store is; if it is lost, or this one is to go on instead: brygga takeover"
        " --company {company}",
    ),
    "SYS-922": Message(
        "This store was restored from a backup, so it may not know of the newest documents of company "
        "{company}. Nothing was written.",
        "compare it with Administration and go on: brygga takeover --company {company}",
    ),
    "SYS-923": Message(
        "This store does not know of the run of {since} that wrote to company {company}: it is older "
        "than the company folder, or a copy. Nothing was written.",
        "compare it with Administration and go on: brygga takeover --company {company}",
    ),
    "SYS-924": Message(
        "Administration lacks documents of company {company} that were transferred ({numbers}); its last"
        " number is {last}. It was restored from a backup, or they were removed. Nothing was written.",
        "compare and decide document by document: brygga takeover --company {company}",
    ),
    "SYS-925": Message(
        "Document {nr} of {date} in Administration was transferred by a store that this one does not "
        "know of. It will not be sent again.",
        "nothing; the next transfer links it.",
    ),
    "SYS-926": Message(
        "Document {nr} ({name}, {total}) was transferred and is not in Administration any more.",
        "decide: brygga doubt show {nr}",
    ),
    "SYS-927": Message(
        "{kind} {nr} {name} was transferred and is not in Administration any more. It is made again when it is needed.",
        "nothing.",
    ),
    "SYS-928": Message(
        "The company was taken over by {who}; {count} records were concerned.",
        "nothing.",
    ),
    "SYS-930": Message(
        "Nothing called {nr} is in doubt.",
        "see what is: brygga doubt list",
    ),
    "SYS-931": Message(
        "Several records in doubt are called {nr}.",
        "name one by its key: {keys}",
    ),
    "SYS-932": Message(
        "Document {nr} does not exist.",
        "check the number; see what could be it with: brygga doubt show",
    ),
    "SYS-933": Message(
        "Document {nr} belongs to another record: {other}.",
        "choose another document, or wait",
    ),
    "SYS-934": Message(
        "Decided by {who}: {decision}.",
        "nothing.",
    ),
    "SYS-935": Message(
        "{who} let document {nr} stand as it is, although it differs from what was sent.",
        "nothing.",
    ),
    "SYS-936": Message(
        "Document {nr} is there and differs from what was sent: it can only be accepted as it is.",
        "compare the two, correct the one that is wrong, or accept it: brygga doubt accept",
    ),
    "SYS-937": Message(
        "{nr} is in doubt: whether it is there must be decided first.",
        "link it or send it: brygga doubt link, brygga doubt send",
    ),
    "SYS-938": Message(
        "Document {nr} of {date} in Administration was transferred by a store that this one does not "
        "know of, and Severa knows of it. The take-over links it, with its payment.",
        "nothing.",
    ),
    "SYS-953": Message(
        "Document {nr} of {date} in Administration was transferred by a store that this one does not "
        "know of, and Severa knows of it, but not its number. The take-over links it.",
        "transfer invoices: that writes the number to Severa.",
    ),
    "SYS-952": Message(
        "Document {nr} has the number that it had before, which Administration's series has yet to reach.",
        "in Administration, set the next number of the series above every number used before the next transfer.",
    ),
    "SYS-951": Message(
        "Invoice {nr} has a status of payment in Severa that this store does not know of. A reversal of it is met "
        "from now on.",
        "nothing.",
    ),
    "SYS-950": Message(
        "The cost {nr} of {amount} in Severa was transferred by a store that this one does not know of. "
        "The take-over links it.",
        "nothing.",
    ),
    "SYS-939": Message(
        "{nr} was sent by a store that was lost, and Severa does not have it any more: there is nothing to send.",
        "link it to a document, or leave it: brygga doubt link, brygga doubt wait",
    ),
    "SYS-929": Message(
        "The company folder of {company} is older than this store, and Administration lacks records that"
        " were transferred: {numbers}. Nothing was written.",
        "compare and decide: brygga takeover --company {company}",
    ),
}
