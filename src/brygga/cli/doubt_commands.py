"""``brygga doubt``: what may or may not have been written, and what a person decides about it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import msgspec
import typer

from brygga import __version__
from brygga.app import App
from brygga.cli.asking import confirmed
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _
from brygga.cli.output import money, print_json, print_reason, reasons_json, result_json, state_word, transfer_word
from brygga.cli.parameters import CompanyOption, JsonOption
from brygga.cli.recovery_commands import YesOption
from brygga.records.target import Kind, System
from brygga.runs.doubt import Candidate, Decision, Doubt, Evidence, decide, doubts, evidence
from brygga.store.states import RowState
from brygga.transfers.plan import Plan

doubt_commands = typer.Typer(help=_("What may or may not have been written: look and decide."), no_args_is_help=True)

NumberArgument = Annotated[str, typer.Argument(help=_("Number, name or key of the record, exactly."))]


@doubt_commands.command("list", help=_("Every record in doubt, oldest first."))
def list_doubts(company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        found = doubts(app.journal(app.chosen(company)))
        if as_json:
            print_json([_doubt_json(each) for each in found])
        for each in () if as_json else found:
            _print_doubt(each)
        if not found and not as_json:
            console.print(_("Nothing is in doubt."))
        if found:
            raise typer.Exit(Exit.ATTENTION)


@doubt_commands.command(help=_("One record in doubt: what both systems have, side by side."))
def show(number: NumberArgument, company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        with app.company(name, read_only=True) as opened, console.status(_("Reading …")):
            found = evidence(opened, number)
        if as_json:
            print_json(_evidence_json(found))
        else:
            _print_evidence(found)


@doubt_commands.command(help=_("It is there: link the record to this number in the other system."))
def link(
    number: NumberArgument,
    target: Annotated[str, typer.Argument(help=_("Its number, or key, in the other system."))],
    company: CompanyOption = "",
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    question = _("Link {number} to {target}? Nothing more is sent for it then.").format(number=number, target=target)
    _decided(number, Decision.LINK, question, company, yes, as_json, target)


@doubt_commands.command(help=_("It is not there: send it."))
def send(
    number: NumberArgument, company: CompanyOption = "", yes: YesOption = False, as_json: JsonOption = False
) -> None:
    question = _("Send {number}? If it is there after all, it will be there twice.").format(number=number)
    _decided(number, Decision.SEND, question, company, yes, as_json)


@doubt_commands.command(help=_("It is there and differs from what was sent: let it stand, and do what follows it."))
def accept(
    number: NumberArgument, company: CompanyOption = "", yes: YesOption = False, as_json: JsonOption = False
) -> None:
    question = _("Accept {number} as it is in Administration? Number and status are written to Severa then.").format(
        number=number
    )
    _decided(number, Decision.ACCEPT, question, company, yes, as_json)


@doubt_commands.command(help=_("Leave it in doubt, and note that somebody has looked."))
def wait(number: NumberArgument, company: CompanyOption = "", as_json: JsonOption = False) -> None:
    _decided(number, Decision.WAIT, "", company, True, as_json)


def _decided(
    number: str, decision: Decision, question: str, company: str, yes: bool, as_json: bool, target: str = ""
) -> None:
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        if not yes:
            with app.company(name, read_only=True) as opened:
                found = evidence(opened, number)
            if not as_json:
                _print_evidence(found)
            if as_json or not confirmed(question):
                raise typer.Exit(Exit.ATTENTION)
        settings = app.settings(name).fingerprint()
        with app.company(name, read_only=False) as opened:
            result = decide(
                opened,
                number,
                decision,
                target_key=target,
                lock_folder=app.folder / "locks",
                version=__version__,
                settings=settings,
            )
        if as_json:
            print_json(result_json(result))
        else:
            where = f" → {result.target_key}" if result.target_key else ""
            line = f"{result.plan.source_number} {state_word(result.state.value)}{where}"
            console.print(line, markup=False, highlight=False)
            for why in result.reasons:
                print_reason(why)
        if result.state is not RowState.TRANSFERRED:
            raise typer.Exit(Exit.ATTENTION)


def _print_doubt(doubt: Doubt) -> None:
    since = doubt.since.astimezone().strftime("%Y-%m-%d %H:%M")
    line = f"{doubt.number}  {doubt.name}  {transfer_word(doubt.transfer)}  {since}"
    console.print(line, highlight=False, markup=False)
    for why in doubt.reasons:
        print_reason(why)


def _print_evidence(found: Evidence) -> None:
    _print_doubt(found.doubt)
    invoice, sent = found.severa, found.sent
    if invoice is not None:
        line = (
            f"{invoice.number or ''}  {invoice.date}  {invoice.customer_name}  {money(invoice.gross, invoice.currency)}"
        )
        console.print(f"Severa: {line}", highlight=False, markup=False)
    line = f"{sent.source_number}  {sent.source_name}  {money(_amount(sent), sent.currency)}"
    console.print(_("Was to be written: {what}").format(what=line), highlight=False, markup=False)
    for candidate in found.candidates:
        console.print(f"Administration: {_candidate_line(candidate)}", highlight=False, markup=False)
    for fee in found.fees:
        line = f"{fee.key}  {fee.event_date}  {fee.description}  {money(fee.unit_cost, fee.currency)}"
        console.print(f"Severa: {line}", highlight=False, markup=False)
    if sent.kind is Kind.PROJECT_FEE and not found.fees:
        console.print(_("The project in Severa has no cost that could be it."))
    if sent.transfer.target is System.ADMINISTRATION and not found.candidates:
        console.print(_("Administration has no document that could be it."))


def _amount(sent: Plan) -> Decimal | None:
    return sent.net if sent.gross is None else sent.gross


def _candidate_line(candidate: Candidate) -> str:
    posted = candidate.posted
    why = [
        word
        for holds, word in (
            (candidate.key, _("carries Severa's key")),
            (candidate.number, _("has this number")),
            (candidate.alike, _("same customer, day and total")),
            (posted.cancelled, _("cancelled")),
            (bool(candidate.other), _("belongs to {name}").format(name=candidate.other)),
        )
        if holds
    ]
    amount = money(posted.total, posted.currency)
    return f"{posted.number}  {posted.date}  {posted.customer_number}  {amount}  ({', '.join(why)})"


def _doubt_json(doubt: Doubt) -> dict[str, Any]:
    return {**msgspec.to_builtins(doubt), "reasons": reasons_json(doubt.reasons)}


def _evidence_json(found: Evidence) -> dict[str, Any]:
    whole: dict[str, Any] = msgspec.to_builtins(found)
    return {**whole, "doubt": _doubt_json(found.doubt)}
