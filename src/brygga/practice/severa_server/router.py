"""Which operation of the table answers a request."""

from __future__ import annotations

import re

from brygga.practice.severa_server.operation import Operation
from brygga.practice.severa_server.operations import OPERATIONS


class Router:
    """Finds the operation of a method and path."""

    def __init__(self, operations: tuple[Operation, ...] = OPERATIONS) -> None:
        self._fixed: dict[tuple[str, str], Operation] = {}
        self._open: dict[tuple[str, int], list[tuple[re.Pattern[str], Operation]]] = {}
        for operation in operations:
            if "{" not in operation.path:
                self._fixed[operation.method, operation.path] = operation
                continue
            pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", operation.path))
            key = operation.method, operation.path.count("/")
            self._open.setdefault(key, []).append((pattern, operation))

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and the values of its path, or None when the server does not model it."""
        fixed = self._fixed.get((method, path))
        if fixed is not None:
            return fixed, {}
        for pattern, operation in self._open.get((method, path.count("/")), []):
            match = pattern.fullmatch(path)
            if match is not None:
                return operation, match.groupdict()
        return None
