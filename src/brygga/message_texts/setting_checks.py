"""Messages about settings held against the registers of both systems, and about several companies on one Severa."""

from __future__ import annotations

from brygga.message_texts.base import Message

_UNITS = "name each company's business units under Settings – Connection."

MESSAGES: dict[str, Message] = {
    "INS-815": Message(
        "The invoice status {name} is no longer in use in Severa.",
        "choose another status under Settings, or take it into use again in Severa.",
    ),
    "INS-816": Message(
        "Invoices in the status {name} have no number in Severa, which is the numbering master; they cannot be "
        "transferred.",
        "choose a status with invoice numbers under Settings – Invoices.",
    ),
    "INS-817": Message(
        "The status {name} is both a status to transfer and the status after transfer, so transferred invoices do not "
        "leave the list.",
        "choose another status after transfer under Settings – Invoices.",
    ),
    "INS-818": Message(
        "Administration has no {code} for new articles.",
        "correct the article, the article group or the accounting code under Settings – Articles.",
    ),
    "INS-819": Message(
        "The ledger account {account} is not in use in the financial year {start} to {end}.",
        "choose an account that is in use under Settings – Invoices, or add it in Administration.",
    ),
    "INS-822": Message(
        "Severa has no business unit {name}.",
        "correct the name under Settings – Connection.",
    ),
    "INS-823": Message(
        "The code {code} of project {nr} is longer than {max} characters.",
        "choose a shorter code under Settings – Projects.",
    ),
    "INS-824": Message(
        "This company names no business units, and the same Severa is used by: {companies}",
        _UNITS,
    ),
    "INS-825": Message(
        "The file does not hold settings of Brygga.",
        "choose a file that brygga settings export has written.",
    ),
    "INS-826": Message(
        "The file holds the secret {key}; secrets are not taken from files.",
        "remove it from the file, and set it by itself.",
    ),
    "INS-827": Message("The file {path} cannot be read: {detail}", "check its name and the rights of this user."),
    "FTG-801": Message("It belongs to another company: business unit {units}."),
    "FTG-802": Message("It belongs to no company: none has the business unit {units}.", _UNITS),
    "FTG-803": Message(
        "It belongs to no company: neither it nor its projects have a business unit.",
        "give the project a business unit in Severa.",
    ),
    "FTG-805": Message(
        "It belongs to more than one company: these name no business units and have the same Severa: {companies}",
        _UNITS,
    ),
    "FTG-804": Message(
        "It belongs to more than one company: business units {units}.",
        "split the invoice in Severa, or correct the business units under Settings – Connection.",
    ),
}
