"""``brygga check``, and what a transfer says, when a connection is wrong: one sentence, a remedy, an exit code."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk.tables import CompanyField, Table
from brygga.practice.adk_engine.company import Installation, create_installation
from brygga.practice.adk_engine.user import change, set_exclusive_lock
from brygga.practice.severa_server.faults import FaultKind
from tests.contract.vendor_double import build_vendor_double
from tests.end_to_end.support import Said, World, brygga

REFUSED, LATER = 3, 4


def reasons(said: Said) -> list[tuple[str, str]]:
    """The checks that failed with the code of each reason."""
    failed = [(each["check"], why["code"]) for each in said.json if not each["ok"] for why in each["reasons"]]
    return [found for found in failed if found[1] != "MAP-856"]  # the practice month uses a unit without a mapping


def assert_said(world: World, check: str, code: str, exit_code: int, *, remedy: bool = True) -> None:
    """``check`` names the fault where it is, and a transfer stops with the same sentence before anything is written."""
    found = brygga("check", "--json")
    assert (found.code, reasons(found)) == (1, [(check, code)]), found.out
    sentence = next(why["text"] for each in found.json for why in each["reasons"])
    assert sentence.endswith(f"({code})")
    assert ("Lösning: " in sentence or "Remedy: " in sentence or "Solution: " in sentence) is remedy, sentence
    assert sentence.count("\n") == 0
    assert without_spaces(sentence) in without_spaces(brygga("check").out)
    stopped = brygga("transfer", "customers")
    assert (stopped.code, stopped.err.strip()) == (exit_code, sentence)
    assert world.writes() == []


def without_spaces(text: str) -> str:
    """The text whatever the width of the screen made of it."""
    return "".join(text.split())


def with_installation(world: World, **facts: Any) -> None:
    create_installation(world.installation.common_path, replace(Installation(), **facts))


# -- Severa -----------------------------------------------------------------------------------------------------------


def test_credentials_that_severa_does_not_know(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRYGGA_SEVERA_CLIENT_SECRET", "fel")
    assert_said(world, "severa", "SEV-701", REFUSED)


def test_a_client_id_that_severa_does_not_know(world: World) -> None:
    world.settings.set("severa.client_id", "nobody")
    assert_said(world, "severa", "SEV-701", REFUSED)
    # One that no header can carry is no other fault.
    world.settings.set("severa.client_id", "någon-annan")
    assert_said(world, "connections", "SEV-701", REFUSED)


def test_no_secret(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRYGGA_SEVERA_CLIENT_SECRET")
    found = brygga("check")
    assert found.code == 1
    assert "BRYGGA_SEVERA_CLIENT_SECRET" in found.out
    stopped = brygga("search", "invoices")
    assert stopped.code == REFUSED
    assert "BRYGGA_SEVERA_CLIENT_SECRET" in stopped.err


@pytest.mark.parametrize("scope", ["projects:read", "customers:read", "settings:read", "organization:read"])
def test_a_right_that_is_missing(world: World, scope: str) -> None:
    world.state.scopes = tuple(each for each in world.state.scopes if each != scope)
    found = brygga("check", "--json")
    assert (found.code, {code for _, code in reasons(found)}) == (1, {"SEV-702"})
    assert scope in found.out
    stopped = brygga("transfer", "projects")
    assert (stopped.code, "(SEV-702)" in stopped.err, scope in stopped.err) == (REFUSED, True, True)


def test_the_right_to_write_is_missed_before_anything_is_transferred(world: World) -> None:
    world.state.scopes = tuple(each for each in world.state.scopes if each != "invoices:write")
    found = brygga("check", "--json")
    assert (found.code, reasons(found)) == (1, [("severa", "SEV-702")])
    assert "invoices:write" in found.out


def test_severa_that_cannot_be_reached(world: World) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        world.settings.set("severa.base_url", f"http://127.0.0.1:{unused.getsockname()[1]}/rest-api")
    assert_said(world, "severa", "SEV-703", LATER)


def test_severa_with_a_fault_of_its_own(world: World) -> None:
    world.state.faults.order(FaultKind.ANSWER_INSTEAD, "GET", "*", times=10_000, status=500)
    assert_said(world, "severa", "SEV-710", LATER)


def test_severa_that_is_asked_too_often(world: World) -> None:
    text = "API calls quota exceeded! maximum admitted 10 per Second."
    world.state.faults.order(FaultKind.ANSWER_INSTEAD, "GET", "*", times=10_000, status=429, text=text)
    found = brygga("check", "--json")
    assert (found.code, reasons(found)) == (1, [("severa", "SYS-905")])
    assert brygga("search", "invoices").code == LATER


def test_a_status_that_severa_does_not_have(world: World) -> None:
    world.settings.set("invoices.status_after", "Skickad till månen")
    found = brygga("check", "--json")
    assert (found.code, reasons(found)) == (1, [("mappings", "INS-804")])
    assert "Skickad till månen" in found.out


def test_credentials_of_another_organisation(world: World) -> None:
    assert brygga("search", "customers").code == 0
    world.settings.set("severa.environment", "11111111-2222-3333-4444-555555555555")
    stopped = brygga("search", "customers")
    assert (stopped.code, "(SEV-712)" in stopped.err) == (REFUSED, True)


# -- Administration ---------------------------------------------------------------------------------------------------


def test_a_wrong_path_to_the_common_files(world: World, tmp_path: Path) -> None:
    world.settings.set("administration.common_path", str(tmp_path / "fel"))
    assert_said(world, "administration", "SYS-901", REFUSED)


def test_a_wrong_path_to_the_company(world: World, tmp_path: Path) -> None:
    world.settings.set("administration.company_path", str(tmp_path / "fel"))
    assert_said(world, "administration", "SYS-906", REFUSED)


def test_a_missing_dll(world: World, tmp_path: Path) -> None:
    world.settings.save({"administration.library": "ctypes", "administration.dll": str(tmp_path / "Adk.dll")})
    assert_said(world, "administration", "ADK-501", REFUSED)


def test_a_dll_that_is_none(world: World, tmp_path: Path) -> None:
    (tmp_path / "Adk.dll").write_text("inte ett bibliotek", encoding="utf-8")
    world.settings.save({"administration.library": "ctypes", "administration.dll": str(tmp_path / "Adk.dll")})
    assert_said(world, "administration", "ADK-512", REFUSED)


def test_an_old_dll(world: World, tmp_path: Path) -> None:
    old = build_vendor_double(tmp_path, "old_api", lambda signature: signature.name != "AdkSetSortOrder")
    world.settings.save({"administration.library": "ctypes", "administration.dll": str(old)})
    assert_said(world, "administration", "ADK-503", REFUSED)
    assert "AdkSetSortOrder" in without_spaces(brygga("check").out)


def test_an_interpreter_that_is_not_there(world: World, tmp_path: Path) -> None:
    world.settings.set("administration.interpreter", str(tmp_path / "python.exe"))
    assert_said(world, "administration", "ADK-510", REFUSED)


def test_an_interpreter_that_is_no_python(world: World, tmp_path: Path) -> None:
    (tmp_path / "python.exe").write_text("inte Python", encoding="utf-8")
    world.settings.set("administration.interpreter", str(tmp_path / "python.exe"))
    assert_said(world, "administration", "ADK-510", REFUSED)


def test_this_python_named_as_interpreter(world: World) -> None:
    world.settings.set("administration.interpreter", sys.executable)
    assert brygga("check").code == 0


@pytest.mark.parametrize(("user", "password"), [("", ""), ("eva", "fel"), ("okänd", "hemligt")])
def test_a_wrong_login(world: World, monkeypatch: pytest.MonkeyPatch, user: str, password: str) -> None:
    with_installation(world, users={"eva": "hemligt"})
    world.settings.set("administration.user", user)
    monkeypatch.setenv("BRYGGA_ADMINISTRATION_PASSWORD", password)
    assert_said(world, "administration", "ADK-507", REFUSED)


def test_the_right_login(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_installation(world, users={"eva": "hemligt"})
    world.settings.set("administration.user", "eva")
    monkeypatch.setenv("BRYGGA_ADMINISTRATION_PASSWORD", "hemligt")
    assert brygga("check").code == 0


def lock_the_company(world: World) -> None:
    set_exclusive_lock(world.installation.company_path, True)


@pytest.mark.parametrize(
    ("spoil", "code", "exit_code", "remedy"),
    [
        (lambda world: with_installation(world, api_licensed=False), "ADK-508", REFUSED, True),
        (lambda world: with_installation(world, licences=0), "ADK-509", LATER, True),
        (lambda world: with_installation(world, api_version=(2022, 1)), "SYS-903", REFUSED, True),
        (lambda world: with_installation(world, program_database_version=(2024, 1)), "SYS-903", REFUSED, True),
        (lambda world: with_installation(world, program_database_version=(2022, 1)), "SYS-903", REFUSED, True),
        (lock_the_company, "SYS-904", LATER, False),
    ],
    ids=["no licence for the API", "no seat", "older API", "older company", "newer company", "locked"],
)
def test_an_installation_that_cannot_be_used_now(
    world: World, spoil: Callable[[World], None], code: str, exit_code: int, remedy: bool
) -> None:
    spoil(world)
    assert_said(world, "administration", code, exit_code, remedy=remedy)


# -- together ---------------------------------------------------------------------------------------------------------


def test_another_base_currency(world: World) -> None:
    fields = {int(CompanyField.CODE_OF_CURRENCY): "EUR", int(CompanyField.CURRENCY_CODE): "EUR"}
    change(world.installation.company_path, int(Table.PRM), (), fields)
    assert_said(world, "severa", "SYS-907", REFUSED)


def test_a_mapping_to_a_code_that_is_not_there(world: World) -> None:
    world.settings.set("mappings.units", "h=tim; st=finns inte")
    found = brygga("check", "--json")
    assert (found.code, reasons(found)) == (1, [("mappings", "MAP-854")])
    assert "finns inte" in found.out


def test_several_faults_are_all_told(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRYGGA_SEVERA_CLIENT_SECRET", "fel")
    world.settings.set("administration.common_path", str(tmp_path / "fel"))
    world.settings.unset("mappings.vat")
    found = brygga("check", "--json")
    assert reasons(found) == [("settings", "INS-809"), ("severa", "SEV-701"), ("administration", "SYS-901")]
