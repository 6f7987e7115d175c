"""Whatever is asked of the journal, in whatever order: one operation and one link for each key, no illegal state."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from brygga.records.target import Kind
from brygga.store.database import open_store
from brygga.store.journal.journal import (
    AlreadyTransferred,
    IllegalTransition,
    Journal,
    NotInJournal,
    OperationState,
    OtherCompany,
    Snapshot,
    TargetTaken,
    Unsettled,
)
from brygga.store.schema.base import link, operation
from brygga.store.states import DELIVERED, SETTLED, TRANSITIONS, UNSETTLED, Change

S = OperationState
FOLDER = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
ENGINE = open_store(Path(FOLDER.name) / "store.sqlite")
ENVIRONMENTS = itertools.count()

SOURCES = st.sampled_from(["a", "b", "c"])
NUMBERS = st.sampled_from(["1", "2"])
WRITES = st.sampled_from(["create", "severa"])
COMPANIES = st.sampled_from(["A", "B"])
SNAPSHOT = Snapshot("1", "x")

Key = tuple[str, str]


class JournalMachine(RuleBasedStateMachine):
    """Two companies send the same documents; a model says what must come of each call."""

    def __init__(self) -> None:
        super().__init__()
        self.environment = str(next(ENVIRONMENTS))
        self.journals = {name: Journal(ENGINE, self.environment, name) for name in ("A", "B")}
        self.states: dict[Key, OperationState] = {}
        self.owners: dict[Key, str] = {}
        self.linked: dict[str, tuple[str, str, bool]] = {}
        """Source key → company, target key, whether an operation made the link."""

    @rule(company=COMPANIES, source=SOURCES, write=WRITES)
    def intend(self, company: str, source: str, write: str) -> None:
        key = (source, write)
        state = self.states.get(key)
        expected: type[Exception] | None = None
        if write == "create" and source in self.linked and (state is None or state in SETTLED):
            expected = AlreadyTransferred if self.linked[source][0] == company else OtherCompany
        elif state is None or state in SETTLED:
            pass
        elif self.owners[key] != company:
            expected = OtherCompany
        elif state in UNSETTLED:
            expected = Unsettled
        elif write == "create":
            expected = AlreadyTransferred
        journal = self.journals[company]
        if not self.raised(expected, journal.intend, transfer="invoices", source_key=source, write=write, payload={}):
            self.states[key], self.owners[key] = S.INTENDED, company

    @rule(
        company=COMPANIES,
        source=SOURCES,
        write=WRITES,
        change=st.sampled_from(["refuse", "doubt", "release", "finish"]),
    )
    def change(self, company: str, source: str, write: str, change: str) -> None:
        key = (source, write)
        found = self.journals[company].operation("invoices", source, write)
        if found is None:
            assert key not in self.states
            return
        allowed, to = TRANSITIONS[Change(change)]
        legal = found.state in allowed
        if change == "finish" and write == "create":
            legal = found.state is S.LINKED
        expected: type[Exception] | None = None if legal else IllegalTransition
        if self.owners[key] != company:
            expected = NotInJournal
        arguments = [found, ()] if change in ("refuse", "doubt") else [found]
        if not self.raised(expected, getattr(self.journals[company], change), *arguments):
            self.states[key] = to

    @rule(company=COMPANIES, source=SOURCES, number=NUMBERS)
    def link(self, company: str, source: str, number: str) -> None:
        key = (source, "create")
        found = self.journals[company].operation("invoices", source, "create")
        if found is None:
            return
        expected: type[Exception] | None = None
        if self.owners[key] != company:
            expected = NotInJournal
        elif self.states[key] not in UNSETTLED:
            expected = IllegalTransition
        elif self.taken(company, source, number):
            expected = TargetTaken
        if not self.raised(expected, self.journals[company].link, found, Kind.INVOICE, number, SNAPSHOT):
            self.states[key] = S.LINKED
            self.linked[source] = (company, number, True)

    @rule(company=COMPANIES, source=SOURCES, number=NUMBERS)
    def couple(self, company: str, source: str, number: str) -> None:
        expected: type[Exception] | None = None
        there = self.linked.get(source)
        if self.states.get((source, "create")) in UNSETTLED:
            expected = Unsettled
        elif self.taken(company, source, number):
            expected = TargetTaken
        elif there is not None and there[0] != company:
            expected = OtherCompany
        elif there is not None and there[1] != number:
            expected = AlreadyTransferred
        if not self.raised(expected, self.journals[company].couple, Kind.INVOICE, source, number, SNAPSHOT):
            self.linked[source] = (company, number, there is not None and there[2])

    @rule(company=COMPANIES, source=SOURCES)
    def uncouple(self, company: str, source: str) -> None:
        there = self.linked.get(source)
        keys = [key for key in self.states if key[0] == source]
        expected: type[Exception] | None = None
        if there is None or there[0] != company:
            expected = NotInJournal
        elif there[2] and any(self.states[key] in UNSETTLED for key in keys):
            expected = Unsettled
        if self.raised(expected, self.journals[company].uncouple, Kind.INVOICE, source):
            return
        assert there is not None
        del self.linked[source]
        for key in keys:
            if there[2] and self.states[key] in DELIVERED:
                self.states[key] = S.RELEASED

    @invariant()
    def the_store_is_as_the_model(self) -> None:
        with ENGINE.connect() as connection:
            mine = operation.c.environment == self.environment
            rows = list(connection.execute(sa.select(operation).where(mine)))
            linked = list(connection.execute(sa.select(link).where(link.c.environment == self.environment)))
        assert len(rows) == len(self.states)
        assert {(row.source_key, row.write): row.state for row in rows} == self.states
        assert {(row.source_key, row.write): row.company for row in rows} == self.owners
        assert len(linked) == len(self.linked)
        assert {row.source_key: (row.company, row.target_key) for row in linked} == {
            source: there[:2] for source, there in self.linked.items()
        }
        assert len({(row.company, row.target_key) for row in linked}) == len(linked)

    def taken(self, company: str, source: str, target: str) -> bool:
        others = {there[:2] for other, there in self.linked.items() if other != source}
        return (company, target) in others

    @staticmethod
    def raised(expected: type[Exception] | None, call: Any, *arguments: Any, **named: Any) -> bool:
        """Whether the call was refused, in exactly the expected way."""
        if expected is None:
            call(*arguments, **named)
            return False
        with pytest.raises(expected) as error:
            call(*arguments, **named)
        assert error.type is expected
        return True


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
