"""Which way to Administration is chosen, and what a file's header says of its bits (issue: "The 64-bit way")."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.administration.adk.binary import bits_of
from brygga.administration.adk.binding import BITS
from brygga.administration.adk.errors import AdkLoadError
from brygga.administration.failures import Situation, fault_of
from brygga.administration.way import FACTORIES, Wanted, Way, choose
from brygga.i18n import Translator
from brygga.messages import render
from brygga.records.reasons import Fault, Level

OTHER = 96 - BITS
MACHINES = {32: 0x014C, 64: 0x8664}


def portable_executable(file: Path, bits: int, machine: int | None = None) -> Path:
    """The beginning of a Windows file for so many bits."""
    header = bytearray(200)
    header[:2] = b"MZ"
    struct.pack_into("<I", header, 0x3C, 128)
    header[128:132] = b"PE\0\0"
    struct.pack_into("<H", header, 132, machine or MACHINES[bits])
    file.write_bytes(header)
    return file


def chosen(wanted: Wanted, installed: Path | None = None) -> Way:
    return choose(wanted, "practice:engine", lambda: installed)


# -- headers -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("machine", "bits"), [(0x014C, 32), (0x8664, 64), (0xAA64, 64), (0x0200, None)])
def test_the_bits_of_a_windows_file_are_in_its_header(tmp_path: Path, machine: int, bits: int | None) -> None:
    assert bits_of(portable_executable(tmp_path / "Adk.dll", 64, machine)) == bits


def test_this_python_has_the_bits_it_says() -> None:
    assert bits_of(sys.executable) == BITS


@pytest.mark.parametrize(
    ("beginning", "bits"),
    [
        (b"\x7fELF\x01", 32),
        (b"\x7fELF\x02", 64),
        (b"\xce\xfa\xed\xfe", 32),
        (b"\xcf\xfa\xed\xfe", 64),
    ],
)
def test_the_bits_of_other_systems_files(tmp_path: Path, beginning: bytes, bits: int) -> None:
    (tmp_path / "library").write_bytes(beginning + bytes(100))
    assert bits_of(tmp_path / "library") == bits


@given(
    prefix=st.sampled_from([b"", b"MZ", b"MZ" + bytes(58) + b"\x80\0\0\0", b"\x7fELF"]),
    content=st.binary(max_size=300),
)
def test_any_file_has_32_64_or_unknown_bits(
    tmp_path_factory: pytest.TempPathFactory, prefix: bytes, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.dll"
    file.write_bytes(prefix + content)
    assert bits_of(file) in (32, 64, None)


def test_what_cannot_be_read_has_unknown_bits(tmp_path: Path) -> None:
    assert bits_of(tmp_path) is None
    assert bits_of(tmp_path / "nothing.dll") is None


# -- the choice ----------------------------------------------------------------------------------------------------
def test_a_dll_of_this_bitness_goes_by_ctypes(tmp_path: Path) -> None:
    dll = portable_executable(tmp_path / "Adk.dll", BITS)
    portable_executable(tmp_path / "AdkNet6Wrapper.dll", 64)
    way = chosen(Wanted("auto"), tmp_path)
    assert (way.name, way.why.code, way.library.options) == ("ctypes", "SYS-943", {"path": str(dll)})
    assert f"{BITS}-bit" in render(way.why, Translator("en"))


def test_a_dll_of_the_other_bitness_goes_by_the_wrapper(tmp_path: Path) -> None:
    portable_executable(tmp_path / "Adk.dll", OTHER)
    wrapper = portable_executable(tmp_path / "AdkNet6Wrapper.dll", BITS)
    way = chosen(Wanted("auto"), tmp_path)
    assert (way.name, way.why.code, way.library.options) == ("dotnet", "SYS-944", {"path": str(wrapper)})
    assert way.library.factory == FACTORIES["dotnet"]


def test_only_a_wrapper_goes_by_the_wrapper(tmp_path: Path) -> None:
    portable_executable(tmp_path / "AdkNet6Wrapper.dll", BITS)
    assert chosen(Wanted("auto"), tmp_path).name == "dotnet"
    assert chosen(Wanted("auto", dotnet_folder=str(tmp_path))).name == "dotnet"


def test_rel_1_6_1_02_when_nothing_fits_this_python_it_is_said_with_numbers(tmp_path: Path) -> None:
    """The runtime that is needed is checked before anything is loaded, with a clear message."""
    portable_executable(tmp_path / "Adk.dll", OTHER)
    way = chosen(Wanted("auto"), tmp_path)
    assert (way.name, way.why.code, way.why.level) == ("ctypes", "SYS-945", Level.STOP)
    said = render(way.why, Translator("en"))
    assert f"is {OTHER}-bit" in said
    assert f"is {BITS}-bit" in said
    assert f"install a {OTHER}-bit Python" in said


def test_the_interpreter_decides_the_bits(tmp_path: Path) -> None:
    portable_executable(tmp_path / "Adk.dll", OTHER)
    python = portable_executable(tmp_path / "python.exe", OTHER)
    assert chosen(Wanted("auto", interpreter=str(python)), tmp_path).why.code == "SYS-943"


def test_nothing_installed_is_said(tmp_path: Path) -> None:
    assert chosen(Wanted("auto")).why.code == "SYS-946"
    assert chosen(Wanted("auto"), tmp_path).why.level is Level.STOP


@pytest.mark.parametrize(
    ("library", "code", "factory"),
    [
        ("ctypes", "SYS-941", FACTORIES["ctypes"]),
        ("dotnet", "SYS-942", FACTORIES["dotnet"]),
        ("practice", "SYS-940", "practice:engine"),
    ],
)
def test_what_the_setting_names_is_taken(tmp_path: Path, library: str, code: str, factory: str) -> None:
    portable_executable(tmp_path / "Adk.dll", BITS)
    way = chosen(Wanted(library), tmp_path)
    assert (way.name, way.why.code, way.why.level, way.library.factory) == (library, code, Level.NOTE, factory)


def test_a_named_file_counts_before_the_installed_one(tmp_path: Path) -> None:
    mine = portable_executable(tmp_path / "my.dll", BITS)
    assert chosen(Wanted("auto", dll=str(mine)), tmp_path / "other").library.options == {"path": str(mine)}


# -- what loading says ---------------------------------------------------------------------------------------------
def fault(error: AdkLoadError) -> Fault:
    return fault_of(error, Situation("open"))


def test_a_wrong_bitness_at_load_says_both_numbers(tmp_path: Path) -> None:
    dll = portable_executable(tmp_path / "Adk.dll", 32)
    said = render(fault(AdkLoadError("wrong_bitness", f"{dll}: %1 is not a valid", 64)).reason, Translator("en"))
    assert f"{dll} is 32-bit and the Python that loads it is 64-bit" in said


@pytest.mark.parametrize(
    ("reason", "code"), [("no_pythonnet", "SYS-947"), ("no_runtime", "SYS-948"), ("no_api", "SYS-949")]
)
def test_rel_1_6_1_02_what_the_net_way_lacks_is_named(reason: str, code: str) -> None:
    why = fault(AdkLoadError(reason, "coreclr: not found")).reason
    assert why.code == code
    assert "coreclr: not found" in render(why, Translator("sv"))
