"""Short Swedish words for codes, in the style of AdkGetErrorText. The wording is our own, not the vendor's."""

from __future__ import annotations

from brygga.practice.adk_engine.codes import NO_FIELD, NO_TABLE, Fn, Rc

RESULT_TEXTS: dict[Rc, str] = {
    Rc.OK: "Inget fel",
    Rc.INTERNAL: "Internt fel",
    Rc.EXPORT_INVOICE: "En exportfaktura får inte ha moms",
    Rc.OOF_EDIT_DENIED: "Dokumentet får inte ändras så",
    Rc.NOT_PRINTED_IF_NOT_READY: "En faktura som inte är klar kan inte markeras som utskriven",
    Rc.NO_CHANGE_ON_EXPORT: "Exportmarkeringen kan inte ändras",
    Rc.NO_ARTNR_ON_TEXT_ROW: "En textrad kan inte ha artikelnummer",
    Rc.EDIT_DENIED_OBLITERATED: "Dokumentet är makulerat och kan inte ändras",
    Rc.EDIT_DENIED_PRINTED: "Dokumentet är utskrivet och kan inte ändras",
    Rc.COULD_NOT_FIND_CUSTOMER: "Kunden finns inte",
    Rc.DENIED_PROFIT_CENTRE_ON_ACCOUNT: "Kontot tillåter inte resultatenhet",
    Rc.INVOICE_EDIT_DENIED_JOURNAL: "Fakturan är journalförd och kan inte ändras",
    Rc.INVOICE_EDIT_DENIED_CUSTOMER_NR: "Kundnumret på fakturan kan inte ändras",
    Rc.INVALID_STRING: "Texten innehåller otillåtna tecken",
    Rc.INVALID_PRISL: "Okänd prislista",
    Rc.INVALID_PAYMENT_TERMS: "Okänt betalningsvillkor",
    Rc.INVALID_CURRENCY_CODE: "Okänd valutakod",
    Rc.INVALID_LAUNGUAGE_CODE: "Okänd språkkod",
    Rc.ARTICLE_INVALID_ARTGRP: "Okänd artikelgrupp",
    Rc.ARTICLE_INVALID_KONTKOD: "Okänd konteringskod",
    Rc.ARTICLE_INVALID_UNITCODE: "Okänd enhet",
    Rc.OOF_INVALID_CUSTOMER: "Kunden på dokumentet finns inte",
    Rc.OOF_INVALID_ARTICLE: "Artikeln på raden finns inte",
    Rc.INVALID_DB_NEWER: "Företaget är gjort i en nyare version",
    Rc.INVALID_DB_OLDER: "Företaget måste uppgraderas",
    Rc.BOF: "Före första posten",
    Rc.EOF: "Efter sista posten",
    Rc.NO_DB_OPEN: "Ingen databas öppen",
    Rc.UNKNON_DB_FIELD: "Okänt fält",
    Rc.INVALID_DATA_TYPE: "Fel datatyp för fältet",
    Rc.NOT_VALID_SORTORDER: "Sorteringen gäller inte registret",
    Rc.INVALID_DB: "Okänt register",
    Rc.INVALID_CONTROLNR: "Felaktig kontrollsiffra",
    Rc.EDIT_DENIED_FIELD: "Fältet får inte ändras",
    Rc.INVALID_INVOICE_TYPE: "Okänd fakturatyp",
    Rc.INVALID_INDEX: "Felaktigt radnummer",
    Rc.NO_KEY: "Nyckel saknas",
    Rc.TO_SHORT_STRING: "För kort sträng för svaret",
    Rc.NOT_FOUND: "Posten finns inte",
    Rc.INVALID_PATH_COMPANY: "Felaktig sökväg till företaget",
    Rc.APP_OLD: "Programmet är äldre än API:et",
    Rc.APP_NEW: "Programmet är nyare än API:et",
    Rc.CANT_OPEN_FILE: "Filen kan inte öppnas",
    Rc.TOO_MANY_LICENCE: "Alla licenser används",
    Rc.INVALID_ADM_PATH: "Felaktig sökväg till gemensamma filer",
    Rc.INVLAID_ACCOUNT: "Kontot finns inte",
    Rc.INVLAID_PROJECT: "Projektet finns inte",
    Rc.INVLAID_RESULT_UNIT: "Resultatenheten finns inte",
    Rc.DELETE_DENIED_CONNECTION: "Posten används och kan inte tas bort",
    Rc.DELETE_DENIED: "Posten kan inte tas bort",
    Rc.END_BEFORE_START: "Slutdatum ligger före startdatum",
    Rc.END_AND_START: "Slutdatum kräver startdatum",
    Rc.INVALID_INVOICE: "Fakturan finns inte",
    Rc.NO_SEARCH_VALUE: "Sökvärde saknas",
    Rc.TOO_MANY_SIGNS: "För många tecken",
    Rc.TOO_MANY_DECIMALS: "För många decimaler",
    Rc.EDIT_DENIED_ON_TEXT_ROW: "Fältet kan inte anges på en textrad",
    Rc.OLD_PROJECT_NUMBER: "Projektnumret har använts tidigare",
    Rc.DENIED_PROJECT_ON_ACCOUNT: "Kontot tillåter inte projekt",
    Rc.CAN_NOT_CHANGE_ARTICLE_ROW_TO_TEXT_ROW: "En artikelrad kan inte bli textrad",
    Rc.CAN_NOT_CHANGE_TEXT_ROW_TO_ARTICLE_ROW: "En textrad kan inte bli artikelrad",
    Rc.INVALID_ROW_TYPE: "Okänd radtyp",
    Rc.CURRENCY_LANGUAGE_INACTIVE: "Valutahanteringen är inte aktiverad",
    Rc.INVALID_STRUCT_POINTER: "Ogiltig post",
    Rc.INVALID_STRUCT_POINTER_TO_ROW: "Ogiltig rad",
    Rc.KEY_TAKEN_IN_NUMBERSERIES: "Numret är redan använt",
    Rc.API_APP_DIFF: "API och program har olika version",
    Rc.DENIED_CREDIT_CREDIT_INVOICE: "En kreditfaktura kan inte krediteras",
    Rc.DENIED_CREDIT_OBLITERATED_INVOICE: "En makulerad faktura kan inte krediteras",
    Rc.CREDIT_LIMIT: "Kundens kreditgräns överskrids",
    Rc.ACCOUNT_NOT_ACTIVE: "Kontot är inte aktivt",
    Rc.CAN_NOT_CONNECT_CREDIT: "Krediten kan inte kopplas till fakturan",
    Rc.NO_CHANGE_CLOSED_PROJECT1: "Projektet är avslutat och kan inte ändras",
    Rc.INVALID_COUNTRY_CODE: "Okänd landskod",
    Rc.CHANGE_OF_CURRENCY_CODE: "Valutan ändrades",
    Rc.CHANGE_OF_CURRENCY_RATE: "Valutakursen ändrades",
    Rc.CHANGE_OF_CUSTOMER_OTHER_CURRENCY: "Kunden har en annan valuta",
    Rc.INVALID_VAT_CODE: "Felaktig momskod",
    Rc.BUILDING_SERVICE_EXP: "Byggtjänst kan inte förenas med export",
    Rc.EXP_BUILDING_SERVICE: "Export kan inte förenas med byggtjänst",
    Rc.BUILD_SERVICE_INACTIVE: "Omvänd byggmoms är inte aktiverad",
    Rc.VERIFICATION_YEAR_LOCKED: "Räkenskapsåret är låst",
    Rc.VERIFICATION_MONTH_LOCKED: "Månaden är låst",
    Rc.CANT_FIND_YEAR_ID: "Räkenskapsår saknas",
    Rc.ACCOUNT_DEMAND_PROJEKT: "Kontot kräver projekt",
    Rc.ACCOUNT_DEMAND_PROFIT_CENTRE: "Kontot kräver resultatenhet",
    Rc.EXCLUSIVE_LOCK: "Företaget är låst av en annan användare",
    Rc.CONTACT_NAME_OR_SIGN_IS_MISSING: "Kontakten saknar namn och signatur",
    Rc.PROJECT_COMPLETED: "Projektet är avslutat",
    Rc.JOURNAL_IN_PROGRESS: "En journal pågår",
    Rc.OOF_EXP_EU: "Export och EU-handel är båda valda",
    Rc.LICENS_NO_API: "Licensen omfattar inte API:et",
    Rc.WRONG_INVOICE_DATE: "Felaktigt fakturadatum",
    Rc.DATE_NOT_WITHIN_ANY_BOOKING_YEAR: "Datumet ligger utanför alla räkenskapsår",
    Rc.TIMESTAMP_FIELD_NOT_FOUND: "Registret har ingen tidsstämpel",
    Rc.INVALID_PDATA: "Ogiltigt värde",
    Rc.LOGIN_FAIL: "Fel användare eller lösenord",
    Rc.INVALID_FILTER_FIELD: "Fältet kan inte filtreras",
    Rc.INVALID_FILTER_EXPRESSION: "Felaktigt filteruttryck",
}

TABLE_TEXTS: dict[int, str] = {
    NO_TABLE: "",
    52: "Kunder",
    53: "Artiklar",
    54: "Kundfakturor",
    55: "Rader",
    60: "Betalningsvillkor",
    61: "Valutor",
    62: "Språk",
    63: "Prislista",
    64: "Artikelgrupper",
    65: "Konteringskoder",
    66: "Enheter",
    67: "Leverantörer",
    69: "Leverantörsfakturor",
    70: "Konton",
    71: "Projekt",
    74: "Resultatenheter",
    398: "Länder",
    401: "Inbetalningar",
    475: "Räkenskapsår",
    489: "Företagsinställningar",
    500: "Kontakter",
    590: "Företagsinställningar 2",
}
"""By ADKE_DBTABLE_* code."""


_RESULTS = frozenset(Rc)
"""Made once: every walk through a register ends with a code."""


def result_text(code: int) -> str:
    """The words for a result code; empty for a number that the engine never answers with."""
    return RESULT_TEXTS[Rc(code)] if code in _RESULTS else ""


def table_text(code: int) -> str:
    """The words for an ``lDbTable`` code; empty when it names no table."""
    return TABLE_TEXTS.get(code, "")


def field_text(field: int) -> str:
    """The words for an ``lField`` value: the field's id, since the error alone does not say which table's name."""
    return "" if field == NO_FIELD else f"Fält {field}"


def function_text(code: int) -> str:
    """The words for an ``lFunction`` code; empty for none and for codes the engine does not use."""
    return Fn(code).name if code in set(Fn) and code != Fn.NONE else ""
