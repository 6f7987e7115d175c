"""Where Severa is and with which credentials it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from brygga.severa.operations import NEEDED_SCOPES

PAGE_SIZE = 100
"""Rows asked for in one page: the documented maximum (contracts/severa.md §2 "Page size")."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class SeveraConnection:
    """One credential on one Severa environment.

    ``base_url`` ends before ``/v1`` (``https://…/rest-api``). ``requests_per_second`` stays below Severa's limit of 10
    (contracts/severa.md §2 "Rate limit"). ``pacing_path`` names a file through which processes with the same
    credential share that pace; without it the pace is shared within this process only. The secret is in no text form.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = NEEDED_SCOPES
    requests_per_second: int = 8
    pacing_path: Path | None = None
    timeout_seconds: float = 60.0

    def __post_init__(self) -> None:
        if urlsplit(self.base_url).scheme != "https" and not self.is_loopback:
            raise ValueError("the secret is sent over https only (or to this machine itself)")
        if not (self.client_id.isascii() and self.client_id.isprintable() and self.client_id.strip()):
            raise ValueError("the client id goes in a header: printable ASCII, not empty")

    @property
    def is_loopback(self) -> bool:
        """Whether the address is this machine (the practice server): no proxy is asked then."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    @property
    def address(self) -> str:
        """Host and port, as messages show it."""
        return urlsplit(self.base_url).netloc
