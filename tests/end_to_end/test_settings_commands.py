"""Settings by the command line: listed, read, changed, refused, and secrets never said."""

from __future__ import annotations

import pytest

from brygga.practice.build import CLIENT_SECRET
from tests.end_to_end.support import (
    World,
    assert_one_sentence,
    brygga,
)


def test_settings_are_listed_read_changed_and_taken_back(world: World) -> None:
    everything = brygga("settings", "list", "--json").json
    assert everything["numbering.master"] == "severa"
    assert everything["severa.client_secret"] == "***"
    listed = brygga("settings", "list").out
    assert all(key in listed for key in everything)
    assert brygga("settings", "get", "numbering.master").out.strip() == "severa"
    assert brygga("settings", "set", "mappings.units", "h=tim; paket=st").code == 0
    assert brygga("settings", "get", "mappings.units", "--json").json == {"mappings.units": {"h": "tim", "paket": "st"}}
    assert brygga("settings", "set", "invoices.statuses", "Att överföra, Klar").code == 0
    assert brygga("settings", "get", "invoices.statuses").out.strip() == "Att överföra, Klar"
    assert brygga("settings", "unset", "invoices.statuses").code == 0
    assert brygga("settings", "get", "invoices.statuses", "--json").json == {"invoices.statuses": []}


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("severa.requests_per_second", "77", "INS-805"),
        ("severa.requests_per_second", "snabbt", "INS-805"),
        ("severa.base_url", "http://severa.example", "INS-805"),
        ("invoices.mark_printed", "kanske", "INS-805"),
        ("invoices.from_date", "31/1 2026", "INS-805"),
        ("mappings.vat", "25=9", "INS-805"),
        ("numbering.master", "båda", "INS-805"),
        ("severa.settling_seconds", "10", "INS-805"),
        ("projects.enabled", "nej", "INS-801"),
        ("fakturor.status", "x", "INS-806"),
        ("severa.client_secret", "hemligt", "LAG-023"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(world: World, key: str, value: str, code: str) -> None:
    before = brygga("settings", "list", "--json").json
    assert_one_sentence(brygga("settings", "set", key, value), code, 3)
    assert brygga("settings", "list", "--json").json == before


# -- secrets ----------------------------------------------------------------------------------------------------------


def test_no_secret_is_said_or_stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    password = "lösen-som-ingen-ska-se"
    monkeypatch.setenv("BRYGGA_ADMINISTRATION_PASSWORD", password)
    said = [
        brygga(*words).everything
        for words in (
            ("check",),
            ("check", "--json"),
            ("settings", "list"),
            ("settings", "list", "--json"),
            ("settings", "get", "severa.client_secret"),
            ("settings", "get", "administration.password"),
            ("settings", "set", "severa.client_secret", CLIENT_SECRET),
            ("preview", "invoices", "--json"),
            ("transfer", "invoices"),
            ("history", "--json"),
        )
    ]
    monkeypatch.setenv("BRYGGA_SEVERA_CLIENT_SECRET", CLIENT_SECRET + "-fel")
    said.append(brygga("check").everything)
    files = [path for path in world.app.folder.rglob("*") if path.is_file()]
    assert ".sqlite" in {path.suffix for path in files}
    for secret in (CLIENT_SECRET, password):
        assert not [text for text in said if secret in text]
        assert not [path.name for path in files if secret.encode() in path.read_bytes()]


# -- languages and help, in processes of their own --------------------------------------------------------------------
