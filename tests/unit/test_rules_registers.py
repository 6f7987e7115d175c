"""Matching, projects, contacts, units, VAT codes and periods (semantics §4.0-4.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.records.reasons import Level, Reason
from brygga.records.source import Customer
from brygga.records.target import BookingYear, CustomerCard
from brygga.rules.contacts import full_name, split_name
from brygga.rules.matching import CardIndex, Match, Peers, match_card, match_code, match_customer
from brygga.rules.periods import period_reasons
from brygga.rules.projects import project_code, project_dates
from brygga.rules.units import unit_code
from brygga.rules.vat import mapping_reasons, suggest_mapping, vat_code

ORG, OTHER_ORG = "556900-4566", "556900-4574"


def codes(reasons: tuple[Reason, ...]) -> dict[str, Level]:
    return {why.code: why.level for why in reasons}


def severa(number: str = "1001", name: str = "Bygg AB", identity: str = "") -> Customer:
    return Customer(key="g", number=number, name=name, identity=identity)


class TestCustomers:
    def test_a_stored_link_decides(self) -> None:
        cards = [CustomerCard("1001", "Bygg AB", OTHER_ORG), CustomerCard("2001", "X")]
        assert match_customer(severa(identity=ORG), cards, linked="2001") == Match("link", "2001")

    def test_a_link_to_a_record_that_is_gone_is_told(self) -> None:
        match = match_customer(severa(), [CustomerCard("1001", "Bygg AB")], linked="2001")
        assert (match.kind, match.key, codes(match.reasons)) == ("conflict", "", {"REG-862": Level.STOP})

    def test_the_number_decides_after_trim_without_turning_it_into_a_number(self) -> None:
        cards = [CustomerCard("010", "X"), CustomerCard("10", "Y")]
        assert match_customer(severa(" 10 "), cards) == Match("number", "10")
        assert match_customer(severa("1"), cards).kind == "none"

    def test_at_02_the_same_number_with_another_organisation_number_is_a_conflict(self) -> None:
        match = match_customer(severa(identity=ORG), [CustomerCard("1001", "Bygg AB", OTHER_ORG)])
        assert (match.kind, codes(match.reasons)) == ("conflict", {"KND-106": Level.STOP})
        assert match.reasons[0].param("nr") == "1001"

    @pytest.mark.parametrize(("ours", "org", "vat"), [("", ORG, ""), (ORG, "", ""), (ORG, OTHER_ORG, "SE556900456601")])
    def test_the_same_number_without_a_contradiction_matches(self, ours: str, org: str, vat: str) -> None:
        assert match_customer(severa(identity=ours), [CustomerCard("1001", "A", org, vat)]) == Match("number", "1001")

    def test_a_unique_identity_matches_in_any_form(self) -> None:
        cards = [CustomerCard("2001", "X", ORG), CustomerCard("2002", "Y", OTHER_ORG)]
        assert match_customer(severa(identity="SE556900456601"), cards) == Match("identity", "2001")

    def test_an_identity_that_several_have_matches_none(self) -> None:
        cards = [CustomerCard("2001", "X", ORG), CustomerCard("2002", "Y", ORG)]
        assert match_customer(severa(identity=ORG), cards).kind == "none"

    def test_a_card_linked_to_another_customer_is_not_taken_by_identity(self) -> None:
        cards = [CustomerCard("2001", "X", ORG)]
        assert match_customer(severa(identity=ORG), cards, taken={"2001"}).kind == "none"

    def test_nor_by_number_while_severa_still_has_that_customer(self) -> None:
        cards = [CustomerCard("1001", "X")]
        match = match_customer(severa("1001"), cards, taken={"1001"})
        assert (match.kind, codes(match.reasons)) == ("conflict", {"REG-863": Level.STOP})
        gone = match_customer(severa("1001"), cards, taken={"1001"}, still_held=lambda number: False)
        assert gone == Match("number", "1001")

    def test_a_name_is_a_proposal_only_and_only_without_a_number_of_its_own(self) -> None:
        cards = [CustomerCard("2001", "BYGG  ab")]
        match = match_customer(severa(""), cards)
        assert (match.kind, match.key, codes(match.reasons)) == ("name_proposal", "2001", {"KND-111": Level.WAIT})
        assert match_customer(severa("1001"), cards).kind == "none"

    def test_a_name_that_is_not_unique_or_contradicted_proposes_nothing(self) -> None:
        twice = [CustomerCard("2001", "Bygg AB"), CustomerCard("2002", "Bygg AB")]
        assert match_customer(severa(""), twice).kind == "none"
        assert match_customer(severa("", identity=ORG), [CustomerCard("2001", "Bygg AB", OTHER_ORG)]).kind == "none"
        assert match_customer(severa("", name=" "), [CustomerCard("2001", " ")]).kind == "none"


class TestBothWays:
    """The cascade is one and the same, whichever side the record is of (§4.0)."""

    NAMES = st.sampled_from(["Bygg AB", "bygg  ab", "Åkeri", ""])
    NUMBERS = st.sampled_from(["1", "2", "3", "4"])
    IDENTITIES = st.sampled_from(["", ORG, "SE556900456601", OTHER_ORG])

    @given(
        st.lists(st.tuples(NUMBERS, NAMES, IDENTITIES), unique_by=lambda each: each[0], max_size=4),
        st.lists(st.tuples(NUMBERS, NAMES, IDENTITIES), unique_by=lambda each: each[0], max_size=4),
    )
    def test_what_is_matched_is_matched_back_and_never_twice(
        self, here: list[tuple[str, str, str]], there: list[tuple[str, str, str]]
    ) -> None:
        customers = [Customer(key=f"c{number}", number=number, name=name, identity=i) for number, name, i in here]
        cards = [CustomerCard(number, name, identity) for number, name, identity in there]
        found = {one.key: match_customer(one, cards, peers=lambda: Peers(customers)) for one in customers}
        back = {card.number: match_card(card, customers, peers=lambda: Peers(cards)) for card in cards}
        index = CardIndex(cards)
        among = {one.key: match_customer(one, index.of(one, None), peers=lambda: Peers(customers)) for one in customers}
        assert among == found, "the index leaves out a card that could have been chosen"
        certain = {key: match.key for key, match in found.items() if match.kind in ("number", "identity")}
        assert len(set(certain.values())) == len(certain)
        assert certain == {match.key: number for number, match in back.items() if match.kind in ("number", "identity")}

    def test_an_identity_that_several_peers_have_matches_none_and_says_so(self) -> None:
        one, other = severa("3001", identity=ORG), Customer(key="h", number="3002", name="B", identity=ORG)
        cards = [CustomerCard("2001", "X", ORG)]
        match = match_customer(one, cards, peers=lambda: Peers([one, other]))
        assert (match.kind, codes(match.reasons)) == ("none", {"KND-150": Level.WARNING})
        assert match.reasons[0].params == (("severa", "3001, 3002"), ("administration", "2001"))

    def test_a_card_whose_number_is_anothers_is_not_taken_by_identity(self) -> None:
        """The other customer has the better claim to it."""
        one, other = severa("3001", identity=ORG), Customer(key="h", number="2001", name="B")
        cards = [CustomerCard("2001", "X", ORG)]
        assert match_customer(one, cards, peers=lambda: Peers([one, other])).kind == "none"
        assert match_card(cards[0], [one, other], peers=lambda: Peers(cards)) == Match("number", "h")


class TestCodes:
    def test_at_01_exactly_the_code_is_found(self) -> None:
        assert match_code("10", ["100", "1001", "10"]) == Match("number", "10")
        assert match_code("1", ["10", "100", "1001"]).kind == "none"
        assert match_code("10", ["010"]).kind == "none"
        assert match_code(" ", [" "]).kind == "none"

    def test_a_link_decides(self) -> None:
        assert match_code("10", ["10", "P10"], linked="P10") == Match("link", "P10")
        assert match_code("10", ["10"], linked="P10").kind == "conflict"


class TestProjects:
    START, CREATED = date(2026, 5, 1), date(2026, 1, 15)

    def test_at_16_at_17_no_deadline(self) -> None:
        first, last, reasons = project_dates(self.START, None, self.CREATED)
        assert (first, last, codes(reasons)) == (self.START, date(2099, 12, 31), {"PRJ-203": Level.NOTE})

    def test_no_start_is_the_day_of_creation(self) -> None:
        assert project_dates(None, date(2026, 6, 30), self.CREATED) == (self.CREATED, date(2026, 6, 30), ())

    def test_a_deadline_on_the_first_day_will_do(self) -> None:
        assert project_dates(self.START, self.START, self.CREATED)[2] == ()

    def test_at_18_a_deadline_before_the_start_is_refused(self) -> None:
        first, last, reasons = project_dates(self.START, date(2026, 4, 1), self.CREATED)
        assert (first, last, codes(reasons)) == (self.START, date(2026, 4, 1), {"PRJ-206": Level.STOP})

    def test_the_code_is_the_number_or_what_is_mapped_and_never_cut(self) -> None:
        assert project_code(" 1042 ", 6, {}) == ("1042", ())
        assert project_code("1000001", 6, {"1000001": "P1M1"}) == ("P1M1", ())
        code, reasons = project_code("1000001", 6, {})
        assert (code, codes(reasons)) == ("1000001", {"PRJ-201": Level.STOP})
        assert (reasons[0].param("nr"), reasons[0].param("max")) == ("1000001", "6")
        assert codes(project_code("", 6, {})[1]) == {"PRJ-212": Level.STOP}


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Åsa", "Öberg", "Åsa Öberg"),
        (" Åsa ", "", "Åsa"),
        ("?", "Öberg", "Öberg"),
        ("Eva  Maria", "Berg", "Eva Maria Berg"),
    ],
)
def test_at_12_a_full_name(first: str, last: str, name: str) -> None:
    assert full_name(first, last) == name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Åsa Öberg", ("Åsa", "Öberg")),
        ("Eva Maria Berg", ("Eva Maria", "Berg")),
        ("Öberg", ("?", "Öberg")),
        (" ", ("?", "?")),
    ],
)
def test_a_name_splits_at_the_last_space(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


@given(st.lists(st.text(alphabet="abcåäö-", min_size=1, max_size=8), min_size=1, max_size=4).map(" ".join))
def test_a_name_survives_the_round_trip(name: str) -> None:
    assert full_name(*split_name(name)) == name


UNITS = {"h": "tim", " Dag": "dag", "tom": " "}


@pytest.mark.parametrize(("text", "code"), [("h", "tim"), (" H ", "tim"), ("DAG", "dag"), ("", ""), (" ", "")])
def test_at_34_units(text: str, code: str) -> None:
    assert unit_code(text, UNITS, {"tim", "dag"}, 4) == (code, ())


@pytest.mark.parametrize("text", [" paket ", "tom"])
def test_at_34_a_unit_without_mapping_is_empty_with_a_warning(text: str) -> None:
    code, reasons = unit_code(text, UNITS, {"tim"}, 4)
    assert (code, codes(reasons), reasons[0].param("unit")) == ("", {"ENH-851": Level.WARNING}, text.strip())


@pytest.mark.parametrize(("known", "length"), [({"st"}, 4), ({"tim"}, 2)])
def test_at_35_a_mapping_to_a_unit_that_is_not_there_is_refused(known: set[str], length: int) -> None:
    code, reasons = unit_code("h", UNITS, known, length)
    assert (code, codes(reasons)) == ("", {"MAP-854": Level.STOP})


VAT = {D(25): "1", D(12): "2", D(6): "3", D(0): "0"}


@pytest.mark.parametrize(
    ("rate", "reverse", "code"),
    [
        ("25", False, "1"),
        ("25.00", False, "1"),
        ("6", False, "3"),
        ("0", False, "0"),
        ("0", True, "0"),
        (None, True, "0"),
        ("25", True, "1"),
    ],
)
def test_vat_codes(rate: str | None, reverse: bool, code: str) -> None:
    assert vat_code(None if rate is None else D(rate), VAT, reverse_charged=reverse) == (code, ())


@pytest.mark.parametrize(("rate", "shown"), [("19", "19"), ("12.50", "12.5"), (None, "")])
def test_a_rate_without_code_is_refused(rate: str | None, shown: str) -> None:
    code, reasons = vat_code(None if rate is None else D(rate), VAT, reverse_charged=False)
    assert (code, codes(reasons), reasons[0].param("rate")) == ("", {"FAK-306": Level.STOP}, shown)


def test_zero_percent_of_a_reverse_charged_invoice_needs_no_mapping() -> None:
    assert vat_code(D(0), {}, reverse_charged=True) == ("0", ())
    assert codes(vat_code(D(0), {}, reverse_charged=False)[1]) == {"FAK-306": Level.STOP}


def test_the_mapping_is_suggested_from_the_companys_rates() -> None:
    assert suggest_mapping([D(25), D(12), D(6), D(0)]) == VAT
    assert suggest_mapping([D(25), D(25)]) == {D(0): "0", D(25): "1"}


def test_the_health_of_a_vat_mapping() -> None:
    rates = [D(25), D(12), D(6)]
    assert mapping_reasons(VAT, rates) == ()
    assert [r.code for r in mapping_reasons({D(25): "4", D(12): "3"}, rates)] == ["MAP-854", "MAP-855"]


YEARS = (
    BookingYear("2025", date(2025, 1, 1), date(2025, 12, 31), locked_through=date(2025, 12, 31)),
    BookingYear("2026", date(2026, 1, 1), date(2026, 12, 31), locked_through=date(2026, 1, 31)),
    BookingYear("2027", date(2027, 1, 1), date(2027, 12, 31)),
)


@pytest.mark.parametrize(
    ("day", "code", "param"),
    [
        (date(2025, 12, 31), "FAK-305", ("period", "2025-12")),
        (date(2026, 1, 31), "FAK-305", ("period", "2026-01")),
        (date(2024, 12, 31), "FAK-313", ("date", "2024-12-31")),
    ],
)
def test_closed_periods(day: date, code: str, param: tuple[str, str]) -> None:
    (why,) = period_reasons(day, YEARS)
    assert (why.code, why.level, why.params) == (code, Level.STOP, (param,))


@pytest.mark.parametrize("day", [date(2026, 2, 1), date(2027, 6, 1)])
def test_open_periods(day: date) -> None:
    assert period_reasons(day, YEARS) == ()
