"""Styles and scripts: held compressed, kept for ever under their digest; pages cross the wire compressed too."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from brygga.web.assets import MEDIA_TYPES, address_of, assets
from brygga.web.site import coded
from tests.transfers.practice_world import World, practice_world
from tests.web.page_world import Pages, pages_on


@pytest.fixture
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with practice_world(tmp_path_factory.mktemp("world")) as world:
        assert isinstance(world, World)
        with pages_on(world) as opened:
            yield opened


@pytest.mark.parametrize("name", sorted(assets()))
def test_an_asset_is_kept_for_ever_and_comes_as_the_browser_takes_it(pages: Pages, name: str) -> None:
    plain = pages.client.get(address_of(name), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    packed = pages.client.get(address_of(name), headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content == assets()[name].plain == gzip.decompress(assets()[name].compressed)
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["content-type"].startswith(MEDIA_TYPES[name.rpartition(".")[2]])
    assert "immutable" in packed.headers["cache-control"]
    assert address_of(name).endswith(assets()[name].digest)


def test_there_is_no_other_asset(pages: Pages) -> None:
    assert pages.client.get("/static/nothing.css").status_code == 404
    assert pages.client.get("/static/..%2fsite.py").status_code == 404


def test_pages_are_compressed_and_still_never_kept(pages: Pages) -> None:
    answer = pages.client.get("/alfa/fakturor", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"


def test_a_code_stays_whole_and_what_was_typed_never_becomes_markup() -> None:
    assert coded("Says <b>. (FAK-317)") == "Says &lt;b&gt;. <span class=code>(FAK-317)</span>"
    assert coded("Nothing <i>") == "Nothing &lt;i&gt;"
