"""Settings in the store: secrets apart, several at once, by company, and as they went in."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from brygga.store.database import writing
from brygga.store.schema.base import setting as rows
from brygga.store.settings.types import stored_text, stored_value
from brygga.store.settings.values import (
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
from tests.unit.settings_refused import COMPANY, refused


@pytest.fixture
def settings(engine: Engine) -> Settings:
    return Settings(engine, COMPANY, environ={})


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
