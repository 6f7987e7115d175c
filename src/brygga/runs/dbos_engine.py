"""DBOS behind the port: the only module that imports it (decisions.md; libraries.md §1).

Its state is global to a process (one engine at a time) and stays in here. Its system tables lie in a file of their own
beside an SQLite store, or in a schema of their own in the store's PostgreSQL database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event
from typing import Any, cast

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID
from sqlalchemy.engine import Engine

from brygga.runs.port import Attempt

PROTOCOL = "runs-1"
"""DBOS's application version. Not the program's: an update of the program must find what is queued. Raised when a
ticket means something else than before; the workers then put in anew what waits under the old one."""

SCHEMA = "brygga_runs"
POLLING_SECONDS = 0.2

_STATES = {"ENQUEUED": "queued", "DELAYED": "queued", "PENDING": "active"}
_carry: Callable[[str], None] | None = None


@DBOS.workflow(name="run")
def _workflow(ticket: str) -> None:
    """A run is one workflow without steps: the journal's rows are its checkpoints, so starting over is going on."""
    assert _carry is not None, "launched"
    _carry(ticket)


class DbosEngine:
    """``DurableEngine`` on DBOS. ``protocol`` differs from ``PROTOCOL`` in the tests of an upgrade only."""

    def __init__(self, store: Engine, protocol: str = PROTOCOL) -> None:
        self._store = store
        self._protocol = protocol
        self._queues: set[str] = set()
        self._companies_at_once = 0

    @property
    def protocol(self) -> str:
        """What tickets are put in under."""
        return self._protocol

    def launch(
        self, worker: str, carry: Callable[[str], None], *, groups: tuple[str, ...] = (), companies_at_once: int = 0
    ) -> None:
        """Begin; an engine that this process had before is left."""
        global _carry
        _silence()
        DBOS.destroy()
        _carry = carry
        self._companies_at_once = companies_at_once
        system = _system_engine(self._store)
        DBOS(
            config=DBOSConfig(
                name="brygga",
                system_database_url=system.url.render_as_string(hide_password=False),
                system_database_engine=system,
                dbos_system_schema=SCHEMA,
                application_version=self._protocol,
                executor_id=worker,
                serializer=DBOSPortableJSONSerializer(),
                use_listen_notify=False,
                notification_listener_polling_interval_sec=POLLING_SECONDS,
                log_level="ERROR",
                enable_otlp=False,
            )
        )
        DBOS.listen_queues([_queue(group) for group in groups])
        DBOS.launch()
        for group in groups:
            self._register(group)

    def enqueue(self, ticket: str, company: str, group: str, order: int) -> None:
        """One partition per company, of which one ticket at a time is active."""
        self._register(group)
        with SetWorkflowID(ticket), SetEnqueueOptions(queue_partition_key=company, priority=order):
            DBOS.enqueue_workflow(_queue(group), _workflow, ticket)

    def run_now(self, ticket: str, done: Event) -> None:
        """Start it past the queue and wait, in short steps: on Windows a thread that waits sees no Ctrl+C."""
        with SetWorkflowID(ticket):
            handle = DBOS.start_workflow(_workflow, ticket)
        while not done.wait(POLLING_SECONDS):
            continue
        handle.get_result()

    def attempts(self, tickets: tuple[str, ...]) -> dict[str, Attempt]:
        """What DBOS knows of these workflows."""
        if not tickets:
            return {}
        found = DBOS.list_workflows(workflow_ids=list(tickets), load_input=False, load_output=False)
        return {attempt.ticket: attempt for attempt in map(_attempt, found)}

    def active(self) -> tuple[Attempt, ...]:
        """Every pending workflow."""
        found = DBOS.list_workflows(status="PENDING", name="run", load_input=False, load_output=False)
        return tuple(map(_attempt, found))

    def give_up(self, ticket: str) -> None:
        """Cancel the workflow, which frees its partition."""
        DBOS.cancel_workflow(ticket)

    def close(self) -> None:
        """Destroy this process's DBOS; its system tables keep what is queued."""
        DBOS.destroy()

    def _register(self, group: str) -> None:
        name = _queue(group)
        if name not in self._queues:
            DBOS.register_queue(
                name,
                worker_concurrency=self._companies_at_once or None,
                partition_concurrency=1,
                polling_interval_sec=POLLING_SECONDS,
                on_conflict="always_update" if self._companies_at_once else "never_update",
            )
            self._queues.add(name)


def _silence() -> None:
    """No console of DBOS's own: nothing it says is for a person, and faults come out of its calls."""
    logger = logging.getLogger("dbos")
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False


def _queue(group: str) -> str:
    return f"companies-{group}" if group else "companies"


def _attempt(status: Any) -> Attempt:
    state = cast(Any, _STATES.get(status.status, "ended"))
    worker = "" if state == "queued" else status.executor_id or ""
    return Attempt(status.workflow_id, state, worker, status.app_version or "")


def _system_engine(store: Engine) -> Engine:
    """An engine of DBOS's own, which it disposes of: as durable as the store's."""
    if store.dialect.name != "sqlite":
        return sa.create_engine(store.url)
    path = str(store.url.database)
    beside = path.removesuffix(".sqlite") + "-runs.sqlite"
    engine = sa.create_engine(sa.URL.create("sqlite", database=beside), connect_args={"timeout": 30})

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
