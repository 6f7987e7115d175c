"""What can be set on the practice Severa server: limits, and a switch for each behaviour the contract leaves open."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class ServerConfig:
    """Settings of a running server. Durations are seconds unless the name says otherwise.

    Where contracts/severa.md marks a fact as unproven, a switch here takes either side; the default is the reading
    that the contract prefers.
    """

    #: The clock of tokens and audit fields (UTC); None keeps the clock of the state.
    now: Callable[[], datetime] | None = None
    #: The clock of the quota, in seconds.
    monotonic: Callable[[], float] = time.monotonic
    #: Life of an access token and of a refresh token (§1: never documented as numbers).
    token_seconds: int = 3600
    refresh_token_seconds: int = 86_400
    #: Whether a refresh token is spent by its use (not documented).
    refresh_token_single_use: bool = True
    #: Whether a call without the Client_Id header is refused (§1: the specification requires it, practice did not).
    require_client_id: bool = True
    #: The quota (§2 "Rate limit") over one sliding second per credential; None switches it off.
    requests_per_second: int | None = 10
    #: Value of Retry-After on a 429; None sends none (§2: it "may or may not be present").
    retry_after: str | None = None
    #: Page sizes (§2 "Page size": default 20, max 100).
    default_row_count: int = 20
    max_row_count: int = 100
    #: Which casing of the PATCH operation is taken (§2 "PATCH": not proven).
    patch_op_casing: Literal["any", "Replace", "replace"] = "any"
    #: How PATCH values may be given: as JSON values, as strings (the specification's type), or either.
    patch_values: Literal["either", "json", "string"] = "either"
    #: Whether an invoice in a read-only status refuses another number or reference number.
    read_only_status_refuses: bool = True
    #: Whether an invoice without number gets the next one when its status has numbers (§3.5, inferred).
    number_on_status: bool = True
    #: Whether /v1/projects also lists projects that are not won (§8 point 5).
    projects_list_unwon: bool = True
    #: Whether a new customer gets an empty headquarter address at once, or has none until one is chosen (§3.2, open).
    headquarter_made_with_customer: bool = False
    #: Delay of every answer, for runs that imitate a network.
    latency_ms: int = 0
