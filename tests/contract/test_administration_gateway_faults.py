"""The gateway when something breaks: a killed host, locks, licences, log-in, versions, missing libraries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk.errors import AdkError, AdkLoadError, AdkStatus, Code
from brygga.administration.failures import LOAD_REASONS, REASONS, TRANSIENT, Situation, fault_of
from brygga.administration.gateway import AdministrationGateway
from brygga.administration.gateway_calls import CompanyPlace
from brygga.administration.host_process import HostAdkError, HostDefect, HostDied, HostNotStarted, HostProcess
from brygga.practice.adk_engine import user
from brygga.practice.adk_engine.company import Installation
from brygga.records.reasons import Fault, Refused, Unavailable, Uncertain
from brygga.records.target import CustomerCard, Kind
from tests.contract.adk_company import CUSTOMER, INVOICE_HEAD, Place, build_place
from tests.contract.administration_practice import ENGINE, compiled, document, gateway_to, misbehaving
from tests.shared import contract


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return build_place(tmp_path)


@pytest.fixture
def gateway(place: Place) -> Iterator[AdministrationGateway]:
    with HostProcess(ENGINE) as host:
        yield gateway_to(place, host)


def crashing(tmp_path: Path, function: str, when: str, **more: Any) -> HostProcess:
    """A host that dies once at a call of ``function``."""
    return HostProcess(
        misbehaving("crashing", function=function, when=when, once_file=str(tmp_path / "crashed"), **more)
    )


# -- a killed host -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("function", ["open", "first", "next", "get_str", "field_type"])
def test_a_read_survives_a_killed_host(place: Place, tmp_path: Path, function: str, when: str) -> None:
    place.reinstall(licences=1)
    with crashing(tmp_path, function, when) as host:
        assert list(gateway_to(place, host).customers()) == ["1001", "1002", "2001"]
    assert (tmp_path / "crashed").exists()


def test_a_host_that_dies_again_and_again_is_unavailable(place: Place) -> None:
    spec = misbehaving("crashing", function="first", when="before", once_file="")
    with HostProcess(spec) as host, pytest.raises(Unavailable) as caught:
        gateway_to(place, host).customers()
    assert (caught.value.reason.code, caught.value.reason.param("operation")) == ("ADK-506", "scan")


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
def test_a_write_of_a_killed_host_is_uncertain_and_never_repeated(
    place: Place, tmp_path: Path, when: str, there: int
) -> None:
    place.reinstall(licences=1)
    with crashing(tmp_path, "add", when) as host:
        gateway = gateway_to(place, host)
        before = gateway.last_invoice_number()
        with pytest.raises(Uncertain) as caught:
            gateway.create(document())
        assert (caught.value.reason.code, caught.value.reason.param("operation")) == ("ADK-506", "add")
        found = gateway.invoices_after(before)
        assert [posted.remark for posted in found] == ["SEVERA:7d0f"] * there
        gateway.create(document())
    assert len(user.read(place.company, INVOICE_HEAD)) == there + 1


@pytest.mark.parametrize(("when", "city"), [("before", "Malmö"), ("after", "Lund")])
def test_an_update_of_a_killed_host_is_uncertain(place: Place, tmp_path: Path, when: str, city: str) -> None:
    with crashing(tmp_path, "update", when) as host:
        gateway = gateway_to(place, host)
        with pytest.raises(Uncertain):
            gateway.update(Kind.CUSTOMER, "1001", {"city": "Lund"})
        customer = gateway.customer("1001")
    assert customer is not None
    assert customer.city == city


def test_a_crash_before_the_write_left_is_no_doubt(place: Place, tmp_path: Path) -> None:
    """The host dies while it opens the company for the write: nothing was handed over, so it is done once more."""
    with crashing(tmp_path, "open", "after") as host:
        assert gateway_to(place, host).create(CustomerCard(number="8", name="Åtta")).key == "8"
    assert len([each for each in user.read(place.company, CUSTOMER) if each[0] == "8"]) == 1


def test_a_host_killed_between_calls_is_no_doubt(place: Place) -> None:
    with HostProcess(ENGINE) as host:
        gateway = gateway_to(place, host)
        gateway.customers()
        assert host.process is not None
        host.process.kill()
        assert gateway.create(document()).key == "10457"


def test_a_document_written_but_not_read_back_is_uncertain(place: Place) -> None:
    with HostProcess(misbehaving("unreadable")) as host:
        gateway = gateway_to(place, host)
        with pytest.raises(Uncertain) as caught:
            gateway.create(document())
    assert "the file server is gone" in caught.value.reason.param("text")
    assert len(user.read(place.company, INVOICE_HEAD)) == 1


# -- opening -------------------------------------------------------------------------------------------------------
def fault_when(place: Place, **gateway_options: str) -> Fault:
    """What the gateway raises when it is asked for the company."""
    with HostProcess(ENGINE) as host, pytest.raises(Fault) as caught:
        gateway_to(place, host, **gateway_options).check()
    return caught.value


def test_wrong_paths(place: Place) -> None:
    wrong = fault_when(replace(place, common=place.company))
    assert (wrong.reason.code, wrong.reason.param("path")) == ("SYS-901", str(place.company))
    wrong = fault_when(replace(place, company=place.common))
    assert (wrong.reason.code, wrong.reason.param("path")) == ("SYS-906", str(place.common))
    assert isinstance(wrong, Refused)


@pytest.mark.parametrize(
    ("installation", "kind", "code"),
    [
        ({"users": {"eva": "hemlig"}}, Refused, "ADK-507"),
        ({"api_licensed": False}, Refused, "ADK-508"),
        ({"licences": 0}, Unavailable, "ADK-509"),
        ({"api_version": (2022, 1)}, Refused, "SYS-903"),
        ({"program_version": (2022, 1)}, Refused, "SYS-903"),
    ],
)
def test_what_keeps_a_company_from_opening(
    place: Place, installation: dict[str, Any], kind: type[Fault], code: str
) -> None:
    place.reinstall(**installation)
    fault = fault_when(place)
    assert (type(fault), fault.reason.code) == (kind, code)


def test_log_in(place: Place) -> None:
    place.reinstall(users={"eva": "hemlig"})
    assert fault_when(place, user="eva", password="fel").reason.code == "ADK-507"
    with HostProcess(ENGINE) as host:
        assert gateway_to(place, host, "eva", "hemlig").check().name == "Exempelkonsult AB"


def test_the_password_is_in_no_words() -> None:
    shown = repr(CompanyPlace("common", "company", "eva", "hemlig"))
    assert "hemlig" not in shown
    assert "eva" not in shown


def test_a_lock_goes_by(place: Place, gateway: AdministrationGateway) -> None:
    user.set_exclusive_lock(place.company, True)
    with pytest.raises(Unavailable) as caught:
        gateway.customers()
    assert caught.value.reason.code == "SYS-904"
    user.set_exclusive_lock(place.company, False)
    assert gateway.customers()
    user.set_exclusive_lock(place.company, True)
    with pytest.raises(Unavailable) as caught:
        gateway.create(document())
    assert caught.value.reason.code == "SYS-904"
    user.set_exclusive_lock(place.company, False)
    assert gateway.create(document()).key == "10457"


def test_a_journal_in_progress_goes_by(place: Place, gateway: AdministrationGateway) -> None:
    user.set_journal_in_progress(place.company, True)
    with pytest.raises(Unavailable) as caught:
        gateway.create(document())
    assert caught.value.reason.param("code") == "560"


def test_two_companies_share_one_licence_in_turn(place: Place) -> None:
    place.reinstall(licences=1)
    with HostProcess(ENGINE) as first, HostProcess(ENGINE) as second:
        assert gateway_to(place, first).customers()
        with pytest.raises(Unavailable) as caught:
            gateway_to(place, second).customers()
        assert caught.value.reason.code == "ADK-509"
        first.close()
        assert gateway_to(place, second).customers()


def test_a_missing_library(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "Adk.dll"
    with HostProcess(compiled(file)) as host, pytest.raises(Refused) as caught:
        gateway_to(place, host).check()
    assert caught.value.reason.code == "ADK-501"
    assert str(file) in caught.value.reason.param("path")


def test_a_missing_interpreter(place: Place) -> None:
    with HostProcess(ENGINE, interpreter="no-such-python") as host, pytest.raises(Refused) as caught:
        gateway_to(place, host).check()
    assert (caught.value.reason.code, caught.value.reason.param("interpreter")) == ("ADK-510", "no-such-python")


# -- the tables ----------------------------------------------------------------------------------------------------
ERROR_CODES = [each["code"] for each in contract("adk_errors.json") if each["kind"] in ("error", "position")]


@pytest.mark.parametrize("writing", [False, True])
@pytest.mark.parametrize("stage", ["open", "operation", "written"])
def test_every_code_has_a_fault_with_a_reason(writing: bool, stage: str) -> None:
    situation = Situation(
        "add" if writing else "find", writing, Kind.INVOICE, "10234", date(2026, 1, 31), "x", "g", "f"
    )
    for code in ERROR_CODES:
        fault = fault_of(HostAdkError(AdkStatus(code), "ord", stage), situation)
        if stage == "written" or (writing and stage == "operation" and code == Code.INTERNAL):
            assert isinstance(fault, Uncertain), code
        else:
            assert isinstance(fault, Unavailable) is (code in TRANSIENT), code
        assert fault.reason.code == REASONS.get(code, "FAK-302" if code == 214 else "ADK-505")
        if fault.reason.code == "ADK-505":
            assert (fault.reason.param("code"), fault.reason.param("text")) == (str(code), "ord")
        assert all(value for _name, value in fault.reason.params)


def test_codes_worth_another_try_are_those_of_the_specification() -> None:
    assert sorted(TRANSIENT) == [1, 80, 128, 134, 135, 486, 560]


def test_a_taken_key_of_a_register_is_no_taken_invoice_number() -> None:
    error = AdkError(AdkStatus(214), "ord")
    assert fault_of(error, Situation("add", True, Kind.CUSTOMER)).reason.code == "ADK-505"


def test_every_way_of_not_loading_has_a_reason() -> None:
    of_the_c_way = {"not_found", "not_a_library", "wrong_bitness", "missing_function", "no_handshake"}
    assert set(LOAD_REASONS) == of_the_c_way | {"no_pythonnet", "no_runtime", "no_api"}
    for why, (code, parameter) in LOAD_REASONS.items():
        fault = fault_of(AdkLoadError(why, "there"), Situation("open"))
        assert (type(fault), fault.reason.code, fault.reason.param(parameter)) == (Refused, code, "there")


def test_what_the_parent_itself_met() -> None:
    reading, writing = Situation("find"), Situation("add", writing=True)
    assert isinstance(fault_of(HostDied("add", wrote=True), writing), Uncertain)
    assert isinstance(fault_of(HostDied("open", wrote=False), writing), Unavailable)
    assert isinstance(fault_of(HostNotStarted("python", "no"), reading), Refused)
    assert isinstance(fault_of(HostDefect("operation", "KeyError"), writing), Uncertain)
    for defect, situation in [(HostDefect("operation", "KeyError"), reading), (HostDefect("open", "x"), writing)]:
        with pytest.raises(HostDefect):
            fault_of(defect, situation)


def test_the_installation_of_these_tests_is_the_default_one(place: Place) -> None:
    assert place.installation == replace(Installation(), today="2026-01-31")
