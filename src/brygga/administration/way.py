"""Which way to Administration: the C library, the .NET wrapper, or the practice engine; chosen before it is loaded.

Installations are 32-bit (Adk.dll, all versions until 2023) or 64-bit (2023.1 and later, where only the .NET wrapper is
known to work: contracts/adk.md §1.4, §5). A library is loaded by a Python of its own bitness, so that decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from brygga.administration.adk.binary import bits_of
from brygga.administration.adk.binding import BITS, dll_folder_from_registry
from brygga.administration.adk.dotnet_runtime import WRAPPERS
from brygga.administration.host_process import LibrarySpec
from brygga.records.reasons import Level, Reason, reason

DLL = "Adk.dll"
FACTORIES = {
    "ctypes": "brygga.administration.adk.ctypes_library:CtypesLibrary",
    "dotnet": "brygga.administration.adk.dotnet_library:DotNetLibrary",
}
"""The factory that the host process calls; that of the practice engine is the composition root's."""

UNKNOWN = "?"


@dataclass(frozen=True)
class Wanted:
    """What the settings say: ``library`` is auto, ctypes, dotnet or practice; the others are paths, empty if unset."""

    library: str
    dll: str = ""
    dotnet_folder: str = ""
    interpreter: str = ""


@dataclass(frozen=True)
class Way:
    """The way chosen (a key of ``FACTORIES`` or practice), the library for the host, and why in words.

    ``why`` is a note, or a stop when nothing fits: loading fails then, with the same cause.
    """

    name: str
    library: LibrarySpec
    why: Reason


@dataclass(frozen=True)
class _Found:
    """What lies on this computer."""

    python_bits: int
    dll: Path | None
    wrapper: Path | None
    dll_bits: int | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dll_bits", None if self.dll is None else bits_of(self.dll))

    @property
    def words(self) -> dict[str, object]:
        """Parameters of the messages."""
        return {
            "dll": self.dll or DLL,
            "bits": self.dll_bits or UNKNOWN,
            "wrapper": self.wrapper or WRAPPERS[self.python_bits],
            "python_bits": self.python_bits,
        }


def choose(
    wanted: Wanted, practice_factory: str, registered: Callable[[], Path | None] = dll_folder_from_registry
) -> Way:
    """The way to take. Nothing is loaded; ``registered`` gives the folder of the installed program."""
    if wanted.library == "practice":
        return Way("practice", LibrarySpec(practice_factory), reason("SYS-940", Level.NOTE))
    found = _look(wanted, registered)
    if wanted.library == "ctypes":
        return _way("ctypes", wanted, found, reason("SYS-941", Level.NOTE, **found.words))
    if wanted.library == "dotnet":
        return _way("dotnet", wanted, found, reason("SYS-942", Level.NOTE, **found.words))
    return _automatic(wanted, found)


def _automatic(wanted: Wanted, found: _Found) -> Way:
    """The C library when it fits, else the wrapper: its errors are better known, and it needs no runtime."""
    if found.dll is not None and found.dll_bits == found.python_bits:
        return _way("ctypes", wanted, found, reason("SYS-943", Level.NOTE, **found.words))
    if found.wrapper is not None:
        return _way("dotnet", wanted, found, reason("SYS-944", Level.NOTE, **found.words))
    if found.dll is None:
        return _way("ctypes", wanted, found, reason("SYS-946"))
    if found.dll_bits is None:
        return _way("ctypes", wanted, found, reason("SYS-941", Level.NOTE, **found.words))
    return _way("ctypes", wanted, found, reason("SYS-945", **found.words))


def _look(wanted: Wanted, registered: Callable[[], Path | None]) -> _Found:
    python_bits = (bits_of(wanted.interpreter) if wanted.interpreter else None) or BITS
    folder = registered()
    dll = _file(Path(wanted.dll) if wanted.dll else folder, DLL)
    beside = dll.parent if dll is not None else folder
    wrapper = _file(Path(wanted.dotnet_folder) if wanted.dotnet_folder else beside, WRAPPERS[python_bits])
    return _Found(python_bits, dll, wrapper)


def _file(place: Path | None, name: str) -> Path | None:
    """The file itself, or the one of this name in the folder; None when it is not there."""
    if place is None:
        return None
    file = place / name if place.is_dir() else place
    return file if file.is_file() else None


def _way(name: str, wanted: Wanted, found: _Found, why: Reason) -> Way:
    if name == "ctypes":
        path = wanted.dll or (str(found.dll) if found.dll else "")
    else:
        path = str(found.wrapper) if found.wrapper else wanted.dotnet_folder
    return Way(name, LibrarySpec(FACTORIES[name], {"path": path} if path else {}), why)
