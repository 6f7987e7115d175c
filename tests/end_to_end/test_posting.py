"""Kontering before sending, held against two others: what the books then hold, and a real company's own vouchers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from brygga.insight.posting import Kontering, postings
from brygga.practice.dataset import PracticeParameters
from brygga.practice.sie import SieRow, read_sie
from brygga.rules.posting import PostingLine, summed
from brygga.runs.run import preview
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.selection import Selection
from tests.contract.adk_company import INVOICE_HEAD, INVOICE_ROW, field_id
from tests.end_to_end.support import COMPANY, World, brygga, practice_world
from tests.shared import shared_file

VISMA, AVENDO = "visma-administration-2000.se", "avendo-5.se"
Shape = tuple[str, tuple[str, ...]]


def planned(world: World) -> tuple[tuple[Plan, ...], dict[str, Kontering]]:
    """The month's plans and their kontering; nothing is written."""
    with world.app.company(COMPANY, read_only=True) as opened:
        plans = preview(opened, Transfer.INVOICES, Selection())
        return plans, postings(opened, plans)


# -- against the books -------------------------------------------------------------------------------------------------
def test_the_kontering_shown_is_what_administration_then_posts_to(tmp_path: Path) -> None:
    """Account, profit centre, project and amount of every row as the practice company's books have them, in kronor."""
    with practice_world(tmp_path, parameters=PracticeParameters(ordinary_only=False)) as world:
        for transfer in (Transfer.CUSTOMERS, Transfer.PROJECTS, Transfer.ARTICLES):
            world.transfer(transfer)
        plans, expected = planned(world)
        done = {result.plan.source_key: result for result in world.transfer(Transfer.INVOICES).results}
        heads = {int(str(head[0])): head for head in world.administration(INVOICE_HEAD)}
        compared = 0
        for plan in plans:
            if plan.source_key in expected and done[plan.source_key].target_key:
                shown = expected[plan.source_key]
                assert shown.agrees
                assert shown.balance == 0
                income = [line for line in shown.lines if line.account.startswith("3") and line.account != "3740"]
                assert income == booked(heads[int(done[plan.source_key].target_key)]), plan.source_number
                compared += 1
        assert compared == len(expected) > 20


def booked(head: dict[int, object]) -> list[PostingLine]:
    """The income lines of an invoice in the books."""
    sign = -1 if head[field_id(INVOICE_HEAD, "TYPE_OF_INVOICE")] == "F" else 1
    names = ("ACCOUNT_NUMBER", "AMOUNT_DOMESTIC_CURRENCY", "PROFIT_CENTRE", "PROJECT")
    lines = []
    rows = head[field_id(INVOICE_HEAD, "ROWS")]
    assert isinstance(rows, list)
    for row in rows:
        account, amount, centre, project = (row.get(field_id(INVOICE_ROW, name), "") for name in names)
        if amount and account != "3740":
            lines.append(PostingLine(account, sign * Decimal(amount), centre, project))
    return list(summed(lines))


# -- against a real company's vouchers ---------------------------------------------------------------------------------
def account_class(account: str) -> str:
    """Claims, output VAT by rate, income by group, rounding."""
    return account if account in ("1510", "3740") else account[:2]


def shape(account: str, dimensions: Iterable[str]) -> Shape:
    return account_class(account), tuple(sorted(dimensions))


def own_shape(row: SieRow) -> Shape:
    """A voucher row's; a sub-dimension of the projects (61) counts as its parent."""
    return shape(row.account, [dimension[0] for dimension, _ in row.objects])


def our_shape(line: PostingLine) -> Shape:
    return shape(line.account, [*(["1"] if line.profit_centre else []), *(["6"] if line.project else [])])


def assert_is_a_journal(lines: list[tuple[Shape, str, Decimal]]) -> None:
    """What every invoice journal of the real company is: claims, VAT and rounding without dimensions, every account and
    set of objects once in debit and once in credit at most, and nothing left over."""
    assert sum(amount for _, _, amount in lines) == 0
    assert all(not dimensions for (kind, dimensions), _, _ in lines if kind in ("1510", "3740") or kind[:1] == "2")
    assert set(Counter((name, amount > 0) for _, name, amount in lines).values()) == {1}
    claims = [amount for (kind, _), _, amount in lines if kind == "1510" and amount > 0]
    assert len(claims) == 1


def test_the_month_as_one_journal_has_the_structure_of_the_companys_own(tmp_path: Path) -> None:
    file = shared_file("data", "sie", VISMA)
    journals = [voucher for voucher in read_sie(file).vouchers if voucher.text.startswith("Fakturajournal")]
    assert len(journals) > 20
    real: set[Shape] = set()
    for voucher in journals:
        rows = [row for row in voucher.rows if not row.change]
        real |= {own_shape(row) for row in rows}
        assert_is_a_journal([(own_shape(row), f"{row.account} {row.objects}", row.amount) for row in rows])
    with practice_world(tmp_path, parameters=PracticeParameters(), sie=file) as world:
        _, found = planned(world)
    lines = summed(line for kontering in found.values() for line in kontering.lines)
    assert_is_a_journal(
        [(our_shape(line), f"{line.account} {line.profit_centre} {line.project}", line.amount) for line in lines]
    )
    ours = {our_shape(line) for line in lines}
    # Rates that the real company never sold at have their own VAT accounts; everything else is a shape of its own file.
    assert {each for each in ours if each[0] in ("1510", "26", "30", "3740")} <= real
    assert {("1510", ()), ("26", ()), ("30", ("1", "6")), ("3740", ())} <= ours
    assert {line.account for line in lines} <= set(read_sie(file).accounts) | {"3305", "3308"}


@pytest.mark.parametrize("name", [VISMA, AVENDO])
def test_every_invoice_of_both_companies_is_posted_to_accounts_of_its_chart(tmp_path: Path, name: str) -> None:
    file = shared_file("data", "sie", name)
    with practice_world(tmp_path, sie=file) as world:
        _, found = planned(world)
        with world.app.company(COMPANY, read_only=True) as opened:
            chart = opened.administration.posting_accounts().chart(world.installation.month)
    assert chart is not None
    assert found
    for kontering in found.values():
        assert kontering.agrees
        assert kontering.balance == 0
        assert {line.account for line in kontering.lines} <= chart.accounts


# -- as a person sees it -----------------------------------------------------------------------------------------------
def test_the_preview_shows_the_kontering_and_that_the_total_is_severas(world: World) -> None:
    said = brygga("--lang", "sv", "preview", "invoices")
    assert said.code == 0
    assert "stämmer med Severa" in said.out
    assert "kontering 1510 " in said.out
    script = brygga("preview", "invoices", "--json").json["rows"]
    assert all(row["agrees_with_severa"] for row in script)
    for row in script:
        assert sum(Decimal(line["amount"]) for line in row["posting"]) == 0
        assert {"account", "amount", "profit_centre", "project"} == set(row["posting"][0])
    assert world.writes() == []
