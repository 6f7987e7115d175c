"""The settings: how a text becomes a value, what is refused, secrets, and what cannot hold together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from brygga.i18n import Translator
from brygga.insight.setting_effects import effect
from brygga.messages import render
from brygga.records.reasons import reason
from brygga.rules.vat import VatCode
from brygga.store.settings.types import ACCEPTS, decimal_of, value_of
from brygga.store.settings.values import (
    SETTINGS,
    Section,
    SettingError,
    Settings,
    SettingType,
    setting_of,
)
from brygga.transfers.preferences import preferences
from tests.unit.settings_refused import COMPANY, refused


@pytest.fixture
def settings(engine: Engine) -> Settings:
    return Settings(engine, COMPANY, environ={})


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
