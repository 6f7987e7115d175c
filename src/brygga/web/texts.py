"""Words of the pages: translators, and how amounts, moments and states look there (design/interface.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from brygga.i18n import N_, Translator
from brygga.messages import COUNTED_WORDS, FIELD_WORDS, STATE_WORDS, TERM_WORDS, key_for_people, render
from brygga.messages import TRANSFER_WORDS as RUN_WORDS
from brygga.records.reasons import Level, Reason
from brygga.store.states import RowState
from brygga.web.remedies import remedy_of

TRANSLATORS: dict[str, Translator] = {"sv": Translator("sv"), "en": Translator("en")}

SIGNS: dict[RowState, str] = {
    RowState.NEW: "○",
    RowState.READY: "○",
    RowState.IN_PROGRESS: "…",
    RowState.TRANSFERRED: "✓",
    RowState.TRANSFERRED_WITH_REMARK: "✓!",
    RowState.SKIPPED: "–",
    RowState.WAITING: "◷",
    RowState.FAILED: "✕",
    RowState.IN_DOUBT: "?",
}
"""State is a word, a sign and a colour, in that order (design/interface.md, principle 3)."""

MINUS = "\u2212"

WEIGHT = {Level.STOP: 0, Level.WAIT: 1, Level.WARNING: 2, Level.NOTE: 3}


TRANSFER_WORDS: dict[str, str] = {
    "customers": N_("Customers"),
    "projects": N_("Projects"),
    "invoices": N_("Invoices"),
    "payments": N_("Payments"),
    "supplier-invoices": N_("Supplier invoices"),
    "articles": N_("Articles"),
    "customers-to-severa": N_("Customers to Severa"),
}
"""Tab names by transfer."""


class Words:
    """Everything a template calls to speak one language."""

    def __init__(self, language: Literal["sv", "en"]) -> None:
        self.language = language
        self.translator = TRANSLATORS[language]

    def t(self, text: str, /, **values: object) -> str:
        """The text in this language with its values filled in."""
        return self.translator.gettext(text).format(**values) if values else self.translator.gettext(text)

    def n(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The text that goes with a count."""
        return self.translator.ngettext(singular, plural, count).format(count=self.whole(count), **values)

    def whole(self, count: int) -> str:
        """A count for reading: ``4 213``."""
        return self.translator.number(count, 0)

    def money(self, amount: Decimal | None, currency: str = "SEK") -> str:
        """An amount; its currency only where it is not SEK."""
        if amount is None:
            return ""
        text = self.number(amount)
        return text if currency in ("", "SEK") else f"{text} {currency}"

    def number(self, value: Decimal, decimals: int = 2) -> str:
        """A number for reading, with a real minus in front (design/interface.md, principle 5)."""
        return self.translator.number(value, decimals).replace("-", MINUS)

    def amount_in(self, text: str) -> str:
        """An amount that is written with a decimal point, for reading; every other text as it is."""
        shown = self.translator.amount_in(text)
        return text if shown == text else shown.replace("-", MINUS)

    def percent(self, rate: Decimal) -> str:
        """A rate in percent."""
        return self.translator.percent(rate)

    def moment(self, at: datetime | None, *, whole: bool = False) -> str:
        """A moment in the server's own time zone, to the minute; the day only when it is not today, or ``whole``."""
        if at is None:
            return ""
        local = at.astimezone()
        today = datetime.now().astimezone().date() == local.date()
        return local.strftime("%H:%M" if today and not whole else "%Y-%m-%d %H:%M").replace(
            ":", "." if self.language == "sv" else ":"
        )

    def state(self, state: RowState | str) -> str:
        """The state's word."""
        return STATE_WORDS[str(state)][self.language]

    def term(self, term: str) -> str:
        """What became of documents, as a line of the reconciliation says it."""
        return TERM_WORDS[term][self.language]

    def counted(self, count: int, state: RowState | str) -> str:
        """``39 överförda``."""
        words = STATE_WORDS if count == 1 else COUNTED_WORDS
        return f"{self.whole(count)} {words[str(state)][self.language]}"

    def sign(self, state: RowState | str) -> str:
        """The state's sign, for the eye only."""
        return SIGNS.get(RowState(str(state)), "")

    def reason(self, why: Reason) -> str:
        """The reason as a sentence with its remedy and code."""
        return render(why, self.translator)

    def reasons(self, reasons: Iterable[Reason]) -> list[Reason]:
        """Those that stop first, then what holds, warns, and is only said."""
        return sorted(reasons, key=lambda why: WEIGHT[why.level])

    def remedy(self, why: Reason) -> tuple[str, str] | None:
        """Address below the company's and name of the page that helps, if one does."""
        found = remedy_of(why)
        return (found[0], self.t(found[1])) if found else None

    def key(self, key: str) -> str:
        """A record's key in the other system, where it is one that people know."""
        return key_for_people(key)

    def field(self, name: str) -> str:
        """A field's name as a heading."""
        return self.t(FIELD_WORDS[name]) if name in FIELD_WORDS else name

    def transfer(self, name: str) -> str:
        """A transfer's tab name; of another run in the history, such as a take-over, what it does."""
        if name in TRANSFER_WORDS:
            return self.t(TRANSFER_WORDS[name])
        word = self.t(RUN_WORDS.get(name, name))
        return word[:1].upper() + word[1:]

    def value(self, value: Any) -> str:
        """A value of a field for reading."""
        match value:
            case None | "" | ():
                return "–"
            case bool():
                return self.t("yes") if value else self.t("no")
            case Decimal():
                return self.number(value, max(2, -int(value.as_tuple().exponent)))
            case _:
                return str(value)

    def calls(self) -> dict[str, Callable[..., Any]]:
        """The functions by the names that templates use."""
        names = (
            "t", "n", "whole", "money", "percent", "moment", "state", "counted", "sign",
            "reason", "reasons", "remedy", "key", "field", "transfer", "value",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
