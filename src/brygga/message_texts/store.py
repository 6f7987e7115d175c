"""Messages about the store: files, backup, secrets (LAG), beside those of opening it (SYS-909, 913, 914)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "LAG-001": Message("The file {path} exists already.", "give another name, or move the file away first."),
    "LAG-002": Message(
        "The file {path} cannot be written: {detail}",
        "check the folder, its rights and that the disk is not full.",
    ),
    "LAG-012": Message(
        "The backup {path} is damaged, or is none: {detail}",
        "take another backup; this one must not be restored.",
    ),
    "LAG-013": Message("There is no file {path}.", "check the name of the backup."),
    "LAG-014": Message(
        "The store is newer than the backup: {n} changes in {companies} would be lost.",
        "make a backup of it first; to restore all the same, add --yes.",
    ),
    "LAG-015": Message(
        "The store is in use: {holder}",
        "wait until the run has ended and close the pages and workers (brygga serve, brygga worker), then try again.",
    ),
    "LAG-016": Message(
        "The store {path} cannot be read, so it is not known whether it is newer than the backup.",
        "to restore all the same, add --yes; the file is set aside and kept.",
    ),
    "LAG-021": Message(
        "The secrets in {path} cannot be read with the key of this user.",
        "move the file away and enter the secrets again, or set BRYGGA_SECRET_KEY to the key they were kept with.",
    ),
    "LAG-022": Message(
        "The keyring of this computer did not answer: {detail}",
        "unlock it, or set the environment variable {variable}.",
    ),
    "LAG-023": Message(
        "The value of {key} is secret and is not written on the command line, where others can see it.",
        "leave the value out: the program asks for it, or reads it from standard input.",
    ),
    "LAG-024": Message(
        "No value was given for {key}.",
        "write it behind the setting's name; a secret is typed when the program asks.",
    ),
    "LAG-025": Message(
        "The key in {path} is not a key for secrets.",
        "correct or remove it; without it the secrets must be entered again.",
    ),
    "LAG-031": Message("The store is damaged: {detail}", "restore the latest backup: brygga restore FILE"),
    "LAG-032": Message(
        "There is little space left for the store in {path}: {free} MB, and at least {needed} MB are wanted.",
        "free some space on the disk.",
    ),
    "LAG-033": Message(
        "The clock of this computer shows {now}, but something was written at {latest} (UTC).",
        "set the clock; the dates of transfers and the audit trail depend on it.",
    ),
    "LAG-041": Message(
        "The store did not answer: {detail}",
        "see that its disk is not full and that its database runs; what was under way is settled by the next run.",
    ),
    "LAG-034": Message("It could not be looked at: {detail}", "check the rights of this user in the data folder."),
    "LAG-035": Message(
        "{holder} held {company} and ended without giving it back.",
        "nothing: the next run takes over, and settles what was under way.",
    ),
}
