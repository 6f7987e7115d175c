"""Rules of one invoice row: article or text row, account, VAT code, project and profit centre."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from brygga.practice.adk_engine.codes import Rc
from brygga.practice.adk_engine.fields import Table, Value
from brygga.practice.adk_engine.invoice_totals import ROW_TYPE_ARTICLE, ROW_TYPE_TEXT, decimal
from brygga.practice.adk_engine.storage import Stored
from brygga.practice.adk_engine.tables_codes import (
    ACCOUNT,
    CODE_OF_ARTICLE_ACCOUNT,
    CODE_OF_PROFIT_CENTRE,
    CODE_OF_UNIT,
    PRM2,
)
from brygga.practice.adk_engine.tables_documents import INVOICE_ROW
from brygga.practice.adk_engine.tables_registers import ARTICLE, PROJECT
from brygga.practice.adk_engine.work import Work, refuse

Values = dict[int, Value]

REQUIRED, FREE, DENIED = "required", "free", "denied"
OBJECT_ON_ACCOUNT: dict[str, str] = {"E": REQUIRED, "A": FREE, "O": FREE, "S": DENIED, "": FREE}
"""ACCOUNT fields 8 and 10: what the letter says about profit centre and project on the account. contracts/adk.md §2.4
has it from one client only: E = required, O and S = not required, A = unclear. That S also forbids (22/192) is the
practice company's choice, so that those documented codes can be met."""

AMOUNT_FIELDS = (2, 3, 5, 7, 11, 12, 13, 15, 16)
"""What a text row may not have: quantities, price, discount, account, profit centre, project, unit, VAT code (182)."""


@dataclass
class RowDraft:
    """A row on its way into an invoice. ``explicit``: the fields that the client gave, all of a row that is stored:
    they are not filled in from article, account or head. ``stored``: the row as it is now, None for a new one."""

    values: Values
    explicit: set[int] = field(default_factory=set)
    stored: Stored | None = None

    @classmethod
    def of_stored(cls, row: Stored) -> RowDraft:
        """A row of the invoice as it is stored, to be kept or changed."""
        return cls(dict(row.values), set(row.values), row)

    def is_changed(self, field_id: int) -> bool:
        """Whether the field differs from what is stored; always so on a new row."""
        return self.stored is None or self.values.get(field_id) != self.stored.values[field_id]


@dataclass(frozen=True)
class DocumentScope:
    """What the rows take from their head: booking year, whether VAT-free, defaults of project and profit centre."""

    year: str
    export: bool
    eu_trade: bool
    construction: bool
    rates: tuple[bool, bool, bool, bool]
    project: str
    profit_centre: str
    row_discount: Decimal
    """Per cent, the customer's: what a new row gets that is not told otherwise."""

    @classmethod
    def of(cls, year: str, head: Values, *, row_discount: Decimal) -> DocumentScope:
        """The scope of a completed head; ``rates``: which of the four VAT rates are in use."""
        used = tuple(decimal(head, 52 + place) > 0 for place in range(4))
        return cls(
            year=year,
            export=bool(head.get(40)),
            eu_trade=bool(head.get(89)),
            construction=bool(head.get(119)),
            rates=(used[0], used[1], used[2], used[3]),
            project=str(head.get(63, "")),
            profit_centre=str(head.get(64, "")),
            row_discount=row_discount,
        )


def complete_row(work: Work, scope: DocumentScope, row: RowDraft) -> None:
    """Check the row, fill in what the article and the company give, and set its type letter."""
    kind = _row_type(row)
    row.values[19] = kind
    if kind == ROW_TYPE_TEXT:
        _check_text_row(row)
        return
    article = _article(work, row)
    accounting = _accounting(work, article)
    if article is not None:
        _default(row, 14, article[1])
        _default(row, 15, article[7])
    _default(row, 7, scope.row_discount)
    _check_unit(work, row)
    _complete_vat(scope, row, accounting)
    _complete_account(work, scope, row, accounting)
    _complete_objects(work, scope, row, accounting)


def _row_type(row: RowDraft) -> str:
    stated = str(row.values.get(19, ""))
    if stated not in ("", ROW_TYPE_ARTICLE, ROW_TYPE_TEXT):
        raise refuse(Rc.INVALID_ROW_TYPE, INVOICE_ROW, 19)
    if row.stored is not None and stated != row.stored.values[19]:
        to_text = stated == ROW_TYPE_TEXT
        code = Rc.CAN_NOT_CHANGE_ARTICLE_ROW_TO_TEXT_ROW if to_text else Rc.CAN_NOT_CHANGE_TEXT_ROW_TO_ARTICLE_ROW
        raise refuse(code, INVOICE_ROW, 19)
    if stated:
        return stated
    return ROW_TYPE_ARTICLE if any(row.values.get(field_id) for field_id in (0, *AMOUNT_FIELDS)) else ROW_TYPE_TEXT


def _check_text_row(row: RowDraft) -> None:
    if row.values.get(0):
        raise refuse(Rc.NO_ARTNR_ON_TEXT_ROW, INVOICE_ROW, 0)
    for field_id in AMOUNT_FIELDS:
        if row.values.get(field_id):
            raise refuse(Rc.EDIT_DENIED_ON_TEXT_ROW, INVOICE_ROW, field_id)


def _default(row: RowDraft, field_id: int, value: Value) -> None:
    if field_id not in row.explicit:
        row.values[field_id] = value


def _article(work: Work, row: RowDraft) -> Values | None:
    number = row.values.get(0)
    if not number:
        return None
    found = work.by_key(ARTICLE, number)
    if found is None:
        raise refuse(Rc.OOF_INVALID_ARTICLE, INVOICE_ROW, 0)
    return found.values


def _accounting(work: Work, article: Values | None) -> Values:
    found: Stored | None = None
    if article is not None:
        found = work.by_key(CODE_OF_ARTICLE_ACCOUNT, article[5])
    return {} if found is None else found.values


def _check_unit(work: Work, row: RowDraft) -> None:
    unit = row.values.get(15)
    if unit and work.by_key(CODE_OF_UNIT, unit) is None:
        raise refuse(Rc.ARTICLE_INVALID_UNITCODE, INVOICE_ROW, 15)


def _complete_vat(scope: DocumentScope, row: RowDraft, accounting: Values) -> None:
    vat_free = scope.export or scope.construction
    _default(row, 16, "0" if vat_free else accounting.get(9, ""))
    code = str(row.values.get(16, ""))
    if code not in ("0", "1", "2", "3", "4") or (code != "0" and not scope.rates[int(code) - 1]):
        raise refuse(Rc.INVALID_VAT_CODE, INVOICE_ROW, 16)
    if code != "0" and vat_free:
        raise refuse(Rc.EXPORT_INVOICE if scope.export else Rc.INVALID_VAT_CODE, INVOICE_ROW, 16)


def _complete_account(work: Work, scope: DocumentScope, row: RowDraft, accounting: Values) -> None:
    if scope.construction:
        from_code, from_company = 12, 49
    elif scope.export and scope.eu_trade:
        from_code, from_company = 4, 63
    elif scope.export:
        from_code, from_company = 3, 50
    else:
        from_code, from_company = 2, 49
    _default(row, 11, accounting.get(from_code) or work.storage.single(PRM2)[from_company])


def _complete_objects(work: Work, scope: DocumentScope, row: RowDraft, accounting: Values) -> None:
    """Project and profit centre: the row's own, else the accounting code's, else the head's, and the account's say."""
    number = row.values.get(11)
    account = work.by_key(ACCOUNT, scope.year, number) if number else None
    if number and account is None:
        raise refuse(Rc.INVLAID_ACCOUNT, INVOICE_ROW, 11)
    values = {} if account is None else account.values
    if values.get(20):
        work.warn(Rc.ACCOUNT_NOT_ACTIVE, INVOICE_ROW, 11)
    on_profit_centre = OBJECT_ON_ACCOUNT.get(str(values.get(8, "")), FREE)
    on_project = OBJECT_ON_ACCOUNT.get(str(values.get(10, "")), FREE)
    if on_project != DENIED:
        _default(row, 13, accounting.get(15) or scope.project)
    if on_profit_centre != DENIED:
        _default(row, 12, accounting.get(8) or scope.profit_centre)
    _check_object(row, 13, on_project, Rc.ACCOUNT_DEMAND_PROJEKT, Rc.DENIED_PROJECT_ON_ACCOUNT)
    _check_object(row, 12, on_profit_centre, Rc.ACCOUNT_DEMAND_PROFIT_CENTRE, Rc.DENIED_PROFIT_CENTRE_ON_ACCOUNT)
    if row.is_changed(13):
        check_project(work, INVOICE_ROW, 13, str(row.values.get(13, "")))
    check_profit_centre(work, INVOICE_ROW, 12, scope.year, str(row.values.get(12, "")))


def _check_object(row: RowDraft, field_id: int, rule: str, demanded: Rc, denied: Rc) -> None:
    if rule == REQUIRED and not row.values.get(field_id):
        raise refuse(demanded, INVOICE_ROW, field_id)
    if rule == DENIED and row.values.get(field_id):
        raise refuse(denied, INVOICE_ROW, field_id)


def check_project(work: Work, table: Table, field_id: int, code: str) -> None:
    """149 for a project that does not exist, 553 for a closed one."""
    if not code:
        return
    project = work.by_key(PROJECT, code)
    if project is None:
        raise refuse(Rc.INVLAID_PROJECT, table, field_id)
    if project.values[20]:
        raise refuse(Rc.PROJECT_COMPLETED, table, field_id)


def check_profit_centre(work: Work, table: Table, field_id: int, year: str, code: str) -> None:
    """150 for a profit centre that the booking year does not have."""
    if code and work.by_key(CODE_OF_PROFIT_CENTRE, year, code) is None:
        raise refuse(Rc.INVLAID_RESULT_UNIT, table, field_id)


def check_account(work: Work, table: Table, field_id: int, year: str, number: str) -> None:
    """148 for an account that the booking year's chart does not have."""
    if number and work.by_key(ACCOUNT, year, number) is None:
        raise refuse(Rc.INVLAID_ACCOUNT, table, field_id)
