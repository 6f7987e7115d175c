"""Severa's own registers: statuses, currencies, countries, business units and the people who work there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from brygga.practice.administration_accounts import Purpose
from brygga.practice.administration_base import AdministrationBase
from brygga.practice.dataset.common import Document, audit, new_guid, stream
from brygga.practice.dataset.parameters import PracticeParameters
from brygga.practice.dataset.words import FIRST_NAMES, LAST_NAMES

TO_TRANSFER, TRANSFERRED, PAID, DRAFT = "Att överföra", "Överförd", "Betald", "Utkast"

COUNTRIES = (
    ("Sverige", "Sweden", "SE", "SWE", True),
    ("Norge", "Norway", "NO", "NOR", False),
    ("Danmark", "Denmark", "DK", "DNK", True),
    ("Finland", "Finland", "FI", "FIN", True),
    ("Tyskland", "Germany", "DE", "DEU", True),
    ("Nederländerna", "Netherlands", "NL", "NLD", True),
    ("Storbritannien", "United Kingdom", "GB", "GBR", False),
    ("USA", "United States", "US", "USA", False),
)
LANGUAGES = (
    ("Svenska", "Swedish", "sv-SE"),
    ("Engelska", "English", "en-GB"),
    ("Tyska", "German", "de-DE"),
    ("Norska", "Norwegian", "nb-NO"),
    ("Danska", "Danish", "da-DK"),
    ("Finska", "Finnish", "fi-FI"),
)
CURRENCIES = (
    ("Svensk krona", "SEK", "kr", "1"),
    ("Euro", "EUR", "€", "0.0890"),
    ("US-dollar", "USD", "$", "0.0960"),
    ("Norsk krona", "NOK", "kr", "1.0321"),
    ("Dansk krona", "DKK", "kr", "0.6641"),
)
PRICE_LISTS = (("Standard", "SEK"), ("Europa", "EUR"))
"""Name and currency of the price lists that customers can have."""
_STATUS_FLAGS = {
    DRAFT: ("isDefault",),
    TO_TRANSFER: ("hasInvoiceNumber", "isDefaultForCreditNote"),
    TRANSFERRED: ("hasInvoiceNumber", "isReadOnly", "isSent", "isWaitingPayment"),
    PAID: ("hasInvoiceNumber", "isReadOnly", "isSent", "isPaid"),
}
_ALL_FLAGS = (
    "isDefault", "isReadOnly", "hasInvoiceNumber", "isSent", "isWaitingPayment", "isPaid", "isDefaultForCreditNote",
)  # fmt: skip

VAT_ACCOUNTS = {
    Decimal(25): Purpose.SALES_25,
    Decimal(12): Purpose.SALES_12,
    Decimal(6): Purpose.SALES_6,
    Decimal(0): Purpose.SALES_0,
}


@dataclass
class Registers:
    """The registers by what a person would look them up by; every value is the wire document."""

    countries: dict[str, Document]
    languages: dict[str, Document]
    currencies: dict[str, Document]
    vat_rates: dict[Decimal, Document]
    cost_centres: list[Document]
    sales_accounts: dict[str, Document]
    sales_account_of: dict[Decimal, str]
    """The number of the sales account for each VAT rate."""
    business_units: list[Document]
    statuses: dict[str, Document]
    sales_statuses: dict[str, Document]
    project_statuses: dict[str, Document]
    communication_types: dict[str, Document]
    users: list[Document]
    price_lists: dict[str, Document]
    """By currency."""
    collections: dict[str, list[Document]]


def copy(document: Mapping[str, object], *names: str) -> Document:
    """What a reference repeats of its target: the guid and the named fields."""
    return {"guid": document["guid"], **{name: document[name] for name in names}}


def person(document: Mapping[str, object]) -> str:
    """First and last name."""
    return f"{document['firstName']} {document['lastName']}"


def build_registers(parameters: PracticeParameters, base: AdministrationBase, month: date) -> Registers:
    """All registers of the practice environment, in the names of the Administration company it belongs to."""
    chance = stream(parameters.seed, "registers")
    made = date(month.year - 3, 1, 10)

    def document(**fields: object) -> Document:
        return {"guid": new_guid(chance), **fields, **audit(made, chance)}

    def plain(**fields: object) -> Document:
        return {"guid": new_guid(chance), **fields}

    countries = {
        code: plain(name=name, englishName=english, code2=code, code3=code3, hasRegions="NoRegion", isInEU=in_eu,
                    isRegistrationCountry=code == "SE")
        for name, english, code, code3, in_eu in COUNTRIES
    }  # fmt: skip
    languages = {
        code: plain(name=name, englishName=english, code=code, isInvoiceLanguage=code in ("sv-SE", "en-GB"))
        for name, english, code in LANGUAGES
    }
    currencies = {
        code: document(name=name, code=code, symbol=symbol, rate=Decimal(rate), isActive=True,
                       isOrganizationCurrency=code == "SEK")
        for name, code, symbol, rate in CURRENCIES
    }  # fmt: skip
    vat_rates = {
        rate: document(percentage=rate, code=f"{rate:f}", isActive=True, isDefault=rate == 25,
                       countryGuid=countries["SE"]["guid"])
        for rate in VAT_ACCOUNTS
    }  # fmt: skip
    cost_centres = [
        document(name=centre.name, identifier=centre.code, isActive=True, isDefault=not place)
        for place, centre in enumerate(base.profit_centres)
    ]
    sales_accounts = {
        number: document(name=base.chart[number], number=number, isActive=True,
                         isProductDefault=number == base.accounts[Purpose.SALES_25],
                         isWorkTypeDefault=number == base.accounts[Purpose.SALES_25], isTravelTypeDefault=False)
        for number in dict.fromkeys([*(base.accounts[each] for each in VAT_ACCOUNTS.values()),
                                     base.accounts[Purpose.SALES_EU], base.accounts[Purpose.SALES_EXPORT]])
    }  # fmt: skip
    statuses, sales_statuses, project_statuses, communication_types = _status_registers(document)
    units = _business_units(base, cost_centres, document)
    users = _users(parameters, units, document)
    price_lists = {
        currency: document(name=name, isActive=True, isDefault=currency == "SEK",
                           currency=copy(currencies[currency], "name", "code", "symbol"))
        for name, currency in PRICE_LISTS
    }  # fmt: skip
    registers = Registers(
        countries, languages, currencies, vat_rates, cost_centres, sales_accounts,
        {rate: base.accounts[purpose] for rate, purpose in VAT_ACCOUNTS.items()}, units, statuses, sales_statuses,
        project_statuses, communication_types, users, price_lists, {},
    )  # fmt: skip
    registers.collections = _collections(registers, base, month, plain)
    return registers


def _status_registers(document: Callable[..., Document]) -> tuple[dict[str, Document], ...]:
    """Statuses of invoices, of sales and of projects, and the ways to communicate."""
    statuses = {
        name: document(name=name, isActive=True, sortOrder=place, **{flag: flag in flags for flag in _ALL_FLAGS})
        for place, (name, flags) in enumerate(_STATUS_FLAGS.items())
    }
    sales_statuses = {
        state: document(name=name, isActive=True, salesState=state, defaultProbability=share,
                        isProposalDefault=state == "InProgress")
        for state, name, share in (("InProgress", "Offert", 50), ("Won", "Vunnen", 100), ("Lost", "Förlorad", 0))
    }  # fmt: skip
    project_statuses = {
        name: document(name=name, isActive=True, sortOrder=place) for place, name in enumerate(("Pågår", "Avslutat"))
    }
    communication_types = {
        kind: document(name=name, isActive=True, type=kind)
        for kind, name in (("Phone", "Telefon"), ("MobilePhone", "Mobil"), ("EmailAddress", "E-post"), ("Fax", "Fax"))
    }
    return statuses, sales_statuses, project_statuses, communication_types


def _business_units(base: AdministrationBase, centres: list[Document], make: Callable[..., Document]) -> list[Document]:
    """The company itself, and one unit below it for every further cost centre."""
    company = make(name=base.name, isActive=True, costCenter=copy(centres[0], "name", "identifier"), code="1",
                   vatNumber=vat_number(base.organisation_number), companyName=base.name)  # fmt: skip
    below = [
        make(name=centre["name"], parentGuid=company["guid"], isActive=True, code=str(place),
             costCenter=copy(centre, "name", "identifier"), companyName=base.name)
        for place, centre in enumerate(centres[1:], start=2)
    ]  # fmt: skip
    return [company, *below]


def _users(parameters: PracticeParameters, units: list[Document], make: Callable[..., Document]) -> list[Document]:
    chance = stream(parameters.seed, "users")
    users: list[Document] = []
    names: set[tuple[str, str]] = set()
    while len(users) < parameters.figure.staff:
        first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        if (first, last) in names and len(names) < len(FIRST_NAMES) * len(LAST_NAMES) // 2:
            continue
        names.add((first, last))
        place = len(users) + 1
        users.append(
            make(firstName=first, lastName=last, isActive=True, code=f"M{place:03}", title="Konsult",
                 email=f"medarbetare{place}@exempelkonsult.example", userType="FullUser",
                 businessUnit=copy(units[place % len(units)], "name", "code"))
        )  # fmt: skip
    return users


def vat_number(organisation_number: str) -> str:
    """The Swedish VAT number of an organisation number (semantics §3.4)."""
    return f"SE{organisation_number.replace('-', '')}01"


def _collections(
    registers: Registers,
    base: AdministrationBase,
    month: date,
    plain: Callable[..., Document],
) -> dict[str, list[Document]]:
    sweden, krona = registers.countries["SE"], registers.currencies["SEK"]
    details = plain(
        name=base.name,
        vatNumber=vat_number(base.organisation_number),
        isVatRegistered=True,
        country=copy(sweden, "name", "englishName") | {"code": "SE"},
        currency=copy(krona, "name", "code", "symbol"),
        language=copy(registers.languages["sv-SE"], "name", "code"),
    )
    settings: Document = {
        "quickSearchSetting": "ShowOpenProjectsSalesCasesAndCustomers",
        "projectNameDisplaySetting": "ShowProjectLongName",
        "displayProjectNumber": True,
        "projectNameDisplayFormatSetting": "ProjectNamePhaseName",
        "currencyRoundingType": "AwayFromZero",
        "workWeek": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        "workHourEntryFormat": "Quantity",
        "paymentReferenceNumberDisplaySetting": "ReferenceNumber",
        "uniqueIdentifierForProductsAndWorktypes": False,
        "isAddingNewKeywordsFromProjectAllowed": False,
        "isIdenticalPhaseCodesAllowed": True,
        "isWorkHourDescriptionMandatory": False,
        "setCreditNoteInvoiceNumber": True,
        "isCustomerSearchAllowed": True,
        "isEnteringHourPlannedInvoiceQuantityAllowed": False,
        "paymentTerm": 30,
        "nextTravelReimbursementNumber": 1,
        "worktimeEntryClosingDate": (month - timedelta(days=1)).isoformat(),
    }
    return {
        "organizationdetails": [details],
        "organizationsettings": [settings],
        "countries": list(registers.countries.values()),
        "languages": list(registers.languages.values()),
        "currencies": list(registers.currencies.values()),
        "pricelists": list(registers.price_lists.values()),
        "vatrates": list(registers.vat_rates.values()),
        "costcenters": registers.cost_centres,
        "salesaccounts": list(registers.sales_accounts.values()),
        "businessunits": registers.business_units,
        "invoicestatuses": list(registers.statuses.values()),
        "salesstatustypes": list(registers.sales_statuses.values()),
        "projectstatustypes": list(registers.project_statuses.values()),
        "communicationtypes": list(registers.communication_types.values()),
        "users": registers.users,
    }
