"""The owner file: which store writes to a company folder (architecture, state machine 7 and 8). Standard library only.

It lies beside the run file. What it says is data of the caller's: a JSON object of texts and numbers.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from typing import Any

from brygga.administration.run_file import RunFileUnusable

OWNER_NAME = "brygga-owner.json"
_ATTEMPTS = 20
_PAUSE_SECONDS = 0.05
"""A virus scanner on Windows may hold a file for a moment after it was written."""


def read_owner(company: str) -> dict[str, Any] | None:
    """What the owner file says, None when there is none; RunFileUnusable when it cannot be read."""
    path = Path(company) / OWNER_NAME
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise RunFileUnusable(str(path), str(error)) from error
    if not isinstance(said, dict):
        raise RunFileUnusable(str(path), "not an object")
    return said


def write_owner(company: str, owner: dict[str, Any]) -> None:
    """Replace the owner file as a whole, on the disk when this returns; RunFileUnusable when the folder refuses."""
    path = Path(company) / OWNER_NAME
    new = path.with_suffix(".new")
    try:
        with new.open("w", encoding="utf-8") as file:
            json.dump(owner, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        _replace(new, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise RunFileUnusable(str(path), str(error)) from error


def _replace(new: Path, path: Path) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            os.replace(new, path)
            return
        except PermissionError:
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE_SECONDS)
