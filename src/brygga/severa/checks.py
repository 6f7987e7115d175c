"""Whether a credential can do its work: token, heartbeat, organisation, and one cheap read for each scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from brygga.records.reasons import Fault, Reason, Unavailable, reason
from brygga.severa import errors, wire
from brygga.severa.http import SeveraClient
from brygga.severa.operations import NEEDED_SCOPES, OPERATIONS

_SCOPE_READS = ("/v1/customers", "/v1/projects", "/v1/invoices", "/v1/invoicestatuses", "/v1/flatrates")
"""A list for each reading scope but the organisation's, which has no list."""


def check(client: SeveraClient) -> tuple[Reason, ...]:
    """The reasons why this credential will not do; empty when all is well.

    Without a token or a connection nothing more can be said, so that reason comes alone. Writing scopes cannot be
    tried without writing: they are looked for among the scopes that the token answer names.
    """
    found: list[Reason] = []
    for probe in _probes(client):
        try:
            probe()
        except Unavailable as fault:
            return (fault.reason,)
        except Fault as fault:
            if fault.reason.code == errors.WRONG_CREDENTIALS:
                return (fault.reason,)
            if fault.reason.code == errors.SCOPE_MISSING and not client.granted_scopes:
                # The token itself was refused, for all scopes together: each is asked for by itself to name the one.
                return tuple(_missing(scope) for scope in NEEDED_SCOPES if not client.grants(scope)) or (fault.reason,)
            found.append(fault.reason)
    named = {why.param("scope") for why in found}
    found += [_missing(scope) for scope in _not_granted(client.granted_scopes) if scope not in named]
    return tuple(found)


def _probes(client: SeveraClient) -> Iterator[Callable[[], object]]:
    yield lambda: client.ask("/heartbeat/authorized")
    yield lambda: client.get("/v1/organizationdetails", wire.OrganizationDetails)
    for path in _SCOPE_READS:
        yield partial(client.get, path, list[wire.Reference], {"rowCount": 1})


def _not_granted(granted: frozenset[str]) -> list[str]:
    # A token answer that names none of our scopes speaks another language, and says nothing about them.
    if not granted.intersection(NEEDED_SCOPES):
        return []
    return [scope for scope in NEEDED_SCOPES if scope not in granted]


def _missing(scope: str) -> Reason:
    operation = next(one for one in OPERATIONS if scope in one.scopes)
    return reason(errors.SCOPE_MISSING, scope=scope, operation=f"{operation.method} {operation.path}")
