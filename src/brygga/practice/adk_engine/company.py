"""Building practice installations and companies: the common-files folder and the company folders.

Everything that the engine knows lies in these folders: ``practice.json`` in the common folder (read at every open) and
one SQLite file per company.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from brygga.administration.adk.library import FieldType
from brygga.practice.adk_engine.fields import Field, Table, Value
from brygga.practice.adk_engine.invoice_totals import apply_totals, in_domestic_currency
from brygga.practice.adk_engine.storage import Storage
from brygga.practice.adk_engine.tables import IS_ROWS, TABLES
from brygga.practice.adk_engine.tables_codes import PRM, PRM2
from brygga.practice.adk_engine.tables_documents import INVOICE_HEAD, INVOICE_ROW, NROWS_FIELD, ROWS_FIELD
from brygga.practice.adk_engine.tables_ledgers import (
    SUPPLIER_INVOICE_HEAD,
    SUPPLIER_INVOICE_ROW,
    SUPPLIER_NROWS,
    SUPPLIER_ROWS,
)
from brygga.practice.adk_engine.tables_registers import CONTACT
from brygga.practice.adk_engine.values import day_number, has_decimals, is_writable_text

INSTALLATION_FILE = "practice.json"
COMPANY_FILE = "practice.sqlite"
LOCK_FILE = "practice.lock"
"""In a company or common folder: somebody holds it exclusively (486)."""

Given = str | bool | int | float | Decimal | date | Sequence[Mapping[int, Any]]
"""What a seed may hold: text, flag, number, date, or the rows of a head."""


@dataclass(frozen=True)
class Switches:
    """Behaviour that the contract leaves open (contracts/adk.md §5.1, §7); the default is the likelier reading.

    ``limits_checked_at``: codes 180/181 come from AdkSet* or from AdkAdd/AdkUpdate.
    ``date_encoding``: the LONG of a date is yyyymmdd, or a number that says nothing.
    ``buffer_counts_nul``: the length given to AdkGetStr counts the terminating NUL.
    ``document_number_writable``: a client may give an invoice its number.
    ``first_on_empty``: code of first/last in an empty or filtered-out table.
    ``warnings_in_result``: the C function answers the warning code in lRc (the port never raises it).
    ``balance_in``: BALANCE (62) is in document currency and BALANCE2 (78) in SEK, or the other way round.
    ``vat_rounding``: VAT per rate on the document, or the sum of VAT rounded per row.
    ``customer_number_empty``: a customer without number is refused (112), or takes PRM2 NEXT_CUSTOMER_NO.
    ``empty_login_accepted``: AdkOpen2 with empty user and password works when log-in is not active.
    ``locked_month_format``: how CODE_OF_BOOKINGYEAR.LOCKED_MONTH reads.
    ``negative_total_printable``: an ordinary invoice with a negative total can be marked as printed.
    ``credit_balance_sign``: sign in which the balance of an unpaid credit invoice is read.
    ``supplier_credit_sign``: sign in which the amounts of a supplier's credit invoice are read.
    ``timestamp_text``: whether the text of a change time (AdkLongToDateTime) tells seconds, or minutes only.
    ``quantity_decimals``: decimals of a quantity, 0 to 4.
    ``filter_ignores_case``: whether ``A*`` also finds ``a``.
    """

    limits_checked_at: Literal["set", "add"] = "set"
    date_encoding: Literal["yyyymmdd", "opaque"] = "yyyymmdd"
    buffer_counts_nul: bool = True
    document_number_writable: bool = True
    first_on_empty: Literal[79, 115] = 79
    warnings_in_result: bool = False
    balance_in: Literal["document", "sek"] = "document"
    vat_rounding: Literal["document", "row"] = "document"
    customer_number_empty: Literal["refused", "assigned"] = "refused"
    empty_login_accepted: bool = True
    locked_month_format: Literal["yyyy-MM", "MM"] = "yyyy-MM"
    negative_total_printable: bool = True
    credit_balance_sign: Literal["positive", "negative"] = "positive"
    supplier_credit_sign: Literal["positive", "negative"] = "positive"
    timestamp_text: Literal["seconds", "minutes"] = "seconds"
    quantity_decimals: int = 2
    filter_ignores_case: bool = True


@dataclass(frozen=True)
class Installation:
    """One installation of the program, as its common-files folder tells.

    ``licences``: users at a time. ``api_version`` (the library's), ``program_version`` and
    ``program_database_version``: major, minor. ``users``: name → password; not empty = log-in is activated.
    ``variant``: ADKI_* number. ``today``: fixed date (yyyy-MM-dd) for LASTCHANGE, else the machine's own.
    """

    switches: Switches = field(default_factory=Switches)
    licences: int = 3
    api_licensed: bool = True
    api_version: tuple[int, int] = (2023, 1)
    program_version: tuple[int, int] = (2023, 1)
    program_database_version: tuple[int, int] = (2023, 1)
    users: Mapping[str, str] = field(default_factory=dict)
    variant: int = 1
    today: str = ""

    def current_day(self) -> int:
        """Today as a stored date."""
        return day_number(date.fromisoformat(self.today) if self.today else date.today())


def _checked(kind: type, document: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(document) - {each.name for each in fields(kind)}
    if unknown:
        raise ValueError(f"{INSTALLATION_FILE} has unknown entries: {', '.join(sorted(unknown))}")
    return dict(document)


def read_installation(common: Path) -> Installation:
    """The installation that the folder's ``practice.json`` describes; ValueError for an entry that is not known."""
    document = _checked(Installation, json.loads((common / INSTALLATION_FILE).read_text(encoding="utf-8")))
    switches = Switches(**_checked(Switches, document.pop("switches", {})))
    for name in ("api_version", "program_version", "program_database_version"):
        if name in document:
            document[name] = (int(document[name][0]), int(document[name][1]))
    return replace(Installation(switches=switches), **document)


def create_installation(common: Path, installation: Installation | None = None) -> None:
    """Write (or rewrite) ``practice.json``; an open company notices it at its next open."""
    common.mkdir(parents=True, exist_ok=True)
    document = json.dumps(asdict(installation or Installation()), indent=2, ensure_ascii=False)
    new = common / f"{INSTALLATION_FILE}.new"
    new.write_text(document + "\n", encoding="utf-8")
    os.replace(new, common / INSTALLATION_FILE)


def create_company(
    common: Path,
    company: Path,
    name: str,
    tables: Mapping[int, Iterable[Mapping[int, Given]]],
    *,
    next_invoice_number: int = 1,
    round_to_kronor: bool = True,
    currencies_active: bool = True,
    construction_reverse_charge: bool = True,
    entered: datetime | None = None,
) -> None:
    """Make a company folder with the given records, by table id and field id.

    A head's ROWS (103) may hold a list of row records. Invoices are seeded as posted documents: totals and balance
    are computed unless given, and no rule of adding is applied. A ``datetime`` as a record's TIMESTAMP is when it was
    entered. ValueError for a table, field or value that the
    company cannot hold. ``currencies_active`` off: foreign currency is refused (209);
    ``construction_reverse_charge`` off: BUILDSERVICE is refused (379). ``entered``: when all of it was entered, in the
    computer's own time (None: now).
    """
    installation = read_installation(common)
    company.mkdir(parents=True, exist_ok=True)
    path = company / COMPANY_FILE
    if path.exists():
        raise ValueError(f"there is already a company in {company}")
    storage = Storage.create(path)
    storage.entered = entered
    try:
        with storage.transaction():
            storage.set_setting("name", name)
            storage.set_setting("next_invoice_number", str(next_invoice_number))
            storage.set_setting("round_to_kronor", str(int(round_to_kronor)))
            storage.set_setting("currencies_active", str(int(currencies_active)))
            storage.set_setting("construction_reverse_charge", str(int(construction_reverse_charge)))
            storage.set_setting("database_version", "{}.{}".format(*installation.program_database_version))
            storage.set_setting("next_contact_id", "1")
            storage.set_setting("next_supplier_invoice_number", "1")
            storage.set_setting("next_payment_number", "1")
            _seed(storage, {PRM.id: [{0: name}], PRM2.id: [{}], **tables}, installation.switches)
    finally:
        storage.close()


def _seed(storage: Storage, tables: Mapping[int, Iterable[Mapping[int, Given]]], switches: Switches) -> None:
    entries = []
    for table_id in sorted(tables, key=lambda each: each == INVOICE_HEAD.id):
        table = TABLES.get(table_id)
        if table is None or table.id in IS_ROWS:
            raise ValueError(f"the practice company has no register {table_id} to seed")
        entries += [(*_entered(table, given), table) for given in tables[table_id]]
    # In the order in which it was entered, so that a later change has the later change time.
    beginning = storage.entered
    for entered, given, table in sorted(entries, key=lambda each: each[0] or beginning or datetime.min):
        storage.entered = entered or beginning
        _seed_record(storage, table, given, switches)


def _entered(table: Table, given: Mapping[int, Given]) -> tuple[datetime | None, Mapping[int, Given]]:
    """When the record was entered, given as its timestamp, and the record without it."""
    stamp = None if table.timestamp is None else given.get(table.timestamp)
    if not isinstance(stamp, datetime):
        return None, given
    return stamp, {key: value for key, value in given.items() if key != table.timestamp}


def _seed_record(storage: Storage, table: Table, given: Mapping[int, Given], switches: Switches) -> None:
    if table is INVOICE_HEAD:
        _seed_invoice(storage, given, switches)
        return
    if table is SUPPLIER_INVOICE_HEAD:
        _seed_supplier_invoice(storage, given)
        return
    values = {key: stored_value(table, key, value) for key, value in given.items()}
    if table is CONTACT:
        _seed_contact_id(storage, values)
    if table is PRM:
        values.setdefault(0, storage.setting("name"))
    storage.insert(table, values)


def _seed_contact_id(storage: Storage, values: dict[int, Value]) -> None:
    upcoming = int(storage.setting("next_contact_id"))
    used = int(values.setdefault(0, Decimal(upcoming)))
    storage.set_setting("next_contact_id", str(max(upcoming, used + 1)))


def _seed_supplier_invoice(storage: Storage, given: Mapping[int, Given]) -> None:
    """A supplier invoice exactly as given, the program's own rows included; the serial is the next one unless given."""
    head = {
        key: stored_value(SUPPLIER_INVOICE_HEAD, key, value) for key, value in given.items() if key != SUPPLIER_ROWS
    }
    rows = _given_rows(SUPPLIER_INVOICE_ROW, given.get(SUPPLIER_ROWS, ()))
    upcoming = int(storage.setting("next_supplier_invoice_number"))
    serial = int(head.setdefault(0, Decimal(upcoming)))
    storage.set_setting("next_supplier_invoice_number", str(max(upcoming, serial + 1)))
    defaults: dict[int, Value] = {
        10: "SEK",
        11: Decimal(1),
        12: "F",
        27: Decimal(1),
        SUPPLIER_NROWS: Decimal(len(rows)),
    }
    storage.insert_with_rows(SUPPLIER_INVOICE_HEAD, {**defaults, **head}, rows)


def _given_rows(table: Table, given: Given) -> list[dict[int, Value]]:
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise ValueError("the ROWS field of a seeded document takes a list of rows")
    return [{key: stored_value(table, key, value) for key, value in row.items()} for row in given]


def _seed_invoice(storage: Storage, given: Mapping[int, Given], switches: Switches) -> None:
    head = {key: stored_value(INVOICE_HEAD, key, value) for key, value in given.items() if key != ROWS_FIELD}
    rows = _given_rows(INVOICE_ROW, given.get(ROWS_FIELD, ()))
    if 0 not in head:
        head[0] = Decimal(storage.setting("next_invoice_number"))
        storage.set_setting("next_invoice_number", str(int(head[0]) + 1))
    settings = storage.single(PRM2)
    for place in range(4):
        head.setdefault(52 + place, settings[place])
    defaults: dict[int, Value] = {13: "F", 33: "SEK", 35: Decimal(1), 36: Decimal(1), NROWS_FIELD: Decimal(len(rows))}
    for row in rows:
        row.setdefault(19, "A" if {0, 2, 5, 11, 16} & set(row) else "T")
    stated = dict(head)
    head = {**defaults, **head}
    whole = storage.setting("round_to_kronor") == "1" and head[33] in ("", "SEK")
    apply_totals(head, rows, whole_kronor=whole, per_row=switches.vat_rounding == "row")
    head |= stated
    head.setdefault(62, head[61])
    head.setdefault(78, in_domestic_currency(Decimal(head[62]), head))
    storage.insert_with_rows(INVOICE_HEAD, head, rows)


def stored_value(table: Table, field_id: int, given: Any) -> Value:
    """A given Python value as the table stores it. ValueError when the field is unknown or cannot hold it."""
    known = table.fields.get(field_id)
    if known is None or known.type is FieldType.DATA:
        raise ValueError(f"{table.name} has no field {field_id} in the practice company")
    value = _converted(known, given)
    if value is None:
        raise ValueError(f"{table.name}.{known.name} cannot hold {given!r}")
    return value


def _converted(known: Field, given: Any) -> Value | None:
    if known.type is FieldType.CHAR:
        fits = isinstance(given, str) and len(given) <= known.length and is_writable_text(given)
        return given if fits else None
    if known.type is FieldType.BOOL:
        return given if isinstance(given, bool) else None
    if known.type is FieldType.DATE:
        if given is None or (isinstance(given, int) and not isinstance(given, bool)):
            return given or 0
        return day_number(given) if isinstance(given, date) else None
    if isinstance(given, bool) or not isinstance(given, (int, float, Decimal)):
        return None
    exact = Decimal(repr(given)) if isinstance(given, float) else Decimal(given)
    return exact if has_decimals(exact, known.decimals) else None
