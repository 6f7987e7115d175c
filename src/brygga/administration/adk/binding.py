"""Finding and loading the C library of the Administration API, and its types in ctypes.

Source: contracts/adk.md §1.1, §1.2 and §4 (paths). Standard library only: the host process imports it.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
from pathlib import Path
from typing import Any

from brygga.administration.adk.errors import AdkLoadError, AdkStatus
from brygga.administration.adk.signatures import SIGNATURES, WARNING_CALLBACK, Signature, export_name

REGISTRY_KEY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\SpcsAdm.Exe"
"""Below HKEY_LOCAL_MACHINE; value ``AdkDll`` is the folder of the DLL (contracts/adk.md §4, paths)."""

BITS = 8 * ctypes.sizeof(ctypes.c_void_p)
WINDOWS = sys.platform == "win32"
HANDSHAKE = "BryggaPracticeHandshake"


class ErrorStruct(ctypes.Structure):
    """ADK_ERROR, 20 bytes, returned by value (contracts/adk.md §1.2)."""

    _fields_ = [(member, ctypes.c_int32) for member in ("lRc", "lDbTable", "lField", "lFunction", "lProgramPart")]

    def status(self) -> AdkStatus:
        return AdkStatus(self.lRc, self.lDbTable, self.lField, self.lFunction, self.lProgramPart)


class _Int32:
    """An argument of type INT, LONG, BOOL or enum: ctypes alone would cut a larger number without a word."""

    @classmethod
    def from_param(cls, value: int) -> ctypes.c_int32:
        if not -(2**31) <= value < 2**31:
            raise OverflowError(f"{value} does not fit the API's 32-bit integers")
        return ctypes.c_int32(value)


if sys.platform == "win32":
    WarningFunction = ctypes.WINFUNCTYPE(None, ctypes.POINTER(ErrorStruct))
else:
    WarningFunction = ctypes.CFUNCTYPE(None, ctypes.POINTER(ErrorStruct))

_INT_POINTER = ctypes.POINTER(ctypes.c_int32)
_ARGUMENT_TYPES: dict[str, Any] = {
    "INT": _Int32,
    "LONG": _Int32,
    "BOOL": _Int32,
    "ADK_ERROR_TEXT_TYPE": _Int32,
    "ADK_SORT_ORDER": _Int32,
    "DOUBLE": ctypes.c_double,
    "CHAR*": ctypes.c_char_p,
    "const char*": ctypes.c_char_p,
    "ADK_DATA*": ctypes.c_void_p,
    "INT*": _INT_POINTER,
    "LONG*": _INT_POINTER,
    "BOOL*": _INT_POINTER,
    "ADK_FIELD_TYPE*": _INT_POINTER,
    "DOUBLE*": ctypes.POINTER(ctypes.c_double),
    "CHAR**": ctypes.POINTER(ctypes.c_char_p),
    "ADK_DATA**": ctypes.POINTER(ctypes.c_void_p),
    "ADK_ERROR*": ctypes.POINTER(ErrorStruct),
    WARNING_CALLBACK: WarningFunction,
}
_RESULT_TYPES: dict[str, Any] = {
    "ADK_ERROR": ErrorStruct,
    "PADK_DATA": ctypes.c_void_p,
    "BOOL": ctypes.c_int32,
    "VOID": None,
}


class TextBuffer:
    """Memory that the library writes a text into: the address of a pointer to it is passed (contracts/adk.md §1.1).

    ``length`` is what the library is told; the memory is larger, since it is unknown whether that counts the NUL, and
    because of the zeros behind it a text is always ended. A library that puts its own pointer there is read as well.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        self._memory = ctypes.create_string_buffer(length + 2)
        self._pointer = ctypes.c_char_p(ctypes.addressof(self._memory))

    def reference(self) -> Any:
        return ctypes.byref(self._pointer)

    def text(self) -> str:
        return _decoded(self._pointer.value or b"")


def _decoded(raw: bytes) -> str:
    """Text of Windows-1252 bytes; the five unassigned ones become the control characters Windows makes of them."""
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in raw)


def dll_folder_from_registry() -> Path | None:
    """The folder that the installed program names for its DLL; None without such an entry and off Windows."""
    if not WINDOWS:
        return None
    winreg: Any = importlib.import_module("winreg")
    for view in (0, winreg.KEY_WOW64_32KEY, winreg.KEY_WOW64_64KEY):
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, REGISTRY_KEY, 0, winreg.KEY_READ | view) as key:
                folder, _kind = winreg.QueryValueEx(key, "AdkDll")
        except FileNotFoundError:
            continue
        if folder:
            return Path(folder)
    return None


def library_file(path: str | Path | None, file_name: str) -> Path:
    """The file to load: ``path`` itself, or ``file_name`` in the folder ``path``, or in the registry's folder.

    Raises AdkLoadError ``not_found``.
    """
    place = Path(path) if path is not None else dll_folder_from_registry()
    if place is None:
        raise AdkLoadError("not_found", f"{file_name}: no folder is set and none is registered")
    file = (place / file_name if place.is_dir() else place).resolve()
    if not file.is_file():
        raise AdkLoadError("not_found", str(file))
    return file


def _loaded(file: Path) -> ctypes.CDLL:
    try:
        if sys.platform == "win32":
            # The DLL's own dependencies lie beside it; the entry is meant to last as long as the process.
            os.add_dll_directory(str(file.parent))
            return ctypes.WinDLL(str(file))
        return ctypes.CDLL(str(file))
    except OSError as error:
        raise AdkLoadError(load_failure_reason(error, file), f"{file}: {error}") from error


def load_failure_reason(error: OSError, file: Path) -> str:
    """Why the loader refused the file.

    ``not_found`` (it, or what it depends on), ``not_a_library`` (its first bytes are no library's) or
    ``wrong_bitness``. Windows answers 193 (ERROR_BAD_EXE_FORMAT) for the last two alike; elsewhere the loader speaks
    of ELF.
    """
    words = str(error)
    wrong_kind = getattr(error, "winerror", None) == 193 or "ELF" in words or "file too short" in words
    if not wrong_kind:
        return "not_found"
    try:
        with file.open("rb") as opened:
            beginning = opened.read(4)
    except OSError:
        return "not_found"
    return "wrong_bitness" if beginning.startswith(LIBRARY_BEGINNINGS) else "not_a_library"


LIBRARY_BEGINNINGS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How the files of Windows, of Linux and of macOS libraries begin."""


class Binding:
    """The loaded file with the functions of ``SIGNATURES`` declared; those of a later version may be absent.

    Raises AdkLoadError: ``not_found``, ``wrong_bitness``, ``missing_function``, ``no_handshake``.
    """

    def __init__(self, path: str | Path | None, file_name: str) -> None:
        self.file = library_file(path, file_name)
        library = _loaded(self.file)
        self._check_handshake(library)
        self.functions: dict[str, Any] = {}
        for signature in SIGNATURES:
            self._bind(library, signature)

    def _check_handshake(self, library: ctypes.CDLL) -> None:
        """The practice library says whether its engine started; the vendor's has no such function."""
        try:
            handshake = getattr(library, HANDSHAKE)
        except AttributeError:
            return
        handshake.restype = ctypes.c_int32
        if handshake() == 0:
            raise AdkLoadError("no_handshake", str(self.file))

    def _bind(self, library: ctypes.CDLL, signature: Signature) -> None:
        try:
            function = getattr(library, export_name(signature.name, BITS, WINDOWS))
        except AttributeError:
            if signature.required:
                raise self.missing(signature) from None
            return
        function.restype = _RESULT_TYPES[signature.result]
        function.argtypes = [_ARGUMENT_TYPES[argument] for argument in signature.arguments]
        self.functions[signature.name] = function

    def missing(self, signature: Signature) -> AdkLoadError:
        """The error for a function that this file does not export."""
        return AdkLoadError("missing_function", signature.name)
