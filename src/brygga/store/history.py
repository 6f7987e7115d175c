"""The history of runs: which run did what with which record. Kept for the lists, the next start and the audit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.records.reasons import Reason
from brygga.store.audit.trail import Told, tell
from brygga.store.database import Step, holds, utcnow, write
from brygga.store.last_used import LastUsedStore
from brygga.store.schema.base import LARGEST_ID, RunState
from brygga.store.schema.base import outcome as outcomes
from brygga.store.schema.base import run as runs
from brygga.store.states import RowState

__all__ = ["EndState", "History", "Outcome", "Run", "RunEnded", "RunState"]

EndState = Literal["completed", "aborted", "failed"]
"""How a run ends: worked through (also with row errors), cancelled, or stopped by a fault (semantics §4.11)."""


class Run(Record, frozen=True):
    """One run of a transfer; times in UTC."""

    id: int
    company: str
    transfer: str
    state: RunState
    program_version: str
    settings_hash: str
    started: datetime
    finished: datetime | None = None


class Outcome(Record, frozen=True):
    """How one record ended in one run. ``run_id``, ``transfer`` and a missing ``at`` are filled in by the store."""

    source_key: str
    source_number: str
    source_name: str
    state: RowState
    action: str
    target_key: str = ""
    reasons: tuple[Reason, ...] = ()
    at: datetime | None = None
    run_id: int = 0
    transfer: str = ""


class RunEnded(Exception):
    """The run has ended (or is not this company's): nothing more can be recorded in it."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"run {run.id} of {run.company} is not running")
        self.run = run


_RUN = [runs.c[name] for name in Run.__struct_fields__]
_OUTCOME = [outcomes.c[name] for name in Outcome.__struct_fields__]

# Made once, because every row of a run needs them.
_ADD_OUTCOME = sa.insert(outcomes)
_RUNNING = (
    sa.select(runs.c.id)
    .where(runs.c.environment == sa.bindparam("its_environment"), runs.c.company == sa.bindparam("its_company"))
    .where(runs.c.id == sa.bindparam("its_id"), runs.c.state == RunState.RUNNING)
    .with_for_update()
)


class History:
    """The runs of one company on one Severa environment."""

    def __init__(
        self,
        engine: Engine,
        environment: str,
        company: str,
        clock: Callable[[], datetime] = utcnow,
        *,
        settings_hash: str = "",
    ) -> None:
        self._engine = engine
        self._environment = environment
        self._company = company
        self._clock = clock
        self._settings_hash = settings_hash
        """Of the settings in force, for the audit trail (``Settings.fingerprint``)."""

    @property
    def store(self) -> Engine:
        """The store that the journal lies in, for what lies beside it."""
        return self._engine

    @property
    def last_used(self) -> LastUsedStore:
        """What each transfer was last searched with."""
        return LastUsedStore(self._engine, self._environment, self._company)

    def now(self) -> datetime:
        """The moment, by the journal's clock."""
        return self._clock()

    def start_run(self, transfer: str, *, program_version: str, settings_hash: str) -> Run:
        """Note that a run has started."""
        values = {
            "company": self._company,
            "transfer": transfer,
            "state": RunState.RUNNING,
            "program_version": program_version,
            "settings_hash": settings_hash,
            "started": self.now(),
        }

        def work(connection: Connection) -> Run:
            added = connection.execute(sa.insert(runs).values(environment=self._environment, **values))
            run = self._run(connection, runs.c.id == new_id(added))
            self._tell_run(connection, run, before={})
            return run

        return write(self._engine, work)

    def record(self, run: Run, outcome: Outcome) -> None:
        """Note how one record ended; committed when it returns."""
        write(self._engine, self.recording(run, (outcome,)))

    def recording(self, run: Run, ended: Sequence[Outcome]) -> Step[None]:
        """The step that notes how records ended, for a transaction that does more; it raises ``RunEnded``."""
        whose = {"environment": self._environment, "company": self._company}
        common = {**whose, "run_id": run.id, "transfer": run.transfer}

        def step(connection: Connection) -> None:
            self._running(connection, run)
            rows = []
            for outcome in ended:
                values = {name: getattr(outcome, name) for name in Outcome.__struct_fields__}
                rows.append({**values, **common, "at": outcome.at or self.now()})
            connection.execute(_ADD_OUTCOME, rows)

        return step

    def finish_run(self, run: Run, state: EndState) -> Run:
        """Note how the run ended."""

        def work(connection: Connection) -> Run:
            self._running(connection, run)
            changed = {"state": RunState(state), "finished": self.now()}
            connection.execute(sa.update(runs).where(runs.c.id == run.id).values(changed))
            ended = self._run(connection, runs.c.id == run.id)
            self._tell_run(connection, ended, before={"state": RunState.RUNNING})
            return ended

        return write(self._engine, work)

    def runs(self, limit: int = 50, transfer: str | None = None, *, offset: int = 0) -> tuple[Run, ...]:
        """The latest runs, newest first."""
        which = sa.true() if transfer is None else runs.c.transfer == transfer
        return self._runs(which, limit, offset)

    def run(self, run_id: int) -> Run | None:
        """The run with this number, None when this company has none."""
        found = self._runs(runs.c.id == run_id) if 0 < run_id <= LARGEST_ID else ()
        return found[0] if found else None

    def newest_completed(self) -> Run | None:
        """The latest run of any transfer that completed."""
        found = self._runs(runs.c.state == RunState.COMPLETED, 1)
        return found[0] if found else None

    def unfinished_runs(self) -> tuple[Run, ...]:
        """Runs that never ended: under way now, or cut off by a crash; newest first."""
        return self._runs(runs.c.state == RunState.RUNNING)

    def last_completed(self, transfer: str) -> Run | None:
        """The latest completed run; its *start* is the next search's changed-since (semantics §4.11, AT-91..93)."""
        found = self._runs(sa.and_(runs.c.transfer == transfer, runs.c.state == RunState.COMPLETED), 1)
        return found[0] if found else None

    def outcomes(self, run_id: int) -> tuple[Outcome, ...]:
        """The outcomes of one run, in the order they came."""
        return self._outcomes(outcomes.c.run_id == run_id, outcomes.c.id)

    def counts(self, run_id: int) -> dict[RowState, int]:
        """How many records ended in each state in one run."""
        which = sa.and_(self._own(outcomes), outcomes.c.run_id == run_id)
        query = sa.select(outcomes.c.state, sa.func.count().label("number")).where(which).group_by(outcomes.c.state)
        with self._engine.connect() as connection:
            found: dict[RowState, int] = {row.state: row.number for row in connection.execute(query)}
        return {state: found[state] for state in RowState if state in found}

    def outcomes_of(self, text: str) -> tuple[Outcome, ...]:
        """Every outcome whose source number, name, source key or target key is exactly this text, newest first."""
        columns = (outcomes.c.source_number, outcomes.c.source_name, outcomes.c.source_key, outcomes.c.target_key)
        return self._outcomes(sa.or_(*(column == text for column in columns)), outcomes.c.id.desc())

    def attention(self, states: Collection[RowState]) -> dict[str, int]:
        """How many records of each transfer ended in one of these states the last time a run met them."""
        newest = (
            sa.select(sa.func.max(outcomes.c.id))
            .where(self._own(outcomes))
            .group_by(outcomes.c.transfer, outcomes.c.source_key)
        )
        query = (
            sa.select(outcomes.c.transfer, sa.func.count().label("number"))
            .where(outcomes.c.id.in_(newest), outcomes.c.state.in_(tuple(states)))
            .group_by(outcomes.c.transfer)
        )
        with self._engine.connect() as connection:
            return {row.transfer: row.number for row in connection.execute(query)}

    def find(self, text: str, *, offset: int = 0, limit: int = 100) -> tuple[Outcome, ...]:
        """Outcomes whose number, name or target key holds the text, whatever the case, newest first."""
        columns = (outcomes.c.source_number, outcomes.c.source_name, outcomes.c.target_key)
        which = sa.or_(*(holds(column, text) for column in columns))
        return self._outcomes(which, outcomes.c.id.desc(), offset=offset, limit=limit)

    def latest_outcomes(self, transfer: str) -> dict[str, Outcome]:
        """The newest outcome of each record of the transfer, by source key: failed ones stay listed (AT-92)."""
        newest = (
            sa.select(sa.func.max(outcomes.c.id))
            .where(self._own(outcomes), outcomes.c.transfer == transfer)
            .group_by(outcomes.c.source_key)
        )
        return {found.source_key: found for found in self._outcomes(outcomes.c.id.in_(newest), outcomes.c.id)}

    def _tell(self, connection: Connection, kind: Told, **told: Any) -> None:
        """Tell the audit trail, with what all of this company's events have in common."""
        common = {"company": self._company, "environment": self._environment, "settings_hash": self._settings_hash}
        tell(connection, kind, **{"at": self.now(), **common, **told})

    def _tell_run(self, connection: Connection, run: Run, before: dict[str, object]) -> None:
        after = {"state": run.state, "transfer": run.transfer}
        key = {"subject": f"run {run.id}", "number": str(run.id), "run_id": run.id}
        at = run.finished or run.started
        self._tell(connection, Told.RUN, at=at, before=before, after=after, settings_hash=run.settings_hash, **key)

    def first_delivered(self, transfer: str) -> dict[str, Outcome]:
        """The outcome with which each record of the transfer got its key in the target, by source key: what the record
        was called in the source at that moment."""
        first = (
            sa.select(sa.func.min(outcomes.c.id))
            .where(self._own(outcomes), outcomes.c.transfer == transfer, outcomes.c.target_key != "")
            .group_by(outcomes.c.source_key)
        )
        return {found.source_key: found for found in self._outcomes(outcomes.c.id.in_(first), outcomes.c.id)}

    def _own(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return sa.and_(table.c.environment == self._environment, table.c.company == self._company)

    def _run(self, connection: Connection, which: sa.ColumnElement[bool]) -> Run:
        return Run(*connection.execute(sa.select(*_RUN).where(which)).one())

    def _runs(self, which: sa.ColumnElement[bool], limit: int | None = None, offset: int = 0) -> tuple[Run, ...]:
        query = sa.select(*_RUN).where(self._own(runs), which).order_by(runs.c.id.desc()).offset(offset).limit(limit)
        with self._engine.connect() as connection:
            return tuple(Run(*row) for row in connection.execute(query))

    def _running(self, connection: Connection, run: Run) -> None:
        its = {"its_environment": self._environment, "its_company": self._company, "its_id": run.id}
        if connection.execute(_RUNNING, its).first() is None:
            raise RunEnded(run)

    def _outcomes(
        self, which: sa.ColumnElement[bool], order: sa.ColumnElement[Any], *, offset: int = 0, limit: int | None = None
    ) -> tuple[Outcome, ...]:
        query = sa.select(*_OUTCOME).where(self._own(outcomes), which).order_by(order).offset(offset).limit(limit)
        with self._engine.connect() as connection:
            return tuple(Outcome(*row) for row in connection.execute(query))


def new_id(added: sa.CursorResult[Any]) -> int:
    """The id that the database gave the row just added."""
    key = added.inserted_primary_key
    assert key is not None
    return int(key[0])
