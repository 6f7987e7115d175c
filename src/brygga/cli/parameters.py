"""The words that several commands take, with help and complaints for a person: no names of types, no formats."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from brygga.cli.language import _
from brygga.store.settings.types import ACCEPTS, SettingType
from brygga.transfers.plan import Transfer

DAY = "YYYY-MM-DD"
CONFLICT_CHOICES = ("update", "skip", "ask")
TRANSFERS = "|".join(transfer.value for transfer in Transfer)


def day(text: str | datetime) -> datetime:
    """A day as typed; the complaint says how one is written."""
    if isinstance(text, datetime):
        return text
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d")
    except ValueError:
        raise typer.BadParameter(f"{text}. {_(ACCEPTS[SettingType.DATE])}") from None


def transfer_named(text: str | Transfer) -> Transfer:
    """A transfer by its word; the complaint names them all."""
    try:
        return Transfer(text)
    except ValueError:
        raise typer.BadParameter(f"{text}. {_(ACCEPTS[SettingType.CHOICE])} {TRANSFERS}") from None


def conflict_choice(text: str) -> str:
    """What to do with conflicts; the complaint names the choices."""
    if text not in ("", *CONFLICT_CHOICES):
        raise typer.BadParameter(f"{text}. {_(ACCEPTS[SettingType.CHOICE])} {'|'.join(CONFLICT_CHOICES)}")
    return text


CompanyOption = Annotated[
    str,
    typer.Option("--company", "-c", metavar="NAME", help=_("Short name of the company, as in its settings.")),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("Answer as JSON, for scripts."))]
LanguageOption = Annotated[
    str | None, typer.Option("--lang", metavar="sv|en", help=_("Language of the texts: sv or en."))
]
FromOption = Annotated[datetime | None, typer.Option("--from", parser=day, metavar=DAY, help=_("First invoice date."))]
ToOption = Annotated[datetime | None, typer.Option("--to", parser=day, metavar=DAY, help=_("Last invoice date."))]
FirstDay = Annotated[datetime, typer.Option("--from", parser=day, metavar=DAY, help=_("First invoice date."))]
LastDay = Annotated[datetime, typer.Option("--to", parser=day, metavar=DAY, help=_("Last invoice date."))]
SinceOption = Annotated[
    datetime | None,
    typer.Option("--changed-since", parser=day, metavar=DAY, help=_("Changed from and including this day.")),
]
FreshOption = Annotated[
    bool, typer.Option("--fresh", help=_("Read everything anew from Severa, nothing from the last reading."))
]
StatusOption = Annotated[
    list[str] | None,
    typer.Option("--status", metavar="NAME", help=_("Invoice statuses to transfer, instead of those of the settings.")),
]
WonOption = Annotated[
    bool | None,
    typer.Option("--won-only/--won-or-not", help=_("Only what is won, or all, instead of what the settings say.")),
]
AllOption = Annotated[
    bool, typer.Option("--all", help=_("Search everything, not only what changed since the latest complete run."))
]
AlsoSinceOption = Annotated[
    datetime | None,
    typer.Option(
        "--also-changed-since",
        parser=day,
        metavar=DAY,
        help=_("Payments: also invoices with a payment that were changed since this day, so that none is missed."),
    ),
]
AcceptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="NUMBER",
        help=_("Accept the proposal of this row: a correction, a reversed payment, a new number. Repeat for several."),
    ),
]
ConflictOption = Annotated[
    str,
    typer.Option(
        "--on-conflict",
        metavar="|".join(CONFLICT_CHOICES),
        parser=conflict_choice,
        help=_("Customers that exist with other contents: update them, skip them, or ask for each."),
    ),
]
WhichArgument = Annotated[list[str] | None, typer.Argument(help=_("Exact numbers or names; none means all."))]
TransferArgument = Annotated[Transfer, typer.Argument(parser=transfer_named, help=_("What to transfer."))]
