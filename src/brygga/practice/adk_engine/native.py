"""The practice engine compiled into a shared library with the C entry points of the Administration API.

``build_library`` writes the library with cffi's embedding interface; cffi and a C compiler are needed to build and to
run it, so it is for development and tests. The header text is our own: names and numbers of contracts/adk.md §1 only.

How a call goes: an exported C function prepares an answer that *refuses* (lRc 1, null, 0), hands its address with the
arguments to the Python function of the same name in ``native_glue``, and returns the answer. Whatever goes wrong on the
way (the engine does not import, an exception nobody expected) therefore reads as a refusal. cffi's own default answer
is zero, which in this API means success.
"""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRACTICE_ENGINE = "brygga.practice.adk_engine:library"
"""Where the engine comes from: ``module:function``, the function making an engine."""

HANDSHAKE = "BryggaPracticeHandshake"
"""Exported besides the API: answers 1 when the engine has started, 0 when it could not be."""


@dataclass(frozen=True)
class EntryPoint:
    """An exported function: its C result, its name and its C parameters (``type name``, pointers as ``type *name``)."""

    result: str
    name: str
    parameters: tuple[str, ...]

    @property
    def parameter_text(self) -> str:
        """The C parameter list between the brackets."""
        return ", ".join(self.parameters) or "void"

    @property
    def argument_names(self) -> tuple[str, ...]:
        """The names of the parameters, for passing them on."""
        return tuple(parameter.replace("*", " ").split()[-1] for parameter in self.parameters)


def _entries(result: str, *declarations: str) -> tuple[EntryPoint, ...]:
    rows = []
    for declaration in declarations:
        name, _, parameters = declaration.partition(":")
        rows.append(EntryPoint(result, name, tuple(part.strip() for part in parameters.split(",") if part.strip())))
    return tuple(rows)


MODELLED: tuple[EntryPoint, ...] = (
    *_entries(
        "ADK_ERROR",
        "AdkOpen: char *common, char *company",
        "AdkOpen2: char *common, char *company, char *user, char *password",
        "AdkIsLoginActivated: char *common, char *company, int32_t *activated",
        "AdkGetCompanyName: char *company, int32_t strict, char *common, char **text, int32_t size, int32_t *variant,"
        " int32_t *major, int32_t *minor",
        "AdkGetVariant: int32_t *variant, int32_t *licensed, char **text, int32_t size, char *common",
        "AdkGetBookingYearId: int32_t date, char **text, int32_t size",
        "AdkDeleteStruct: ADK_DATA *data",
        "AdkResetStruct: ADK_DATA *data",
        "AdkGetStr: ADK_DATA *data, int32_t field, char **text, int32_t size",
        "AdkGetBool: ADK_DATA *data, int32_t field, int32_t *value",
        "AdkGetDouble: ADK_DATA *data, int32_t field, double *value",
        "AdkGetDate: ADK_DATA *data, int32_t field, int32_t *value",
        "AdkGetData: ADK_DATA *data, int32_t field, int32_t index, ADK_DATA **row",
        "AdkSetStr: ADK_DATA *data, int32_t field, char *value",
        "AdkSetBool: ADK_DATA *data, int32_t field, int32_t value",
        "AdkSetDouble: ADK_DATA *data, int32_t field, double value",
        "AdkSetDate: ADK_DATA *data, int32_t field, int32_t value",
        "AdkSetData: ADK_DATA *data, int32_t field, ADK_DATA *rows",
        "AdkLongToDate: int32_t value, char **text, int32_t size",
        "AdkLongToDateTime: int32_t value, char **text, int32_t size",
        "AdkDateToLong: char *text, int32_t *value",
        "AdkGetType: ADK_DATA *data, int32_t field, int32_t *type",
        "AdkGetLength: ADK_DATA *data, int32_t field, int32_t *length",
        "AdkGetDecimals: ADK_DATA *data, int32_t field, int32_t *decimals",
        "AdkGetLastFldId: ADK_DATA *data, int32_t *field",
        "AdkGetTimestampField: ADK_DATA *data, int32_t *field",
        "AdkAdd: ADK_DATA *data",
        "AdkUpdate: ADK_DATA *data",
        "AdkDeleteRow: ADK_DATA *data, int32_t number",
        "AdkDeleteRecord: ADK_DATA *data",
        "AdkSetSortOrder: ADK_DATA *data, int32_t order",
        "AdkFindEx: ADK_DATA *data, int32_t rows",
        "AdkFirstEx: ADK_DATA *data, int32_t rows",
        "AdkLastEx: ADK_DATA *data, int32_t rows",
        "AdkNextEx: ADK_DATA *data, int32_t rows",
        "AdkPreviousEx: ADK_DATA *data, int32_t rows",
        "AdkSetFilter: ADK_DATA *data, int32_t field, const char *expression, int32_t version",
        "AdkIsFilterable: ADK_DATA *data, int32_t field, int32_t *filterable",
        "AdkClearFilters: ADK_DATA *data",
    ),
    *_entries(
        "ADK_DATA *",
        "AdkCreateData: int32_t table",
        "AdkCreateDataRow: int32_t table, int32_t count",
        "AdkGetDataRow: ADK_DATA *rows, int32_t index",
    ),
    *_entries("int32_t", "AdkIsReadWrite: ADK_DATA *data, int32_t field"),
    *_entries(
        "void",
        "AdkClose:",
        "AdkGetVersion: int32_t *major, int32_t *minor",
        "AdkGetProgramDatabaseVersion: int32_t *major, int32_t *minor",
        "AdkGetErrorText: ADK_ERROR *error, int32_t part, char **text, int32_t size",
    ),
)
"""Functions that reach the engine. ``AdkSetWarningFunction`` comes on top: it is plain C."""

_PRICE = "char *customer, char *article, double quantity, int32_t a, int32_t b, int32_t c, int32_t d, double *price"
_COMPANY = "char *company, int32_t strict, char *common, char **text, int32_t size, int32_t *a, int32_t *b, int32_t *c"
REFUSED: tuple[EntryPoint, ...] = _entries(
    "ADK_ERROR",
    *(f"{name}: ADK_DATA *data" for name in ("AdkFind", "AdkFirst", "AdkLast", "AdkNext", "AdkPrevious", "AdkDelete")),
    *(f"{name}: ADK_DATA *data, int32_t rows" for name in ("AdkFind2", "AdkAddEx", "AdkUpdateEx")),
    *(f"{name}: ADK_DATA *data, int32_t *id" for name in ("AdkGetNrowsFldId", "AdkGetRowsFldId", "AdkGetRowDbId")),
    *(f"{name}: int32_t *size_code, char **text, int32_t size" for name in ("AdkGetAdmSize", "AdkGetAdmSizeEx")),
    "AdkGetFieldName: int32_t table, int32_t field, char **text, int32_t size",
    "AdkOpenEx: char *common, char *company, int32_t log_on",
    "AdkOpenEx2: char *common, char *company, char *user, char *password, int32_t log_on",
    "AdkGetVatpercentOnArticle: char *article, double *percent",
    f"AdkGetCustomerPrice: {_PRICE}",
    f"AdkGetCustomerPrice2: {_PRICE}, char **currency, int32_t size",
    "AdkGetSie: int32_t type, char year, char *file, char *path",
    "AdkDateTimeToLong: char *text, int32_t *value",
    f"AdkGetCompanyNameEx: {_COMPANY}",
    "AdkGetCompanySetting: char *setting, int32_t *value",
)
"""Exported, so that a client finds the symbols, but not modelled: they answer lRc 1 (internal)."""

_TYPES = """
typedef struct { int32_t lRc; int32_t lDbTable; int32_t lField; int32_t lFunction; int32_t lProgramPart; } ADK_ERROR;
typedef struct AdkRecord ADK_DATA;
"""

# The five members of a refusal: internal error, no table, no field (contracts/adk.md §1.2).
_PRELUDE = """
#if defined(_WIN32)
#define PRACTICE_EXPORT __declspec(dllexport)
#define PRACTICE_CALL __stdcall
#else
#define PRACTICE_EXPORT __attribute__((visibility("default")))
#define PRACTICE_CALL
#endif
static const ADK_ERROR refusal = {1, 187, 188, 0, 0};

typedef void (PRACTICE_CALL *warning_function_type)(ADK_ERROR *);
static warning_function_type warning_function = 0;
PRACTICE_EXPORT void PRACTICE_CALL AdkSetWarningFunction(warning_function_type function)
{
    warning_function = function;
}
static void practice_deliver_warning(ADK_ERROR *warning)
{
    if (warning_function)
        warning_function(warning);
}
"""

_INITIAL_ANSWERS = {"ADK_ERROR": "refusal", "ADK_DATA *": "0", "int32_t": "0"}


def _python_declaration(entry: EntryPoint) -> str:
    """The Python function behind an entry point: the answer's address first, then the arguments."""
    answer = () if entry.result == "void" else (f"{entry.result} *answer",)
    return f"void practice_{entry.name}({', '.join((*answer, *entry.parameters)) or 'void'})"


def _exported(entry: EntryPoint) -> str:
    head = f"PRACTICE_EXPORT {entry.result} PRACTICE_CALL {entry.name}({entry.parameter_text})"
    if entry in REFUSED:
        unused = " ".join(f"(void){name};" for name in entry.argument_names)
        return f"{head}\n{{ {unused} return refusal; }}\n"
    if entry.result == "void":
        return f"{head}\n{{ practice_{entry.name}({', '.join(entry.argument_names)}); }}\n"
    arguments = ", ".join(("&answer", *entry.argument_names))
    initial = _INITIAL_ANSWERS[entry.result]
    return f"{head}\n{{ {entry.result} answer = {initial}; practice_{entry.name}({arguments}); return answer; }}\n"


def c_source() -> str:
    """The C text of the library, without what cffi adds."""
    forward = "".join(f"static {_python_declaration(entry)};\n" for entry in MODELLED)
    exported = "".join(_exported(entry) for entry in (*MODELLED, *REFUSED))
    return f"#include <stdint.h>\n{_TYPES}{_PRELUDE}{forward}{exported}"


def _init_code(module: str, engine: str, search_path: tuple[str, ...]) -> str:
    """What the library runs at its first call: the host's ``sys.path`` need not know the engine."""
    return f"""
import sys
sys.path[:0] = [folder for folder in {list(search_path)!r} if folder not in sys.path]
from {module} import ffi, lib
from brygga.practice.adk_engine import native_glue
native_glue.install(ffi, lib, {engine!r})
"""


def build_library(folder: Path, *, engine: str = PRACTICE_ENGINE, search_path: tuple[Path, ...] = ()) -> Path:
    """Compile the library into ``folder`` for the running Python and return its path; an equal one there is reused.

    ``engine`` names the function that makes the engine (``module:function``); ``search_path`` holds folders to import
    it from, besides the one of this package. Another Python than the running one must not load the library.
    """
    import cffi

    folders = tuple(str(path) for path in (*search_path, Path(__file__).resolve().parents[3]))
    ingredients = (c_source(), engine, folders, sys.version, sysconfig.get_platform(), cffi.__version__)
    digest = hashlib.sha256(repr((*ingredients, Path(__file__).read_text(encoding="utf-8"))).encode()).hexdigest()[:16]
    module = f"brygga_practice_adk_{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{module}{'.dll' if sys.platform == 'win32' else '.so'}"
    if target.exists():
        return target
    with tempfile.TemporaryDirectory(dir=folder, prefix="build-") as work:
        built = Path(_builder(cffi, module, engine, folders).compile(tmpdir=work, target=f"{module}.*"))
        _put_in_place(built, target)
    return target


def _put_in_place(built: Path, target: Path) -> None:
    """Move the built file to its name; when another process was faster and has it loaded, its equal file stays."""
    try:
        os.replace(built, target)
    except PermissionError:
        if not target.exists():
            raise


def _builder(cffi: Any, module: str, engine: str, folders: tuple[str, ...]) -> Any:
    ffi = cffi.FFI()
    ffi.cdef(_TYPES)
    ffi.cdef("void practice_deliver_warning(ADK_ERROR *warning);")
    ffi.cdef("".join(f'extern "Python" {_python_declaration(entry)};\n' for entry in MODELLED))
    ffi.embedding_api(f"int32_t {HANDSHAKE}(void);")
    ffi.embedding_init_code(_init_code(module, engine, folders))
    ffi.set_source(module, c_source())
    return ffi
