"""Exit codes, the same for every command, and the one place where faults become sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError

from brygga.cli.language import translator
from brygga.defects import noted
from brygga.messages import render
from brygga.records.reasons import Fault, Reason, Unavailable, reason


class Exit(IntEnum):
    """What a script learns from the exit code."""

    OK = 0
    ATTENTION = 1
    """Done, but a row failed, waits, is in doubt, or something differs."""
    USAGE = 2
    REFUSED = 3
    """Nothing was done: settings, rights or input; the sentence says what to do."""
    UNAVAILABLE = 4
    """Nothing was done: a system could not be reached just now; try again later."""
    DEFECT = 5
    """The program itself failed; the sentence names a file for support."""


console = Console()
errors = Console(stderr=True)


@contextmanager
def sentences(as_json: bool = False) -> Iterator[None]:
    """Turn a fault into one sentence with its remedy and an exit code; never a traceback."""
    try:
        yield
    except Fault as fault:
        code = Exit.UNAVAILABLE if isinstance(fault, Unavailable) else Exit.REFUSED
        complain(fault.reason, as_json)
        raise typer.Exit(code) from None
    except OperationalError as error:
        # The store went away under way: disk full, locked by another program, database server stopped.
        complain(reason("LAG-041", detail=str(error.orig).strip().splitlines()[0]), as_json)
        raise typer.Exit(Exit.UNAVAILABLE) from None


def complain(why: Reason, as_json: bool = False) -> None:
    """Print a reason as a sentence, or as JSON on standard output."""
    if as_json:
        console.out(json.dumps({"error": {"code": why.code, "text": render(why, translator)}}, ensure_ascii=False))
    else:
        errors.out(render(why, translator))


def crashed(error: Exception, folder: Path) -> Exit:
    """A defect of the program: one sentence, and a file for support (SYS-999)."""
    complain(noted(error, folder))
    return Exit.DEFECT
