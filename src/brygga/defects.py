"""A defect of the program: its details go to a file for support, the person gets a sentence (SYS-999)."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from pathlib import Path

from brygga import __version__
from brygga.records.reasons import Reason, reason
from brygga.redaction import without_secrets


def noted(error: Exception, folder: Path) -> Reason:
    """Write the details beside the store and answer the sentence's reason; it names the file, or why there is none."""
    path = folder / "errors.log"
    where = str(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {__version__}\n")
            file.write(without_secrets("".join(traceback.format_exception(error))))
    except OSError as failure:
        where = f"{path}: {failure}"
    return reason("SYS-999", error=type(error).__name__, path=where)
