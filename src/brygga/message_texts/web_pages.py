"""Messages of the pages about single records and of the settings (design/interface.md)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "WEB-974": Message(
        "No offer is ticked.",
        "tick what you accept, or accept all of them.",
    ),
    "WEB-981": Message(
        "The list that was read at {time} does not hold it: its dates, statuses or changed-since leave it out.",
        "search again with a wider choice when it is to be in the list.",
    ),
    "WEB-982": Message(
        "It is not found any more in the system that it came from.",
        "look there whether it was deleted or got another number.",
    ),
    "WEB-983": Message(
        "{value} is not in {system}.",
        "choose one that is there, or create it in {system}.",
    ),
    "WEB-984": Message(
        "A mapping needs both sides, what it is called in Severa and what in Administration.",
        "fill in the side that is empty.",
    ),
    "WEB-985": Message(
        "There is no run {id} of this company.",
        "look for it in the history.",
    ),
    "WEB-986": Message(
        "The name {name} cannot be used for a company here: it is empty or taken.",
        "give a short name with letters or digits that no other company has.",
    ),
    "WEB-990": Message("No file is chosen, or it is empty.", "choose a file that Brygga's settings were written to."),
    "WEB-991": Message(
        "The settings are not as they were when the changes were shown.",
        "look at them again below, and confirm them if they are right.",
    ),
}
