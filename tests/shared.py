"""Where the given material lies: contracts, specification and real SIE files, read in place, never copied."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("BRYGGA_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def shared_file(*parts: str) -> Path:
    """A file of the shared folder; the test fails with a clear sentence when the folder is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.fail(f"{path} is missing: the shared folder must lie beside the checkout, or BRYGGA_SHARED must name it")
    return path


def contract(name: str) -> Any:
    """A contract table, parsed from ``shared/contracts``."""
    return json.loads(shared_file("contracts", name).read_text(encoding="utf-8"))
