"""Words and messages about the health of the mappings."""

from __future__ import annotations

from brygga.message_texts.base import Message

HEALTH_WORDS: dict[str, str] = {
    "used": "used",
    "unused": "not used",
    "missing": "has no mapping",
    "nowhere": "points nowhere",
}
"""How a mapping stands, by ``Health`` value."""

MESSAGES: dict[str, Message] = {
    "MAP-856": Message(
        "{source} is used {count} times in Severa and has no mapping ({key}).",
        "see the suggestions with brygga mappings suggest.",
    ),
    "MAP-858": Message("{used} mappings used, {missing} missing."),
    "MAP-857": Message(
        "There is no suggestion for {source} in {key}.",
        "name the code in Administration too.",
    ),
}
