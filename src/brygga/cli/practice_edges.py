"""The edge pack of the practice company: what is odd about its month on purpose, and how each of it ended."""

from __future__ import annotations

from brygga.app import App
from brygga.cli.exits import console
from brygga.cli.language import _
from brygga.cli.output import COLOURS, SIGNS, print_reason, state_word
from brygga.insight.reconciliation import ROUNDING, Reconciliation
from brygga.messages import key_for_people
from brygga.practice.build import PracticeInstallation
from brygga.records.target import System
from brygga.store.history import Outcome
from brygga.store.states import RowState
from brygga.transfers.catalogue import PLANNERS

OPEN = frozenset({RowState.FAILED, RowState.WAITING, RowState.IN_DOUBT, RowState.TRANSFERRED_WITH_REMARK})


def told(app: App, company: str, installation: PracticeInstallation, result: Reconciliation) -> bool:
    """Tell how every edge row ended; True when each ended as it should, and nothing else failed or differs."""
    expected = installation.company().expected_reasons
    outcomes = _outcomes(app, company)
    odd = {key: codes for key, codes in expected.items() if key in outcomes}
    if odd:
        console.print()
        console.print(_("Odd on purpose, so that you see what happens to such records:"))
    wrong = 0
    for key, codes in odd.items():
        outcome = outcomes[key]
        given = [why for why in outcome.reasons if why.code in codes]
        as_expected = codes <= {why.code for why in outcome.reasons} or outcome.action == "nothing"
        wrong += not as_expected
        _print(outcome, as_expected=as_expected)
        for why in given:
            print_reason(why)
    strangers = [key for key, outcome in outcomes.items() if outcome.state in OPEN and key not in expected]
    sound = not wrong and not strangers and all(found.what == ROUNDING for found in result.differences)
    if odd and sound:
        console.print(_("Each of these {count} ended as it should, and no other record failed.").format(count=len(odd)))
    return sound


def _outcomes(app: App, company: str) -> dict[str, Outcome]:
    journal = app.journal(company)
    found: dict[str, Outcome] = {}
    # The odd ones of the dataset are Severa's: what comes from Administration is reconciled by itself.
    for transfer in (each for each in PLANNERS if each.target is System.ADMINISTRATION):
        found |= journal.latest_outcomes(transfer.value)
    return found


def _print(outcome: Outcome, *, as_expected: bool) -> None:
    sign, colour = SIGNS.get(outcome.state, " "), COLOURS.get(outcome.state, "default")
    target = f" → {key}" if (key := key_for_people(outcome.target_key)) else ""
    surprise = "" if as_expected else " " + _("(unexpected)")
    name = " ".join(outcome.source_name.split())
    console.print(f"[{colour}]{sign} {state_word(outcome.state.value)}[/]", end=" ", highlight=False)
    console.print(f"{outcome.source_number} {name}{target}{surprise}", markup=False, highlight=False, soft_wrap=True)
