"""The settings: how a text becomes a value, what is refused, secrets, and what cannot hold together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from brygga.i18n import Translator
from brygga.insight.setting_effects import effect
from brygga.messages import render
from brygga.records.reasons import reason
from brygga.rules.vat import VatCode
from brygga.store.database import open_store, writing
from brygga.store.schema.base import setting as rows
from brygga.store.settings.types import ACCEPTS, decimal_of, stored_text, stored_value, value_of
from brygga.store.settings.values import (
    SETTINGS,
    Section,
    Setting,
    SettingError,
    Settings,
    SettingType,
    check,
    companies,
    contradictions,
    secret_variables,
    setting_of,
)
from brygga.transfers.preferences import preferences

COMPANY = "Exempelkonsult AB"


@pytest.fixture
def engine(store: Path | str) -> Iterator[Engine]:
    opened = open_store(store)
    yield opened
    opened.dispose()


@pytest.fixture
def settings(engine: Engine) -> Settings:
    return Settings(engine, COMPANY, environ={})


def refused(settings: Settings, key: str, value: object) -> SettingError:
    before = settings.as_dict()
    with pytest.raises(SettingError) as error:
        settings.set(key, value)
    assert settings.as_dict() == before
    return error.value


class TestRegistry:
    """The registry itself."""

    def test_every_key_is_there_once_with_a_sentence_of_help(self) -> None:
        keys = [setting.key for setting in SETTINGS]
        assert len(set(keys)) == len(keys)
        for setting in SETTINGS:
            assert setting.help.endswith("."), setting.key
            assert setting.accepted.endswith("."), setting.key
            assert "!" not in setting.help + setting.accepted, setting.key
            assert isinstance(setting.section, Section)

    def test_every_setting_has_a_short_label_of_its_own_in_its_section(self) -> None:
        labels = [(setting.section, setting.label) for setting in SETTINGS]
        assert len(set(labels)) == len(labels)
        assert all(0 < len(setting.label) <= 40 and not setting.label.endswith(".") for setting in SETTINGS)

    def test_rel_1_6_2_08_the_sections_follow_each_other_in_the_order_of_the_page(self) -> None:
        order = list(Section)
        places = [order.index(setting.section) for setting in SETTINGS]
        assert places == sorted(places)
        assert set(range(len(order))) == set(places), "every section has a setting"

    def test_every_default_is_acceptable_itself(self) -> None:
        for setting in SETTINGS:
            if setting.default is None:
                assert value_of(setting, "") is None
            else:
                assert value_of(setting, setting.default) == setting.default, setting.key

    def test_every_type_says_what_it_accepts(self) -> None:
        assert set(ACCEPTS) == set(SettingType)

    def test_secrets_name_their_variable_and_nothing_else_does(self) -> None:
        secrets = {setting.key for setting in SETTINGS if setting.secret}
        mine = {"schedule.smtp_password", "schedule.digest_webhook"}
        assert secrets == {"severa.client_secret", "administration.password"} | mine
        assert all(bool(setting.environment) == setting.secret for setting in SETTINGS)

    def test_the_transfers_find_every_preference_here(self, settings: Settings) -> None:
        settings.set("mappings.vat", "25=1; 12,5=2")
        found = preferences(settings.get)
        assert found.numbering_master == ""
        assert set(found.mappings_vat) == {VatCode(Decimal(25), "1"), VatCode(Decimal("12.5"), "2")}
        assert found.severa_settling_seconds == Decimal(120)
        assert found.invoices_statuses == ()


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("severa.client_id", "  abc-123 ", "abc-123"),
        ("projects.enabled", "Ja", True),
        ("projects.enabled", "ON", True),
        ("customers.won_only", "nej", False),
        ("customers.won_only", "false", False),
        ("supplier_invoices.price_percent", "påslag 15", Decimal(115)),
        ("supplier_invoices.price_percent", "Markup 12,5 %", Decimal("112.5")),
        ("supplier_invoices.price_percent", "mark-up 0,125", Decimal("100.125")),
        ("supplier_invoices.price_percent", "paslag -10", Decimal(90)),
        ("supplier_invoices.price_percent", "115 %", Decimal(115)),
        ("supplier_invoices.price_percent", "112,5", Decimal("112.5")),
        ("severa.requests_per_second", "10", 10),
        ("severa.timeout_seconds", "12,5", Decimal("12.5")),
        ("administration.idle_close_seconds", "1200.00", Decimal(1200)),
        ("invoices.from_date", "2026-01-31", date(2026, 1, 31)),
        ("invoices.from_date", "", None),
        ("numbering.master", "Severa", "severa"),
        ("numbering.master", "", ""),
        ("invoices.statuses", "Att överföra; Klar\nAtt överföra;", ("Att överföra", "Klar")),
        ("invoices.statuses", '["Klar; granskad", "Ny"]', ("Klar; granskad", "Ny")),
        ("invoices.statuses", "", ()),
        ("invoices.statuses", ["Klar"], ("Klar",)),
        ("mappings.units", "h = tim; st→st\nkm->km", {"h": "tim", "st": "st", "km": "km"}),
        ("mappings.units", '{"m=2": "kvm"}', {"m=2": "kvm"}),
        ("mappings.units", {"h": "tim"}, {"h": "tim"}),
        ("mappings.units", "", {}),
        ("mappings.units", "h=tim, st=st", {"h": "tim", "st": "st"}),
        ("mappings.vat", "12,5=2", {"12,5": "2"}),
        ("severa.business_units", "Stockholm, Göteborg", ("Stockholm", "Göteborg")),
        ("severa.business_units", "Stockholm, City; Göteborg", ("Stockholm, City", "Göteborg")),
        ("mappings.vat", "25=1; 12,5=2; 0=0", {"25": "1", "12,5": "2", "0": "0"}),
        (
            "mappings.vat",
            "6@..2026-03-31=3; 6@2026-04-01..=2",
            {"6@..2026-03-31": "3", "6@2026-04-01..": "2"},
        ),
        ("mappings.payment_terms", "30=30; 10=10N", {"30": "30", "10": "10N"}),
        ("severa.base_url", "http://127.0.0.1:8123/rest-api", "http://127.0.0.1:8123/rest-api"),
        ("severa.settling_seconds", Decimal("90.125"), Decimal("90.125")),
        ("invoices.from_date", date(2026, 2, 28), date(2026, 2, 28)),
    ],
)
def test_a_text_or_a_value_is_accepted(settings: Settings, key: str, text: object, value: Any) -> None:
    settings.set(key, text)
    found = settings.get(key)
    assert found == value
    assert type(found) is type(value)
    assert settings.as_dict()[key] == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("severa.client_id", "two\nlines"),
        ("severa.client_id", 7),
        ("projects.enabled", "kanske"),
        ("projects.enabled", ""),
        ("projects.enabled", 1),
        ("severa.requests_per_second", "0"),
        ("severa.requests_per_second", "11"),
        ("severa.requests_per_second", "8,5"),
        ("severa.requests_per_second", "åtta"),
        ("supplier_invoices.price_percent", "påslag"),
        ("supplier_invoices.price_percent", "påslag -100"),
        ("supplier_invoices.price_percent", "påslag 1.500"),
        ("supplier_invoices.price_percent", "rabatt 15"),
        ("supplier_invoices.price_percent", "0"),
        ("severa.timeout_seconds", "1.234"),
        ("severa.timeout_seconds", "1,234"),
        ("severa.timeout_seconds", "1 234"),
        ("severa.timeout_seconds", ""),
        ("severa.timeout_seconds", "0,5"),
        ("severa.timeout_seconds", Decimal("NaN")),
        ("invoices.from_date", "31/1 2026"),
        ("invoices.from_date", "2026-02-30"),
        ("numbering.master", "fortnox"),
        ("numbering.master", {"a": "b"}),
        ("customers.existing", ""),
        ("invoices.statuses", '["Klar"'),
        ("invoices.statuses", ["two\nlines"]),
        ("mappings.units", "h"),
        ("mappings.vat", "25=1, 12,5=2"),
        ("mappings.units", "h=tim=timme"),
        ("mappings.units", "h=tim; h=st"),
        ("mappings.units", "=tim"),
        ("mappings.units", '{"h": 1}'),
        ("mappings.vat", "25=5"),
        ("mappings.vat", "25=1; 25,0=2"),
        ("mappings.vat", "moms=1"),
        ("mappings.vat", "125=1"),
        ("mappings.vat", "6@2026-04-01=2"),
        ("mappings.vat", "6@2026-13-01..=2"),
        ("mappings.vat", "6@2026-04-01..2026-03-31=2"),
        ("mappings.vat", "6=3; 6@2026-04-01..2027-12-31=2"),
        ("mappings.vat", "6@..2026-04-01=3; 6@2026-04-01..=2"),
        ("mappings.payment_terms", "trettio=30"),
        ("invoices.rounding_account", "374"),
        ("severa.base_url", "http://api.severa.visma.com/rest-api"),
        ("severa.base_url", "https://"),
        ("severa.base_url", "https://[::1"),
    ],
)
def test_what_will_not_do_is_refused_with_what_would(settings: Settings, key: str, text: object) -> None:
    error = refused(settings, key, text)
    assert error.code == "INS-805"
    choices = {"choices": ", ".join(setting_of(key).choices)} if setting_of(key).choices else {}
    assert (
        error.params
        == {"key": key, "value": str(text).replace("\n", " "), "accepts": setting_of(key).accepted} | choices
    )


@pytest.mark.parametrize("text", ["a\nb", "a\x01b", "https://x\x7f", "a\u2028b", "x" * 1001])
@pytest.mark.parametrize("key", ["severa.client_id", "severa.base_url", "invoices.statuses", "projects.code_map"])
def test_no_text_holds_what_cannot_be_sent_or_read(settings: Settings, key: str, text: str) -> None:
    value = {"a": text} if key == "projects.code_map" else (text,) if key == "invoices.statuses" else text
    error = refused(settings, key, value)
    assert error.code == "INS-805"
    assert error.params["value"].isprintable()
    assert len(error.params["value"]) <= 81


def test_the_alternatives_are_named() -> None:
    why = reason(
        "INS-805", key="numbering.master", value="visma", accepts="Choose one of the alternatives.", choices="a, b"
    )
    assert "choose one of the alternatives: a, b." in render(why, Translator("en")).lower()


@pytest.mark.parametrize(
    ("text", "codes", "price"),
    [("115", [], "9200"), ("påslag 15", [], "9200"), ("15", ["LEV-612"], "1200")],
)
def test_at_77_at_81_the_percentage_shows_an_example_and_warns_below_the_cost(
    settings: Settings, text: str, codes: list[str], price: str
) -> None:
    settings.set("supplier_invoices.price_percent", text)
    for mode in ("percent", "cost"):
        settings.set("supplier_invoices.price_mode", mode)
        told = effect("supplier_invoices.price_percent", settings.as_dict())
        assert [why.code for why in told.warnings] == codes
        assert told.example is not None
        assert told.example.after == Decimal(price)
    assert effect("supplier_invoices.price_mode", settings.as_dict()).warnings == (), "the cost is the price"


def test_at_74_at_76_signs_are_told_by_an_example(settings: Settings) -> None:
    for key, choice, before, after in (
        ("supplier_invoices.credit_rows", "positive", 8000, -8000),
        ("supplier_invoices.credit_rows", "negative", -8000, -8000),
        ("severa.credit_rows", "negative", -2, 2),
        ("severa.credit_rows", "positive", 2, 2),
    ):
        settings.set(key, choice)
        told = effect(key, settings.as_dict()).example
        assert told is not None
        assert (told.before, told.after) == (Decimal(before), Decimal(after))


def test_a_small_decimal_with_three_places_is_not_a_thousand() -> None:
    assert decimal_of("0,125") == Decimal("0.125")
    assert decimal_of("1234,567") == Decimal("1234.567")
    assert decimal_of("-12,50") == Decimal("-12.50")


def test_an_unknown_setting_is_refused(settings: Settings) -> None:
    for call in (settings.get, settings.unset, lambda key: settings.set(key, "1")):
        with pytest.raises(SettingError) as error:
            call("invoices.colour")
        assert (error.value.code, error.value.params) == ("INS-806", {"key": "invoices.colour"})


def test_unset_goes_back_to_the_default(settings: Settings) -> None:
    settings.set("invoices.mark_printed", "ja")
    settings.unset("invoices.mark_printed")
    assert settings.get("invoices.mark_printed") is False


class TestSecrets:
    """Secrets are read from the environment and stored nowhere."""

    ENVIRON = {
        "BRYGGA_SEVERA_CLIENT_SECRET": "common",
        "BRYGGA_AKES_AKERI_AB_SEVERA_CLIENT_SECRET": "own",
        "BRYGGA_ADMINISTRATION_PASSWORD": "",
    }

    def test_the_companys_own_variable_counts_first(self, engine: Engine) -> None:
        assert Settings(engine, "Åkes Åkeri AB", environ=self.ENVIRON).get("severa.client_secret") == "own"
        assert Settings(engine, "Other", environ=self.ENVIRON).get("severa.client_secret") == "common"
        assert Settings(engine, "Other", environ=self.ENVIRON).get("administration.password") == ""

    def test_the_process_is_asked_when_nothing_else_is_given(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BRYGGA_ADMINISTRATION_PASSWORD", "from the process")
        assert Settings(engine, COMPANY).get("administration.password") == "from the process"

    @pytest.mark.parametrize("key", ["severa.client_secret", "administration.password"])
    def test_setting_one_is_refused_with_what_to_do(self, engine: Engine, settings: Settings, key: str) -> None:
        error = refused(settings, key, "hemligt")
        variable = "BRYGGA_" + setting_of(key).environment
        assert (error.code, error.params) == ("INS-807", {"key": key, "variable": variable})
        with pytest.raises(SettingError):
            settings.unset(key)
        assert companies(engine) == ()

    def test_they_are_shown_only_when_asked_for(self, engine: Engine) -> None:
        settings = Settings(engine, "Other", environ=self.ENVIRON)
        assert settings.as_dict()["severa.client_secret"] == "***"
        assert settings.as_dict()["administration.password"] == ""
        assert settings.as_dict(redacted=False)["severa.client_secret"] == "common"

    def test_a_name_of_signs_only_still_gives_a_variable(self) -> None:
        own, common = secret_variables(setting_of("severa.client_secret"), "Öst & Väst (2)")
        assert (own, common) == ("BRYGGA_OST_VAST_2_SEVERA_CLIENT_SECRET", "BRYGGA_SEVERA_CLIENT_SECRET")


def test_the_fingerprint_follows_the_settings_and_not_the_secrets(engine: Engine) -> None:
    settings = Settings(engine, COMPANY, environ={})
    before = settings.fingerprint()
    assert Settings(engine, COMPANY, environ={"BRYGGA_SEVERA_CLIENT_SECRET": "x"}).fingerprint() == before
    assert Settings(engine, "another", environ={}).fingerprint() == before
    # Learnt in the middle of the first run: the second one must not believe that the choices are others.
    settings.set("severa.environment", "organization")
    assert settings.fingerprint() == before
    settings.set("invoices.mark_printed", "ja")
    assert settings.fingerprint() != before
    settings.set("invoices.mark_printed", "nej")
    assert settings.fingerprint() == before


def test_companies_keep_their_settings_apart(engine: Engine) -> None:
    for name, status in (("Beta AB", "Klar"), ("Alfa AB", "Ny")):
        Settings(engine, name, environ={}).set("invoices.status_after", status)
    assert companies(engine) == ("Alfa AB", "Beta AB")
    assert Settings(engine, "Beta AB").get("invoices.status_after") == "Klar"


class TestTogether:
    """Settings that depend on each other."""

    def test_at_30_project_numbers_need_the_project_transfer(self, settings: Settings) -> None:
        assert refused(settings, "projects.enabled", "nej").code == "INS-801"
        settings.save({"projects.enabled": "nej", "invoices.project_on": "off"})
        assert refused(settings, "invoices.project_on", "rows").code == "INS-801"

    def test_several_are_saved_together_or_not_at_all(self, settings: Settings) -> None:
        with pytest.raises(SettingError):
            settings.save({"invoices.mark_printed": "ja", "invoices.statuses": "Klar", "customers.won_only": "kanske"})
        assert settings.get("invoices.mark_printed") is False
        assert settings.get("invoices.statuses") == ()

    def test_the_settling_time_is_longer_than_the_time_out(self, settings: Settings) -> None:
        error = refused(settings, "severa.settling_seconds", "30")
        assert (error.code, error.params["key"]) == ("INS-805", "severa.settling_seconds")
        assert refused(settings, "severa.timeout_seconds", "120").code == "INS-805"

    def test_a_contradiction_that_was_there_does_not_stop_other_changes(
        self, engine: Engine, settings: Settings
    ) -> None:
        values = {"company": COMPANY, "key": "projects.enabled", "value": "false", "updated": settings._clock()}
        with writing(engine) as connection:
            connection.execute(sa.insert(rows).values(values))
        assert [why.code for why in contradictions(settings.as_dict())] == ["INS-801"]
        settings.set("invoices.status_after", "Klar")
        assert settings.get("invoices.status_after") == "Klar"

    def test_what_is_missing_is_named(self, settings: Settings) -> None:
        found = settings.check()
        assert [(why.code, why.param("key")) for why in found] == [
            ("INS-802", ""),
            ("INS-809", "severa.client_id"),
            ("INS-809", "administration.common_path"),
            ("INS-809", "administration.company_path"),
            ("INS-809", "invoices.statuses"),
            ("INS-809", "mappings.vat"),
            ("INS-807", "severa.client_secret"),
        ]
        assert all(why.param("company") == COMPANY for why in found if why.code == "INS-809")
        assert found[-1].param("variable") == "BRYGGA_SEVERA_CLIENT_SECRET"

    def test_complete_settings_pass(self, engine: Engine) -> None:
        settings = Settings(engine, COMPANY, environ={"BRYGGA_SEVERA_CLIENT_SECRET": "x"})
        given = {
            "numbering.master": "severa",
            "severa.client_id": "abc",
            "administration.common_path": r"C:\Gemensamma filer",
            "administration.company_path": r"C:\Företag\Övning",
            "invoices.statuses": "Att överföra",
            "mappings.vat": "25=1",
        }
        settings.save(given)
        assert settings.check() == ()
        assert check(settings.as_dict()) == ()


@pytest.mark.parametrize("text", ["11", '"eight"', "not JSON"])
def test_a_stored_value_that_will_not_do_any_more_is_refused(engine: Engine, settings: Settings, text: str) -> None:
    values = {"company": COMPANY, "key": "severa.requests_per_second", "value": text, "updated": settings._clock()}
    with writing(engine) as connection:
        connection.execute(sa.insert(rows).values(values))
    for read in (lambda: settings.get("severa.requests_per_second"), settings.as_dict):
        with pytest.raises(SettingError) as error:
            read()
        assert error.value.code == "INS-805"
    settings.unset("severa.requests_per_second")
    assert settings.get("severa.requests_per_second") == 8


def test_a_stored_setting_of_another_version_is_left_alone(engine: Engine, settings: Settings) -> None:
    with writing(engine) as connection:
        values = {"company": COMPANY, "key": "future.setting", "value": "1", "updated": settings._clock()}
        connection.execute(sa.insert(rows).values(values))
    assert "future.setting" not in settings.as_dict()


WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
VALUES: dict[SettingType, st.SearchStrategy[Any]] = {
    SettingType.TEXT: WORDS | st.just(""),
    SettingType.BOOL: st.booleans(),
    SettingType.INT: st.integers(),
    SettingType.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False),
    SettingType.DATE: st.dates() | st.none(),
    SettingType.CHOICE: st.sampled_from(["one", "two"]),
    SettingType.LIST: st.lists(WORDS).map(tuple),
    SettingType.MAPPING: st.dictionaries(WORDS, WORDS),
}


@given(st.data(), st.sampled_from(SettingType))
def test_a_value_comes_back_from_the_store_as_it_went_in(data: st.DataObject, type_: SettingType) -> None:
    setting = Setting(
        "a.b", "Label", type_, "one", Section.LOG, "Help.", choices=("one", "two") if type_ == "choice" else ()
    )
    value = data.draw(VALUES[type_])
    found = stored_value(setting, stored_text(value))
    assert found == value
    assert type(found) is type(value)
    if type_ is SettingType.DECIMAL:
        assert str(found) == str(value), "also the zeros at the end"
