"""The SIE reader: the two real files, every kind of damage, and files written by the test (semantics §3.8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brygga.practice.sie import SieError, SieFault, SieFile, parse_sie, read_sie
from brygga.practice.sie_text import LOST, split_line
from tests.shared import shared_file

HEAD = """#FLAGGA 0
#PROGRAM "Provprogram" 1.0
#FORMAT PC8
#GEN 20260131 INTEGR
#SIETYP 4
#FNAMN "Exempelkonsult AB"
#ORGNR 556900-4566
#RAR 0 20260101 20261231
#KONTO 1510 Kundfordringar
#KTYP 1510 T
#KONTO 3041 "Försäljning tjänster"
#DIM 1 "Resultatenhet"
#DIM 6 "Projekt"
#OBJEKT 1 "STHLM" "Stockholm"
#OBJEKT 6 "1042" "Införande"
"""
VOUCHER = """#VER "" "" 20260131 "Faktura 10457"
{
#TRANS 1510 {} 81008.00
#TRANS 3041 {1 "STHLM" 6 "1042"} -81008.00
}
"""


def parsed(text: str) -> SieFile:
    return parse_sie(text.encode("cp437"))


def faults(text: str | bytes) -> list[tuple[SieFault, int]]:
    data = text if isinstance(text, bytes) else text.encode("cp437")
    with pytest.raises(SieError) as caught:
        parse_sie(data)
    assert str(caught.value)
    return [(problem.code, problem.line) for problem in caught.value.problems]


def test_the_visma_administration_file_is_read_and_its_damage_is_told() -> None:
    file = read_sie(shared_file("data", "sie", "visma-administration-2000.se"))
    assert file.program == "Visma Administration 2000 med Visma Integration"
    assert file.company == f"{LOST}vningsbolaget AB"
    assert file.organisation_number == "555555-5555"
    assert file.encoding == "utf-8"
    assert (len(file.accounts), len(file.vouchers)) == (530, 295)
    assert (len(file.objects_of("1")), len(file.objects_of("6"))) == (2, 35)
    assert {each.number: each.parent for each in file.dimensions.values()} == {"1": "", "6": "", "61": "6", "62": "6"}
    assert [each.code for each in file.objects_of("61") + file.objects_of("62")] == ["0036", "0037"]
    assert (file.years[0].start, file.years[0].end) == (date(2021, 1, 1), date(2021, 12, 31))
    data = shared_file("data", "sie", "visma-administration-2000.se").read_text(encoding="utf-8")
    assert len(file.damaged) == sum(LOST in line for line in data.split("\n"))
    assert all(LOST in each.text for each in file.damaged)
    assert file.damaged[0].line == 6


def test_the_avendo_file_is_sound_code_page_437() -> None:
    file = read_sie(shared_file("data", "sie", "avendo-5.se"))
    assert file.encoding == "cp437"
    assert file.damaged == ()
    assert file.company == "Övningsbolaget AB (Ekonomi 60)"
    assert (len(file.accounts), len(file.vouchers)) == (567, 163)
    assert file.accounts["3740"].name == "Öres- och kronutjämning"
    # This program writes dimension numbers in quotation marks: {"7" "4"}.
    assert any(row.objects == (("7", "4"),) for voucher in file.vouchers for row in voucher.rows)


@pytest.mark.parametrize("name", ["visma-administration-2000.se", "avendo-5.se"])
def test_every_real_voucher_balances(name: str) -> None:
    vouchers = read_sie(shared_file("data", "sie", name)).vouchers
    assert {sum(row.amount for row in voucher.rows) for voucher in vouchers} == {Decimal(0)}


def test_a_small_file_field_by_field() -> None:
    file = parsed(HEAD + VOUCHER + "#PSALDO 0 202601 1510 {} 1.00\n")
    assert file.generated == date(2026, 1, 31)
    assert file.accounts["1510"].kind == "T"
    assert file.ignored == {"#PSALDO": 1}
    (voucher,) = file.vouchers
    assert (voucher.date, voucher.text) == (date(2026, 1, 31), "Faktura 10457")
    assert voucher.rows[1].objects == (("1", "STHLM"), ("6", "1042"))
    assert [row.amount for row in voucher.rows] == [Decimal("81008.00"), Decimal("-81008.00")]


def test_history_rows_do_not_count_in_the_sum() -> None:
    changed = VOUCHER.replace("}\n", "#BTRANS 1510 {} 5.00\n#RTRANS 3041 {} -7.00\n}\n")
    rows = parsed(HEAD + changed).vouchers[0].rows
    assert [row.change for row in rows] == ["", "", "removed", "added"]


@pytest.mark.parametrize("dimension", ['{1 "STHLM"}', '{"1" "STHLM"}', "{1 STHLM}", '{ 1\t"STHLM" }'])
def test_object_lists_in_every_spelling(dimension: str) -> None:
    rows = parsed(HEAD + VOUCHER.replace('{1 "STHLM" 6 "1042"}', dimension)).vouchers[0].rows
    assert rows[1].objects == (("1", "STHLM"),)


def test_quotation_marks_and_backslashes() -> None:
    assert split_line(r'"Skruv 3\" lång" "C:\ProgramData\SPCS" x') == ('Skruv 3" lång', r"C:\ProgramData\SPCS", "x")


def test_carriage_returns_and_the_dos_end_mark_are_allowed() -> None:
    file = parse_sie((HEAD + VOUCHER).replace("\n", "\r\n").encode("cp437") + b"\x1a")
    assert len(file.vouchers) == 1


def test_a_file_in_sound_utf8_is_read_as_such() -> None:
    file = parse_sie((HEAD + VOUCHER).encode("utf-8"))
    assert (file.encoding, file.damaged) == ("utf-8", ())
    assert file.accounts["3041"].name == "Försäljning tjänster"


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SieError) as caught:
        read_sie(tmp_path / "finns-inte.se")
    assert caught.value.code is SieFault.MISSING_FILE
    assert "finns-inte.se" in str(caught.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SieError) as caught:
        read_sie(tmp_path)
    assert caught.value.code is SieFault.UNREADABLE


@pytest.mark.parametrize("data", [b"", b" \r\n\n"])
def test_empty_file(data: bytes) -> None:
    assert faults(data) == [(SieFault.EMPTY, 0)]


def test_binary_file() -> None:
    assert faults(HEAD.encode("cp437") + b"\x00\x01") == [(SieFault.BINARY, 16)]


def test_a_file_that_is_not_sie() -> None:
    assert faults("Datum;Konto;Belopp\n2026-01-31;1510;100\n") == [(SieFault.NOT_SIE, 0)]


@pytest.mark.parametrize("post", ["#PROGRAM", "#FORMAT", "#GEN", "#SIETYP", "#FNAMN", "#RAR"])
def test_missing_mandatory_post(post: str) -> None:
    kept = "".join(line for line in HEAD.splitlines(keepends=True) if not line.startswith(post + " "))
    assert faults(kept) == [(SieFault.MISSING_POST, 0)]


def test_unbalanced_voucher_names_itself_and_its_difference() -> None:
    with pytest.raises(SieError) as caught:
        parsed(HEAD + VOUCHER.replace("-81008.00", "-81007.65"))
    assert (caught.value.code, caught.value.line) == (SieFault.UNBALANCED, 16)
    assert caught.value.params["sum"] == "0.35"


def test_all_problems_are_told_at_once() -> None:
    damaged = HEAD.replace('"Exempelkonsult AB"', '"Exempelkonsult AB').replace("20260101", "20261301")
    found = faults(damaged + VOUCHER.replace("81008.00\n", "81.008,00\n", 1))
    assert (SieFault.BROKEN_QUOTE, 6) in found
    assert (SieFault.BAD_VALUE, 8) in found
    assert (SieFault.BAD_VALUE, 18) in found


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("#KONTO 1930", SieFault.CUT_POST),
        ("#RAR 0 20260101", SieFault.CUT_POST),
        ("#VER A 1", SieFault.CUT_POST),
        ("#KTYP 9999 T", SieFault.BAD_VALUE),
        ("#RAR 1 20271231 20270101", SieFault.BAD_VALUE),
        ("#RAR x 20270101 20271231", SieFault.BAD_VALUE),
        ("#FNAMN {1 2}", SieFault.BAD_VALUE),
        ("#FORMAT UTF8", SieFault.WRONG_FORMAT),
        ("#SIETYP 1", SieFault.WRONG_TYPE),
        ("#TRANS 1510 {} 1.00", SieFault.STRAY_LINE),
        ("}", SieFault.STRAY_LINE),
        ("{", SieFault.STRAY_LINE),
        ("1510 100.00", SieFault.STRAY_LINE),
        ("#SRU {1 {2}}", SieFault.BROKEN_OBJECTS),
        ("#SRU 1 }", SieFault.BROKEN_OBJECTS),
        ("#SRU {1 2", SieFault.BROKEN_OBJECTS),
    ],
)
def test_a_line_that_cannot_be_understood(line: str, code: SieFault) -> None:
    assert faults(HEAD + line + "\n" + VOUCHER) == [(code, 16)]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("}\n", "", SieFault.OPEN_VOUCHER),
        ("{\n", "", SieFault.OPEN_VOUCHER),
        ("{} 81008.00", "81008.00", SieFault.CUT_POST),
        ("{1 ", "{", SieFault.BROKEN_OBJECTS),
        ("{} 81008.00", "{} +81008.00", SieFault.BAD_VALUE),
        ("{} 81008.00", "{} 81008.000", SieFault.BAD_VALUE),
        ("{} 81008.00", "{} 81008.00 2026-01-31", SieFault.BAD_VALUE),
    ],
)
def test_a_damaged_voucher(old: str, new: str, code: SieFault) -> None:
    assert faults(HEAD + VOUCHER.replace(old, new, 1))[0][0] is code


def test_a_file_cut_in_the_middle_of_a_voucher() -> None:
    data = shared_file("data", "sie", "avendo-5.se").read_bytes()
    cut = data[: data.index(b"#TRANS") + 20]
    codes = {code for code, _ in faults(cut)}
    assert SieFault.OPEN_VOUCHER in codes


# -- what a test writes is what the reader reads -------------------------------------------------------------------

LETTERS = "abcåäöÅÄÖéü 019-/&"
texts = st.text(LETTERS + '"', max_size=20).map(str.strip)
codes = st.text("ABCÅÄÖ0123456789", min_size=1, max_size=6)
amounts = st.integers(-(10**11), 10**11).map(lambda ore: Decimal(ore) / 100)


@st.composite
def voucher(draw: st.DrawFn) -> tuple[str, date, list[tuple[str, list[tuple[str, str]], Decimal]]]:
    rows = draw(st.lists(st.tuples(codes, st.lists(st.tuples(codes, codes), max_size=2), amounts), max_size=5))
    rest = -sum((amount for _, _, amount in rows), Decimal(0))
    return draw(texts), draw(st.dates(date(1990, 1, 1), date(2099, 12, 31))), [*rows, ("1930", [], rest)]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


@given(
    company=texts,
    accounts=st.dictionaries(codes, texts, max_size=5),
    objects=st.lists(st.tuples(codes, codes, texts), max_size=5),
    vouchers=st.lists(voucher(), max_size=4),
    bare=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_what_is_read(
    company: str,
    accounts: dict[str, str],
    objects: list[tuple[str, str, str]],
    vouchers: list[tuple[str, date, list[tuple[str, list[tuple[str, str]], Decimal]]]],
    bare: bool,
) -> None:
    lines = [
        line for line in HEAD.splitlines() if line.split()[0] not in ("#FNAMN", "#KONTO", "#KTYP", "#DIM", "#OBJEKT")
    ]
    lines.append(f"#FNAMN {quoted(company)}")
    lines += [f"#KONTO {number} {quoted(name)}" for number, name in accounts.items()]
    lines += [f"#OBJEKT {dimension} {quoted(code)} {quoted(name)}" for dimension, code, name in objects]
    for text, day, rows in vouchers:
        lines += [f"#VER A 1 {day:%Y%m%d} {quoted(text)}", "{"]
        for account, dims, amount in rows:
            inside = " ".join(f"{d if bare else quoted(d)} {quoted(o)}" for d, o in dims)
            lines.append(f"\t#TRANS {account} {{{inside}}} {amount}")
        lines.append("}")
    file = parse_sie("\n".join(lines).encode("cp437"))
    assert file.company == company
    assert {number: account.name for number, account in file.accounts.items()} == accounts
    assert [(each.dimension, each.code, each.name) for each in file.objects] == objects
    read = [
        (each.text, each.date, [(row.account, list(row.objects), row.amount) for row in each.rows])
        for each in file.vouchers
    ]
    assert read == vouchers


def said(data: bytes) -> str:
    """The file's company, or the sentences of what is wrong with it."""
    try:
        return parse_sie(data).company or "(no name)"
    except SieError as error:
        return "; ".join(str(problem) for problem in error.problems)


@given(data=st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes_raise_nothing_but_a_sie_error(data: bytes) -> None:
    for content in (data, HEAD.encode("cp437") + data, b"#FLAGGA 0\n" + data.replace(b"\0", b"\n#VER ")):
        assert said(content)


@given(text=st.text('#VERTANSKODIMR0129 {}"\\\n\t-.åä', max_size=300))
@settings(max_examples=300, deadline=None)
def test_text_that_looks_like_sie_raises_nothing_but_a_sie_error(text: str) -> None:
    assert said((HEAD + text).encode("cp437"))
