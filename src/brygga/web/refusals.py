"""Pages that need nothing but a reason: why the door is closed before routing, or that the store is away; in both
languages."""

from __future__ import annotations

from markupsafe import escape

from brygga.messages import render
from brygga.records.reasons import Reason
from brygga.web.texts import TRANSLATORS


def refusal(why: Reason) -> bytes:
    """A whole page that says in both languages why a request was refused; it shows nothing that was sent."""
    swedish, english = render(why, TRANSLATORS["sv"]), render(why, TRANSLATORS["en"])
    return (
        "<!doctype html><html lang=sv><meta charset=utf-8><title>Brygga</title>"
        '<meta name=viewport content="width=device-width"><link rel=stylesheet href=/static/brygga.css>'
        f"<body class=closed><main><h1>Brygga</h1><p>{escape(swedish)}</p><p lang=en>{escape(english)}</p></main>"
    ).encode()
