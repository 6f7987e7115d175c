"""Messages about what was sent to Severa and is not as it was sent any more (semantics §4.9, §4.10, §5.2)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "KOR-890": Message(
        "Cost {nr} ({name}, {amount}) was sent and is not in Severa any more.",
        "decide whether it is sent again: brygga doubt show {nr}",
    ),
    "KOR-891": Message(
        "Cost {nr} ({amount}) was sent and is not in Severa any more.",
        "compare with brygga takeover; then you decide whether it is sent again: brygga doubt show {nr}",
    ),
    "KOR-892": Message(
        "Cost {nr} was sent as {a} and is {b} in Severa.",
        "compare it with the row in Administration, and change the cost in Severa if it is wrong there.",
    ),
    "KOR-893": Message(
        "Invoice {nr} was set as paid in Severa and has another status there now. Administration has it as paid.",
        "if it is paid, transfer its payment again: brygga transfer payments {nr}",
    ),
    "KOR-894": Message(
        "Invoice {nr} is paid in Administration and not in Severa.",
        "transfer its payment: brygga transfer payments {nr}",
    ),
    "KOR-895": Message(
        "Invoice {nr} is paid in Severa, and {amount} remains of it in Administration.",
        "transfer its payment and accept that it is set back (--accept {nr}), or enter the payment in Administration.",
    ),
    "KOR-896": Message(
        "It is not known whether Severa has cost {nr} ({amount}).",
        "decide whether it is sent again: brygga doubt show {nr}",
    ),
}
