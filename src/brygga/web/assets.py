"""Styles, scripts and pictures: few and small, so they are held in memory, compressed once.

The style sheet stands between the first byte and the first paint of a page: it must not wait for a disk or a thread.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from litestar import HttpMethod, Request, Response, route
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

MEDIA_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}
"""By the end of the name. The system's own table is not asked: on Windows any program may have changed it."""


class Asset(NamedTuple):
    """One file: its content plain and compressed, its media type, and a digest that changes with it."""

    plain: bytes
    compressed: bytes
    media_type: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """All of them by name."""
    folder = resources.files("brygga.web").joinpath("static")
    return {each.name: _asset(each.name, each.read_bytes()) for each in folder.iterdir() if each.is_file()}


def address_of(name: str) -> str:
    """Address of an asset with its content's digest, so that it may be kept for ever."""
    return f"/static/{name}?{assets()[name].digest}"


@route(
    "/static/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], sync_to_thread=False, include_in_schema=False
)
def show_asset(request: Request[Any, Any, State], name: FromPath[str]) -> Response[bytes]:
    """An asset as the browser takes it."""
    found = assets().get(name)
    if found is None:
        raise NotFoundException
    packed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if packed else {})
    return Response(found.compressed if packed else found.plain, media_type=found.media_type, headers=headers)


def _asset(name: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, mtime=0), MEDIA_TYPES[name.rpartition(".")[2]], digest)
