"""Our own words for result codes of the Administration API (contracts/adk.md §4.1): what happened, and what to do."""

from __future__ import annotations

from brygga.message_texts.base import Message

ADK_WORDS: dict[int, Message] = {
    1: Message(
        "Administration had an internal error.",
        "try again.",
    ),
    3: Message(
        "The rule for export invoices was broken.",
        "compare the export mark on customer and invoice.",
    ),
    5: Message(
        "The document is not finished and cannot be marked as printed.",
        "finish the document in Administration.",
    ),
    6: Message(
        "The export mark cannot be changed any more.",
        "leave the mark as it is, or make a new document.",
    ),
    7: Message(
        "A text row cannot have an article number.",
        "send the code to support.",
    ),
    9: Message(
        "The document is cancelled and cannot be changed.",
        "make a new document.",
    ),
    12: Message(
        "The document is printed and cannot be changed.",
        "make a credit note and a new invoice if it is wrong.",
    ),
    19: Message(
        "The document is already in the ledger and cannot be changed.",
        "make a credit note if it is wrong.",
    ),
    20: Message(
        "The article is not in Administration.",
        "transfer the article first.",
    ),
    21: Message(
        "The customer is not in Administration.",
        "transfer the customer first.",
    ),
    22: Message(
        "A profit centre is not allowed on the ledger account.",
        "allow profit centres on the account in Administration, or remove the cost centre in Severa.",
    ),
    23: Message(
        "The invoice is in a journal and cannot be changed.",
        "make a credit note if the invoice is wrong.",
    ),
    24: Message(
        "The invoice is booked and cannot be changed.",
        "make a credit note if the invoice is wrong.",
    ),
    34: Message(
        "A text holds characters that Administration does not take.",
        "correct the text in Severa.",
    ),
    35: Message(
        "The code of the price list does not exist.",
        "Settings – Mappings – Price lists.",
    ),
    41: Message(
        "The code of payment terms does not exist.",
        "Settings – Mappings – Payment terms.",
    ),
    43: Message(
        "The currency does not exist.",
        "create the currency in Administration.",
    ),
    44: Message(
        "The language code does not exist.",
        "Settings – Mappings – Languages.",
    ),
    45: Message(
        "The article group does not exist.",
        "choose another group under Settings – Articles.",
    ),
    46: Message(
        "The article's accounting code does not exist.",
        "choose another code under Settings – Articles.",
    ),
    47: Message(
        "The unit does not exist.",
        "Settings – Mappings – Units.",
    ),
    49: Message(
        "The customer of the document is not in Administration.",
        "transfer the customer first.",
    ),
    50: Message(
        "An article of the document is not in Administration.",
        "transfer the article first.",
    ),
    51: Message(
        "The customer number is not valid.",
        "correct the customer number in Severa.",
    ),
    102: Message(
        "A field is not known to this version of Administration.",
        "update Visma Administration.",
    ),
    103: Message(
        "A field was given a value of the wrong kind.",
        "send the code to support.",
    ),
    104: Message(
        "The sort order does not exist in this version of Administration.",
        "update Visma Administration.",
    ),
    107: Message(
        "The register does not exist in this version of Administration.",
        "update Visma Administration.",
    ),
    108: Message(
        "The check digit of the organisation number is wrong.",
        "enter the number as NNNNNN-NNNN.",
    ),
    109: Message(
        "A field cannot be changed.",
        "change it in Administration.",
    ),
    110: Message(
        "The invoice type is not valid.",
        "send the code to support.",
    ),
    112: Message(
        "The record has no number.",
        "give it a number in Severa.",
    ),
    114: Message(
        "A text was longer than expected.",
        "update Brygga or send the code to support.",
    ),
    115: Message(
        "The record is not in Administration.",
        "search again; it may have been removed.",
    ),
    134: Message(
        "A file of Administration cannot be opened, perhaps because somebody else is using it.",
        "try again.",
    ),
    139: Message(
        "The name is missing.",
        "enter a name in Severa.",
    ),
    148: Message(
        "The ledger account is not valid.",
        "check the account in Administration's chart of accounts.",
    ),
    149: Message(
        "The project is not in Administration.",
        "transfer the project first.",
    ),
    150: Message(
        "The profit centre is not in Administration.",
        "create the profit centre in Administration.",
    ),
    164: Message(
        "The record may not be removed.",
        "leave it, or mark it as inactive.",
    ),
    167: Message(
        "The end date is before the start date.",
        "correct the dates in Severa.",
    ),
    168: Message(
        "Start and end date must both be given.",
        "enter both dates in Severa.",
    ),
    173: Message(
        "The invoice is not valid.",
        "open it in Administration and see what is missing.",
    ),
    180: Message(
        "A text is longer than its field.",
        "shorten the text in Severa.",
    ),
    181: Message(
        "A number has more decimals than its field.",
        "round the number in Severa, or switch on prices with four decimals in Administration.",
    ),
    182: Message(
        "A text row can hold text only.",
        "send the code to support.",
    ),
    183: Message(
        "The ledger account is not in the chart of accounts.",
        "create the account in Administration.",
    ),
    184: Message(
        "The project number has been used before.",
        "give the project another code under Settings – Projects – Project codes.",
    ),
    192: Message(
        "A project is not allowed on the ledger account.",
        "allow projects on the account in Administration, or choose no project on the rows under Settings – Invoices.",
    ),
    208: Message(
        "A field does not exist in this edition of Administration.",
        "check which edition the licence covers.",
    ),
    209: Message(
        "The currency is not active.",
        "switch the currency on in Administration.",
    ),
    214: Message(
        "The number is already taken.",
        "choose another number.",
    ),
    226: Message(
        "The quantity is zero.",
        "remove the row or enter a quantity in Severa.",
    ),
    227: Message(
        "The article number is missing.",
        "enter a code in Severa or choose a default article.",
    ),
    233: Message(
        "A credit note cannot be credited.",
        "make an ordinary invoice instead.",
    ),
    234: Message(
        "A cancelled invoice cannot be credited.",
        "nothing needs to be credited.",
    ),
    238: Message(
        "The customer's credit limit is exceeded.",
        "check the customer's balance.",
    ),
    241: Message(
        "The currency code was changed.",
        "check the document's currency.",
    ),
    256: Message(
        "The ledger account is not active.",
        "switch the account on in Administration, or change the accounting code.",
    ),
    259: Message(
        "The rows were not updated.",
        "check the document's rows in Administration.",
    ),
    273: Message(
        "The project is closed.",
        "open the project in Administration.",
    ),
    279: Message(
        "The country code is not valid.",
        "correct the country in Severa.",
    ),
    284: Message(
        "The document was sent by EDI and cannot be changed.",
        "make a credit note if it is wrong.",
    ),
    326: Message(
        "The currency code was changed.",
        "check the document's currency.",
    ),
    327: Message(
        "The currency rate was changed.",
        "check the document's rate.",
    ),
    328: Message(
        "The customer has another currency than the document.",
        "check the currency on customer and invoice.",
    ),
    373: Message(
        "The VAT code is not valid.",
        "Settings – Mappings – VAT.",
    ),
    377: Message(
        "Export and construction service cannot be combined.",
        "choose one of them on the customer.",
    ),
    378: Message(
        "Construction service and export cannot be combined.",
        "choose one of them on the customer.",
    ),
    379: Message(
        "Reverse charge for construction services is not switched on.",
        "switch it on in Administration.",
    ),
    435: Message(
        "A field is no longer used by Administration.",
        "nothing needs to be done.",
    ),
    457: Message(
        "The month is locked.",
        "change the date, or open the month in Administration.",
    ),
    461: Message(
        "The financial year is locked.",
        "change the date, or open the year in Administration.",
    ),
    462: Message(
        "There is no financial year for the date.",
        "create the financial year in Administration.",
    ),
    465: Message(
        "The ledger account demands a project.",
        "book the row on a project in Severa and choose Project on rows under Settings – Invoices, or change the "
        "account in Administration.",
    ),
    466: Message(
        "The ledger account demands a profit centre.",
        "give the row or its project a cost centre in Severa, or change the account in Administration.",
    ),
    468: Message(
        "The ledger account demands a text.",
        "enter a text on the row in Severa.",
    ),
    511: Message(
        "The phone number is not valid.",
        "correct the phone number in Severa.",
    ),
    512: Message(
        "The address does not agree with the customer's.",
        "check the address in Administration.",
    ),
    513: Message(
        "The contact has no name.",
        "enter a name in Severa.",
    ),
    514: Message(
        "The phone number has an unusual length.",
        "check the phone number in Severa.",
    ),
    515: Message(
        "The reference already exists.",
        "compare the contacts in Administration.",
    ),
    523: Message(
        "The register or field is not switched on in Administration.",
        "switch it on in Administration's settings.",
    ),
    540: Message(
        "The invoice is being sent and cannot be changed now.",
        "try again.",
    ),
    552: Message(
        "A field is not used by this company.",
        "nothing needs to be done.",
    ),
    553: Message(
        "The project is completed.",
        "open the project in Administration.",
    ),
    560: Message(
        "A journal is being made in Administration.",
        "try again when it is done.",
    ),
    579: Message(
        "The export and EU marks of the document do not agree.",
        "check the marks on the customer.",
    ),
    591: Message(
        "The invoice date is not valid.",
        "correct the invoice date in Severa.",
    ),
    592: Message(
        "The country code cannot be changed.",
        "change the country in Administration.",
    ),
    601: Message(
        "The date is in no financial year.",
        "create the financial year in Administration.",
    ),
    607: Message(
        "The register does not note when a record was changed.",
        "nothing needs to be done.",
    ),
    622: Message(
        "The ledger account is missing.",
        "check the article's accounting code in Administration.",
    ),
    624: Message(
        "The document is printed.",
        "make a credit note and a new invoice if it is wrong.",
    ),
    685: Message(
        "The field cannot be searched in this version of Administration.",
        "update Visma Administration.",
    ),
    689: Message(
        "The printed mark was removed from outside Administration.",
        "check the document in Administration.",
    ),
    691: Message(
        "A locked field cannot be changed from outside Administration.",
        "change it in Administration.",
    ),
}
