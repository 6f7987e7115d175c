"""Messages about what an invoice holds, and about its posting (semantics §3.3, §4.1b, §4.4, §4.13)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "FAK-350": Message(
        "Ledger account {account} of the row {name} is not in the chart of accounts of the financial year of {date}.",
        "correct the sales account in Severa, create the account in Administration, or switch off Account from Severa "
        "under Settings – Invoices.",
    ),
    "FAK-360": Message(
        "Ledger account {account} demands a project (letter {letter} in the chart of accounts), and a row on it has "
        "none. Administration may refuse the invoice.",
        "book the row on a project in Severa and choose Project on rows under Settings – Invoices, or change the "
        "account in Administration.",
    ),
    "FAK-361": Message(
        "Ledger account {account} demands a profit centre (letter {letter} in the chart of accounts), and a row on it "
        "has none. Administration may refuse the invoice.",
        "give the row or its project a cost centre in Severa, or change the account in Administration.",
    ),
    "FAK-362": Message(
        "Ledger account {account} takes no project (letter {letter} in the chart of accounts), and a row on it has "
        "one. Administration may refuse the invoice.",
        "allow projects on the account in Administration, or choose no project on the rows under Settings – Invoices.",
    ),
    "FAK-363": Message(
        "Ledger account {account} takes no profit centre (letter {letter} in the chart of accounts), and a row on it "
        "has one. Administration may refuse the invoice.",
        "allow profit centres on the account in Administration, or remove the cost centre in Severa.",
    ),
    "FAK-351": Message(
        "The invoice has reverse charge, but customer {nr} in Administration has not. Check the VAT.",
        "correct the invoice or the customer in Severa, and transfer the customer again.",
    ),
    "FAK-353": Message(
        "The invoice is in Administration as {nr}, but its currency differs: expected {expected}, there {held}.",
        "compare the invoice in both systems, and correct the one that is wrong or accept it under In doubt "
        "(brygga doubt accept). Number and status are not written back until then.",
    ),
    "FAK-354": Message(
        "The invoice has reverse charge, but the row {name} has {rate} % VAT.",
        "correct the row's VAT or the reverse charge in Severa.",
    ),
    "FAK-355": Message(
        "The original {nr} was not rounded to whole kronor, but Administration rounds this credit note to {amount}.",
        "switch off the rounding in Administration for this credit note, or round its amount there by hand.",
    ),
    "FAK-352": Message(
        "Customer {nr} in Administration has reverse charge, but the invoice has not. Check the VAT.",
        "correct the invoice or the customer in Severa, and transfer the customer again.",
    ),
}
