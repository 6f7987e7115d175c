"""Messages about settings and mappings (semantics §5.2)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "INS-850": Message(
        "Nothing that was listed is called {text}.",
        "see which rule leaves it out with: brygga why {text}",
    ),
    "ENH-851": Message(
        "The unit {unit} has no mapping and is left empty.",
        "Settings – Mappings – Units.",
    ),
    "SPR-852": Message(
        "The language {language} has no mapping and is left empty.",
        "Settings – Mappings – Languages.",
    ),
    "BTV-853": Message(
        "Payment terms of {days} days have no mapping and are left empty.",
        "Settings – Mappings – Payment terms.",
    ),
    "MAP-854": Message(
        "A mapping points to code {code}, which Administration does not have.",
        "Settings – Mappings.",
    ),
    "MAP-855": Message(
        "VAT rate {rate} is mapped to code {code}, which stands for {there} in Administration.",
        "Settings – Mappings – VAT.",
    ),
    "INS-801": Message(
        "Project on invoices needs project transfer, which is off.",
        "switch on project transfer under Settings – Projects, or choose no project under Settings – Invoices.",
    ),
    "INS-802": Message(
        "No numbering master is chosen.",
        "choose Severa or Administration under Settings – Numbering.",
    ),
    "INS-803": Message(
        "Severa cannot be numbering master: this Administration does not take invoice numbers that are given to it.",
        "choose Administration under Settings – Numbering.",
    ),
    "INS-804": Message(
        "Severa has no invoice status {name}.",
        "correct the name under Settings – Invoices, or create the status in Severa.",
    ),
    "INS-805": Message(
        "{value} is not a valid value of the setting {key}.",
        "{accepts}",
        short="The value of the setting {key} is not valid.",
    ),
    "INS-806": Message(
        "There is no setting {key}.",
        "list the settings to see their names.",
    ),
    "INS-807": Message(
        "The secret {key} is missing.",
        "enter it with brygga settings set {key}, or set the environment variable {variable}.",
    ),
    "INS-808": Message(
        "The company {company} has no settings.",
        "list the companies to see their names, or enter its first setting.",
    ),
    "INS-809": Message(
        "The setting {key} is needed and is missing.",
        "enter it under Settings.",
    ),
    "INS-810": Message(
        "It is not said which company is meant. There are: {companies}",
        "name the company with --company.",
    ),
    "INS-811": Message(
        "The number series will meet: Severa's next number is {severa}, Administration's {administration}. With "
        "Administration as numbering master Severa's numbers are temporary and must lie apart.",
        "give Severa a series of its own, for example from 9 000 000.",
    ),
    "INS-814": Message(
        "There is no company yet.",
        "begin with: brygga settings set severa.client_id ID --company NAME",
    ),
    "INS-828": Message(
        "{option} says nothing to the transfer {transfer}, so it was not begun.",
        "leave it out. This transfer takes: {takes}",
    ),
    "INS-829": Message(
        "A preview is carried out as it was shown: rows, days and decisions cannot be given beside it.",
        "leave out what stands beside --preview, or make a new preview with it.",
    ),
    "INS-813": Message(
        "The first date {start} is after the last, {end}.",
        "give the earlier date first.",
    ),
    "INS-812": Message(
        "The numbering master cannot be changed: the next number {next} is not above the highest one used, {highest}.",
        "move the new master's number series above {highest}.",
    ),
}
