"""A plain C library with the API's entry points and no engine, to see what ``CtypesLibrary`` does with odd answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from brygga.administration.adk.signatures import SIGNATURES, Signature

FIRST_ANSWER = 1000
"""A function without behaviour of its own answers lRc ``FIRST_ANSWER`` + its place in ``SIGNATURES``."""

_C_TYPES = {
    **dict.fromkeys(("INT", "LONG", "BOOL", "ADK_ERROR_TEXT_TYPE", "ADK_SORT_ORDER"), "int32_t"),
    **dict.fromkeys(("INT*", "LONG*", "BOOL*", "ADK_FIELD_TYPE*"), "int32_t *"),
    "DOUBLE": "double",
    "DOUBLE*": "double *",
    "CHAR*": "char *",
    "CHAR**": "char **",
    "const char*": "char *",
    "ADK_DATA*": "void *",
    "ADK_DATA**": "void **",
    "ADK_ERROR*": "ADK_ERROR *",
    "PADK_DATA": "void *",
    "ADK_ERROR": "ADK_ERROR",
    "VOID": "void",
    "void (__stdcall*)(ADK_ERROR*)": "warning_type ",
}

_HEAD = """
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#define CALL __stdcall
#else
#define EXPORT
#define CALL
#endif
typedef struct { int32_t lRc, lDbTable, lField, lFunction, lProgramPart; } ADK_ERROR;
typedef void (CALL *warning_type)(ADK_ERROR *);
static warning_type warning_function = 0;
static char own_memory[] = "annat minne \\xc5";
static void warn(int32_t code) { ADK_ERROR w = {code, 1, 2, 3, 4}; if (warning_function) warning_function(&w); }
static ADK_ERROR answer(int32_t code) { ADK_ERROR e = {code, 10, 20, 30, 40}; return e; }
"""

_BODIES = {
    "AdkSetWarningFunction": "warning_function = a0;",
    "AdkGetErrorText": 'snprintf(*a2, a3, "text %d del %d", (int)a0->lRc, (int)a1);',
    "AdkClose": "",
    "AdkGetVersion": "*a0 = 2023; *a1 = 1;",
    "AdkGetProgramDatabaseVersion": "*a0 = 2024; *a1 = 2;",
    "AdkIsReadWrite": "return a1 == 5;",
    # a record whose pointer uses every byte of a 64-bit handle
    "AdkCreateData": "return a0 ? 0 : (void *)(uintptr_t)(~(uintptr_t)0 - 15);",
    "AdkResetStruct": "return answer(a0 == (void *)(uintptr_t)(~(uintptr_t)0 - 15) ? 0 : 211);",
    "AdkGetStr": "if (a1 == 1) *a2 = own_memory; else if (a1 == 2) memset(*a2, 'x', a3);"
    ' else if (a1 == 3) strcpy(*a2, "a\\x81\\xe5"); else if (a1 == 4) *a2 = 0; return answer(0);',
    "AdkGetData": "*a3 = 0; return answer(0);",
    "AdkAdd": "warn(238); warn(256); return answer(0);",
    "AdkUpdate": "return answer(256);",
    "AdkDeleteRecord": "warn(238); return answer(238);",
    "AdkDeleteRow": "warn(238); return answer(12);",
}


def _function(place: int, signature: Signature) -> str:
    parameters = ", ".join(
        f"{_C_TYPES[argument]}a{index}" if _C_TYPES[argument].endswith(("*", " ")) else f"{_C_TYPES[argument]} a{index}"
        for index, argument in enumerate(signature.arguments)
    )
    default = {"ADK_ERROR": f"return answer({FIRST_ANSWER + place});", "PADK_DATA": "return 0;"}
    body = _BODIES.get(signature.name, default.get(signature.result, ""))
    return f"EXPORT {_C_TYPES[signature.result]} CALL {signature.name}({parameters or 'void'}) {{ {body} }}\n"


def build_vendor_double(
    folder: Path, name: str, exported: Callable[[Signature], bool] = lambda signature: True
) -> Path:
    """Compile the library with the functions that ``exported`` lets through."""
    import cffi

    ffi = cffi.FFI()
    ffi.cdef("extern int unused;")
    functions = "".join(_function(i, each) for i, each in enumerate(SIGNATURES) if exported(each))
    ffi.set_source(name, f"{_HEAD}{functions}int unused;")
    return Path(ffi.compile(tmpdir=str(folder)))
