"""Words for states, fields and kinds of records; the English one is the key to the Swedish one in ``locale/sv.po``."""

from __future__ import annotations

STATE_WORDS: dict[str, dict[str, str]] = {
    "new": {"sv": "ny", "en": "new"},
    "ready": {"sv": "redo", "en": "ready"},
    "in_progress": {"sv": "pågår", "en": "in progress"},
    "transferred": {"sv": "överförd", "en": "transferred"},
    "transferred_with_remark": {"sv": "överförd med anmärkning", "en": "transferred with remark"},
    "skipped": {"sv": "hoppad", "en": "skipped"},
    "waiting": {"sv": "väntar", "en": "waiting"},
    "failed": {"sv": "fel", "en": "failed"},
    "in_doubt": {"sv": "osäker", "en": "in doubt"},
}
"""What a person sees of a row, by ``RowState`` value and language: one list, used everywhere (architecture)."""

COUNTED_WORDS: dict[str, dict[str, str]] = {
    **STATE_WORDS,
    "new": {"sv": "nya", "en": "new"},
    "transferred": {"sv": "överförda", "en": "transferred"},
    "transferred_with_remark": {"sv": "överförda med anmärkning", "en": "transferred with remark"},
    "skipped": {"sv": "hoppade", "en": "skipped"},
    "in_doubt": {"sv": "osäkra", "en": "in doubt"},
}
"""The same words after a number other than one."""

TERM_WORDS: dict[str, dict[str, str]] = {
    **STATE_WORDS,
    "coupled": {"sv": "kopplad, fanns före Brygga", "en": "coupled, was there before Brygga"},
    "before_go_live": {"sv": "före startdatum, överförs inte", "en": "before the go-live date, not transferred"},
}
"""What became of Severa's documents, as the lines of a reconciliation call it."""

TRANSFER_WORDS: dict[str, str] = {
    "customers": "customers",
    "projects": "projects",
    "articles": "articles",
    "invoices": "invoices",
    "takeover": "take-over",
    "doubt": "decision",
    "unlink": "link taken away",
    "coupling": "coupling",
    "customers-to-severa": "customers to Severa",
    "payments": "payments",
    "supplier-invoices": "supplier invoices",
}
"""What a run does, by the word of the command line."""

FIELD_WORDS: dict[str, str] = {
    "number": "The number",
    "name": "The name",
    "organisation_number": "The organisation number",
    "vat_number": "The VAT number",
    "mailing_address": "The first address line",
    "mailing_address2": "The second address line",
    "zip_code": "The postal code",
    "city": "The city",
    "country": "The country",
    "country_code": "The country code",
    "telephone": "The telephone number",
    "mobile": "The mobile number",
    "fax": "The fax number",
    "email": "The e-mail address",
    "currency": "The currency",
    "language": "The language",
    "payment_terms": "The payment terms",
    "price_list": "The price list",
    "contact": "The contact's name",
    "title": "The title",
    "customer_name": "The customer name",
    "customer_number": "The customer number",
    "our_reference": "Our reference",
    "your_reference": "Your reference",
    "order_number": "Your order number",
    "remark": "The internal notes",
    "unit": "The unit",
    "code": "The code",
    "start": "The start date",
    "end": "The end date",
    "group": "The article group",
    "accounting_code": "The accounting code",
    "export": "The export mark",
    "eu_customer": "The EU mark",
    "buildservice": "The construction service mark",
    "inactive": "The inactive mark",
    "status": "The status",
    "referenceNumber": "The reference number",
    "street": "The address",
    "postal_code": "The postal code",
    "phone": "The telephone number",
    "first_name": "The first name",
    "last_name": "The last name",
    "identity": "The organisation or VAT number",
    "payment_days": "The payment terms",
    "reverse_charge": "The reverse charge mark",
    "is_active": "The active mark",
    "unit_cost": "The cost",
    "unit_price": "The price",
    "event_date": "The date",
    "billable": "The billable mark",
    "description": "The description",
    "project": "The project",
    "paymentDate": "The payment date",
    "payment_date": "The payment date",
    "status_key": "The status",
}
"""Fields of cards and documents by the name they have in the program."""

KIND_WORDS: dict[str, str] = {
    "customer": "Customer",
    "contact": "Contact",
    "project": "Project",
    "article": "Article",
    "invoice": "Invoice",
    "payment": "Payment",
    "project_fee": "Project cost",
}
"""Kinds of records by ``Kind`` value."""
