"""Messages about who may write, what is in doubt, and systems that came back from a backup (semantics §4.12)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "SYS-920": Message(
        "This run was not heard of for too long, and another has been working with the company since {since} "
        "({holder}). No further record was begun.",
        "wait until it is done, and start again; the computer must not sleep during a run.",
    ),
}
