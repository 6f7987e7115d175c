"""Where a practice world runs: the practice Severa that all share, and Administration in this process."""

from __future__ import annotations

import atexit
import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from brygga.administration.adk.records import Warned
from brygga.administration.host import WRITES, Host
from brygga.administration.host_process import Answer, HostProcess, _error_from_wire
from brygga.practice.severa_server import SeveraSeed, SeveraState, running_server
from brygga.records.reasons import WriteBlocked
from tests.contract.administration_practice import ENGINE
from tests.contract.severa_connected import NO_QUOTA
from tests.contract.severa_seed import BEGINNING, CLIENT_ID, CLIENT_SECRET, SCOPES, organization_settings, status

AUDIT = {"createdDateTime": BEGINNING}


def registers() -> dict[str, list[dict[str, Any]]]:
    countries = [("se", "Sverige", "Sweden", "SE", "SWE"), ("de", "Tyskland", "Germany", "DE", "DEU")]
    countries += [("us", "USA", "United States", "US", "USA")]
    return {
        "organizationdetails": [
            {"guid": "organization", "name": "Exempelkonsult AB", "country": {"guid": "country-se"}}
        ],
        "organizationsettings": [organization_settings()],
        "countries": [
            {"guid": f"country-{guid}", "name": name, "englishName": english, "code2": two, "code3": three}
            for guid, name, english, two, three in countries
        ],
        "languages": [
            {"guid": "language-sv", "name": "Svenska", "code": "sv-SE"},
            {"guid": "language-en", "name": "English", "code": "en-GB"},
            {"guid": "language-fi", "name": "Suomi", "code": "fi-FI"},
        ],
        "currencies": [
            {"guid": "currency-sek", "code": "SEK", "rate": 1, "isOrganizationCurrency": True} | AUDIT,
            {"guid": "currency-eur", "code": "EUR", "rate": 0.0895} | AUDIT,
        ],
        "pricelists": [
            {"guid": f"prices-{guid}", "name": name, "currency": {"guid": f"currency-{currency}"}} | AUDIT | more
            for guid, name, currency, more in (
                ("standard", "Standard", "sek", {"isDefault": True}),
                ("europe", "Europa", "eur", {}),
                ("project", "Standard", "sek", {"isCustom": True}),
                ("old", "Gammal", "sek", {"isActive": False}),
            )
        ],
        "costcenters": [
            {"guid": "cost-sthlm", "name": "Stockholm", "identifier": "STHLM"} | AUDIT,
            {"guid": "cost-gbg", "name": "Göteborg", "identifier": "GBG"} | AUDIT,
        ],
        "businessunits": [
            {"guid": "unit-1", "name": "Sverige", "code": "SE"} | AUDIT,
            {"guid": "unit-2", "name": "Öst", "code": "O", "costCenter": {"guid": "cost-sthlm"}} | AUDIT,
        ],
        "invoicestatuses": [
            status("draft", isDefault=True) | {"name": "Utkast"},
            status("ready", hasInvoiceNumber=True) | {"name": "Att överföra"},
            status("transferred", hasInvoiceNumber=True, isSent=True) | {"name": "Överförd"},
            status("sent", hasInvoiceNumber=True, isSent=True) | {"name": "Skickad"},
            status("unnumbered") | {"name": "Godkänd"},
            status("paid", hasInvoiceNumber=True, isSent=True, isPaid=True) | {"name": "Betald"},
            status("part-paid", hasInvoiceNumber=True, isSent=True, isWaitingPayment=True) | {"name": "Delbetald"},
        ],
        "salesstatustypes": [
            {"guid": "sales-won", "name": "Vunnen", "salesState": "Won"} | AUDIT,
            {"guid": "sales-open", "name": "Pågår", "salesState": "InProgress"} | AUDIT,
            {"guid": "sales-lost", "name": "Förlorad", "salesState": "Lost"} | AUDIT,
        ],
        "communicationtypes": [
            {"guid": f"way-{kind}", "name": kind, "type": kind} | AUDIT
            for kind in ("Phone", "MobilePhone", "EmailAddress")
        ],
        "users": [{"guid": "user-eva", "firstName": "Eva", "lastName": "Ek", "code": "EE"} | AUDIT],
    }


class Switch:
    """Hands every exchange to the environment of the running test."""

    current: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.current(scope, receive, send)


@cache
def shared_server() -> tuple[Switch, str]:
    """The one server of this process, and its address."""
    stack, switch = ExitStack(), Switch()
    atexit.register(stack.close)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
    state = SeveraState.create(folder / "severa.sqlite", SeveraSeed(CLIENT_ID, CLIENT_SECRET, SCOPES, {}))
    stack.callback(state.close)
    url = stack.enter_context(running_server(state, NO_QUOTA, wrap=lambda app: switch))
    return switch, url


class InProcessHost(HostProcess):
    """The host's own work without a process of its own: the same calls, arguments and answers, as JSON has them."""

    def __init__(self, *, read_only: bool = False) -> None:
        super().__init__(ENGINE, read_only=read_only)
        self.asked: list[str] = []
        self.before: Callable[[str], None] = lambda operation: None
        """Called before each operation: a test may let something happen, or raise."""
        self._host = Host()
        self._exchange("load", factory=ENGINE.factory, options={}, search_path=[], read_only=read_only, idle_close=None)

    @property
    def writes(self) -> int:
        """How many writes were asked."""
        return sum(operation in WRITES for operation in self.asked)

    def call(self, operation: str, **arguments: Any) -> Answer:
        """As the host process does it."""
        if self.read_only and operation in WRITES:
            raise WriteBlocked(operation)
        self.before(operation)
        self.asked.append(operation)
        return self._exchange(operation, **arguments)

    def _exchange(self, operation: str, **arguments: Any) -> Answer:
        request = json.loads(json.dumps({"operation": operation, "arguments": arguments}))
        answer = json.loads(json.dumps(self._host.answer(request)))
        if "error" in answer:
            raise _error_from_wire(answer["error"], operation)
        return Answer(answer["result"], tuple(Warned(**warned) for warned in answer["warnings"]))

    def close(self) -> None:
        """Close the company."""
        self._host.close()
