"""Words that Swedish business data is made of. All people, companies and addresses are made up."""

from __future__ import annotations

FIRST_NAMES = (
    "Åsa", "Anna", "Björn", "Camilla", "Daniel", "Elin", "Erik", "Fredrik", "Gunilla", "Göran", "Hanna", "Håkan",
    "Ingrid", "Jörgen", "Karin", "Lars", "Linnéa", "Maja", "Märta", "Nils", "Oskar", "Pär", "Renée", "Sofia", "Sören",
    "Ulrika", "Viktor", "Wilma", "Yngve", "Östen", "Jürgen", "Ann-Charlotte",
)  # fmt: skip
LAST_NAMES = (
    "Andersson", "Bergström", "Carlsson", "Dahlgren", "Ek", "Forsberg", "Grönvall", "Hållén", "Isaksson", "Jönsson",
    "Kjellberg", "Lindqvist", "Månsson", "Nyström", "Öberg", "Persson", "Qvarnström", "Rydén", "Sjögren", "Thörn",
    "Ulander", "Viklund", "Wernström", "Åkesson", "Älvgren", "Östlund", "Müller", "d'Orléans",
)  # fmt: skip
TITLES = ("Ekonomichef", "IT-chef", "Inköpare", "Projektledare", "VD", "Controller", "Platschef", "")

COMPANY_NAMES = (
    "Almö", "Björkvik", "Centrum", "Dalälven", "Ekudden", "Fjällnära", "Gårda", "Höglands", "Iskällan", "Järnvågen",
    "Kattegatt", "Lövsta", "Mälarvik", "Norrsken", "Olskroken", "Pärlplatsen", "Råsunda", "Södervåg", "Tärnan",
    "Ulvsunda", "Vättern", "Ytterby", "Åsbo", "Älvdals", "Österlens", "Bäckaskog", "Sjöängens", "Café Crème",
)  # fmt: skip
COMPANY_TRADES = (
    "Bygg", "Logistik", "Fastigheter", "Energi", "Livs", "Mekaniska", "Konsult", "Hälsa", "Åkeri", "Teknik",
    "Trä & Form", "Reklambyrå", "Försäkring", "Utbildning",
)  # fmt: skip
STREETS = (
    "Storgatan", "Järnvägsgatan", "Östra Hamngatan", "Kungsgatan", "Skolvägen", "Industrivägen", "Åvägen",
    "Älvstranden", "Gröna gatan", "Sankt Eriksgatan",
)  # fmt: skip
CITIES = (
    ("111 20", "Stockholm"), ("411 05", "Göteborg"), ("211 20", "Malmö"), ("753 20", "Uppsala"),
    ("582 22", "Linköping"),     ("702 11", "Örebro"), ("722 11", "Västerås"), ("903 25", "Umeå"), ("352 30", "Växjö"),
    ("831 30", "Östersund"),
)  # fmt: skip

PROJECT_NAMES = (
    "Drift", "Drift 2", "Införande ekonomisystem", "Förvaltning", "Utbildning av användare", "Byte av server",
    "Årlig genomgång", "Support", "Integration lönesystem", "Förstudie", "Datamigrering", "Ny webbplats",
    "Processkartläggning", "Säkerhetsöversyn", "Införande – etapp 2", "Rådgivning", "Kvalitetsgranskning",
    "Arkivering", "Budgetmodell", "Café-kassa",
)  # fmt: skip
LONG_PROJECT_NAME = "Införande av nytt ekonomisystem, etapp 3 – utbildning och överlämning"

WORK_TYPES = (
    ("Konsulttid", "100"), ("Konsulttid kväll", "100"), ("Konsulttid senior", "100"), ("Projektledning", "110"),
    ("Systemutveckling", "120"), ("Utbildning på plats", "130"), ("Förstudie och analys", "140"),
    ("Support på distans", "150"), ("Support – jour", "155"), ("Konsulttid senior systemarkitekt natt", "160"),
    ("Granskning", "170"), ("Dokumentation", "180"), ("Datakonvertering", "190"), ("Restid", "195"),
)  # fmt: skip
PRODUCTS = (
    ("Licens per månad", "mån"), ("Supportavtal", "mån"), ("Utbildningspaket", "paket"),
    ("Kabel CAT6, per styck", "st"),
    ("Server – 1U", "st"), ("Kursdag", "dag"), ("Handbok", "st"), ("Certifikat", "st"), ("Molnlagring 1 TB", "mån"),
    ("Analyspaket för ekonomiavdelningen", "st"), ("Skrivare", " ST "), ("Timbank", " H "), ("Porto och frakt", "st"),
    ("Hyra av mötesrum", "Dag"),
)  # fmt: skip
TRAVEL_TYPES = (
    ("Milersättning", "km", "Mileage"), ("Traktamente, heldag", "dag", "DailyAllowance"),
    ("Tåg", "st", "OtherTravelExpense"), ("Flyg", "st", "OtherTravelExpense"), ("Hotell", "st", "OtherTravelExpense"),
    ("Taxi", "st", "OtherTravelExpense"), ("Övriga utlägg", "st", "OtherTravelExpense"),
)  # fmt: skip

TEXT_WORDS = (
    "enligt", "överenskommelse", "genomgång", "av", "krav", "möte", "med", "ekonomi", "åtgärder", "för", "fakturering",
    "och", "uppföljning", "på", "plats", "hos", "kund", "test", "rättning", "införande", "“steg 1”", "café", "–", "€",
    '"pilot"', "München", "datum", "utfört", "arbete", "i", "november", "samt", "förberedelser", "återkoppling", "från",
    "användare", "översyn", "beställning", "(se bilaga)", "rapport", "månadsavstämning", "utan", "anmärkning",
)  # fmt: skip
HOUR_TEXTS = (
    "Konsultarvode {month}", "Projektledning enligt avtal", "Systemutveckling, {month}", "Möte och planering",
    "Felsökning och åtgärd", "Utbildning – “ekonomi för alla”", "Granskning av bokslut", "Support per telefon",
)  # fmt: skip
FREE_TEXTS = (
    "Tack för ett gott samarbete under perioden.",
    "Arbetet är utfört enligt beställning.\n\nFrågor om fakturan besvaras av er kontaktperson.",
    "Avser perioden enligt bifogad specifikation – alla priser i svenska kronor.",
    "Vid betalning efter förfallodagen debiteras dröjsmålsränta enligt räntelagen.\r\nUppge alltid fakturanumret.",
)
NOTES = (
    "Ring Åsa innan påminnelse skickas",
    "Rabatt diskuterad – gäller från nästa månad",
    "Kunden vill ha en faktura per projekt\noch kopia till ekonomi@kund.example",
    "Kontrollerad av JÖ",
)
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
