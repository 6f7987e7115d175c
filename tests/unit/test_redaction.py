"""What goes into a file for support holds no secret, however a library wrote it."""

from __future__ import annotations

import base64
import logging
from urllib.parse import quote, quote_plus

import pytest

from brygga.redaction import REDACTED, SecretlessFormatter, keep_out, without_secrets

SECRET = "hemligt/Lösen&ord 7"


@pytest.mark.parametrize("written", [SECRET, quote(SECRET), quote(SECRET, safe=""), quote_plus(SECRET), repr(SECRET)])
def test_a_secret_that_was_read_is_hidden_in_every_form(written: str) -> None:
    keep_out(SECRET)
    assert without_secrets(f"to {written} refused").replace("'", "") == f"to {REDACTED} refused"


@pytest.mark.parametrize("user", ["", "a", "an", "anna"])
def test_a_header_with_the_secret_in_base64_is_hidden(user: str) -> None:
    keep_out(SECRET)
    header = base64.b64encode(f"{user}:{SECRET}:x".encode()).decode()
    shown = without_secrets(f"Basic {header}")
    assert REDACTED in shown
    assert len(shown) < len("Basic ") + len(header) - len(SECRET)


def test_the_password_of_any_address_and_a_token_of_the_api_are_hidden() -> None:
    assert without_secrets("postgresql://brygga:nobody-told@db:5432/x") == f"postgresql://brygga:{REDACTED}@db:5432/x"
    assert without_secrets("https://db:5432/x and a@b") == "https://db:5432/x and a@b"
    assert without_secrets(f"Bearer brygga_{'a-_Z' * 11}") == f"Bearer {REDACTED}"


def test_of_a_secret_address_the_path_is_hidden_alone_too() -> None:
    keep_out("https://hooks.example/services/T0/B1/xyz")
    assert without_secrets("POST /services/T0/B1/xyz HTTP/1.1") == f"POST /{REDACTED} HTTP/1.1"


def test_too_short_a_secret_hides_no_words() -> None:
    keep_out("ab")
    keep_out("")
    assert without_secrets("about") == "about"


def test_a_log_line_hides_it_in_its_traceback() -> None:
    keep_out(SECRET)
    try:
        raise RuntimeError(SECRET)
    except RuntimeError as error:
        record = logging.LogRecord("x", 30, "", 0, "to %s", (SECRET,), (RuntimeError, error, error.__traceback__))
    line = SecretlessFormatter("%(message)s").format(record)
    assert line.startswith(f"to {REDACTED}\n")
    assert SECRET not in line
