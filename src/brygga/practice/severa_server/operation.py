"""What an operation of the practice server is, and the call and answer that its handler deals with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from brygga.practice.severa_server.access import Access
from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.query import Filter, Paging, Pairs
from brygga.practice.severa_server.state import SeveraState


@dataclass(frozen=True)
class Call:
    """An admitted call: the operation, the guids of its path, its query, its headers and its parsed body."""

    operation: Operation
    path: str
    guids: Mapping[str, str]
    query: Pairs
    headers: Mapping[str, str]
    body: Any
    state: SeveraState
    config: ServerConfig
    access: Access


@dataclass(frozen=True)
class Answer:
    """An answer; ``rows`` are the documents of a list, from which its body is made."""

    status: int
    body: bytes = b""
    content_type: str | None = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    rows: list[bytes] | None = None


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Operation:
    """One operation: its path template, the scopes it needs, how it pages and filters, and what it does.

    ``not_modelled`` names query parameters that the contract has and this server refuses. ``secured`` operations need
    a token and the Client_Id header. ``takes_body`` operations read a JSON body.
    """

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...] = ()
    paging: Paging = Paging.NONE
    filters: Mapping[str, Filter] = field(default_factory=dict)
    not_modelled: frozenset[str] = frozenset()
    secured: bool = True
    takes_body: bool = False
