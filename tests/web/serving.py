"""The pages of an app, served on loopback in a thread, as ``brygga serve`` serves them in the foreground."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from brygga.app import App
from brygga.web.bind import Bind
from brygga.web.running import announced
from brygga.web.server import Serving, prepare

START_SECONDS = 60.0


@contextmanager
def serving_pages(app: App, port: int = 0) -> Iterator[Serving]:
    """The running server, which a second start would find."""
    bind = Bind(port=port)
    with bind.listen() as bound, announced(app.folder, bind.address(bound.getsockname()[1])) as told:
        serving = prepare(app, bind, bound, told.secret if told else "")
        thread = threading.Thread(target=serving.server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            deadline = time.monotonic() + START_SECONDS
            while not serving.server.started:
                assert thread.is_alive()
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.01)
            yield serving
        finally:
            serving.stop()
            thread.join()


@contextmanager
def started(app: App) -> Iterator[str]:
    """The address of the running server."""
    with serving_pages(app) as serving:
        yield serving.address
