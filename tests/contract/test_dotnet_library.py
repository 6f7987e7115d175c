"""``DotNetLibrary`` where the contract suite does not reach: loading, odd shapes, exceptions, and its one thread."""

from __future__ import annotations

import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk import dotnet_runtime
from brygga.administration.adk.clr_thread import ClrThread
from brygga.administration.adk.dotnet_calls import ClrFailure
from brygga.administration.adk.dotnet_library import DotNetLibrary
from brygga.administration.adk.dotnet_runtime import runtime_name, wrapper_file
from brygga.administration.adk.errors import AdkError, AdkLoadError
from brygga.administration.host_process import HostProcess, LibrarySpec
from brygga.practice.adk_engine.company import Switches
from tests.contract.adk_company import CUSTOMER, PROJECT, Clerk, build_place, refused
from tests.contract.administration_practice import document, gateway_to, priced
from tests.contract.dotnet_double import build_wrapper, compile_assembly

DOTNET_FACTORY = "brygga.administration.adk.dotnet_library:DotNetLibrary"
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dotnet(wrapper_file: Path) -> DotNetLibrary:
    """The library over the 64-bit shapes."""
    return DotNetLibrary(wrapper_file)


@pytest.fixture(scope="session")
def older_file(tmp_path_factory: pytest.TempPathFactory, compiled_library_file: Path, wrapper_file: Path) -> Path:
    """The assembly in the shapes of the 32-bit wrapper."""
    folder = tmp_path_factory.mktemp("older")
    return build_wrapper(folder, compiled_library_file, "OLDER", name="AdkNet4Wrapper.dll")


# -- loading -------------------------------------------------------------------------------------------------------
def test_a_folder_is_searched_for_the_wrapper_of_this_bitness(tmp_path: Path) -> None:
    (tmp_path / "AdkNet6Wrapper.dll").touch()
    (tmp_path / "AdkNet4Wrapper.dll").touch()
    assert wrapper_file(tmp_path, 64).name == "AdkNet6Wrapper.dll"
    assert wrapper_file(tmp_path, 32).name == "AdkNet4Wrapper.dll"
    with pytest.raises(AdkLoadError) as caught:
        wrapper_file(tmp_path / "nothing", 64)
    assert caught.value.reason == "not_found"


@pytest.mark.parametrize(
    ("bits", "windows", "expected"), [(64, True, "coreclr"), (32, True, "netfx"), (64, False, "mono")]
)
def test_each_wrapper_has_its_runtime(bits: int, windows: bool, expected: str) -> None:
    assert runtime_name(bits, windows) == expected


def test_without_pythonnet_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pythonnet", None)
    with pytest.raises(AdkLoadError) as caught:
        dotnet_runtime.load_api(tmp_path / "AdkNet6Wrapper.dll", "mono")
    assert caught.value.reason == "no_pythonnet"


def test_rel_1_6_1_02_a_missing_runtime_is_named_at_start(tmp_path: Path) -> None:
    """In a process of its own: this one may have a runtime already."""
    (tmp_path / "AdkNet6Wrapper.dll").touch()
    code = (
        "from brygga.administration.adk.dotnet_library import DotNetLibrary\n"
        "from brygga.administration.adk.errors import AdkLoadError\n"
        f"try: DotNetLibrary({str(tmp_path / 'AdkNet6Wrapper.dll')!r}, runtime='coreclr')\n"
        "except AdkLoadError as error: print(error.reason, '|', error.detail)\n"
    )
    environment = {"PYTHONPATH": str(CHECKOUT / "src"), "DOTNET_ROOT": str(tmp_path), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, env=environment)
    assert done.stdout.startswith("no_runtime | coreclr"), done.stderr


def test_an_assembly_without_the_class_is_refused(wrapper_file: Path, tmp_path: Path) -> None:
    file = compile_assembly(tmp_path / "AdkEmpty.dll", "namespace Other { public class Thing {} }")
    with pytest.raises(AdkLoadError) as caught:
        DotNetLibrary(file)
    assert (caught.value.reason, caught.value.detail) == ("no_api", str(file))


def test_a_file_that_is_no_assembly_is_refused(wrapper_file: Path, tmp_path: Path) -> None:
    (tmp_path / "AdkBroken.dll").write_bytes(b"no assembly" * 100)
    with pytest.raises(AdkLoadError) as caught:
        DotNetLibrary(tmp_path / "AdkBroken.dll")
    assert caught.value.reason in ("not_a_library", "wrong_bitness")


# -- shapes --------------------------------------------------------------------------------------------------------
def test_the_older_shapes_work_too_in_the_host_process(older_file: Path, tmp_path: Path) -> None:
    """Records as int, AdkGetNumeric, neither AdkDeleteStruct nor a warning function: warnings come in lRc."""
    place = build_place(tmp_path, switches=Switches(warnings_in_result=True))
    euro = document(priced("2", "100"), currency="EUR", net="200", vat="50", total="250")
    with HostProcess(LibrarySpec(DOTNET_FACTORY, {"path": str(older_file)})) as host:
        gateway = gateway_to(place, host)
        created = gateway.create(euro)
        assert created.posted is not None
        assert created.warnings
        found = gateway.invoice(int(created.key))
        assert found == created.posted


ODD = """
using System;
namespace AdkNet4Wrapper {
  public struct ADKERROR { public int lRc, lDbTable, lField, lFunction, lProgramPart; }
  public class Api {
    public enum PART { A, B }
    public static ADKERROR AdkAdd(int data) { throw new InvalidOperationException("broken inside"); }
    public static int AdkUpdate(int data) { return 0; }
    public static ADKERROR AdkGetBool(int data, int field, ref Guid value) { return new ADKERROR(); }
    public static int AdkCreateData(int table) { return 0; }
    public static ADKERROR AdkGetStr(int data, int field, ref string value, int length) {
        value = new String('x', value.Length) + "\\0rest"; return new ADKERROR(); }
    public static void AdkGetErrorText(ref ADKERROR error, int part, ref string text, int length) {
        text = "fel " + error.lRc + (text.Length == length ? "" : " wrong buffer"); }
  }
}
"""


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory, wrapper_file: Path) -> DotNetLibrary:
    """A wrapper with odd shapes and faults."""
    return DotNetLibrary(compile_assembly(tmp_path_factory.mktemp("odd") / "AdkOdd.dll", ODD))


def test_an_exception_of_net_is_a_failure_with_its_words(odd: DotNetLibrary) -> None:
    with pytest.raises(ClrFailure, match=r"AdkAdd.*broken inside") as caught:
        odd.add(1)
    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert "_invoke" not in frames, "no frame of the CLR thread leaves it: they hold objects of the runtime"


def test_an_answer_that_is_no_error_struct_is_never_success(odd: DotNetLibrary) -> None:
    with pytest.raises(ClrFailure, match="AdkUpdate"):
        odd.update(1)


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        (lambda library: library.get_bool(1, 2), "AdkGetBool(Int32, Int32, Guid&)"),
        (lambda library: library.get_double(1, 2), "AdkGetDouble"),
        (lambda library: library.first(1, False), "AdkFirstEx"),
    ],
)
def test_a_method_that_is_missing_or_of_another_shape_is_named(
    odd: DotNetLibrary, call: Callable[[DotNetLibrary], object], shape: str
) -> None:
    with pytest.raises(AdkLoadError) as caught:
        call(odd)
    assert (caught.value.reason, caught.value.detail) == ("missing_function", shape)


def test_a_wrapper_that_asks_for_lengths_gets_them(odd: DotNetLibrary) -> None:
    assert odd.get_str(1, 1, 7) == "xxxxxxx"
    with refused(107):
        odd.create_data(0)
    with pytest.raises(AdkError, match=r"fel 107$"):
        odd.create_data(0)


# -- values --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["2026-01-31", "2024-02-29", "1999-12-31", ""])
@pytest.mark.parametrize("encoding", ["yyyymmdd", "opaque"])
def test_dates_cross_whatever_the_library_makes_of_them(
    dotnet: DotNetLibrary, tmp_path: Path, encoding: Any, text: str
) -> None:
    clerk = Clerk(dotnet, build_place(tmp_path, switches=Switches(date_encoding=encoding)))
    clerk.open()
    try:
        data = clerk.record(PROJECT, CODE_OF_PROJECT="77", DATE_OF_BEGINNING="2026-01-01")
        clerk.put(data, PROJECT, DATE_OF_BEGINNING=text)
        assert clerk.value(data, PROJECT, "DATE_OF_BEGINNING") == text
    finally:
        dotnet.close()


@pytest.mark.parametrize("text", ["Ω", "a\0b", "日本"])
def test_a_text_that_cannot_cross_is_refused_before_the_call(dotnet: DotNetLibrary, text: str) -> None:
    with refused(34):
        dotnet.set_str(1, 1, text)
    with refused(34):
        dotnet.open("c", text, "", "")


def test_a_text_longer_than_asked_for_is_never_cut(dotnet: DotNetLibrary, tmp_path: Path) -> None:
    clerk = Clerk(dotnet, build_place(tmp_path))
    clerk.open()
    try:
        data = clerk.found(CUSTOMER, NUMBER="1001")
        with refused(114):
            dotnet.get_str(data, 1, 5)
    finally:
        dotnet.close()


# -- one thread ----------------------------------------------------------------------------------------------------
def test_many_threads_are_served_one_after_another(dotnet: DotNetLibrary, tmp_path: Path) -> None:
    """Two threads inside the runtime deadlocked in a trial: here eight ask at once, and all are answered."""
    clerk = Clerk(dotnet, build_place(tmp_path))
    clerk.open()
    names: list[str] = []

    def ask() -> None:
        for _ in range(25):
            names.append(clerk.value(clerk.found(CUSTOMER, NUMBER="1001"), CUSTOMER, "NAME"))
            with pytest.raises(AdkError):
                clerk.found(CUSTOMER, NUMBER="9999")

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(8)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in threads)
        assert names == ["Åkeri & Söner AB"] * 200
    finally:
        dotnet.close()


def test_calls_never_overlap_and_all_run_on_one_thread() -> None:
    clr, inside, seen, overlaps = ClrThread(), threading.Lock(), set[int](), []

    def work() -> None:
        overlaps.append(not inside.acquire(blocking=False))
        seen.add(threading.get_ident())
        seen.add(clr.run(threading.get_ident))  # a warning that asks for its text comes back on the same thread
        inside.release()

    threads = [threading.Thread(target=lambda: [clr.run(work) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(overlaps), any(overlaps), len(seen)) == (200, False, 1)
    assert threading.get_ident() not in seen


def test_a_failure_keeps_its_story_as_a_note() -> None:
    def broken() -> None:
        raise LookupError("inside")

    with pytest.raises(LookupError, match="inside") as caught:
        ClrThread().run(broken)
    assert "broken" in "".join(caught.value.__notes__)
