"""Words and messages about the health of the mappings."""

from __future__ import annotations

from brygga.message_texts.base import Message

HEALTH_WORDS: dict[str, str] = {
    "used": "used",
    "unused": "not used",
    "missing": "has no mapping",
    "optional": "has no mapping and needs none",
    "nowhere": "points nowhere",
}
"""How a mapping stands, by ``Health`` value."""

MESSAGES: dict[str, Message] = {
    "MAP-860": Message(
        "Price list {name} has no mapping, so the customer keeps the one it has in Administration.",
        "map the price list under Settings – Mappings – Price lists.",
    ),
    "MAP-861": Message(
        "Severa has no price list in use called {code}, or more than one.",
        "correct the mapping under Settings – Mappings – Price lists, or the names in Severa.",
    ),
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
