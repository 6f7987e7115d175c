"""AT-97 both ways: with a file ``APIAdklogg`` every call of the API is written to it, without one nothing is."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from brygga.administration.adk import calllog
from brygga.administration.adk.calllog import FILE_NAME
from brygga.administration.adk.library import AdkLibrary
from brygga.administration.adk.tables import CustomerField, Table
from brygga.administration.gateway import AdministrationGateway
from brygga.administration.host import Host
from brygga.administration.host_process import HostProcess, LibrarySpec
from brygga.app import Gateways
from brygga.insight.checks import Check, _administration
from brygga.practice.adk_engine import PracticeEngine
from brygga.practice.adk_engine import library as practice_library
from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.records.target import ContactCard, CustomerCard, Kind
from brygga.severa.gateway import SeveraGateway
from tests.contract.adk_company import Place, build_place
from tests.contract.administration_practice import (
    CHECKOUT,
    ENGINE,
    ENGINE_FACTORY,
    compiled,
    document,
    gateway_to,
    text_row,
)

PERSON = CustomerCard(
    number="3001",
    name="Örjan Ängström Måleri",
    organisation_number="640823-3234",
    mailing_address="Åkervägen 17",
    zip_code="211 55",
    city="Östra Grevie",
    telephone="070-987 65 43",
    email="orjan@exempelmaleri.se",
)
PERSON_TOO = CustomerCard(number="3002", name="Ylva Ek")
SECRETS = (
    "Örjan",
    "Ängström",
    "640823",
    "3234",
    "Åkervägen",
    "211 55",
    "Östra Grevie",
    "987 65",
    "9876543",
    "orjan",
    "exempelmaleri",
    "Ylva",
    "ylva.ek",
    "Möte med",
    "Åkeri & Söner",
    "556900-4566",
    "Exempelkonsult",
    "hemligt",
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return build_place(tmp_path)


@pytest.fixture
def log_file(place: Place) -> Path:
    """The file that switches the log on, there."""
    file = place.common / FILE_NAME
    file.touch()
    return file


def lines(file: Path) -> list[list[str]]:
    return [line.split("\t") for line in file.read_bytes().decode("utf-8").split("\n")[:-1]]


def functions(file: Path) -> list[str]:
    return [line[1] for line in lines(file)]


def logs_in(place: Place) -> list[str]:
    folders = (place.common, place.company, Path.cwd())
    return sorted(each.name for folder in folders for each in folder.iterdir() if each.name.startswith(FILE_NAME))


def work(gateway: AdministrationGateway) -> None:
    """A day's work with personal data in it, refused and warned about now and then."""
    gateway.check()
    gateway.create(PERSON)
    gateway.create(ContactCard(name="Ylva Ek", customer_number="3001", email="ylva.ek@exempelmaleri.se"))
    posted = gateway.create(document(text_row("Möte med Ylva Ek"), customer_number="3001", net="0", vat="0", total="0"))
    gateway.mark_printed(int(posted.key))
    assert gateway.customers()["3001"].name == PERSON.name
    with pytest.raises(Refused):
        gateway.create(PERSON)


# -- both ways -----------------------------------------------------------------------------------------------------
@pytest.fixture(params=["engine", "compiled"])
def gateway(request: pytest.FixtureRequest, place: Place) -> Iterator[AdministrationGateway]:
    spec = ENGINE if request.param == "engine" else compiled(request.getfixturevalue("compiled_library_file"))
    with HostProcess(spec) as host:
        yield gateway_to(place, host)


def test_at_97_rel_1_6_1_01_with_the_file_every_call_is_written_to_it(
    gateway: AdministrationGateway, log_file: Path
) -> None:
    assert gateway.check().call_log
    work(gateway)
    written = functions(log_file)
    assert [written.count(name) for name in ("AdkOpen2", "AdkAdd", "AdkUpdate")] == [2, 4, 1]
    assert {"AdkSetStr", "AdkFindEx", "AdkFirstEx", "AdkNextEx", "AdkGetStr", "AdkGetType", "AdkDeleteStruct"} <= set(
        written
    )
    results = {(line[1], line[6]) for line in lines(log_file)}
    assert ("AdkAdd", "214") in results
    assert {code for function, code in results if function == "AdkNextEx"} == {"0", "79"}


def test_at_97_without_the_file_nothing_is_written_and_no_file_is_made(
    gateway: AdministrationGateway, place: Place
) -> None:
    assert not gateway.check().call_log
    work(gateway)
    assert logs_in(place) == []


def test_nothing_of_a_person_is_in_the_file(gateway: AdministrationGateway, log_file: Path) -> None:
    work(gateway)
    raw = log_file.read_bytes()
    assert b"AdkSetStr" in raw
    found = [secret for secret in SECRETS if secret.encode() in raw or secret.encode("cp1252") in raw]
    assert found == []


def test_the_log_in_is_not_in_the_file(place: Place, log_file: Path) -> None:
    place.reinstall(users={"ylva.ek": "hemligt lösen"})
    with HostProcess(ENGINE) as host:
        gateway = gateway_to(place, host, "ylva.ek", "hemligt lösen")
        gateway.check()
        wrong = gateway_to(place, host, "ylva.ek", "hemligt fel")
        with pytest.raises(Refused):
            wrong.check()
    raw = log_file.read_bytes().decode("utf-8")
    assert "user=*** password=***" in raw
    assert not any(word in raw for word in ("ylva", "hemligt", "lösen", "fel "))
    assert "676" in [line[6] for line in lines(log_file) if line[1] == "AdkOpen2"]


# -- when it is looked for -----------------------------------------------------------------------------------------
def test_the_file_is_looked_for_at_each_opening(place: Place) -> None:
    file = place.common / FILE_NAME
    with HostProcess(ENGINE) as host:
        gateway = gateway_to(place, host)
        assert not gateway.check().call_log
        file.touch()
        assert gateway.customer("1001") is not None
        assert file.read_bytes() == b""
        assert gateway.check().call_log
        assert functions(file)[:2] == ["AdkSetWarningFunction", "AdkOpen2"]
        file.unlink()
        assert gateway.customer("1001") is not None
        assert not gateway.check().call_log
        assert gateway.take_notices() == ()
        assert logs_in(place) == []


def test_closing_is_written_and_the_file_is_let_go(place: Place, log_file: Path) -> None:
    with HostProcess(ENGINE) as host:
        gateway_to(place, host).check()
        host.call("close")
        assert functions(log_file)[-1] == "AdkClose"
        os.replace(log_file, log_file.with_suffix(".old"))  # Windows refuses this while it is open


def test_another_host_writes_to_the_same_file(place: Place, log_file: Path) -> None:
    with HostProcess(ENGINE, read_only=True) as one, HostProcess(ENGINE, read_only=True) as other:
        gateways = [gateway_to(place, host) for host in (one, other)]
        for _ in range(3):
            for gateway in gateways:
                assert gateway.customer("1001") is not None
    assert functions(log_file).count("AdkFindEx") == 6
    assert functions(log_file).count("AdkClose") == 2


# -- the host ------------------------------------------------------------------------------------------------------
def request_to(host: Host, operation: str, **arguments: Any) -> dict[str, Any]:
    return host.answer({"operation": operation, "arguments": arguments})


def loaded(place: Place, *, opened: bool = True) -> Host:
    host = Host()
    load: dict[str, Any] = {
        "factory": ENGINE_FACTORY,
        "options": {},
        "search_path": [],
        "read_only": False,
        "idle_close": None,
    }
    load["run_file_wait"] = 0.0
    assert "error" not in request_to(host, "load", **load)
    if opened:
        assert "error" not in open_in(host, place)
    return host


def open_in(host: Host, place: Place) -> dict[str, Any]:
    return request_to(host, "open", common=str(place.common), company=str(place.company), user="", password="")


def test_without_the_file_the_library_is_not_wrapped_at_all(place: Place) -> None:
    host = loaded(place)
    assert host._session is not None
    assert type(host._session._library) is PracticeEngine
    (place.common / FILE_NAME).touch()
    open_in(host, place)
    assert type(host._session._library) is not PracticeEngine
    (place.common / FILE_NAME).unlink()
    open_in(host, place)
    assert type(host._session._library) is PracticeEngine
    host.close()


def test_a_company_that_was_closed_for_idleness_is_logged_when_it_is_opened_again(place: Place) -> None:
    host = loaded(place)
    host.close()
    (place.common / FILE_NAME).touch()
    assert request_to(host, "status")["result"] == {"open": False, "call_log": False}
    described = request_to(host, "describe", table=Table.CUSTOMER, fields=[CustomerField.NAME])
    assert "result" in described
    assert request_to(host, "status")["result"] == {"open": True, "call_log": True}
    assert functions(place.common / FILE_NAME)[:2] == ["AdkSetWarningFunction", "AdkOpen2"]
    host.close()


def test_warnings_of_the_library_come_through_the_log(place: Place, log_file: Path) -> None:
    host = loaded(place)
    head, row = [[14, "1001"], [8, "2026-01-31"]], [[0, "100"], [2, "1"], [11, "3001"]]
    added = request_to(host, "add", table=Table.INVOICE_HEAD, values=head, rows=[row], read_back=[0])
    host.close()
    assert [warned["code"] for warned in added["warnings"]] == [256]
    assert [(line[1], line[6]) for line in lines(log_file) if "warning" in line[6]] == [("AdkAdd", "0 warning 256")]


# -- a log that cannot be written ----------------------------------------------------------------------------------
def engine_on_a_disk_that_fills(flag: str) -> AdkLibrary:
    """Called in the host process: the engine; the disk is full for the call log while the file ``flag`` exists."""
    write_all = calllog._write_all

    def write_while_there_is_room(descriptor: int, data: bytes) -> None:
        if Path(flag).exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        write_all(descriptor, data)

    calllog._write_all = write_while_there_is_room
    return practice_library()


class Disk:
    """A disk for the call log: it is full from ``fill`` on."""

    def __init__(self, flag: Path) -> None:
        self.fill = flag.touch
        factory = f"{__name__}:{engine_on_a_disk_that_fills.__name__}"
        self.spec = LibrarySpec(factory, {"flag": str(flag)}, (CHECKOUT,))


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "the disk is full")


@pytest.fixture
def on_disk(place: Place, disk: Disk) -> Iterator[AdministrationGateway]:
    with HostProcess(disk.spec) as host:
        yield gateway_to(place, host)


def failed(log_file: Path) -> Reason:
    return reason("LOG-952", Level.WARNING, detail=f"{log_file}: No space left on device")


def test_a_log_that_cannot_be_written_never_stops_a_transfer_and_says_so_once(
    on_disk: AdministrationGateway, disk: Disk, log_file: Path
) -> None:
    disk.fill()
    assert not on_disk.check().call_log
    assert on_disk.customer("1001") is not None
    assert on_disk.take_notices() == (failed(log_file),)
    assert on_disk.customer("1001") is not None
    assert on_disk.take_notices() == ()
    assert log_file.read_bytes() == b""


def test_the_next_record_that_is_written_carries_the_warning(
    on_disk: AdministrationGateway, disk: Disk, log_file: Path
) -> None:
    disk.fill()
    on_disk.check()
    assert on_disk.create(PERSON).warnings == (failed(log_file),)
    assert on_disk.create(PERSON_TOO).warnings == ()
    assert on_disk.take_notices() == ()


def test_a_change_carries_it_as_well(on_disk: AdministrationGateway, disk: Disk, log_file: Path) -> None:
    disk.fill()
    on_disk.check()
    changed = [on_disk.update(Kind.CUSTOMER, "1001", {"city": city}) for city in ("Lund", "Ystad")]
    assert changed == [(failed(log_file),), ()]


def test_a_log_that_fails_during_a_write_leaves_the_write_alone(
    on_disk: AdministrationGateway, disk: Disk, log_file: Path
) -> None:
    assert on_disk.check().call_log
    disk.fill()
    assert on_disk.create(PERSON).warnings == (failed(log_file),)
    found = on_disk.customer("3001")
    assert found is not None
    assert found.name == PERSON.name


# -- what the user is told -----------------------------------------------------------------------------------------
def checked(gateway: AdministrationGateway) -> Check:
    check = Check("administration", "Administration")
    _administration(Gateways(cast(SeveraGateway, None), gateway), check)
    return check


def test_the_check_warns_while_the_log_is_on(place: Place) -> None:
    with HostProcess(ENGINE) as host:
        gateway = gateway_to(place, host)
        assert (checked(gateway).ok, checked(gateway).reasons) == (True, [])
        (place.common / FILE_NAME).touch()
        assert (checked(gateway).ok, checked(gateway).reasons) == (True, [reason("LOG-951", Level.WARNING)])


def test_the_check_says_that_the_log_cannot_be_written(
    on_disk: AdministrationGateway, disk: Disk, log_file: Path
) -> None:
    disk.fill()
    assert (checked(on_disk).ok, checked(on_disk).reasons) == (True, [failed(log_file)])
