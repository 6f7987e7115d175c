"""Faults on order, and the log of what was asked: to test what a client does when Severa or the line misbehaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any


class FaultKind(Enum):
    """What goes wrong with an exchange."""

    ANSWER_INSTEAD = "answer instead of doing it"
    DO_THEN_ANSWER = "do it, then answer an error"
    CLOSE_BEFORE = "close the connection without doing it"
    DO_THEN_CLOSE = "do it, then close the connection without an answer"
    WAIT_BEFORE = "wait, then do it"
    DO_THEN_WAIT = "do it, then wait before the answer"
    TRUNCATED_JSON = "do it, answer half of the JSON"
    TRUNCATED_PAGE = "answer a page whose last rows are missing, and say that it is the last one"
    REPEATED_PAGE = "answer the page before once more"


_WAITS = frozenset({FaultKind.WAIT_BEFORE, FaultKind.DO_THEN_WAIT})


@dataclass
class FaultRule:
    """A fault for the calls ``first`` … ``first + times - 1`` among those that match.

    ``method`` and ``path`` are patterns with ``*``; the path is written as in the contract, from ``/v1`` on.
    ``status``, ``text`` and ``headers`` are the answer of the two answer kinds: without ``text`` the body is the error
    body of the contract. ``seconds`` is how long the two wait kinds wait; None is until the client gives up.
    ``rows`` is how many rows a truncated page keeps. ``stands_still`` is set when an exchange waits until the client
    gives up: what comes before the wait is done.
    """

    kind: FaultKind
    method: str
    path: str
    first: int = 1
    times: int = 1
    status: int = 500
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float | None = None
    rows: int = 0
    seen: int = 0
    stands_still: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)

    def strikes(self, method: str, path: str) -> bool:
        """Counts a call that matches; True when this call is one of those to spoil."""
        if not self._matches(method, path):
            return False
        self.seen += 1
        return self._is_due(self.seen)

    def would_strike(self, method: str, path: str) -> bool:
        """Whether the next such call is one of those to spoil; it is not counted."""
        return self._matches(method, path) and self._is_due(self.seen + 1)

    def _matches(self, method: str, path: str) -> bool:
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    def _is_due(self, call: int) -> bool:
        return self.first <= call < self.first + self.times


class FaultPlan:
    """The faults on order; the first rule that strikes decides, every matching rule counts the call."""

    def __init__(self) -> None:
        self._rules: list[FaultRule] = []

    def __iter__(self) -> Iterator[FaultRule]:
        return iter(self._rules)

    def add(self, rule: FaultRule) -> FaultRule:
        """Orders a fault."""
        self._rules.append(rule)
        return rule

    def order(self, kind: FaultKind, method: str, path: str, **details: Any) -> FaultRule:
        """Orders a fault; ``details`` are the other fields of ``FaultRule``."""
        return self.add(FaultRule(kind, method, path, **details))

    def clear(self) -> None:
        """Takes back every fault."""
        self._rules.clear()

    def striking(self, method: str, path: str) -> FaultRule | None:
        """The fault of this call, if any."""
        hits = [rule for rule in list(self._rules) if rule.strikes(method, path)]
        return hits[0] if hits else None

    def keeping_back(self, method: str, path: str) -> FaultRule | None:
        """The fault by which the next such call will wait until the client gives up, if one will."""
        due = next((rule for rule in list(self._rules) if rule.would_strike(method, path)), None)
        waits = due is not None and due.seconds is None and due.kind in _WAITS
        return due if waits else None


@dataclass
class LoggedRequest:
    """One request as it came. ``path`` starts with ``/v1`` whichever alias was used; ``body`` is the parsed JSON (None
    for the token operations, which carry secrets); ``status`` is None until, and unless, an answer was given."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: Any = None
    status: int | None = None
    fault: FaultKind | None = None
