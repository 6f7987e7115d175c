"""What goes into a file for support holds no secret: those that this program has read or been given are replaced in it.

An exception's text is written by others: a library puts the address that it asked into it, with the password or the
webhook's secret path. Nothing of this decides where a secret is kept (``store/secrets.py``).
"""

from __future__ import annotations

import base64
import logging
import re
from urllib.parse import quote, quote_plus

REDACTED = "***"

SHORTEST = 4
"""A shorter secret is not looked for: it would be found in words that are none."""

_secrets: set[str] = set()
_PASSWORD_IN_ADDRESS = re.compile(r"(://[^/\s:@]*:)[^/\s@]+@")
_API_TOKEN = re.compile(r"\bbrygga_[\w-]{40,}")
"""As ``store/api_tokens.py`` makes them: the program knows their digests alone."""


def keep_out(secret: str) -> None:
    """From now on this secret is replaced in what is written for support; of a secret address the path too."""
    _, _, path = secret.partition("://")[2].partition("/")
    _secrets.update(each for each in (secret, path) if len(each) >= SHORTEST)


def without_secrets(text: str) -> str:
    """The text with ``***`` for every known secret, as it is and as addresses and headers hold it, for the password in
    any address, and for tokens of the API."""
    for secret in sorted(_secrets, key=len, reverse=True):
        for form in dict.fromkeys(_forms(secret)):
            text = text.replace(form, REDACTED)
    return _API_TOKEN.sub(REDACTED, _PASSWORD_IN_ADDRESS.sub(rf"\1{REDACTED}@", text))


def _forms(secret: str) -> tuple[str, ...]:
    # The last is how SQLAlchemy writes the password of an address.
    quoted = (quote(secret, safe=safe) for safe in ("", "/", " +"))
    plain = (secret, repr(secret)[1:-1], quote_plus(secret), *quoted)
    return (*plain, *_in_base64(secret.encode()))


def _in_base64(secret: bytes) -> list[str]:
    """What base64 always shows of the secret, whatever stands before and after it (``user:secret`` in a header)."""
    found = []
    for before, unsure in enumerate((0, 2, 3)):
        bits = (before + len(secret)) * 8
        shown = base64.b64encode(bytes(before) + secret).decode()[unsure : bits // 6]
        found += [shown] if len(shown) > SHORTEST else []
    return found


class SecretlessFormatter(logging.Formatter):
    """A log line, its traceback included, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return without_secrets(super().format(record))
