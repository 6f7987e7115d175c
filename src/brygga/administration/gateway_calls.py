"""Asking the host for the gateway: opens the company, repeats what may be repeated, turns errors into faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brygga.administration.adk.calllog import LOG_FAILED
from brygga.administration.adk.errors import AdkError, AdkLoadError
from brygga.administration.adk.records import AdkRecord, FieldTraits, FieldValue, Scan, Value, record_from_wire
from brygga.administration.failures import Situation, fault_of, warnings_of
from brygga.administration.host_process import Answer, HostDefect, HostDied, HostNotStarted, HostProcess
from brygga.administration.run_file import RunFileHeld, RunFileUnusable
from brygga.records.reasons import Level, Reason, reason


@dataclass(frozen=True)
class CompanyPlace:
    """Where the company is and who opens it: folders as the program knows them, log-in empty when there is none."""

    common_path: str
    company_path: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"CompanyPlace({self.common_path!r}, {self.company_path!r})"


class HostCalls:
    """The host's operations with records in and out; raises ``Refused``, ``Unavailable`` or ``Uncertain``."""

    def __init__(self, host: HostProcess, place: CompanyPlace) -> None:
        self._host = host
        self._place = place
        self._opened = False
        self._notices: list[Reason] = []

    # -- session ---------------------------------------------------------------------------------------------
    def open(self) -> tuple[int, int]:
        """Open the company anew; answers the API version, major and minor."""
        self._opened = True  # "open" itself is the call
        try:
            place = self._place
            answer = self._ask(
                Situation("open"),
                common=place.common_path,
                company=place.company_path,
                user=place.user,
                password=place.password,
            )
        except BaseException:
            self._opened = False
            raise
        major, minor = answer.result
        return major, minor

    def call_log(self) -> bool:
        """Whether every call of the company that is open is written to the call log."""
        return bool(self._ask(Situation("status")).result["call_log"])

    def take_notices(self) -> tuple[Reason, ...]:
        """Warnings that are about no record, each given once: here or with the next record that is written."""
        notices, self._notices = tuple(self._notices), []
        return notices

    # -- reading ---------------------------------------------------------------------------------------------
    def describe(self, table: int, fields: Sequence[int]) -> dict[int, FieldTraits]:
        """What the library says of the fields; those it does not have are missing."""
        answer = self._ask(Situation("describe"), table=table, fields=list(fields))
        return {int(field): FieldTraits(**traits) for field, traits in answer.result.items()}

    def probe(self) -> dict[str, str | None]:
        """What the installation answers to the questions of ``adk/probe.py``; None where reading cannot settle it."""
        return dict(self._ask(Situation("probe")).result)

    def find(
        self, table: int, key: Mapping[int, Value], fields: Sequence[int], rows: Sequence[int] | None = None
    ) -> AdkRecord | None:
        """The record with this key, None when there is none."""
        wanted = None if rows is None else list(rows)
        answer = self._ask(Situation("find"), table=table, key=dict(key), fields=list(fields), rows=wanted, order=None)
        return None if answer.result is None else record_from_wire(answer.result)

    def find_many(
        self, table: int, key_field: int, keys: Sequence[Value], fields: Sequence[int], rows: Sequence[int]
    ) -> list[AdkRecord]:
        """The records with these keys and their rows, in one call; a key without a record is left out."""
        answer = self._ask(
            Situation("find_many"),
            table=table,
            key_field=key_field,
            keys=list(keys),
            fields=list(fields),
            rows=list(rows),
        )
        return [record_from_wire(record) for record in answer.result if record is not None]

    def scan(self, scan: Scan) -> list[AdkRecord]:
        """All records of the walk."""
        walk = {**vars(scan), "fields": list(scan.fields), "filters": dict(scan.filters)}
        if scan.rows is not None:
            walk["rows"] = list(scan.rows)
        return [record_from_wire(record) for record in self._ask(Situation("scan"), **walk).result]

    # -- writing ---------------------------------------------------------------------------------------------
    def add(
        self,
        situation: Situation,
        table: int,
        values: Sequence[FieldValue],
        rows: Sequence[Sequence[FieldValue]],
        read_back: Sequence[int],
    ) -> tuple[AdkRecord, tuple[Reason, ...]]:
        """Insert a record; answers it as read back, and the library's warnings."""
        answer = self._ask(
            situation, table=table, values=list(values), rows=[list(row) for row in rows], read_back=list(read_back)
        )
        return record_from_wire(answer.result), (*warnings_of(answer.warnings), *self.take_notices())

    def update(
        self, situation: Situation, table: int, key: Mapping[int, Value], changes: Sequence[FieldValue]
    ) -> tuple[Reason, ...]:
        """Change a record; answers the library's warnings."""
        answer = self._ask(situation, table=table, key=dict(key), changes=list(changes), read_back=[])
        return (*warnings_of(answer.warnings), *self.take_notices())

    # -- the owner file --------------------------------------------------------------------------------------
    def owner(self) -> dict[str, Any] | None:
        """What the owner file says, None when there is none."""
        said: dict[str, Any] | None = self._ask(Situation("owner")).result
        return said

    def own(self, owner: Mapping[str, Any]) -> None:
        """Replace the owner file."""
        self._ask(Situation("own"), owner=dict(owner))

    # -- asking ----------------------------------------------------------------------------------------------
    def _ask(self, situation: Situation, **arguments: Any) -> Answer:
        """Do it; once more when the host died without having been handed a write (nothing can have been done)."""
        situation = replace(situation, common_path=self._place.common_path, company_path=self._place.company_path)
        try:
            try:
                return self._once(situation.operation, arguments)
            except HostDied as died:
                if died.wrote:
                    raise
                return self._once(situation.operation, arguments)
        except (HostDied, HostNotStarted, HostDefect, AdkError, AdkLoadError, RunFileHeld, RunFileUnusable) as error:
            raise fault_of(error, situation) from error

    def _once(self, operation: str, arguments: Mapping[str, Any]) -> Answer:
        if not self._opened:
            place = self._place
            self._host.call(
                "open", common=place.common_path, company=place.company_path, user=place.user, password=place.password
            )
            self._opened = True
        return self._without_notices(self._host.call(operation, **arguments))

    def _without_notices(self, answer: Answer) -> Answer:
        """The answer with the library's own warnings only; those of the call log are kept for ``take_notices``."""
        failures = [warned.text for warned in answer.warnings if warned.code == LOG_FAILED]
        if not failures:
            return answer
        self._notices += [reason("LOG-952", Level.WARNING, detail=failure) for failure in failures]
        return replace(answer, warnings=tuple(each for each in answer.warnings if each.code != LOG_FAILED))
