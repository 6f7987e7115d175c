"""Messages about invoices, currency, payments and supplier invoices (semantics §5.2)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "FAK-301": Message(
        "The invoice has no number. Severa is chosen as numbering master.",
        "give the invoice a number in Severa by changing its status.",
    ),
    "FAK-302": Message(
        "Invoice number {nr} is already used in Administration.",
        "check which invoice has the number in Administration.",
    ),
    "FAK-303": Message(
        "The credit note waits for invoice {nr} to be transferred first.",
        "transfer invoice {nr}.",
    ),
    "FAK-304": Message(
        "The credit note refers to invoice {nr}, which is not in Administration.",
        "check the original invoice in Severa.",
        short="It is not known which invoice the credit note credits.",
    ),
    "FAK-305": Message(
        "The period {period} is locked in Administration.",
        "change the invoice date in Severa, or open the period in Administration.",
        short="The period of the invoice date is locked in Administration.",
    ),
    "FAK-306": Message(
        "VAT rate {rate} has no VAT code.",
        "Settings – Mappings – VAT.",
        short="A row has no VAT rate, and the invoice is not reverse-charged.",
    ),
    "FAK-307": Message(
        "The amount does not match: Severa {a}, Administration {b}. The invoice was not transferred.",
        "compare the rows, VAT rates and rounding of the invoice, and see Settings – Invoices – VAT rounding.",
    ),
    "FAK-308": Message(
        "No article number for {name}.",
        "enter a code in Severa or choose a default article under Settings – Articles.",
    ),
    "FAK-309": Message(
        "The invoice is already transferred ({date}, no. {nr}).",
        short="Already transferred (no. {nr}).",
    ),
    "FAK-310": Message(
        "It is not clear which document in Administration the invoice became: {numbers} all carry its key.",
        "compare them in Administration, and couple the right one. Do not transfer again.",
        short=(
            "It is not clear whether the invoice was saved in Administration. It is being checked, do not "
            "transfer it again."
        ),
    ),
    "FAK-311": Message(
        "The invoice was transferred but could not be marked as printed.",
        "the next run tries again; otherwise mark invoice {nr} as printed in Administration.",
    ),
    "FAK-312": Message(
        "The invoice is in Administration as {nr}, but the amount differs: expected {a}, there {b}.",
        "compare the invoice in both systems, and correct the one that is wrong or accept it under In doubt "
        "(brygga doubt accept). Number and status are not written back until then.",
    ),
    "FAK-313": Message(
        "The invoice date {date} is in no financial year of Administration.",
        "create the financial year in Administration, or change the invoice date in Severa.",
        short="The invoice date is in no financial year of Administration.",
    ),
    "FAK-315": Message(
        "Profit centre {code} is not in Administration.",
        "create the profit centre in Administration, or change the cost centre in Severa.",
    ),
    "FAK-317": Message(
        "Order number {nr} is longer than {max} characters. Its beginning is in the field, and the whole number "
        "in a text row.",
    ),
    "FAK-318": Message(
        "{field} was cut to {max} characters.",
        "shorten the text in Severa if it is to be the same in both.",
    ),
    "FAK-319": Message(
        "Characters that Administration does not have were replaced: {characters}",
        "change the text in Severa if it reads badly.",
    ),
    "FAK-320": Message(
        "The internal notes were cut: the field in Administration takes {max} characters.",
        "the whole notes are in Severa.",
    ),
    "FAK-322": Message(
        "Invoice {nr} was transferred, but its number was not written back to Severa.",
        "the next run writes it back; check that the invoice's status in Severa may be changed.",
    ),
    "FAK-323": Message(
        "Invoice {nr} was transferred, but its status was not changed in Severa.",
        "the next run changes it; check that the invoice's status in Severa may be changed.",
    ),
    "FAK-324": Message(
        "A row has entries of several projects, so it goes without a project.",
        "divide the row by project in Severa if the project is needed.",
    ),
    "FAK-325": Message(
        "The invoice's status {status} is not one to transfer.",
        "change the status in Severa, or the statuses under Settings – Invoices.",
    ),
    "FAK-326": Message(
        "A rounding row of {amount} was added so that the total is the same as in Severa.",
    ),
    "FAK-327": Message(
        "Invoice {nr} was already sent to the customer under its temporary number; it is transferred because a "
        "reason was given: {override}",
        short=(
            "Invoice {nr} was already sent to the customer under its temporary number. With a new number the "
            "customer would hold an invoice that exists nowhere."
        ),
    ),
    "FAK-328": Message(
        "The document was given number {given}, but Administration gave it {got}.",
        "check the number series in Administration. Nothing is written back until then.",
    ),
    "FAK-329": Message(
        "The invoice's total is negative ({amount}). It is transferred as an ordinary invoice, not as a credit note.",
        "if it is a credit, make a credit note in Severa.",
    ),
    "FAK-330": Message(
        "Quantity or price has more decimals than Administration takes. The row goes as one piece at the same "
        "total, with the original in a text row: {row}",
    ),
    "FAK-331": Message(
        "The invoice is dated before {date}, the day transfer began, and is skipped.",
        "change the first day under Settings – Invoices if older invoices are to be transferred.",
    ),
    "FAK-332": Message(
        "The invoice is already in Administration as {nr}, with its key from Severa. It is coupled, not created again.",
    ),
    "FAK-333": Message(
        "Administration's document {nr} is already coupled to another record ({other}), so it is not clear whose "
        "it is. Administration may have been restored from a backup or changed by hand.",
        "compare the document in Administration with both records and couple the right one. Do not transfer again.",
    ),
    "FAK-334": Message(
        "Invoice {nr} was transferred and is not in Severa any more, so nothing was written back there.",
        "if the customer is not to pay it, credit document {nr} in Administration.",
    ),
    "FAK-341": Message(
        "The credit note and invoice {nr} refer to each other in a circle.",
        "correct the link to the original invoice in Severa.",
    ),
    "FAK-342": Message(
        "The credit note credits {nr}, which is itself a credit note. Administration does not accept that.",
        "make an ordinary invoice in Severa instead.",
    ),
    "FAK-343": Message(
        "The credit note's total ({amount}) has the other sign than credit notes in Severa have. The sign is not "
        "guessed.",
        "check the credit note's rows in Severa.",
    ),
    "FAK-344": Message(
        "Invoice {nr}, which the credit note credits, is cancelled in Administration.",
        "check the original invoice in both systems; a cancelled invoice needs no credit note.",
    ),
    "FAK-345": Message(
        "Invoice {nr} in Administration, which the credit note credits, belongs to customer {customer}.",
        "check the link to the original invoice in Severa.",
    ),
    "VAL-401": Message(
        "The exchange rate of {currency} is 1. Check the rate in Severa.",
        "correct the currency's rate in Severa.",
    ),
    "VAL-402": Message(
        "The rate {exchange_rate} differs by {percent} from Administration's register.",
        "check the rate in Severa and the register in Administration.",
    ),
    "VAL-403": Message(
        "The rate of {currency} is missing or not positive.",
        "enter the currency's rate in Severa.",
    ),
    "VAL-404": Message(
        "The currency {currency} is not in Administration's register.",
        "create the currency in Administration, with unit and rate.",
    ),
    "VAL-405": Message(
        "The rate {exchange_rate} of {currency} fits Administration's register only the other way round.",
        "turn Direction of the rate under Settings – Invoices, or correct the rate in Severa.",
    ),
    "BET-501": Message(
        "{n} invoice was given status {status} in Severa.",
        plural="{n} invoices were given status {status} in Severa.",
    ),
    "BET-502": Message(
        "The invoice is overpaid by {amount}.",
        "check the payment in Administration and pay back or set off the difference.",
    ),
    "BET-503": Message(
        "The payment was reversed in Administration. Should the invoice go back to {status}?",
        "choose the status for the invoice.",
    ),
    "LEV-601": Message(
        "The row was skipped: no project on the row or the head.",
        "enter a project on the supplier invoice in Administration if the cost belongs to one.",
    ),
    "LEV-602": Message(
        "Account {account} is blocked for transfer.",
        "the blocked accounts are under Settings – Supplier invoices.",
    ),
}
