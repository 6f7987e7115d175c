"""Messages about words on the command line that make no command, and a store that another program holds."""

from __future__ import annotations

from brygga.message_texts.base import Message

_HELP = "see how it is written with: {command} --help"

MESSAGES: dict[str, Message] = {
    "INS-871": Message(
        "The store {path} is held by another program.",
        "wait until that program is done, or end it; a backup or a database tool that has the file open holds it too.",
    ),
    "INS-872": Message("{name} is missing.", _HELP),
    "INS-873": Message("There is no option {name}.", _HELP),
    "INS-874": Message("The value of {name} will not do: {detail}", _HELP),
    "INS-875": Message("The option {name} is not written in full, or takes no value.", _HELP),
    "INS-876": Message("There is too much on the line: {name}", _HELP),
    "INS-877": Message("There is no command {name}.", _HELP),
    "INS-878": Message("The words make no command: {detail}", _HELP),
    "INS-879": Message("Cancelled; nothing more was done."),
}
