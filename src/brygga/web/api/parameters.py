"""Parameters that several routes of the JSON API take, with their limits."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from brygga.web.api.access import Caller

T = TypeVar("T")

Body = Annotated[T, "the request's body"]
CallerOf = NamedDependency[Caller]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Sort = Literal["position", "number", "name", "day", "gross", "state"]
Number = Annotated[int, PathParameter(ge=1, le=2_147_483_647)]
"""The number of a row of the store: it must fit the smallest column of the databases."""

KeyPath = Annotated[str, PathParameter(min_length=1, max_length=255)]
TextQuery = Annotated[str, QueryParameter(max_length=200)]
Offset = Annotated[int, QueryParameter(ge=0, le=10_000_000)]
Limit = Annotated[int, QueryParameter(ge=1, le=1000)]
