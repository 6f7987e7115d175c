"""Logg: the calls to Administration, masked as they were written, and the program's own errors."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from litestar import get
from litestar.params import FromPath

from brygga.administration.adk.calllog import FILE_NAME
from brygga.web.site import Html, WebRequest, page, site_of

TAIL_BYTES = 256 * 1024
"""How much of the end of a log is read; the file itself has the rest."""
CALLS = 200
COLUMNS = 8
"""Time, function, table, field, record, arguments and result, code, milliseconds (calllog)."""


@get("/{company:str}/logg", sync_to_thread=True)
def logs(request: WebRequest, company: FromPath[str]) -> Html:
    """The newest lines of both logs."""
    site = site_of(request)
    name = site.company(company)
    common = site.app.settings(name).get("administration.common_path")
    calls, errors = Path(common) / FILE_NAME, site.app.folder / "errors.log"
    lines = [line.split("\t") for line in _tail(calls)] if common else []
    return page(
        request,
        "logs.html",
        company=name,
        here="installningar",
        on=bool(common) and calls.is_file(),
        known=bool(common),
        call_file=FILE_NAME,
        calls=[line for line in reversed(lines) if len(line) == COLUMNS][:CALLS],
        errors=[_without_folder(line, site.app.folder) for line in _tail(errors)[-CALLS:]],
        error_file=errors.name,
    )


def _without_folder(line: str, folder: Path) -> str:
    """A line with paths below the data folder as seen from there: where it lies tells who uses the computer."""
    return line.replace(f"{folder}{os.sep}", "").replace(str(folder), "…")


def _tail(path: Path) -> list[str]:
    """The whole lines at the end of a file; none when it is not there or cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return lines[1:] if size > TAIL_BYTES else lines


ROUTES: tuple[Callable[..., Any], ...] = (logs,)
