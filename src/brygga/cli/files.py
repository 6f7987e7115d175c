"""Files that a command writes: what cannot be written is a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from brygga.records.reasons import Refused, reason


@contextmanager
def written(path: Path) -> Iterator[None]:
    """While ``path`` is being written; ``Refused`` LAG-001 when it must be new and is not, LAG-002 for all else."""
    try:
        yield
    except FileExistsError:
        raise Refused(reason("LAG-001", path=path)) from None
    except OSError as error:
        raise Refused(reason("LAG-002", path=path, detail=error.strerror or error)) from None
