"""Messages about runs, schedules and what they report."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "KOR-874": Message(
        "There is no run {id}.",
        "list the runs: brygga runs list",
    ),
    "KOR-875": Message(
        "The run stopped because of a fault in the program ({error}). What was begun is looked up before it goes on.",
        "start it again; if it happens again, send errors.log to support.",
    ),
    "KOR-876": Message(
        "Run {id} is not waiting for anybody.",
        "list the runs to see how it stands: brygga runs list",
    ),
    "KOR-877": Message(
        "Too many programs work on this store at once.",
        "end one of them, then try again.",
    ),
    "KOR-878": Message(
        "Run {id} was taken over by another program on this store.",
        "look how it goes: brygga runs watch {id}",
    ),
}
