"""Messages about customers, payments and supplier invoices on their way to Severa (semantics §5.2)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "KND-130": Message(
        "It is not clear whether customer {nr} was saved in Severa. It is being checked, do not transfer it again.",
        "wait a few minutes and transfer again: the program looks in Severa before anything is repeated.",
    ),
    "KND-131": Message(
        "{kind} {nr} is already in Severa with other contents.",
        "compare the two and couple them if they are the same, otherwise change the number in Administration.",
    ),
    "KND-132": Message("Already transferred ({nr})."),
    "BET-504": Message(
        "It is not clear whether Severa took the payment of invoice {nr}. It is being checked.",
        "wait a few minutes and transfer again: the program looks in Severa before anything is repeated.",
    ),
    "LEV-603": Message(
        "It is not clear whether the cost {nr} was saved in Severa. It is being checked, do not transfer it again.",
        "wait a few minutes and transfer again: the program looks in Severa before anything is repeated.",
    ),
    "LEV-604": Message(
        "A cost with the key {nr} is already in Severa on the same project, with another amount or date.",
        "compare the cost in Severa with the row in Administration, and couple the two if they are the same.",
    ),
    "KND-133": Message(
        "Customer {nr} can be created with a number that Severa gives, and the two are then linked.",
        "accept the row (in the command line: --accept {nr}).",
    ),
    "KND-134": Message(
        "The customer can be created as {name}.",
        "accept the row (in the command line: --accept and the customer number).",
    ),
    "KND-136": Message(
        "Language {language} in Administration has no language in Severa.",
        "add the language under Settings – Mappings – Languages.",
    ),
    "KND-137": Message(
        "Payment terms {terms} in Administration have no number of days in Severa.",
        "add the payment terms under Settings – Mappings – Payment terms.",
    ),
    "KND-160": Message(
        "{field} {code} in Administration stands for several values in Severa ({names}). None was chosen.",
        "choose it on the customer in Severa, where it stays, or leave one of them under Settings – Mappings.",
    ),
    "KND-161": Message(
        "Price list {name} in Administration has no price list in Severa.",
        "add the price list under Settings – Mappings – Price lists.",
    ),
    "KND-139": Message(
        "{nr} was linked before but is no longer in Severa. It is not created again by itself.",
        "check in Severa what happened to it, and remove the link if a new one is to be created.",
    ),
    "KND-140": Message("Customer {nr} has other contents on the other side and was left as it is, as chosen."),
    "KND-151": Message(
        "Nobody can be asked about each customer when the answer is JSON for a script.",
        "choose --on-conflict update or skip.",
    ),
    "BET-505": Message(
        "No status for paid invoices is chosen.",
        "choose one under Settings – Payments – Status of paid invoices.",
    ),
    "BET-506": Message(
        "Severa has no invoice status {status}.",
        "choose an existing status under Settings – Payments.",
    ),
    "BET-507": Message(
        "Invoice status {status} does not count as paid in Severa.",
        "choose a status that is marked as paid in Severa, or mark this one there.",
    ),
    "BET-508": Message(
        "Invoice status {status} counts as paid in Severa and cannot be the status of partly paid invoices.",
        "choose another status under Settings – Payments.",
    ),
    "BET-509": Message(
        "Invoice {nr} was transferred from Severa but is no longer there.",
        "check in Severa what happened to the invoice.",
    ),
    "BET-510": Message(
        "Invoice {nr} in {currency} has no exchange rate in Administration: its balance cannot be counted in kronor.",
        "enter rate and unit on the invoice in Administration.",
    ),
    "BET-511": Message("Invoice {nr} is cancelled or not finished in Administration and never counts as paid."),
    "BET-512": Message(
        "The payment of invoice {nr} was reversed in Administration, but no status to go back to is chosen.",
        "choose one under Settings – Payments – Status of reversed payments.",
    ),
    "BET-513": Message("The invoice is not paid: {amount} remains."),
    "LEV-605": Message(
        "Severa has no active product with the code {code}.",
        "choose an existing product under Settings – Supplier invoices – Product code, or leave it empty.",
    ),
    "LEV-606": Message("The row has no amount and was skipped."),
    "LEV-607": Message("Supplier invoice {nr} is cancelled and was skipped."),
    "LEV-608": Message(
        "Supplier invoice {nr} is not attested.",
        "attest it in Administration, or switch off the requirement under Settings – Supplier invoices.",
    ),
    "LEV-609": Message(
        "The row was changed after it was transferred: {a} became {b}. A correction of the difference is proposed.",
        "accept the row to send the correction (in the command line: --accept and the row's number).",
    ),
    "LEV-610": Message(
        "Supplier invoice {nr} was cancelled after it was transferred. A correction that takes back {a} is proposed.",
        "accept the row to send the correction (in the command line: --accept and the row's number).",
    ),
    "LEV-611": Message(
        "The row was removed after it was transferred: {a} became {b}. A correction of the difference is proposed.",
        "accept the row to send the correction (in the command line: --accept and the row's number).",
    ),
    "LEV-612": Message(
        "The price is {rate} of the cost, that is less than the cost itself.",
        "give the percentage of the whole price: 115 adds 15 percent (Settings – Supplier invoices).",
    ),
    "LEV-613": Message(
        "The row on account {account} is called {text}, as the rows that Administration makes itself for debt and VAT, "
        "and is therefore not transferred.",
        "if it is a cost, give the row another text in Administration.",
    ),
}
