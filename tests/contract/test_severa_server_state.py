"""What the practice Severa environment takes in, keeps and finds again; and the server as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest

from brygga.practice.severa_server import DocumentError, SeveraSeed, SeveraState, running_server
from brygga.practice.severa_server.config import ServerConfig
from tests.contract.severa_practice import Clock
from tests.contract.severa_seed import (
    CLIENT_ID,
    CLIENT_SECRET,
    SCOPES,
    customer,
    invoice,
    nothing,
    organization_settings,
    row,
    seed,
)


@pytest.mark.parametrize(
    ("replaced", "told"),
    [
        ({"customers": [customer(1001, orgNumber="5569")]}, r"customers customer-1001: .*orgNumber"),
        (nothing() | {"customers": [{"guid": "c", "number": 1}]}, r"customers c: .*required field `name`"),
        ({"customers": [{"name": "A"}]}, r"customers: .*guid"),
        (nothing() | {"customers": [customer(1001) | {"number": "1001"}]}, r"customers customer-1001: .*number"),
        ({"customers": [customer(1001), customer(1001)]}, r"customer-1001 is there twice"),
        ({"customers": [customer(1001, language={"tag": "sv"})]}, r"tag"),
        ({"customers": [customer(1001, createdDateTime="igår")]}, r"igår"),
        ({"clients": []}, r"clients"),
        ({"organizationsettings": [organization_settings()] * 2}, r"only one document of organizationsettings"),
        ({"invoices": [invoice(9000001, date=None)]}, r"invoices invoice-9000001: .*date"),
        ({"invoices": [invoice(9000001, currencyRate=None)]}, r"currencyRate"),
        ({"invoices": [invoice(9000001, status={"guid": "lost"})]}, r"status refers to invoicestatuses lost"),
        ({"invoices": [invoice(9000001, customer={"guid": "customer-1001", "number": 7})]}, r"customer.number is 7"),
        ({"invoicerows": [row(123, 1)]}, r"invoiceGuid refers to invoices invoice-123"),
        ({"invoicesettings": [{"guid": "other"}]}, r"settings_of_invoice names invoicesettings settings-1"),
        ({"invoicesettings": [{"guid": "settings-1"}, {"guid": "other"}]}, r"other belongs to invoices other"),
    ],
)
def test_a_seed_that_is_not_sound_is_refused_by_name(
    tmp_path: Path, replaced: dict[str, list[dict[str, Any]]], told: str
) -> None:
    with pytest.raises(DocumentError, match=told):
        SeveraState.create(tmp_path / "severa.sqlite", seed(**replaced))
    assert not (tmp_path / "severa.sqlite").exists()


def test_what_a_seed_leaves_out_is_null_or_off_or_the_time_of_creation(tmp_path: Path) -> None:
    clock = Clock()
    given = SeveraSeed(CLIENT_ID, CLIENT_SECRET, SCOPES, {"customers": [{"guid": "c", "name": "A"}]})
    state = SeveraState.create(tmp_path / "severa.sqlite", given, now=clock.now)
    [document] = state.documents("customers")
    assert document["createdDateTime"] == "2026-06-01T12:00:00Z"
    assert (document["isActive"], document["isInternal"], document["number"]) == (True, False, None)
    state.close()


def test_amounts_come_out_as_they_went_in(tmp_path: Path) -> None:
    amount = Decimal("12345678901234.56")
    given = seed(
        invoices=[invoice(9000001, totalTax={"amount": amount}), invoice(9000002, currencyRate=Decimal("0.0895"))]
    )
    state = SeveraState.create(tmp_path / "severa.sqlite", given)
    assert b'"amount":12345678901234.56,' in state.collection("invoices").get("invoice-9000001").raw  # type: ignore[union-attr]
    assert b'"currencyRate":0.0895,' in state.collection("invoices").get("invoice-9000002").raw  # type: ignore[union-attr]
    state.close()


def test_settings_without_an_owner_belong_to_the_invoice_of_the_same_guid(tmp_path: Path) -> None:
    given = seed()
    own = SeveraSeed(
        given.client_id,
        given.client_secret,
        given.scopes,
        {**given.collections, "invoicesettings": [{"guid": "invoice-9000002"}]},
    )
    state = SeveraState.create(tmp_path / "severa.sqlite", own)
    assert state.collection("invoicesettings").owned_by("invoice-9000002") is not None
    assert state.collection("invoicesettings").owned_by("invoice-9000001") is None
    state.add("invoicesettings", {"guid": "later"}, owner="invoice-9000001")
    owned = state.collection("invoicesettings").owned_by("invoice-9000001")
    assert owned is not None
    assert owned.guid == "later"
    state.close()


def test_an_environment_is_not_created_over_another(tmp_path: Path) -> None:
    SeveraState.create(tmp_path / "severa.sqlite", seed()).close()
    with pytest.raises(FileExistsError):
        SeveraState.create(tmp_path / "severa.sqlite", seed())


def test_changes_and_page_tokens_outlive_the_server(tmp_path: Path) -> None:
    path = tmp_path / "severa.sqlite"
    clock = Clock()
    state = SeveraState.create(path, seed(), now=clock.now)
    config = ServerConfig(requests_per_second=None)
    with running_server(state, config) as url:
        token = client_page(url, None).headers["NextPageToken"]
        change = [{"op": "Replace", "path": "/number", "value": 10457}]
        with signed_in(url) as client:
            assert client.patch("/v1/invoices/invoice-9000002", json=change).status_code == 200
    state.add("customers", customer(1003))
    state.delete("projects", "project-43")
    before = {name: state.documents(name) for name in ("customers", "invoices", "projects", "invoicerows")}
    state.close()

    reopened = SeveraState.open(path, now=clock.now)
    assert {name: reopened.documents(name) for name in before} == before
    assert reopened.document("projects", "project-43") is None
    with running_server(reopened, config) as url:
        assert [each["guid"] for each in client_page(url, token).json()] == ["invoice-9000002"]
        reopened.add("customers", customer(1004))
        with signed_in(url) as client:
            guids = [each["guid"] for each in client.get("/v1/customers").json()]
    assert guids == ["customer-1001", "customer-1002", "customer-1003", "customer-1004"]
    reopened.close()


def test_a_transaction_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "severa.sqlite"
    state = SeveraState.create(path, seed())
    before = state.documents("customers")

    def unsound() -> None:
        with state.transaction() as change:
            change.update("customers", "customer-1001", {"name": "Halvt"})
            change.update("customers", "customer-1002", {"colour": "red"})

    with pytest.raises(DocumentError, match="colour"):
        unsound()
    assert state.documents("customers") == before
    state.close()
    reopened = SeveraState.open(path)
    assert reopened.documents("customers") == before
    reopened.close()


def test_an_environment_that_is_not_there_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="is not there"):
        SeveraState.open(tmp_path / "severa.sqlite")


def test_the_process_ends_when_its_standard_input_closes(tmp_path: Path) -> None:
    data, port_file = tmp_path / "severa.sqlite", tmp_path / "port"
    SeveraState.create(data, seed()).close()
    arguments = ["--data", str(data), "--port-file", str(port_file), "--until-stdin-closes"]
    process = subprocess.Popen(
        [sys.executable, "-m", "brygga.practice.severa_server", *arguments],
        cwd=Path(__file__).resolve().parents[2] / "src",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url == f"http://127.0.0.1:{port_file.read_text(encoding='utf-8').strip()}/rest-api"
        with signed_in(url) as client:
            assert client.get("/v1/invoices/invoice-9000001").json()["number"] == 9000001
        process.stdin.close()
        assert process.wait(200) == 0
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_the_process_says_when_there_is_no_environment(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "brygga.practice.severa_server", "--data", str(tmp_path / "none")],
        cwd=Path(__file__).resolve().parents[2] / "src",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert finished.returncode == 2
    assert "is not there" in finished.stderr


def signed_in(url: str) -> httpx2.Client:
    """A client with a token."""
    body = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    # The socket listens from the moment it is bound, so a first call simply waits until the server has started.
    token = httpx2.post(f"{url}/v1/token", json=body, timeout=200).json()["access_token"]
    return httpx2.Client(
        base_url=url, headers={"Authorization": f"Bearer {token}", "Client_Id": CLIENT_ID}, timeout=200
    )


def client_page(url: str, token: str | None) -> httpx2.Response:
    """A page of one invoice."""
    query = {"rowCount": "1"} | ({"pageToken": token} if token else {})
    with signed_in(url) as client:
        return client.get("/v1/invoices", params=query)
