"""How the reconciliation of payments and supplier costs looks."""

from __future__ import annotations

from typing import Any

import msgspec

from brygga.cli.exits import console
from brygga.cli.language import _, translator
from brygga.cli.output import print_reason, reasons_json
from brygga.insight.reconciliation_towards import Compared, TowardsReconciliation, why


def print_towards(result: TowardsReconciliation) -> None:
    """One line for payments and one for costs, then every difference; nothing where nothing was sent."""
    if not (result.payments.administration or result.payments.severa or result.costs.administration):
        return
    for label, compared in ((_("Payments"), result.payments), (_("Supplier costs"), result.costs)):
        console.print(f"{_sign(compared)} {label}: {_sides(compared)}", highlight=False)
    for found in result.differences:
        administration, severa = (translator.amount_in(each) or "–" for each in (found.administration, found.severa))
        sides = f"Administration {administration}, Severa {severa}"
        console.print(f"  {found.record}: {sides}", markup=False, highlight=False)
        print_reason(why(found))


def towards_json(result: TowardsReconciliation) -> Any:
    """The same for scripts, each difference with its reason."""
    differences = [
        msgspec.to_builtins(found) | {"reasons": reasons_json((why(found),))} for found in result.differences
    ]
    return msgspec.to_builtins(result) | {"differences": differences}


def _sign(compared: Compared) -> str:
    same = compared.administration == compared.severa and compared.administration_sum == compared.severa_sum
    return "[green]✓[/]" if same else "[red]✕[/]"


def _sides(compared: Compared) -> str:
    here, there = translator.number(compared.administration_sum), translator.number(compared.severa_sum)
    return f"Administration {compared.administration} ({here}), Severa {compared.severa} ({there})"
