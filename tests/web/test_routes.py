"""What holds for every page of the program, whoever wrote it."""

from __future__ import annotations

from pathlib import Path

from litestar.routes import HTTPRoute
from litestar.utils.sync import AsyncCallable

from brygga.app import App
from brygga.web.access import Doorkeeper, Origins
from brygga.web.application import create_application


def test_every_handler_is_registered_once(tmp_path: Path) -> None:
    """Litestar 2.25 wraps a handler anew each time it is registered; a page that is wrapped twice never answers."""
    application = create_application(App(tmp_path / "brygga.sqlite"), Doorkeeper(), Origins(port=8123))
    handlers = [each for route in application.routes if isinstance(route, HTTPRoute) for each in route.route_handlers]
    assert len(handlers) > 40
    for handler in handlers:
        function = handler.fn
        assert not (isinstance(function, AsyncCallable) and isinstance(function.func, AsyncCallable)), handler.paths
