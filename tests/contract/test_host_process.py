"""The host process: its protocol, its life, and what the parent says of its death."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from brygga.administration import host_process
from brygga.administration.adk.errors import AdkLoadError
from brygga.administration.adk.tables import CustomerField, Table
from brygga.administration.host import OPERATIONS, Host, read_message, write_message
from brygga.administration.host_process import (
    PACKAGE_FOLDER,
    HostAdkError,
    HostDefect,
    HostDied,
    HostNotStarted,
    HostProcess,
    LibrarySpec,
)
from brygga.records.reasons import WriteBlocked
from tests.contract.adk_company import Place, build_place
from tests.contract.administration_practice import CHECKOUT, ENGINE, ENGINE_FACTORY, misbehaving

FIND = {"table": Table.CUSTOMER, "key": {CustomerField.NUMBER: "1001"}, "fields": [CustomerField.CITY]}
ADD = {"table": Table.CUSTOMER, "values": [[0, "77"], [1, "Sju & sju AB"]], "rows": [], "read_back": [0]}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return build_place(tmp_path)


def open_in(host: HostProcess, place: Place) -> None:
    host.call("open", common=str(place.common), company=str(place.company), user="", password="")


def city(host: HostProcess) -> str:
    answer = host.call("find", rows=None, order=None, **FIND)
    return str(answer.result["fields"][str(int(CustomerField.CITY))])


# -- the conversation ----------------------------------------------------------------------------------------------
def test_messages_are_length_prefixed_json() -> None:
    stream = io.BytesIO()
    write_message(stream, {"å": "ö\ud800"})
    raw = stream.getvalue()
    assert struct.unpack(">I", raw[:4])[0] == len(raw) - 4
    assert read_message(io.BytesIO(raw)) == {"å": "ö\ud800"}


@pytest.mark.parametrize("length", [0, 3, 4, 10])
def test_a_message_cut_short_is_the_end(length: int) -> None:
    stream = io.BytesIO()
    write_message(stream, {"operation": "status"})
    with pytest.raises(EOFError):
        read_message(io.BytesIO(stream.getvalue()[:length]))


def test_a_message_longer_than_believed_is_refused() -> None:
    with pytest.raises(ValueError, match="2000 bytes"):
        read_message(io.BytesIO(struct.pack(">I", 2000)), longest=1000)


def test_the_host_loads_nothing_but_the_standard_library_and_the_adk_rooms(place: Place) -> None:
    company = {"common": str(place.common), "company": str(place.company), "user": "", "password": ""}
    load = {"factory": ENGINE_FACTORY, "options": {}, "search_path": [], "read_only": False, "idle_close": None}
    load["run_file_wait"] = 0.0
    load["run_file_wait"] = 0.0
    walk = {"table": 0, "fields": [0], "rows": None, "order": None, "backwards": False, "limit": None, "until": None}
    code = f"""
import json, sys
sys.path.insert(0, {str(PACKAGE_FOLDER)!r})
from brygga.administration.host import Host
import brygga.administration.adk.ctypes_library
host = Host()
asked = json.loads(sys.argv[1])
answers = [host.answer(request) for request in asked]
host.close()
print(json.dumps([answers, sorted(sys.modules), sorted(sys.stdlib_module_names)]))
"""
    asked = [("load", load), ("open", company), ("scan", {**walk, "filters": {}})]
    requests = json.dumps([{"operation": name, "arguments": arguments} for name, arguments in asked])
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, requests], capture_output=True, check=True, encoding="utf-8"
    )
    answers, modules, standard = json.loads(ended.stdout)
    assert [record["fields"]["0"] for record in answers[2]["result"]] == ["1001", "1002", "2001"]
    foreign = {name.partition(".")[0] for name in modules} - set(standard) - {"brygga", "__main__"}
    assert foreign == set()
    brygga = {name for name in modules if name.startswith("brygga.")}
    rooms = ("adk", "host", "run_file")
    allowed = ("brygga.practice", *(f"brygga.administration.{room}" for room in rooms))
    assert {name for name in brygga if not name.startswith(allowed)} == {"brygga.administration"}


def test_a_library_that_prints_and_reads_does_not_disturb(place: Place) -> None:
    with HostProcess(misbehaving("printing")) as host:
        open_in(host, place)
        assert city(host) == "Malmö"


def test_errors_of_the_library_come_back_with_code_text_and_stage(place: Place) -> None:
    with HostProcess(ENGINE) as host:
        with pytest.raises(HostAdkError) as caught:
            host.call("open", common=str(place.company), company=str(place.company), user="", password="")
        assert (caught.value.code, caught.value.stage) == (137, "open")
        assert caught.value.text
        open_in(host, place)
        with pytest.raises(HostAdkError) as caught:
            host.call("describe", table=999, fields=[0])
        assert (caught.value.code, caught.value.stage) == (107, "operation")


def test_calls_before_a_company_was_named_are_80(place: Place) -> None:
    with HostProcess(ENGINE) as host, pytest.raises(HostAdkError) as caught:
        city(host)
    assert (caught.value.code, caught.value.stage) == (80, "open")


def test_a_defect_is_told_and_the_host_lives_on(place: Place) -> None:
    with HostProcess(ENGINE) as host:
        open_in(host, place)
        with pytest.raises(HostDefect, match="TypeError"):
            host.call("find", nonsense=1)
        with pytest.raises(HostDefect, match="unknown operation 'take_over'"):
            host.call("take_over")
        assert city(host) == "Malmö"


def test_warnings_come_with_the_answer(place: Place) -> None:
    head = [[14, "1001"], [8, "2026-01-31"]]
    row = [[0, "100"], [2, "1"], [11, "3001"]]
    with HostProcess(ENGINE) as host:
        open_in(host, place)
        answer = host.call("add", table=Table.INVOICE_HEAD, values=head, rows=[row], read_back=[0])
        assert [warned.code for warned in answer.warnings] == [256]
        assert host.call("status").warnings == ()


# -- loading -------------------------------------------------------------------------------------------------------
def test_an_interpreter_that_is_not_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "python32" / "python.exe")
    with pytest.raises(HostNotStarted) as caught:
        HostProcess(ENGINE, interpreter=missing).call("status")
    assert caught.value.interpreter == missing


@pytest.mark.parametrize(
    "script",
    ["raise SystemExit('too old a Python')", "print('x' * 5000)", "import sys; sys.stdout.write('\\0\\0\\0\\2[]')"],
)
def test_what_starts_but_is_no_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    file = tmp_path / "other.py"
    file.write_text(script, encoding="utf-8")
    monkeypatch.setattr(host_process, "HOST_FILE", file)
    with pytest.raises(HostNotStarted) as caught:
        HostProcess(ENGINE).call("status")
    assert caught.value.said


def test_a_missing_library_and_one_of_the_wrong_kind(tmp_path: Path) -> None:
    file = tmp_path / "Adk.dll"
    spec = LibrarySpec("brygga.administration.adk.ctypes_library:CtypesLibrary", {"path": str(file)})
    with pytest.raises(AdkLoadError) as caught:
        HostProcess(spec).call("status")
    assert caught.value.reason == "not_found"
    file.write_bytes(b"MZ this is no library")
    with pytest.raises(AdkLoadError) as caught:
        HostProcess(spec).call("status")
    assert caught.value.reason == "wrong_bitness"


def test_a_library_whose_loading_crashes() -> None:
    spec = LibrarySpec("tests.faults.crashing_library:crashing_at_load", {}, (CHECKOUT,))
    host = HostProcess(spec)
    with pytest.raises(HostDied) as caught:
        host.call("status")
    assert (caught.value.operation, caught.value.wrote) == ("load", False)
    assert host.process is None


# -- life and death ------------------------------------------------------------------------------------------------
def test_it_starts_when_first_needed_and_ends_with_close(place: Place) -> None:
    host = HostProcess(ENGINE)
    assert host.process is None
    open_in(host, place)
    process = host.process
    assert process is not None
    host.close()
    assert process.returncode == 0
    assert host.process is None
    host.close()


def test_it_ends_by_itself_when_its_pipe_closes(place: Place) -> None:
    host = HostProcess(ENGINE)
    open_in(host, place)
    process = host.process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(200) == 0
    host.close()


def test_killed_between_calls_it_is_started_again_and_the_company_opened(place: Place) -> None:
    place.reinstall(licences=1)
    with HostProcess(ENGINE) as host:
        open_in(host, place)
        process = host.process
        assert process is not None
        process.kill()
        process.wait()
        assert city(host) == "Malmö"


@pytest.mark.parametrize(("operation", "wrote"), [("find", False), ("add", True)])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_a_call_it_says_whether_a_write_was_handed_over(
    place: Place, tmp_path: Path, operation: str, wrote: bool, when: str
) -> None:
    once = str(tmp_path / "crashed")
    with HostProcess(misbehaving("crashing", function=operation, when=when, once_file=once)) as host:
        open_in(host, place)
        arguments: dict[str, Any] = ADD if wrote else {**FIND, "rows": None, "order": None}
        with pytest.raises(HostDied) as caught:
            host.call(operation, **arguments)
        assert (caught.value.operation, caught.value.wrote) == (operation, wrote)
        assert city(host) == "Malmö"


def test_killed_while_opening_again_no_write_was_handed_over(place: Place, tmp_path: Path) -> None:
    once = str(tmp_path / "crashed")
    spec = misbehaving("crashing", function="open", when="before", once_file=once)
    with HostProcess(spec) as host:
        with pytest.raises(HostDied):
            open_in(host, place)
        (tmp_path / "crashed").unlink()
        with pytest.raises(HostDied) as caught:
            host.call("add", **ADD)
        assert (caught.value.operation, caught.value.wrote) == ("open", False)
        assert host.call("add", **ADD).result["fields"] == {"0": "77"}


def wait_until_closed(host: HostProcess) -> None:
    """Ask until the company is closed: ``status`` neither opens it nor counts as a call."""
    deadline = time.monotonic() + 200
    while host.call("status").result["open"]:
        assert time.monotonic() < deadline, "the company was not closed"


def test_an_idle_host_gives_its_licence_back_and_takes_it_again(place: Place) -> None:
    place.reinstall(licences=1)
    with HostProcess(ENGINE, idle_close=0.2) as idle, HostProcess(ENGINE, idle_close=None) as other:
        open_in(idle, place)
        wait_until_closed(idle)
        open_in(other, place)
        with pytest.raises(HostAdkError) as caught:
            city(idle)
        assert (caught.value.code, caught.value.stage) == (135, "open")
        other.call("close")
        assert city(idle) == "Malmö"


# -- read only -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("operation", ["add", "update"])
def test_a_read_only_host_is_not_even_asked_to_write(operation: str) -> None:
    host = HostProcess(ENGINE, read_only=True)
    with pytest.raises(WriteBlocked):
        host.call(operation)
    assert host.process is None


@pytest.mark.parametrize("operation", ["add", "update"])
def test_a_read_only_host_refuses_before_the_library_is_touched(
    operation: str, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    host = Host()

    def ask(name: str, **arguments: Any) -> dict[str, Any]:
        return host.answer({"operation": name, "arguments": arguments})

    ask("load", factory=ENGINE_FACTORY, options={}, search_path=[], read_only=True, idle_close=None, run_file_wait=0.0)
    ask("open", common=str(place.common), company=str(place.company), user="", password="")
    monkeypatch.setattr(host, "_do", lambda *_: pytest.fail("the library was reached"))
    assert ask(operation)["error"] == {"kind": "read_only"}
    host.close()


def test_every_operation_is_known_to_the_host() -> None:
    assert {"add", "update", "find", "find_many", "scan", "describe"} <= OPERATIONS
