"""A Windows Job Object around the host process: when this program ends, however it ends, Windows ends the host too.

An orphaned host would keep a user licence of Administration (architecture, "Administration: the ADK boundary"). Written
from the documentation of kernel32; it has not been run on Windows yet. On other systems there is nothing to do: the
host ends when its pipe closes.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any

JOB_OBJECT_EXTENDED_LIMIT_INFORMATION = 9
JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000


class _BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = [
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    ]


class _ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = [
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    ]


def end_with_this_program(process: subprocess.Popen[bytes]) -> object | None:
    """Tie ``process`` to the life of this program.

    The answer must be kept as long as the process runs: it is the job's handle, whose closing ends the process. None
    where there are no Job Objects. Raises OSError when Windows refuses.
    """
    if sys.platform != "win32":
        return None
    return _Job(process)


class _Job:
    """One job with one process in it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        kernel32: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
        kernel32.CreateJobObjectW.restype = ctypes.c_void_p
        kernel32.CreateJobObjectW.argtypes = [ctypes.c_void_p, ctypes.c_wchar_p]
        kernel32.SetInformationJobObject.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32]
        kernel32.AssignProcessToJobObject.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        kernel32.CloseHandle.argtypes = [ctypes.c_void_p]
        self._kernel32 = kernel32
        self._handle: int | None = self._checked(kernel32.CreateJobObjectW(None, None))
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
        kind = JOB_OBJECT_EXTENDED_LIMIT_INFORMATION
        self._checked(kernel32.SetInformationJobObject(self._handle, kind, ctypes.byref(limits), ctypes.sizeof(limits)))
        self._checked(kernel32.AssignProcessToJobObject(self._handle, int(process._handle)))  # type: ignore[attr-defined,unused-ignore]

    def _checked(self, result: int | None) -> int:
        if not result:
            raise ctypes.WinError(ctypes.get_last_error())  # type: ignore[attr-defined,unused-ignore]
        return result

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            self._kernel32.CloseHandle(self._handle)
            self._handle = None
