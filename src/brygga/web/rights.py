"""What a person who logged in may do: the scopes of the API's tokens, by one table of the routes that do something.

Whoever was let in by a launch token started the program, on the computer that has the store: nothing is kept from them.
"""

from __future__ import annotations

import getpass
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from brygga.app import App
from brygga.records.reasons import Reason, reason
from brygga.store.api_tokens import Scope
from brygga.store.web_users import WebUsers
from brygga.web.access import SAFE_METHODS

OPEN = frozenset({"/launch", "/logga-in", "/logga-ut", "/sprak"})
"""For everybody: the ways in and out, language and theme."""

_COMPANY = "/{company:str}"

NEEDED: dict[str, Scope] = {
    "/borja": Scope.ADMIN,
    **{
        _COMPANY + path: scope
        for scope, paths in {
            Scope.READ: (
                "/avstamning/jamfor",
                "/overtagande/jamfor",
                "/forhandsgranskning/{preview_id:str}/godta",
                "/forhandsgranskning/{preview_id:str}/svara",
                "/installningar/{section:str}/anslutning",
                "/installningar/{section:str}/svar",
                "/{tab:str}/erbjudna",
                "/{tab:str}/forhandsgranska",
                "/{tab:str}/kryss",
                "/{tab:str}/kryss/{listing_id:str}",
                "/{tab:str}/post/{key:str}/godta",
                "/{tab:str}/sok",
            ),
            Scope.TRANSFER: (
                "/forhandsgranskning/{preview_id:str}/overfor",
                "/koppla/borja",
                "/koppla/koppla",
                "/korning/{request_id:int}/avbryt",
                "/korning/{request_id:int}/godkann",
                "/korning/{request_id:int}/igen",
                "/osaker/{key:str}/beslut",
                "/{tab:str}/post/{key:str}/koppla-loss",
            ),
            Scope.ADMIN: ("/overtagande/ta-over",),
            Scope.SETTINGS: (
                "/borja/{step:str}",
                "/installningar/{section:str}/godta",
                "/installningar/{section:str}/spara",
                "/installningsfil/granska",
                "/installningsfil/ta-over",
                "/schema",
                "/schema/{transfer:str}/{what:str}",
            ),
        }.items()
        for path in paths
    },
}
"""The scope that each page's act takes; a look takes ``read``, and an act that is not here ``admin``."""


class NoRight(Exception):
    """The person may not do this; ``reason`` says who can."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why.code)
        self.reason = why


def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a logged-in person what none of their scopes is for; nothing else has been looked at yet."""
    path = next(iter(handler.paths))
    scope: Any = connection.scope
    state = scope.get("state", {})
    if not state.get("logged_in") or path in OPEN:
        return
    users = WebUsers(_app(connection).engine).scopes()
    user, needed = str(state["user"]), needed_for(str(scope["method"]), path)
    if needed not in users.get(user, ()):
        able = [name for name, scopes in users.items() if needed in scopes]
        who = ", ".join((*able, getpass.getuser()))
        raise NoRight(reason("API-917", user=user, scope=needed.value, who=who))


def needed_for(method: str, path: str) -> Scope:
    """The scope that a route takes."""
    return Scope.READ if method in SAFE_METHODS else NEEDED.get(path, Scope.ADMIN)


def _app(connection: ASGIConnection[Any, Any, Any, Any]) -> App:
    app: App = connection.app.state.site.app
    return app
