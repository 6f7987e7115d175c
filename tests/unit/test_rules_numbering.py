"""Numbers, payment references, gaps, credit notes and their order (semantics §3.1, §3.9, §4.3, §4.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from brygga.records.base import Record
from brygga.records.reasons import Level
from brygga.rules.credit import credit_quantity, document_type, sign_reasons, transfer_order
from brygga.rules.numbering import Gaps, Master, gaps, master_switch_reasons, number_reasons, ocr, series_overlap

DAY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("number", "expected"), [(10234, "102343"), (9000012, "90000126"), (10457, "104570"), (1, "18")]
)
def test_at_21_at_22_the_payment_reference(number: int, expected: str) -> None:
    assert ocr(number) == expected


@given(st.integers(min_value=1, max_value=2**31 - 1))
def test_every_payment_reference_passes_luhn(number: int) -> None:
    assert luhn.is_valid(ocr(number))
    assert ocr(number)[:-1] == str(number)


def test_there_is_no_reference_to_no_number() -> None:
    with pytest.raises(ValueError, match="positive"):
        ocr(0)


def why(
    number: int | None, master: Master, *, has_number: bool = True, sent: bool = False, override: str = ""
) -> dict[str, Level]:
    reasons = number_reasons(
        number, status_has_number=has_number, status_is_sent=sent, master=master, override_reason=override
    )
    return {reason.code: reason.level for reason in reasons}


def test_at_20_severa_master_demands_a_number_and_a_status_with_one() -> None:
    assert why(None, "severa") == {"FAK-301": Level.STOP}
    assert why(10234, "severa", has_number=False) == {"FAK-301": Level.STOP}
    assert why(10234, "severa", sent=True) == {}


def test_administration_master_takes_every_invoice_but_one_already_sent() -> None:
    assert why(None, "administration") == {}
    assert why(None, "administration", sent=True) == {}
    assert why(9000012, "administration") == {}
    assert why(9000012, "administration", sent=True) == {"FAK-327": Level.STOP}
    assert why(9000012, "administration", sent=True, override=" ") == {"FAK-327": Level.STOP}
    assert why(9000012, "administration", sent=True, override="kunden är meddelad") == {"FAK-327": Level.WARNING}


def test_at_25_series_that_will_meet() -> None:
    assert [r.code for r in series_overlap(10300, 10250, master="administration")] == ["INS-811"]
    assert [r.code for r in series_overlap(10200, 10250, master="administration")] == ["INS-811"]
    assert series_overlap(9000001, 10250, master="administration") == ()
    assert series_overlap(10300, 10250, master="severa") == ()


def test_a_new_master_starts_above_every_number_used() -> None:
    assert master_switch_reasons(10301, 10300) == ()
    assert [r.code for r in master_switch_reasons(10300, 10300)] == ["INS-812"]


def test_at_27_a_cancelled_number_is_no_gap() -> None:
    assert gaps([10455, 10456, 10457], cancelled=[10456]) == Gaps(10455, 10457, cancelled=(10456,))
    assert gaps([10455, 10457], cancelled=[10456]).missing == ()


def test_gaps_replaced_and_doubled_numbers() -> None:
    report = gaps([1, 2, 2, 5, 9], replaced=[7, 5])
    assert report == Gaps(1, 9, missing=((3, 4), (6, 6), (8, 8)), replaced=(7,), doubled=(2,))
    assert gaps([]) == Gaps(None, None)


@given(st.sets(st.integers(min_value=1, max_value=300), min_size=1))
def test_found_and_missing_numbers_fill_the_series(numbers: set[int]) -> None:
    report = gaps(numbers)
    missing = {n for first, last in report.missing for n in range(first, last + 1)}
    assert not missing & numbers
    assert missing | numbers == set(range(min(numbers), max(numbers) + 1))


class Doc(Record, frozen=True):
    key: str
    number: int | None = None
    date: date = DAY
    is_credit_note: bool = False
    original_key: str = ""


def credit(key: str, original: str, number: int | None = None) -> Doc:
    return Doc(key, number, is_credit_note=True, original_key=original)


def order(*documents: Doc) -> list[str]:
    return [document.key for document in transfer_order(documents).documents]


def blocked(*documents: Doc) -> dict[str, str]:
    return {key: reasons[0].code for key, reasons in transfer_order(documents).blocked.items()}


def test_at_39_the_original_goes_before_its_credit_note() -> None:
    assert order(credit("k", "f", 9000009), Doc("f", 9000010)) == ["f", "k"]


def test_otherwise_by_date_number_and_key() -> None:
    later, numberless, low, high = Doc("a", 1, date(2026, 2, 1)), Doc("b"), Doc("d", 10), Doc("c", 11)
    assert order(later, numberless, high, low) == ["d", "c", "b", "a"]
    assert order(Doc("z"), Doc("y")) == ["y", "z"]


def test_an_original_outside_the_batch_holds_nobody_back() -> None:
    assert order(credit("k", "elsewhere", 2), Doc("f", 3)) == ["k", "f"]


def test_an_ordinary_invoice_with_a_link_is_ordered_as_an_invoice() -> None:
    assert order(Doc("a", 1, original_key="b"), Doc("b", 2)) == ["a", "b"]


def test_a_credit_of_a_credit_is_blocked_with_all_that_follow() -> None:
    documents = (Doc("f", 1), credit("k1", "f", 2), credit("k2", "k1", 3), credit("k3", "k2", 4))
    assert order(*documents) == ["f", "k1"]
    assert blocked(*documents) == {"k2": "FAK-342", "k3": "FAK-342"}


def test_a_circle_is_blocked_and_the_others_go() -> None:
    documents = (credit("a", "b"), credit("b", "a"), credit("c", "a"), credit("self", "self"), Doc("f", 1))
    assert order(*documents) == ["f"]
    assert blocked(*documents) == dict.fromkeys(("a", "b", "c", "self"), "FAK-341")


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=10), st.randoms(use_true_random=False))
def test_every_document_is_ordered_or_blocked_whatever_the_order_given(links, random) -> None:  # type: ignore[no-untyped-def]
    documents = [Doc(str(i), i, is_credit_note=c, original_key=str(o)) for i, (o, c) in enumerate(links)]
    result = transfer_order(documents)
    keys = [document.key for document in result.documents]
    assert sorted([*keys, *result.blocked]) == sorted(document.key for document in documents)
    for document in result.documents:
        if document.is_credit_note and document.original_key in keys:
            assert keys.index(document.original_key) < keys.index(document.key)
    random.shuffle(documents)
    assert transfer_order(documents) == result


def test_at_36_to_38_type_and_quantities() -> None:
    assert (document_type(is_credit_note=True), document_type(is_credit_note=False)) == ("K", "F")
    assert [credit_quantity(q) for q in (D(-10), D(2))] == [10, -2]
    assert credit_quantity(D(10), stored_negative=False) == 10


def test_at_43_signs() -> None:
    assert [(r.code, r.level) for r in sign_reasons(D(-100), is_credit_note=False)] == [("FAK-329", Level.WARNING)]
    assert sign_reasons(D(100), is_credit_note=False) == ()
    assert sign_reasons(D(-100), is_credit_note=True) == ()
    assert [(r.code, r.level) for r in sign_reasons(D(100), is_credit_note=True)] == [("FAK-343", Level.STOP)]
    assert sign_reasons(D(100), is_credit_note=True, stored_negative=False) == ()
