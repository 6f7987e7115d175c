"""Keeps the computer awake while a run works. On Windows through the system's own call; elsewhere nothing is done.

Written for Windows, not seen on it yet.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_CONTINUOUS = 0x80000000
_SYSTEM_REQUIRED = 0x00000001


@contextmanager
def awake() -> Iterator[None]:
    """No sleep until the context ends; the state belongs to the calling thread (SetThreadExecutionState)."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetThreadExecutionState(_CONTINUOUS | _SYSTEM_REQUIRED)
        try:
            yield
        finally:
            kernel.SetThreadExecutionState(_CONTINUOUS)
    else:
        yield
