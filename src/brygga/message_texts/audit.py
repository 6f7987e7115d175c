"""Messages about the audit trail (semantics §3.9)."""

from __future__ import annotations

from brygga.message_texts.base import Message

_WHOLE = "restore the store from a backup made before, and find out who had access to it."

MESSAGES: dict[str, Message] = {
    "GRA-001": Message(
        "Event {event} of the audit trail is not as it was written: it was changed afterwards.",
        _WHOLE,
    ),
    "GRA-002": Message(
        "Event {event} of the audit trail does not follow from event {before}: event {before} was replaced afterwards.",
        _WHOLE,
    ),
    "GRA-003": Message(
        "Events are missing in the audit trail: {event} to {last} were deleted.",
        _WHOLE,
    ),
    "GRA-004": Message(
        "The end of the audit trail is missing: events {event} to {last} were deleted.",
        _WHOLE,
    ),
    "GRA-005": Message(
        "The audit trail begins at event {event}, and no event tells of a lawful deletion of those before it.",
        _WHOLE,
    ),
    "GRA-006": Message(
        "Event {event} of the audit trail was added from outside: the program did not write it.",
        _WHOLE,
    ),
    "GRA-007": Message(
        "Event {event} of the audit trail is not the one that was noted: the trail was rewritten afterwards.",
        _WHOLE,
    ),
    "GRA-008": Message(
        "{anchor} is not a note of an event.",
        "give it as the earlier check printed it, such as 1234:9f2c….",
    ),
    "GRA-011": Message(
        "The audit trail from before {day} must be kept: it is accounting information, and some of it may be deleted "
        "only from {date}.",
        "today no later day than {latest} can be given.",
    ),
}
