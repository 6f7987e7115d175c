"""How the reconciliation of payments and supplier costs looks."""

from __future__ import annotations

from brygga.cli.exits import console
from brygga.cli.language import _, translator
from brygga.insight.reconciliation_towards import Compared, TowardsReconciliation


def print_towards(result: TowardsReconciliation) -> None:
    """One line for payments and one for costs, then every difference; nothing where nothing was sent."""
    if not (result.payments.administration or result.payments.severa or result.costs.administration):
        return
    for label, compared in ((_("Payments"), result.payments), (_("Supplier costs"), result.costs)):
        console.print(f"{_sign(compared)} {label}: {_sides(compared)}", highlight=False)
    words = {
        "not_paid_in_severa": _("paid in Administration, not in Severa"),
        "paid_only_in_severa": _("paid in Severa, not in Administration"),
        "missing": _("was sent and is not in Severa"),
        "cost": _("has another cost in Severa"),
    }
    for found in result.differences:
        sides = f"Administration {found.administration or '–'}, Severa {found.severa or '–'}"
        console.print(f"  {found.record}: {words[found.what]}: {sides}", markup=False, highlight=False)


def _sign(compared: Compared) -> str:
    same = compared.administration == compared.severa and compared.administration_sum == compared.severa_sum
    return "[green]✓[/]" if same else "[red]✕[/]"


def _sides(compared: Compared) -> str:
    here, there = translator.number(compared.administration_sum), translator.number(compared.severa_sum)
    return f"Administration {compared.administration} ({here}), Severa {compared.severa} ({there})"
