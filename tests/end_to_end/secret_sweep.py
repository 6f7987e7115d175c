"""Looking for secrets in what was said or written: as it is, encoded, packed in workbooks or in cells of a store."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus


def forms(secret: str) -> set[bytes]:
    """The secret as pages, addresses, JSON, files of Windows and headers would hold it."""
    texts = {secret, escape(secret), json.dumps(secret)[1:-1], quote_plus(secret)}
    texts |= {quote(secret, safe=safe) for safe in ("", "/", " +")}
    found = {text.encode(coding) for text in texts for coding in ("utf-8", "utf-16-le")}
    for before in range(3):
        # The characters that whatever stands before and after the secret in base64 has no part in.
        encoded = base64.b64encode(b"x" * before + secret.encode() + b"x" * 3)
        found.add(encoded[-(-before * 8 // 6) : (before + len(secret.encode())) * 8 // 6])
    return found


def opened(content: bytes) -> Iterator[bytes]:
    """The content, and what is packed in it."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    if content.startswith(b"SQLite format 3"):
        yield from cells(content)


def cells(database: bytes) -> Iterator[bytes]:
    """The packed cells of a store: what lies in it as it is, its bytes have shown already."""
    with sqlite3.connect(":memory:") as connection:
        # Without write-ahead log, which a database in memory cannot have.
        connection.deserialize(database[:18] + b"\1\1" + database[20:])
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for cell in row:
                    if isinstance(cell, bytes) and cell[:1] == b"\x78":
                        yield zlib.decompress(cell)


class Sweep:
    """Everything that was said and written, and which planted secrets it holds."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self._forms = {name: forms(secret) for name, secret in secrets.items()}
        self.found: set[tuple[str, str]] = set()
        self.looked: set[str] = set()

    def look(self, where: str, content: bytes | str) -> None:
        """Look through one answer or file."""
        self.looked.add(where)
        for each in opened(content if isinstance(content, bytes) else content.encode()):
            self.found |= {(where, name) for name, known in self._forms.items() if any(form in each for form in known)}

    def look_into(self, folder: Path) -> None:
        """Look through every file below."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.look(path.name, path.read_bytes())
