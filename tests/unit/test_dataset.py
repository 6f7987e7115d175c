"""The practice company: sound for both systems, as its figures say, the same every time (spec/data.md)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from brygga.practice.adk_engine.company import create_company, create_installation
from brygga.practice.adk_engine.user import read
from brygga.practice.administration_base import AdministrationBase, table_named
from brygga.practice.administration_seed import administration_from_sie, built_in_administration
from brygga.practice.arithmetic import check_digit, half_up, is_organisation_number, row_total
from brygga.practice.dataset import Figures, PracticeCompany, PracticeParameters, generate
from brygga.practice.severa_server.models import COLLECTIONS
from brygga.practice.severa_server.state import SeveraSeed, SeveraState
from brygga.practice.sie import read_sie
from tests.shared import contract, shared_file

SIE_FILES = ("visma-administration-2000.se", "avendo-5.se")


@cache
def administration(source: str = "") -> AdministrationBase:
    if not source:
        return built_in_administration()
    return administration_from_sie(read_sie(shared_file("data", "sie", source)))


@cache
def company(source: str = "", *, defects: bool = False, master: str = "severa") -> PracticeCompany:
    parameters = PracticeParameters(with_defects=defects, numbering_master=master)
    return generate(parameters, administration(source))


def plain(of: PracticeCompany) -> str:
    return json.dumps([of.severa, of.administration_tables, of.settings], default=str, sort_keys=True)


def waiting(of: PracticeCompany) -> list[dict[str, Any]]:
    return [each for each in of.severa["invoices"] if each["status"]["name"] == "Att överföra"]


def rows_by_invoice(of: PracticeCompany) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in of.severa["invoicerows"]:
        found.setdefault(row["invoiceGuid"], []).append(row)
    return found


# -- determinism ---------------------------------------------------------------------------------------------------


def test_the_same_parameters_give_the_same_company() -> None:
    again = generate(PracticeParameters(), built_in_administration())
    assert plain(again) == plain(company())
    assert again.oracle == company().oracle


def test_another_process_gives_the_same_company() -> None:
    # Hash seeds differ between processes: an order taken from a set would show here.
    code = (
        "import json, hashlib\n"
        "from brygga.practice.administration_seed import built_in_administration\n"
        "from brygga.practice.dataset import PracticeParameters, generate\n"
        "c = generate(PracticeParameters(with_defects=True), built_in_administration())\n"
        "t = json.dumps([c.severa, c.administration_tables, c.settings], default=str, sort_keys=True)\n"
        "print(hashlib.sha256((t + repr(c.oracle.invoices)).encode()).hexdigest())\n"
    )
    source = str(Path(__file__).resolve().parents[2] / "src")
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": source, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_another_seed_gives_another_company() -> None:
    assert plain(generate(PracticeParameters(seed=2), built_in_administration())) != plain(company())


def test_defects_leave_the_sound_records_as_they_were() -> None:
    sound, with_defects = company().severa, company(defects=True).severa
    for name in ("customers", "projects", "invoices", "invoicerows"):
        kept = {each["guid"]: each for each in with_defects[name]}
        assert all(kept[each["guid"]] == each for each in sound[name]), name


# -- the contract of both systems ------------------------------------------------------------------------------------


def model_errors(model: str, document: Any, models: dict[str, Any], where: str) -> list[str]:
    fields = models[model]
    found = [f"{where}.{name} is unknown to {model}" for name in document if name not in fields]
    for name, notation in fields.items():
        kind, required = notation.removesuffix(" (required)"), notation.endswith("(required)")
        value = document.get(name)
        if value is None:
            # The practice server fills in flags, grouping and sort order that are left out.
            if required or (not kind.endswith("?") and name in document):
                found.append(f"{where}.{name} may not be null")
            continue
        found += value_errors(kind.removesuffix("?"), value, models, f"{where}.{name}")
    return found


def value_errors(kind: str, value: Any, models: dict[str, Any], where: str) -> list[str]:
    if kind.endswith("[]"):
        return [each for item in value for each in value_errors(kind[:-2], item, models, f"{where}[]")]
    if kind in models["_enums"]:
        return [] if value in models["_enums"][kind] else [f"{where}: {value!r} is no {kind}"]
    if kind in models:
        return model_errors(kind, value, models, where)
    checks: dict[str, Callable[[], bool]] = {
        "string": lambda: isinstance(value, str),
        "boolean": lambda: isinstance(value, bool),
        "int32": lambda: isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31,
        "int64": lambda: isinstance(value, int) and not isinstance(value, bool),
        "double": lambda: isinstance(value, (int, Decimal)) and not isinstance(value, bool),
        "date": lambda: date.fromisoformat(value).isoformat() == value,
        "datetime": lambda: datetime.fromisoformat(value).tzinfo is not None,
    }
    return [] if checks[kind]() else [f"{where}: {value!r} is no {kind}"]


@pytest.mark.parametrize("source", ["", *SIE_FILES])
def test_every_severa_document_is_what_its_model_says(source: str) -> None:
    models = contract("severa_models.json")
    errors = [
        error
        for name, held in company(source, defects=True).severa.items()
        for document in held
        for error in model_errors(COLLECTIONS[name], document, models, name)
    ]
    assert errors == []


@pytest.mark.parametrize("source", ["", *SIE_FILES])
@pytest.mark.parametrize("defects", [False, True])
def test_both_practice_systems_take_the_company(source: str, defects: bool, tmp_path: Path) -> None:
    made = company(source, defects=defects)
    SeveraState.create(tmp_path / "severa", SeveraSeed("id", "secret", ("customers:read",), made.severa)).close()
    create_installation(tmp_path / "common")
    folder = tmp_path / "company"
    tables = made.administration_tables
    create_company(tmp_path / "common", folder, made.name, tables, next_invoice_number=made.next_invoice_number)
    for table, records in tables.items():
        assert len(read(folder, table)) == len(records)


def test_every_table_and_field_is_one_of_the_contract() -> None:
    known = {each["db_id"]: {field["id"] for field in each["fields"]} for each in contract("adk_fields.json").values()}
    for table, records in company(defects=True).administration_tables.items():
        for record in records:
            assert set(record) <= known[table]


def test_references_lead_to_documents_that_exist() -> None:
    severa = company(defects=True).severa
    held = {name: {each.get("guid") for each in documents} for name, documents in severa.items()}
    for invoice in severa["invoices"]:
        assert invoice["customer"]["guid"] in held["customers"]
        assert {each["guid"] for each in invoice["projects"]} <= held["projects"]
        assert invoice["guid"] in held["invoicesettings"]
    for name in ("workhours", "projectfees", "projecttravelexpenses"):
        assert {each["invoiceRowGuid"] for each in severa[name]} <= held["invoicerows"]
    assert {row["invoiceGuid"] for row in severa["invoicerows"]} == held["invoices"]


# -- figures of spec/data.md -----------------------------------------------------------------------------------------


def test_counts_of_the_small_company() -> None:
    severa, figure = company().severa, Figures()
    assert len(severa["users"]) == figure.staff == 10
    assert len(severa["customers"]) == 60
    assert len(severa["contactpersons"]) == 110
    assert len(severa["projects"]) == 180
    assert sum(not each["isClosed"] for each in severa["projects"]) == 35
    articles = sum(len(severa[name]) for name in ("products", "worktypes", "travelexpensetypes"))
    assert articles == 35
    assert len(severa["costcenters"]) == 2
    # 280 a year with July at 40 % of a normal month.
    assert len(waiting(company())) == 25


def test_share_of_won_projects() -> None:
    severa = company().severa
    won = next(each["guid"] for each in severa["salesstatustypes"] if each["salesState"] == "Won")
    share = sum(each["salesStatus"]["salesStatusTypeGuid"] == won for each in severa["projects"])
    assert share == 108  # 60 % of 180


def test_july_is_a_quiet_month() -> None:
    july = generate(PracticeParameters(month=date(2026, 7, 1)), built_in_administration())
    assert len(waiting(july)) == 10


def test_shapes_over_a_medium_company() -> None:
    """Medians and shares hold within a wide margin; the medium company has enough invoices to see them."""
    made = generate(PracticeParameters(size="medium"), built_in_administration())
    figure = PracticeParameters(size="medium").figure
    invoices, rows = waiting(made), rows_by_invoice(made)
    nets = [each["totalExcludingTax"]["amount"] for each in invoices]
    assert Decimal("0.8") < median(nets) / figure.invoice_median < Decimal("1.25")
    counts = [len(rows[each["guid"]]) for each in invoices]
    assert 0.7 < median(counts) / figure.rows_median < 1.4
    assert max(counts) <= figure.rows_max + 1
    several = sum(len(each["projects"]) > 1 for each in invoices) / len(invoices)
    assert abs(several - figure.several_projects_share) < 0.03
    dates = Counter(date.fromisoformat(each["date"]) for each in invoices)
    last_three = sum(count for day, count in dates.items() if day >= date(2026, 1, 28)) / len(invoices)
    assert abs(last_three - figure.last_days_share) < 0.08
    assert all(day.weekday() < 5 for day in dates)
    silent = sum(not each["phoneNumbers"] for each in made.severa["contactpersons"])
    assert abs(silent / figure.contacts - figure.no_phone_share) < 0.08


def test_figures_are_parameters() -> None:
    parameters = PracticeParameters().with_figures(customers=30, active_customers=10, contacts=40, projects=50)
    severa = generate(parameters, built_in_administration()).severa
    assert [len(severa[name]) for name in ("customers", "contactpersons", "projects")] == [30, 40, 50]


@pytest.mark.parametrize("changes", [{"size": "enormous"}, {"numbering_master": "nobody"}])
def test_parameters_that_do_not_exist_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(changes))):
        PracticeParameters(**changes)  # type: ignore[arg-type]


def test_a_month_without_booking_year_is_refused() -> None:
    with pytest.raises(ValueError, match="2030-05"):
        generate(PracticeParameters(month=date(2030, 5, 1)), built_in_administration())


# -- content ---------------------------------------------------------------------------------------------------------


def test_severas_totals_are_the_sums_of_the_rows() -> None:
    made = company()
    rows = rows_by_invoice(made)
    for invoice in made.severa["invoices"]:
        bases: dict[Decimal, Decimal] = {}
        for row in rows[invoice["guid"]]:
            amount = row_total(row["quantity"], row["unitPrice"]["amount"])
            bases[row["vatRate"]] = bases.get(row["vatRate"], Decimal(0)) + amount
        vat = sum(half_up(base * rate / 100) for rate, base in bases.items())
        assert invoice["totalExcludingTax"]["amount"] == sum(bases.values())
        assert invoice["totalTax"]["amount"] == vat
        assert invoice["totalIncludingTax"]["amount"] == sum(bases.values()) + vat


def test_every_odd_shape_occurs() -> None:
    made = company()
    guids = {each["guid"] for each in waiting(made)}
    rows = [row for row in made.severa["invoicerows"] if row["invoiceGuid"] in guids]
    assert {row["vatRate"] for row in rows} == {Decimal(25), Decimal(12), Decimal(6), Decimal(0)}
    assert {59, 60, 61, 121, 600} <= {len(row["description"]) for row in rows}
    assert {Decimal("0.1"), Decimal("0.33")} <= {row["quantity"] for row in rows}
    text = "\n".join(row["description"] for row in rows)
    assert all(character in text for character in 'åäöéü–€"“\n')
    assert any(row_total(row["quantity"], row["unitPrice"]["amount"]) != row["quantity"] * row["unitPrice"]["amount"]
               for row in rows)  # fmt: skip
    orders = [each["orderNumber"] or "" for each in waiting(made)]
    assert max(map(len, orders)) >= 22
    assert any(not row["measurementUnit"].strip().islower() for row in rows)


def test_projects_that_a_sloppy_search_confuses() -> None:
    names = {each["number"]: each["name"] for each in company().severa["projects"]}
    assert (names[10], names[100], names[1001]) == ("Drift", "Drift", "Drift 2")
    assert max(Counter(names.values()).values()) > 2


def test_three_work_types_share_a_code() -> None:
    codes = Counter(each["code"] for each in company().severa["worktypes"])
    assert codes["100"] == 3


def test_a_row_of_two_projects_has_entries_of_both() -> None:
    severa = company().severa
    behind: dict[str, set[str]] = {}
    for name in ("workhours", "projectfees", "projecttravelexpenses"):
        for entry in severa[name]:
            behind.setdefault(entry["invoiceRowGuid"], set()).add(entry["project"]["guid"])
    several = [each for each in waiting(company()) if len(each["projects"]) > 1]
    assert several
    for invoice in several:
        assert all(row["guid"] in behind for row in rows_by_invoice(company())[invoice["guid"]])
    assert max(map(len, behind.values())) == 2


def test_numbers_and_references_have_their_check_digits() -> None:
    made = company()
    numbers = [each["number"] for each in waiting(made)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    for invoice in waiting(made):
        reference = invoice["referenceNumber"]
        assert reference is None or reference == f"{invoice['number']}{check_digit(str(invoice['number']))}"
    assert any(each["referenceNumber"] is None for each in waiting(made))
    swedish = [re.sub(r"\D", "", each["vatNumber"])[:10] for each in made.severa["customers"]
               if each["vatNumber"] and not re.match(r"(?!SE)[A-Z]{2}", each["vatNumber"])]  # fmt: skip
    assert len(swedish) > 40
    assert all(map(is_organisation_number, swedish))


def test_customer_names_are_unique_as_severa_wants() -> None:
    names = [each["name"] for each in company(defects=True).severa["customers"]]
    assert len(set(names)) == len(names)


def test_the_month_before_is_paid_and_from_before_the_go_live_date() -> None:
    made = company()
    paid = [each for each in made.severa["invoices"] if each["status"]["name"] == "Betald"]
    assert paid
    assert {each["date"][:7] for each in paid} == {"2025-12"}
    assert {each["date"][:7] for each in waiting(made)} == {"2026-01"}
    assert made.settings["invoices.from_date"] == "2026-01-01"
    assert set(made.oracle.untouched) == {each["guid"] for each in paid}


def test_the_month_before_is_locked_and_the_practice_month_is_open() -> None:
    years = table_named("CODE_OF_BOOKINGYEAR")
    held = {record[0]: record for record in company().administration_tables[years.id]}
    assert (held["1"][5], held["1"][6]) == ("2025-12", False)
    assert 5 not in held["2"]
    march = generate(PracticeParameters(month=date(2026, 3, 1)), built_in_administration())
    held = {record[0]: record for record in march.administration_tables[years.id]}
    assert (held["1"][5], held["1"][6]) == ("2025-12", True)
    assert (held["2"][5], held["2"][6]) == ("2026-02", False)


def test_under_administration_master_severas_numbers_are_temporary() -> None:
    made = company(master="administration")
    numbers = [each["number"] for each in waiting(made)]
    assert all(number is None or number > 9_000_000 for number in numbers)
    assert numbers.count(None) == 2
    assert [record.fields["DOCUMENT_NUMBER"] for record in made.oracle.invoices] == [
        Decimal(made.next_invoice_number + place) for place in range(len(numbers))
    ]


# -- defects ---------------------------------------------------------------------------------------------------------


def test_every_defect_says_what_it_must_give() -> None:
    made = company(defects=True)
    documents = {
        each.get("guid"): name for name, held in made.severa.items() for each in held if name != "invoicesettings"
    }  # these share their invoice's guid
    found = Counter((documents[guid], *sorted(codes)) for guid, codes in made.expected_reasons.items())
    assert found == {
        ("customers", "KND-104"): 1,
        ("customers", "KND-101"): 1,
        ("customers", "FAK-319"): 1,
        ("contactpersons",): 1,
        ("projects", "KND-101"): 1,
        ("projects", "PRJ-201"): 1,
        ("projects", "FAK-319"): 1,
        ("products", "ART-701"): 1,
        ("invoices", "FAK-305"): 1,
        ("invoices", "FAK-306"): 1,
        ("invoices", "FAK-308"): 1,
        ("invoices", "FAK-307"): 1,
        ("invoices", "KND-107"): 1,
        ("invoices", "FAK-302"): 1,
        ("invoices",): 1,
    }


def test_defects_are_what_they_say() -> None:
    made = company(defects=True)
    by_code = {next(iter(codes)): guid for guid, codes in made.expected_reasons.items() if codes}
    invoices = {each["guid"]: each for each in made.severa["invoices"]}
    rows = rows_by_invoice(made)
    assert invoices[by_code["FAK-305"]]["date"] < "2026-01-01"
    assert [row["vatRate"] for row in rows[by_code["FAK-306"]]] == [Decimal(19)]
    assert [row["code"] for row in rows[by_code["FAK-308"]]] == [[]]
    wrong = invoices[by_code["FAK-307"]]
    net = sum(row_total(row["quantity"], row["unitPrice"]["amount"]) for row in rows[wrong["guid"]])
    assert wrong["totalExcludingTax"]["amount"] - net == Decimal("0.50")
    taken = invoices[by_code["FAK-302"]]
    head = table_named("INVOICE_HEAD")
    (posted,) = made.administration_tables[head.id]
    assert (posted[0], posted[14]) == (Decimal(taken["number"]), "9901")
    assert posted[14] != str(taken["customer"]["number"])
    inactive = {record[0] for record in made.administration_tables[0] if record.get(112)}
    assert inactive == {str(invoices[by_code["KND-107"]]["customer"]["number"])}
    assert max(len(row["description"]) for row in made.severa["invoicerows"]) == 10_000


def test_what_is_refused_is_not_expected() -> None:
    made = company(defects=True)
    stopping = {guid for guid, codes in made.expected_reasons.items() if codes - {"KND-104", "FAK-319"}}
    assert stopping.isdisjoint({record.source for record in made.oracle.all_records()})
    passing = set(made.expected_reasons) - stopping
    assert passing <= {record.source for record in made.oracle.all_records()}


def test_due_dates_follow_the_invoice() -> None:
    for invoice in company().severa["invoices"]:
        days = date.fromisoformat(invoice["dueDate"]) - date.fromisoformat(invoice["date"])
        assert days in (timedelta(days=invoice["paymentTerm"]), timedelta(days=invoice["paymentTerm"] + 5))
