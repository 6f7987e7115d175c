"""Messages about what is written to Severa and read from the ledgers (semantics §5.2)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "SEV-720": Message(
        "{name} was created in Severa, but not all of it: {field} could not be written.",
        "run the transfer again; the next run adds what is missing.",
    ),
    "SEV-721": Message(
        "Severa has no way of contact in use for {field}, so it was not written for {name}.",
        "add the kind in Severa under Settings – Contact – Communication types.",
    ),
    "SEV-722": Message(
        "Severa has no language with the code {code}.",
        "correct the mapping of languages under Settings – Mappings.",
    ),
    "SEV-723": Message(
        "Severa has no currency in use with the code {code}.",
        "take the currency into use in Severa, or correct it on the customer in Administration.",
    ),
    "SEV-724": Message(
        "Severa has no country with the code {code}.",
        "correct the country on the customer in Administration, or map the name that Severa has for it under Settings "
        "– Mappings – Countries.",
    ),
    "SEV-725": Message(
        "{field} is empty in Administration, but cannot be emptied in Severa from outside.",
        "empty it in Severa by hand if it is to be empty there too.",
    ),
    "SEV-726": Message(
        "Severa has kept another value in {field} than the one that was sent for {name}.",
        "look at it in Severa; the next run compares again.",
    ),
    "ADK-520": Message(
        "Administration tells the time of a change in a form that is not known ({table}: {text}), so it cannot be said "
        "what has changed.",
        "search without “changed since”, and send the code and this text to support.",
    ),
}
