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
    "KOR-879": Message(
        "{company} has no schedule for {transfer}.",
        "list the schedules: brygga schedule list",
    ),
    "KOR-880": Message(
        "The run would write {count} records, more than the {limit} that a scheduled run may write.",
        "look at the preview and approve it: brygga runs approve, or raise the limit under Settings – Schedule.",
    ),
    "KOR-881": Message(
        "The run would transfer {amount}, more than the {most} that a scheduled run may transfer.",
        "look at the preview and approve it: brygga runs approve, or raise the limit under Settings – Schedule.",
    ),
    "KOR-882": Message(
        "Severa lists nothing any more; the last run found {count} records.",
        "check rights and filters of the credential in Severa; approve the run when it is right all the same.",
    ),
    "KOR-883": Message(
        "Administration's customer register is empty, and {count} customers are linked to it.",
        "check that the right company folder is set; approve the run when it is right all the same.",
    ),
    "KOR-885": Message(
        "The connection to the store was lost while run {id} was under way.",
        "start the same command again when the store can be reached: the run goes on where it was.",
    ),
    "KOR-897": Message(
        "Run {id} was cancelled before it began; nothing was written.",
        "start it again if it is wanted.",
    ),
    "KOR-886": Message(
        "The digest of the run could not be sent ({detail}).",
        "check the e-mail server and the address under Settings – Schedule.",
    ),
    "SCH-101": Message(
        "{pattern} is not a time for a schedule.",
        'write for example "weekdays 07:30", "hourly", "every 15 minutes" or five cron fields.',
    ),
    "SCH-102": Message(
        "There is no time zone {zone}.",
        "write it as Europe/Stockholm.",
    ),
}
