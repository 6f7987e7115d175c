"""Finding the vendor's .NET wrapper assembly, starting the runtime it needs and loading it (contracts/adk.md §1.4).

pythonnet is imported only here and only when the .NET way is chosen: the rest of the host needs the standard library
alone. Everything here is called on the CLR thread.
"""

from __future__ import annotations

import atexit
import importlib
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brygga.administration.adk.binary import bits_of
from brygga.administration.adk.binding import BITS, WINDOWS, library_file
from brygga.administration.adk.errors import AdkLoadError

WRAPPERS = {64: "AdkNet6Wrapper.dll", 32: "AdkNet4Wrapper.dll"}
"""The wrapper for a Python of so many bits; both lie in the folder of the DLL."""

NAMESPACES = ("AdkNetWrapper", "AdkNet4Wrapper")
"""Where the class ``Api`` is: the 64-bit wrapper has the namespace of the oldest one."""


def wrapper_file(folder: str | Path | None, bits: int = BITS) -> Path:
    """The assembly ``folder``, or in that folder, or in the one that the registry names; AdkLoadError ``not_found``."""
    return library_file(folder, WRAPPERS[bits])


def runtime_name(bits: int = BITS, windows: bool = WINDOWS) -> str:
    """The kind of .NET runtime: .NET 6 or later for the 64-bit wrapper, .NET Framework for the other, else Mono."""
    if not windows:
        return "mono"
    return "coreclr" if bits == 64 else "netfx"


def load_api(file: Path, runtime: str) -> Any:
    """The CLR type ``Api`` of the assembly.

    AdkLoadError ``no_pythonnet``, ``no_runtime``, ``wrong_bitness``, ``not_a_library``, and ``no_api`` when the class
    is not there.
    """
    _start(runtime)
    clr: Any = importlib.import_module("clr")
    try:
        assembly = clr.AddReference(str(file))
    except Exception as error:
        # .NET has one name for a file that is none and one of another bitness; its header tells which.
        reason = "not_a_library" if bits_of(file) in (None, BITS) else "wrong_bitness"
        raise AdkLoadError(reason, str(file)) from error
    for namespace in NAMESPACES:
        api = assembly.GetType(f"{namespace}.Api")
        if api is not None:
            return api
    raise AdkLoadError("no_api", str(file))


def _start(runtime: str) -> None:
    try:
        pythonnet: Any = importlib.import_module("pythonnet")
    except ImportError as error:
        raise AdkLoadError("no_pythonnet", str(error)) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the version of Mono, which only the tests use
            pythonnet.load(runtime)
    except Exception as error:
        causes = " – ".join(str(each).strip().splitlines()[0] for each in _causes(error) if str(each).strip())
        raise AdkLoadError("no_runtime", f"{runtime}: {causes}") from error
    # The runtime ends with the process: shut down from the main thread, which it does not know, Mono aborts.
    atexit.unregister(pythonnet.unload)
    mono: Any = sys.modules.get("clr_loader.mono")
    if mono is not None:
        atexit.unregister(mono._release)


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__
