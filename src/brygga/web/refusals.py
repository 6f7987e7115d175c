"""Pages that are answered before routing: why the door is closed, and how to open it; in both languages."""

from __future__ import annotations

from markupsafe import escape

from brygga.messages import render
from brygga.records.reasons import reason
from brygga.web.texts import TRANSLATORS


def refusal(code: str) -> bytes:
    """A whole page that says in both languages why a request was refused; it shows nothing that was sent."""
    why = reason(code)
    swedish, english = render(why, TRANSLATORS["sv"]), render(why, TRANSLATORS["en"])
    return (
        "<!doctype html><html lang=sv><meta charset=utf-8><title>Brygga</title>"
        '<meta name=viewport content="width=device-width"><link rel=stylesheet href=/static/brygga.css>'
        f"<body class=closed><main><h1>Brygga</h1><p>{escape(swedish)}</p><p lang=en>{escape(english)}</p></main>"
    ).encode()
