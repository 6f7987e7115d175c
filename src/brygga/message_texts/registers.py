"""Messages about customers, contacts, projects and articles (semantics §5.2)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "KND-101": Message(
        "Wrong check digit in organisation number {nr}.",
        "enter the number as NNNNNN-NNNN on the customer card.",
    ),
    "KND-102": Message(
        "Customer number {nr} is not numeric and cannot be used in Severa.",
        "create the customer with a new number in Severa and couple the two.",
    ),
    "KND-103": Message(
        "Customer name {name} is already used by customer {nr}. Names must be unique in Severa.",
        "make the name unique, for example by adding the customer number.",
    ),
    "KND-104": Message(
        "The customer has no country. Sweden is not assumed, because the organisation number is not Swedish.",
        "enter the country on the customer's address in Severa.",
    ),
    "KND-105": Message(
        "Customer {nr} was marked as export customer because reverse charge is chosen. Check the VAT.",
        "if the sale is a construction service in Sweden, choose the country rule under Settings – Customers.",
        short="The customer was marked as export customer because reverse charge is chosen. Check the VAT.",
    ),
    "KND-106": Message(
        "Customer number {nr} already exists with another organisation number.",
        "compare the two customers and correct the number or the organisation number where it is wrong.",
    ),
    "KND-107": Message(
        "The customer is marked as inactive in Administration.",
        "remove the inactive mark on customer {nr} in Administration, or choose another customer in Severa.",
    ),
    "KND-108": Message(
        "The VAT number is missing; it is needed for reverse charge.",
        "enter the VAT number on the customer in Severa.",
    ),
    "KND-109": Message(
        "Foreign customer without reverse charge. Check the VAT.",
        "if the customer is to be invoiced without VAT, choose VAT-free for the country in Severa.",
    ),
    "KND-110": Message(
        "Customer {nr} was created automatically.",
    ),
    "KND-150": Message(
        "The same organisation or VAT number stands on {severa} in Severa and on {administration} in Administration. "
        "It does not tell which of them are the same customer, so nothing was matched by it.",
        "compare them and couple the two that are the same, or put the one that is a double out of use.",
    ),
    "KND-111": Message(
        "Customer name {name} is the same as that of customer {nr}. It may be the same customer, so nothing is "
        "created yet.",
        "couple the two if they are the same customer, otherwise give the customer a number in Severa.",
    ),
    "KND-112": Message(
        "{field} of customer {nr} has {length} characters; Administration takes {max}. Nothing is cut, so the "
        "customer was not transferred.",
        "shorten the text in Severa.",
    ),
    "KND-113": Message(
        "Customer {nr} has no won project and is skipped.",
        "to transfer such customers too, switch off Only customers with won projects under Settings – Customers.",
    ),
    "KND-114": Message(
        "Customer {name} has no customer number.",
        "give the customer a number in Severa.",
    ),
    "KND-115": Message(
        "The phone number {phone} of customer {nr} was not taken by Administration; the rest of the customer was "
        "transferred.",
        "correct the phone number in Severa.",
    ),
    "KND-116": Message(
        "Customer {name} was not found in Severa.",
        "check that the customer still exists and that the Severa credentials may read customers.",
    ),
    "KND-117": Message(
        "Customer {nr} {name} is not in Administration, and missing customers are not created automatically.",
        "transfer the customer first, or switch on the creation of missing customers under Settings – Automatic "
        "actions.",
    ),
    "KND-118": Message(
        "Organisation number {nr} does not have the form NNNNNN-NNNN.",
        "enter the organisation number with ten digits on the customer in Severa.",
    ),
    "KND-119": Message(
        "The customer has neither country nor organisation number. Sweden is not assumed.",
        "enter the country on the customer's address in Severa.",
    ),
    "KND-120": Message(
        "VAT number {nr} does not have the form of its country.",
        "check the VAT number with the customer and correct it in Severa.",
    ),
    "KON-121": Message(
        "Contact {name} is inactive in Severa and is skipped.",
    ),
    "PRJ-201": Message(
        "Project number {nr} is longer than {max} characters and cannot be used in Administration.",
        "give the project a shorter code under Settings – Projects – Project codes.",
    ),
    "PRJ-202": Message(
        "It is not possible to add costs to the closed project",
        "open the project in Severa, or choose another project on the row in Administration.",
    ),
    "PRJ-203": Message(
        "No end date; 2099-12-31 is used.",
    ),
    "PRJ-204": Message(
        "The project is closed in Administration.",
        "open project {nr} in Administration if it is to be changed.",
    ),
    "PRJ-205": Message(
        "Project {nr} is not in Severa.",
        "check the project number on the row in Administration.",
    ),
    "PRJ-206": Message(
        "The project's deadline {deadline} is before its start {start}.",
        "correct the dates in Severa.",
    ),
    "PRJ-207": Message(
        "Project {nr} is not won and is skipped.",
        "to transfer such projects too, switch off Only won projects under Settings – Projects.",
    ),
    "PRJ-208": Message(
        "Project {nr} is not in Administration, and it is not created because project transfer or the creation of"
        " missing projects is off.",
        "transfer the project first, or switch both on under Settings – Projects and Settings – Automatic actions.",
    ),
    "PRJ-209": Message(
        "The name of project {nr} was cut to {max} characters.",
        "shorten the name in Severa if it is to be the same in both.",
    ),
    "PRJ-210": Message(
        "Project {nr} was created automatically.",
    ),
    "PRJ-211": Message(
        "Project {name} was not found in Severa.",
        "check that the project still exists and that the Severa credentials may read projects.",
    ),
    "PRJ-212": Message(
        "The project has no number.",
        "give the project a number in Severa.",
    ),
    "ART-701": Message(
        "Article code {code} is longer than {max} characters and cannot be used in Administration.",
        "shorten the code in Severa.",
    ),
    "ART-702": Message(
        "Several items in Severa have the code {code}. The article keeps the name of {name}.",
    ),
    "ART-703": Message(
        "The name of article {nr} was cut to {max} characters.",
        "shorten the article's name in Severa if it is to be the same in both.",
    ),
    "ART-704": Message(
        "{name} has no code in Severa and cannot become an article.",
        "enter a code in Severa.",
    ),
    "ART-705": Message(
        "Article {code} cannot be created: a new article needs an article group and an accounting code.",
        "choose both under Settings – Articles.",
    ),
    "ART-706": Message(
        "Article {nr} was created automatically.",
    ),
    "ART-707": Message(
        "Article {nr} is not in Administration and cannot be created automatically.",
        "transfer the article first, or switch on the creation of missing articles under Settings – Automatic actions.",
    ),
    "REG-861": Message(
        "{kind} {nr} already exists in Administration with other contents.",
        "compare the two and couple them if they are the same, otherwise change the number in Severa.",
    ),
    "REG-862": Message(
        "{nr} was linked before but is no longer in Administration. It is not created again by itself.",
        "check in Administration what happened to it, and remove the link if a new one is to be created.",
    ),
    "REG-863": Message(
        "{nr} in Administration is linked to another record of Severa, and one record is never written from two.",
        "give one of the two another number in Severa, or take the wrong link away.",
    ),
}
