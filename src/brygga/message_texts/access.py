"""Messages of the ways in: serving to other computers, users, tokens, and what the JSON API was asked for."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "API-901": Message(
        "The address {address} can be reached from other computers; that needs TLS and somebody who can log in.",
        "add --certificate and --key, and a user with: brygga users add NAME.",
    ),
    "API-902": Message(
        "The address {address} cannot be listened on: {detail}.",
        "choose another port with --port, or end the program that uses it.",
    ),
    "API-903": Message(
        "The file {path} for TLS is not there.",
        "give the paths of the certificate and its key as PEM files.",
    ),
    "API-904": Message(
        "The request carries no token that is valid.",
        "send the header Authorization: Bearer TOKEN; make one with: brygga token create NAME.",
    ),
    "API-905": Message(
        "The token may not do this: it lacks the scope {scope}, or is for other companies.",
        "make a token with the scope and the company that are needed.",
    ),
    "API-906": Message(
        "The request could not be understood: {detail}.",
        "compare it with the description at /api/openapi.json.",
    ),
    "API-907": Message(
        "Nothing has this address.",
        "compare it with the description at /api/openapi.json.",
    ),
    "API-909": Message(
        "The request is too large.",
        "send less at a time.",
    ),
    "API-910": Message(
        "Name and password do not belong together.",
        "try again, or let the one who runs Brygga set a new password with: brygga users add NAME.",
    ),
    "API-911": Message(
        "The user needs a name, and a password of at least {count} characters.",
        "choose a longer password, such as four or five words.",
    ),
    "API-912": Message(
        "There is no token {id}.",
        "see the tokens with: brygga token list.",
    ),
    "API-913": Message(
        "The token needs a name, at least one scope, and an end within {count} days.",
        "give them as in: brygga token create NAME --scope read --days 365.",
    ),
    "API-914": Message(
        "Too many attempts have failed.",
        "wait five minutes and try again.",
    ),
    "API-917": Message(
        "{user} may not do this: it takes the right {scope}.",
        "ask one who may ({who}), or have the right given: brygga users allow {user} --scope {scope}",
    ),
    "API-915": Message(
        "There is no user {name}.",
        "see the users with: brygga users list.",
    ),
    "API-920": Message(
        "A preview is carried out as it was shown, so its run accepts no further offers.",
        "accept them when you make the preview.",
    ),
}
