"""Inställningar som fil: downloaded, looked through, confirmed, over the pages and the API (issue 5)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from brygga.practice.adk_engine import user
from brygga.store.api_tokens import ApiTokens, Scope
from brygga.store.audit.chain import events
from brygga.transfers.plan import Transfer
from tests.transfers.practice_world import World, practice_world
from tests.web.page_world import COMPANY, OWN, Pages, pages_on, text_of

PAGE = "/alfa/installningsfil"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


def written(**settings: object) -> bytes:
    keyed = {key.replace("__", "."): value for key, value in settings.items()}
    return msgspec.json.encode({"brygga_settings": 1, "company": "Moderbolaget", "settings": keyed})


def chosen(pages: Pages, content: bytes, status: int = 200) -> str:
    """The page after a file was chosen."""
    answer = pages.client.post(f"{PAGE}/granska", files={"fil": ("fil.json", content)}, headers={"Origin": OWN})
    assert answer.status_code == status, text_of(answer.text)
    return str(answer.text)


def confirm_form(page: str) -> dict[str, str]:
    """The fields of the form that confirms."""
    found = re.search(r'action="/alfa/installningsfil/ta-over".*?</form>', page, re.S)
    assert found, text_of(page)
    return {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="(.*?)">', found[0], re.S)}


def test_the_file_is_downloaded_without_secrets_and_changes_nothing_when_it_comes_back(pages: Pages) -> None:
    pages.app.settings(COMPANY).set("administration.password", "hemligt-ord")
    answer = pages.client.get(f"{PAGE}/fil")
    assert 'filename="brygga-alfa.json"' in answer.headers["content-disposition"]
    assert b"hemligt" not in answer.content
    assert b"***" not in answer.content
    assert "Nothing changes." in text_of(chosen(pages, answer.content))


def test_what_a_file_changes_is_shown_before_it_is_confirmed(pages: Pages) -> None:
    before = pages.app.settings(COMPANY).as_dict()
    page = chosen(pages, written(customers__existing="skip", invoices__mark_printed=True, interface__language="sv"))
    text = text_of(page)
    assert "Moderbolaget" in text
    assert "Customers that exist update skip" in text
    assert "Change 2 settings" in text
    assert pages.app.settings(COMPANY).as_dict() == before, "looking changes nothing"
    told = pages.followed(f"{PAGE}/ta-over", **confirm_form(page))
    assert "2 settings were changed:" in told
    assert pages.app.settings(COMPANY).get("customers.existing") == "skip"
    assert [each.actor for each in events(pages.app.engine, COMPANY)[-2:]] == ["anna", "anna"]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (written(invoices__mark_printed=True, invoices__colour="red", severa__client_secret="x"), "INS-806 INS-826"),
        (written(invoices__mark_printed=True, severa__requests_per_second=50), "INS-805"),
        (b"<html>", "INS-825"),
        (b"\xff\xfe\x00", "INS-825"),
        (b"", "WEB-990"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing_to_confirm(pages: Pages, content: bytes, codes: str) -> None:
    page = chosen(pages, content, 409)
    assert set(codes.split()) <= set(re.findall(r"\((\w+-\d+)\)", text_of(page)))
    assert "ta-over" not in page
    forged = pages.post(f"{PAGE}/ta-over", 409, innehall=content.decode("latin-1"), visat="x")
    assert "(INS-" in text_of(forged.text)
    assert not pages.app.settings(COMPANY).get("invoices.mark_printed")


def test_what_changed_since_it_was_shown_is_shown_anew(pages: Pages) -> None:
    form = confirm_form(chosen(pages, written(customers__existing="skip")))
    pages.app.settings(COMPANY).set("customers.existing", "skip")
    pages.app.settings(COMPANY).set("invoices.mark_printed", True)
    answer = pages.post(f"{PAGE}/ta-over", 409, **form)
    assert "WEB-991" in answer.text
    form = confirm_form(chosen(pages, written(customers__existing="update")))
    pages.post(f"{PAGE}/ta-over", 409, **(form | {"visat": ""}))
    assert pages.app.settings(COMPANY).get("customers.existing") == "skip"
    pages.post(f"{PAGE}/ta-over", 303, **form)
    assert pages.app.settings(COMPANY).get("customers.existing") == "update"


def test_a_numbering_master_that_cannot_take_over_is_refused_wherever_it_comes_from(pages: Pages, world: World) -> None:
    user.set_next_invoice_number(world.place.company, 500)
    world.invoice(500)
    world.run(Transfer.INVOICES)
    world.severa.edit("organizationsettings", "organizationsettings", {"nextInvoiceNumber": 1})
    settings = pages.app.settings(COMPANY)
    settings.set("numbering.master", "administration")
    api = Api(pages)
    page = chosen(pages, written(numbering__master="severa"), 409)
    code = re.findall(r"\((INS-\d+)\)", text_of(page))[0]
    assert code == "INS-812"
    assert api("PUT", "settings/numbering.master", 409, {"value": "severa"})["code"] == code
    assert api("PUT", "settings-file", 409, msgspec.json.decode(written(numbering__master="severa")))["code"] == code
    assert settings.get("numbering.master") == "administration"


class Api:
    """A script with a token for the settings."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        _, self._token = ApiTokens(pages.app.engine).create("script", [Scope.READ, Scope.SETTINGS])

    def __call__(self, method: str, path: str, status: int = 200, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Language": "en"}
        answer = self._pages.client.request(method, f"/api/companies/{COMPANY}/{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()


def test_the_same_over_the_api(pages: Pages) -> None:
    api, settings = Api(pages), pages.app.settings(COMPANY)
    file = api("GET", "settings-file")
    file["settings"]["customers.existing"] = "skip"
    change = {"key": "customers.existing", "before": "update", "after": "skip"}
    assert api("POST", "settings-file/preview", 200, file) == {"changes": [change], "problems": []}
    assert settings.get("customers.existing") == "update"
    assert api("PUT", "settings-file", 200, file)["changes"] == [change]
    assert settings.get("customers.existing") == "skip"
    assert events(pages.app.engine, COMPANY)[-1].actor.startswith("token ")
    file["settings"]["severa.client_secret"] = "x"
    assert [why["code"] for why in api("POST", "settings-file/preview", 200, file)["problems"]] == ["INS-826"]
    assert api("PUT", "settings-file", 409, file)["code"] == "INS-826"
    shown = {each["key"]: each["effects"] for each in api("GET", "settings")}
    assert "9,200.00" in api("PUT", "settings/supplier_invoices.price_percent", 200, {"value": "115"})["effects"][0]
    assert shown["customers.existing"] == []
