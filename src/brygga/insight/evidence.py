"""A reconciliation as evidence: what both systems said at a moment, kept in the store with its hash; and Excel."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import xlsxwriter
from sqlalchemy.engine import Engine

from brygga.insight.reconciliation import ROUNDING, Difference, Equation, Reconciliation, Sum, Term
from brygga.insight.reconciliation_towards import TowardsDifference, TowardsReconciliation
from brygga.records.base import Record, fingerprint
from brygga.records.reasons import Refused, reason
from brygga.store.kept_evidence import KeptEvidence

Gettext = Callable[[str], str]


class Evidence(Record, frozen=True):
    """A reconciliation of ``company`` that was read at ``made`` (UTC); ``sha256`` is over the result and the moment."""

    id: str
    company: str
    made: datetime
    result: Reconciliation
    towards: TowardsReconciliation
    sha256: str

    @property
    def differing(self) -> int:
        """How many differences it names in both directions, other than those that a rounding row explains."""
        here = sum(difference.what != ROUNDING for difference in self.result.differences)
        return here + len(self.towards.differences)

    @property
    def holds(self) -> bool:
        """Whether the result is still what the hash was made of."""
        return self.sha256 == _hash(self.company, self.made, self.result, self.towards)


def evidence(company: str, result: Reconciliation, towards: TowardsReconciliation, made: datetime) -> Evidence:
    """Both directions with their moment and hash."""
    return Evidence(secrets.token_hex(4), company, made, result, towards, _hash(company, made, result, towards))


def _hash(company: str, made: datetime, result: Reconciliation, towards: TowardsReconciliation) -> str:
    return fingerprint((company, made.astimezone(UTC).isoformat(), result, towards))


class EvidenceDesk:
    """The reconciliations that were made in a store."""

    def __init__(self, engine: Engine) -> None:
        self._kept = KeptEvidence(engine)

    def keep(self, made: Evidence) -> None:
        """Keep it; nothing is ever removed."""
        self._kept.keep(made.id, made.company, made.made, msgspec.json.encode(made))

    def latest(self, company: str) -> Evidence | None:
        """The company's latest; None when it has none that still holds."""
        evidence_id = self._kept.latest(company)
        try:
            return self.get(evidence_id, company=company) if evidence_id else None
        except Refused:
            return None

    def get(self, evidence_id: str, *, company: str) -> Evidence:
        """One of the company's; ``Refused`` WEB-970 when there is none or it was changed afterwards."""
        content = self._kept.get(evidence_id, company) if evidence_id.isalnum() else b""
        try:
            found = msgspec.json.decode(content, type=Evidence)
        except msgspec.DecodeError:
            raise Refused(reason("WEB-970", id=evidence_id)) from None
        if found.company != company or not found.holds:
            raise Refused(reason("WEB-970", id=evidence_id))
        return found


class Line(NamedTuple):
    """One line of an equation: text, sums, the kind of line (side, term, difference, other), and which term it is."""

    text: str
    sums: Sum
    kind: str
    term: Term | None = None


def lines_of(equation: Equation, _: Gettext, term_word: Callable[[str], str]) -> list[Line]:
    """The equation line by line."""
    lines = [Line(_("Severa"), equation.severa, "side")]
    for term in Term:
        if equation.terms[term].count or term is Term.TRANSFERRED:
            lines.append(Line(term_word(term.value), equation.terms[term], "term", term))
    lines.append(Line(_("Administration, from Severa"), equation.administration, "side"))
    if equation.coupled.count:
        lines.append(Line(_("Administration, coupled"), equation.coupled, "side"))
    lines.append(Line(_("Difference"), equation.difference, "difference"))
    if equation.others.count:
        lines.append(Line(_("Administration, other documents"), equation.others, "other"))
    return lines


def workbook(
    made: Evidence,
    _: Gettext,
    term_word: Callable[[str], str],
    what: Callable[[Difference | TowardsDifference], str],
) -> bytes:
    """The reconciliation as an Excel workbook: equation, differences, time and hash."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        amount = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(_("Reconciliation")[:31])
        row = _heading(sheet, made, _, bold)
        for currency, equation in made.result.by_currency.items():
            sheet.write_row(row, 0, [currency, _("Count"), _("Net"), _("VAT"), _("Gross")], bold)
            for text, sums, *_rest in lines_of(equation, _, term_word):
                row += 1
                sheet.write_string(row, 0, text)
                sheet.write_number(row, 1, sums.count)
                for column, value in enumerate((sums.net, sums.vat, sums.gross), start=2):
                    sheet.write_number(row, column, value, amount)
            row += 2
        sheet.write_row(row, 0, [_("Document"), _("What differs"), "Severa", "Administration"], bold)
        for found in made.result.differences:
            row += 1
            for column, text in enumerate((found.document, what(found), found.severa, found.administration)):
                sheet.write_string(row, column, text)
        for there in made.towards.differences:
            row += 1
            for column, text in enumerate((there.record, what(there), there.severa, there.administration)):
                sheet.write_string(row, column, text)
        sheet.autofit()
    return buffer.getvalue()


def _heading(sheet: Any, made: Evidence, _: Gettext, bold: Any) -> int:
    told = (
        (_("Company"), made.company),
        (_("Period"), f"{made.result.start} – {made.result.end}"),
        (_("Read at"), made.made.astimezone(UTC).isoformat(timespec="seconds")),
        ("SHA-256", made.sha256),
    )
    for row, (label, text) in enumerate(told):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, text)
    return len(told) + 1
