"""A library that records what it is asked, behind the call log, and the lines that the log has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from brygga.administration.adk.calllog import (
    MEMBERS,
    CallLog,
    logged,
)
from brygga.administration.adk.library import AdkLibrary


class Recording:
    """Answers every call of the port with what a test chose, and notes what it was given."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.given: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in MEMBERS:
            raise AttributeError(name)

        def call(*positional: Any, **named: Any) -> Any:
            self.given.append((name, positional, named))
            answer = self.answers.get(name)
            if isinstance(answer, BaseException):
                raise answer
            return answer

        return call


def a_logged(path: Path, **answers: Any) -> tuple[AdkLibrary, Recording]:
    inner = Recording(**answers)
    return logged(cast(AdkLibrary, inner), CallLog(path)), inner


def lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_bytes().decode("utf-8").split("\n")[:-1]]
