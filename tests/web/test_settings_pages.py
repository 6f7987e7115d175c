"""Inställningar: live checks, examples, proposals accepted one by one, and a save that says what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from brygga.i18n import Translator
from brygga.insight.mapping_facts import MappingFacts
from brygga.insight.setting_choices import Facts, checked, proposals
from brygga.insight.setting_effects import EFFECTS, Example, effect
from brygga.store.settings.registry import BY_KEY, SETTINGS
from brygga.store.settings.types import Section
from brygga.web.setting_words import CHOICE_WORDS, SECTION_WORDS
from tests.transfers.practice_world import World, practice_world
from tests.web.page_world import COMPANY, Pages, pages_on, text_of

FACTS = Facts(
    read_at=datetime(2026, 1, 31, tzinfo=UTC),
    statuses=("Att överföra", "Överförd"),
    mappings=MappingFacts(
        used={
            "mappings.units": {"h": 9, "st": 3, "Paket": 1},
            "mappings.languages": {"sv-SE": 2, "fi-FI": 1},
            "mappings.payment_terms": {"10": 1, "30": 4},
            "mappings.countries": {"Danmarck": 1},
            "mappings.price_lists": {"Europa": 1},
        },
        here={"mappings.languages": {"sv-SE": "svenska", "fi-FI": "suomi"}},
        there={
            "mappings.units": {"st": "styck", "tim": "timmar"},
            "mappings.languages": {"EN": "Engelska", "SV": "Svenska"},
            "mappings.payment_terms": {"10": "10 dagar", "30": "30 dagar netto"},
            "mappings.countries": {"DK": "Danmark", "SE": "Sverige"},
            "mappings.price_lists": {"A": "Standard", "E": "Europa"},
        },
    ),
    vat_rates=(Decimal(25), Decimal(12), Decimal(6), Decimal(0)),
    accounts=("1510", "3740"),
)


EN = Translator("en")


THREE_RATES = msgspec.structs.replace(FACTS, vat_rates=(Decimal(25), Decimal(6), Decimal(12)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB", language={"guid": "language-fi"}, paymentTerm=30)
        made.article("100", "Konsulttid")
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


@pytest.mark.parametrize("section", list(Section))
def test_every_section_has_a_page_with_its_settings(pages: Pages, section: Section) -> None:
    text = pages.get(f"/alfa/installningar/{section.value}")
    for setting in SETTINGS:
        if setting.section is section:
            assert setting.label in text
            assert setting.help in text
    assert set(SECTION_WORDS) == set(Section)


def test_every_alternative_has_a_word() -> None:
    assert {choice for setting in SETTINGS for choice in setting.choices} <= set(CHOICE_WORDS)


def answered(pages: Pages, section: str, key: str, typed: str, **others: str) -> str:
    """What is said of a field while it is typed."""
    form: dict[str, Any] = others | {"falt": [key, *filter(None, [others.get("falt")])], key: typed}
    return text_of(pages.post(f"/alfa/installningar/{section}/svar?om={key}", 200, **form).text)


def test_what_a_setting_points_to_is_looked_up(pages: Pages) -> None:
    text = pages.get("/alfa/installningar/invoices?prova=ja")
    assert "✓ Att överföra: there in Severa" in text
    answer = answered(pages, "invoices", "invoices.statuses", "Att överföra\nNågot annat")
    assert "✓ Att överföra: there in Severa" in answer
    assert "Något annat is not in Severa." in answer
    assert "WEB-983" in answer


def test_an_example_follows_what_is_typed(pages: Pages) -> None:
    def typed(percent: str) -> str:
        others = {"falt": "supplier_invoices.price_mode", "supplier_invoices.price_mode": "percent"}
        return answered(pages, "supplier_invoices", "supplier_invoices.price_percent", percent, **others)

    assert "A cost of 8,000.00 gets the price 9,200.00." in typed("115")
    assert "INS-805" in typed("-1")


def test_a_save_says_what_it_changed_and_a_wrong_field_saves_nothing(pages: Pages) -> None:
    form = {"falt": ["customers.won_only", "customers.existing"], "customers.existing": "skip"}
    told = pages.followed("/alfa/installningar/customers/spara", **form)
    assert "2 settings were changed:" in told
    assert "update → skip" in told
    assert pages.app.settings(COMPANY).get("customers.existing") == "skip"
    wrong = {"falt": ["invoices.rounding_account", "invoices.vat_rounding"], "invoices.rounding_account": "x"}
    answer = pages.post("/alfa/installningar/invoices/spara", 409, **wrong, **{"invoices.vat_rounding": "row"})
    assert "Nothing is saved yet:" in answer.text
    assert pages.app.settings(COMPANY).get("invoices.vat_rounding") == "document"


def test_what_is_only_tried_is_not_saved(pages: Pages) -> None:
    form = {"falt": "customers.existing", "customers.existing": "skip", "vad": "prova"}
    assert "This is tried and not saved." in pages.post("/alfa/installningar/customers/spara", 200, **form).text
    assert pages.app.settings(COMPANY).get("customers.existing") == "update"


def test_a_secret_is_set_and_never_shown(pages: Pages) -> None:
    form = {"falt": "administration.password", "administration.password": "hemligt-ord"}
    told = pages.followed("/alfa/installningar/connection/spara", **form)
    assert "– → ***" in told
    page = pages.client.get("/alfa/installningar/connection").text
    assert "hemligt-ord" not in page + told
    assert pages.app.settings(COMPANY).get("administration.password") == "hemligt-ord"
    pages.followed("/alfa/installningar/connection/spara", **(form | {"administration.password": ""}))
    assert pages.app.settings(COMPANY).get("administration.password") == "hemligt-ord"


def test_a_proposal_is_saved_when_a_person_accepts_it_and_not_before(pages: Pages) -> None:
    text = pages.get("/alfa/installningar/mappings?prova=ja")
    assert "Accept fi-FI" in text
    assert "nothing alike · used 1 time" in text
    assert "fi-FI" not in pages.app.settings(COMPANY).get("mappings.languages")
    told = pages.followed("/alfa/installningar/mappings/godta", falt="mappings.languages", left="fi-FI", right="EN")
    assert "1 setting was changed:" in told
    assert pages.app.settings(COMPANY).get("mappings.languages")["fi-FI"] == "EN"
    answer = pages.post("/alfa/installningar/mappings/godta", 409, falt="mappings.languages", left="fi-FI", right="")
    assert "WEB-984" in answer.text


def proposed(key: str, value: dict[str, str]) -> list[tuple[str, str, int]]:
    return [(row.source, row.suggestion, row.percent) for row in proposals(key, value, FACTS)]


def test_every_mapping_is_held_against_administration(pages: Pages) -> None:
    form = {"mappings.countries:left": "Holland", "mappings.countries:right": "ZZ"}
    assert "ZZ is not in Administration." in answered(pages, "mappings", "mappings.countries", "", **form)


def test_proposals_are_what_is_used_and_not_mapped() -> None:
    assert proposed("mappings.units", {"st": "st"}) == [("h", "tim", 95), ("Paket", "", 0)]
    assert proposed("mappings.languages", {}) == [("sv-SE", "SV", 100), ("fi-FI", "", 0)]
    assert proposed("mappings.payment_terms", {"30": "30"}) == [("10", "10", 100)]
    assert proposed("mappings.countries", {}) == [("Danmarck", "DK", 93)]
    assert proposed("mappings.price_lists", {}) == [("Europa", "E", 100)]
    assert ("12", "2", 100) in proposed("mappings.vat", {"25": "1"})
    assert proposed("mappings.vat", {"25": "1", "12": "2", "6": "3", "0": "0"}) == []
    assert ("12", "2", 100) in proposed("mappings.vat", {"25@2026-01-01..": "1"})
    assert proposed("projects.code_map", {}) == []


def test_a_vat_mapping_is_held_to_the_rates_of_administration() -> None:
    found = checked("mappings.vat", {"25": "1", "12": "2", "6": "4"}, THREE_RATES)
    assert found.there == ("25 = 1",)
    assert [why.code for why in found.wrong] == ["MAP-855", "MAP-854"]


def test_a_vat_rate_for_a_time_is_held_to_today(pages: Pages) -> None:
    value = {"25@2026-01-01..": "1", "13@2027-01-01..": "2", "6@..2025-12-31": "4"}
    found = checked("mappings.vat", value, THREE_RATES)
    assert found.there == ("25@2026-01-01.. = 1", "13@2027-01-01.. = 2")
    assert [why.code for why in found.wrong] == ["MAP-854"]
    pages.app.settings(COMPANY).set("mappings.vat", "25@2026-01-01..=1; 25@..2025-12-31=1; 12=2; 6=3; 0=0")
    assert "25@2026-01-01.. = 1" in pages.get("/alfa/installningar/mappings?prova=ja")


def test_examples_are_for_settings_that_are_there(pages: Pages) -> None:
    values = {key: setting.default for key, setting in BY_KEY.items()}

    def example(key: str, **others: object) -> Example:
        found = effect(key, values | {name.replace("__", "."): value for name, value in others.items()}).example
        assert found is not None
        return found

    assert set(EFFECTS) <= set(BY_KEY)
    assert example("invoices.round_to_kronor").after == Decimal(1235)
    assert example("invoices.vat_rounding", invoices__vat_rounding="row").after == Decimal("24.99")
    assert example("invoices.rate_direction", invoices__rate_direction="direct").after == Decimal("11173.20")
    for key in EFFECTS:
        section = BY_KEY[key].section.value
        assert example(key).said(EN).replace("\u00a0", " ") in pages.get(f"/alfa/installningar/{section}"), key
    pages.app.settings(COMPANY).set("supplier_invoices.price_percent", "90")
    assert "LEV-612" in pages.get("/alfa/installningar/supplier_invoices")
