"""The client against the practice Severa server, over real HTTP and under the contract checker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stamina

from brygga.practice.severa_server import FaultKind, ServerConfig, SeveraSeed
from brygga.records.reasons import Refused, Unavailable, Uncertain, WriteBlocked
from brygga.severa import facts, wire
from brygga.severa.http import SeveraClient
from brygga.severa.pacing import Pacing
from tests.contract.severa_connected import NO_QUOTA, FakeClock, connected, connection, unpaced
from tests.contract.severa_seed import BEGINNING, CLIENT_ID, SCOPES, collections, customer, seed

INVOICE = "/v1/invoices/invoice-9000001"
SENT = [facts.replace(facts.INVOICE_STATUS, "status-transferred")]


def many(customers: int = 0, work_types: int = 0) -> SeveraSeed:
    """The environment with more customers and work types than one page holds."""
    more = [customer(number) for number in range(2000, 2000 + customers)]
    types = [{"guid": f"work-{n}", "name": f"Arbete {n}", "createdDateTime": BEGINNING} for n in range(work_types)]
    return seed(customers=collections()["customers"] + more, worktypes=types)


def changed(client: SeveraClient) -> list[wire.Invoice]:
    return client.patch(INVOICE, SENT, list[wire.Invoice])


@pytest.mark.parametrize(("more", "pages"), [(0, 1), (97, 1), (98, 1), (99, 2), (250, 3)])
def test_a_token_list_is_read_to_its_end(tmp_path: Path, more: int, pages: int) -> None:
    with connected(tmp_path, many(customers=more)) as severa:
        read = severa.client.pages_by_token("/v1/customers", wire.Customer)
        assert len({one.guid for one in read}) == len(read) == more + 2
        assert len(severa.calls(path="/v1/customers")) == pages + 1


@pytest.mark.parametrize(("types", "calls"), [(0, 2), (99, 2), (100, 3), (101, 3), (250, 4)])
def test_an_offset_list_is_read_to_its_end(tmp_path: Path, types: int, calls: int) -> None:
    with connected(tmp_path, many(work_types=types)) as severa:
        read = severa.client.pages_by_offset("/v1/worktypes", wire.WorkType)
        assert [one.guid for one in read] == [f"work-{n}" for n in range(types)]
        assert len(severa.calls(path="/v1/worktypes")) == calls


def test_a_cut_page_is_read_again(tmp_path: Path) -> None:
    with connected(tmp_path, many(customers=250, work_types=150)) as severa:
        severa.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", "/v1/customers", first=2, rows=30)
        severa.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", "/v1/worktypes", rows=30)
        assert len(severa.client.pages_by_token("/v1/customers", wire.Customer)) == 252
        assert len(severa.client.pages_by_offset("/v1/worktypes", wire.WorkType)) == 150


def test_a_page_that_stays_cut_differently_is_an_error(tmp_path: Path) -> None:
    with connected(tmp_path, many(customers=250)) as severa:
        for first, rows in ((2, 30), (5, 40)):
            severa.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", "/v1/customers", first=first, rows=rows)
        with pytest.raises(Unavailable) as caught:
            severa.client.pages_by_token("/v1/customers", wire.Customer)
        assert caught.value.reason.code == "SEV-706"
        assert caught.value.reason.param("path") == "/v1/customers"


def test_a_repeated_page_is_read_again_and_then_an_error(tmp_path: Path) -> None:
    with connected(tmp_path, many(customers=250)) as severa:
        severa.state.faults.order(FaultKind.REPEATED_PAGE, "GET", "/v1/customers", first=2)
        assert len(severa.client.pages_by_token("/v1/customers", wire.Customer)) == 252
        severa.state.faults.clear()
        for first in (2, 4):
            severa.state.faults.order(FaultKind.REPEATED_PAGE, "GET", "/v1/customers", first=first)
        with pytest.raises(Unavailable) as caught:
            severa.client.pages_by_token("/v1/customers", wire.Customer)
        assert caught.value.reason.code == "SEV-706"


class Meddling(Pacing):
    """Does something just before the n-th request from now."""

    def __init__(self, meddle: Callable[[], None], before: int) -> None:
        super().__init__(100_000, clock=FakeClock().clock)
        self._meddle = meddle
        self._left = before

    def admit(self, stop: Callable[[], bool] | None = None) -> None:
        self._left -= 1
        if self._left == 0:
            self._meddle()
        super().admit(stop)


@pytest.mark.parametrize("guid", ["work-0", "work-99", "work-149"])
def test_a_list_that_shifts_while_it_is_read_is_read_again(tmp_path: Path, guid: str) -> None:
    with connected(tmp_path, many(work_types=150)) as severa:
        # The first request is the one for the token, the second the first page.
        pacing = Meddling(lambda: severa.state.delete("worktypes", guid), before=3)
        with severa.another(pacing=pacing) as client:
            read = client.pages_by_offset("/v1/worktypes", wire.WorkType)
        assert {one.guid for one in read} == {f"work-{n}" for n in range(150)} - {guid}
        assert len(read) == 149


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/worktypes"])
def test_broken_json_is_an_error_and_no_short_list(tmp_path: Path, path: str) -> None:
    with connected(tmp_path, many(customers=150, work_types=150)) as severa:
        severa.state.faults.order(FaultKind.TRUNCATED_JSON, "GET", path, first=2)
        read = severa.client.pages_by_token if path == "/v1/customers" else severa.client.pages_by_offset
        with pytest.raises(Unavailable) as caught:
            read(path, wire.Reference)
        assert caught.value.reason.code == "SEV-707"


def test_a_token_that_dies_in_the_middle_of_a_list_is_renewed(tmp_path: Path) -> None:
    with connected(tmp_path, many(customers=250)) as severa:
        severa.state.faults.order(FaultKind.ANSWER_INSTEAD, "GET", "/v1/customers", first=2, status=401)
        assert len(severa.client.pages_by_token("/v1/customers", wire.Customer)) == 252
        assert sum(asked.path == "/v1/token" for asked in severa.state.requests) == 2


def test_a_token_is_renewed_with_the_refresh_token(tmp_path: Path) -> None:
    with connected(tmp_path, seed(), ServerConfig(requests_per_second=None, token_seconds=100)) as severa:
        severa.client.ask("/heartbeat/authorized")
        severa.clock.now += 95
        severa.client.ask("/heartbeat/authorized")
        tokens = [asked.path for asked in severa.state.requests if asked.method == "POST"]
        assert tokens == ["/v1/token", "/v1/refreshtoken"]


def test_parallel_requests_wait_for_one_token(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        failures: list[BaseException] = []

        def read() -> None:
            try:
                severa.client.get("/v1/organizationdetails", wire.OrganizationDetails)
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=read) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert failures == []
        assert sum(asked.path == "/v1/token" for asked in severa.state.requests) == 1
        assert len(severa.calls(path="/v1/organizationdetails")) == 20


def test_wrong_credentials(tmp_path: Path) -> None:
    with connected(tmp_path, seed(), client_secret="wrong-secret") as severa:
        with pytest.raises(Refused) as caught:
            severa.client.ask("/heartbeat/authorized")
        assert caught.value.reason.code == "SEV-701"
        assert "wrong-secret" not in str(caught.value)


def test_a_missing_scope_is_named(tmp_path: Path) -> None:
    given = seed()
    scopes = tuple(scope for scope in SCOPES if scope != "settings:read")
    narrow = SeveraSeed(given.client_id, given.client_secret, scopes, given.collections, given.settings_of_invoice)
    with connected(tmp_path, narrow, scopes=scopes) as severa:
        with pytest.raises(Refused) as caught:
            severa.client.pages_by_offset("/v1/worktypes", wire.WorkType)
        assert caught.value.reason.code == "SEV-702"
        assert caught.value.reason.param("scope") == "settings:read"


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        with pytest.raises(Refused) as caught:
            severa.client.get("/v1/invoices/nowhere", wire.Invoice)
        assert caught.value.reason.code == "SEV-709"
        assert caught.value.reason.param("path") == "/v1/invoices/nowhere"


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        url = severa.url
    with (
        SeveraClient(connection(url), pacing=unpaced()) as client,
        stamina.set_testing(True, attempts=2),
        pytest.raises(Unavailable) as caught,
    ):
        client.ask("/heartbeat/authorized")
    assert caught.value.reason.code == "SEV-703"
    assert caught.value.reason.param("address").startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        (FaultKind.ANSWER_INSTEAD, {"status": 503}),
        (FaultKind.DO_THEN_ANSWER, {"status": 500}),
        (FaultKind.CLOSE_BEFORE, {}),
        (FaultKind.DO_THEN_CLOSE, {}),
    ],
)
def test_a_read_survives_a_passing_failure(tmp_path: Path, kind: FaultKind, details: dict[str, Any]) -> None:
    with connected(tmp_path, seed()) as severa:
        severa.state.faults.order(kind, "GET", INVOICE, times=2, **details)
        assert severa.client.get(INVOICE, wire.Invoice).number == 9000001
        assert len(severa.calls(path=INVOICE)) == 3


def test_a_read_that_hangs_is_repeated(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        severa.client.ask("/heartbeat/authorized")
        severa.state.faults.order(FaultKind.WAIT_BEFORE, "GET", INVOICE)
        assert severa.client.get(INVOICE, wire.Invoice).number == 9000001


@pytest.mark.parametrize("retry_after", [None, "3"])
def test_severas_quota_is_respected(tmp_path: Path, retry_after: str | None) -> None:
    """The server counts in the client's own fake time: nobody waits really."""
    clock = FakeClock()
    config = ServerConfig(requests_per_second=10, retry_after=retry_after, monotonic=clock.time)
    with connected(tmp_path, seed(), config) as severa:
        with severa.another(pacing=unpaced(clock)) as eager:
            for _ in range(25):
                eager.ask("/heartbeat/authorized")
            assert sum(asked.status == 429 for asked in severa.state.requests) > 0
            assert clock.slept == ([1, 1] if retry_after is None else [3, 3])
        refused = sum(asked.status == 429 for asked in severa.state.requests)
        with severa.another(pacing=Pacing(8, clock=clock.clock)) as calm:
            clock.now += 5
            for _ in range(25):
                calm.ask("/heartbeat/authorized")
        assert sum(asked.status == 429 for asked in severa.state.requests) == refused


def test_two_processes_worth_of_clients_share_the_quota(tmp_path: Path) -> None:
    clock = FakeClock()
    config = ServerConfig(requests_per_second=10, monotonic=clock.time)
    with connected(tmp_path, seed(), config) as severa:
        pacings = [Pacing(8, tmp_path / "pace.sqlite", CLIENT_ID, clock=clock.clock) for _ in range(2)]
        clients = [severa.another(pacing=pacing) for pacing in pacings]
        for turn in range(40):
            clients[turn % 2].ask("/heartbeat/authorized")
        assert all(asked.status != 429 for asked in severa.state.requests)
        for client, pacing in zip(clients, pacings, strict=True):
            client.close()
            pacing.close()


def test_a_write_changes_the_invoice(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        [after] = changed(severa.client)
        assert after.status is not None
        assert after.status.guid == "status-transferred"


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        (FaultKind.DO_THEN_CLOSE, True),
        (FaultKind.CLOSE_BEFORE, False),
        (FaultKind.DO_THEN_ANSWER, True),
        (FaultKind.ANSWER_INSTEAD, False),
        (FaultKind.TRUNCATED_JSON, True),
        (FaultKind.DO_THEN_WAIT, True),
    ],
)
def test_a_write_whose_answer_is_lost_is_uncertain_and_sent_once(tmp_path: Path, kind: FaultKind, done: bool) -> None:
    with connected(tmp_path, seed()) as severa:
        severa.client.ask("/heartbeat/authorized")
        severa.state.faults.order(kind, "PATCH", INVOICE, times=10)
        with pytest.raises(Uncertain) as caught:
            changed(severa.client)
        assert caught.value.reason.code == "SEV-708"
        assert len(severa.calls("PATCH")) == 1
        document = severa.state.document("invoices", "invoice-9000001")
        assert document is not None
        assert (document["status"]["guid"] == "status-transferred") == done


def test_a_write_is_repeated_after_a_429_and_done_once(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        severa.state.faults.order(
            FaultKind.ANSWER_INSTEAD, "PATCH", INVOICE, status=429, text="API calls quota exceeded!"
        )
        assert len(changed(severa.client)) == 1
        assert len(severa.calls("PATCH")) == 2


def test_a_read_only_client_sends_no_write(tmp_path: Path) -> None:
    with connected(tmp_path, seed(), NO_QUOTA, read_only=True) as severa:
        assert severa.client.get(INVOICE, wire.Invoice).number == 9000001
        with pytest.raises(WriteBlocked):
            changed(severa.client)
        assert severa.calls("PATCH") == []


def test_no_secret_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with connected(tmp_path, seed()) as severa:
        changed(severa.client)
        shown = [secret for secret in severa.client._auth.secrets if secret in caplog.text]
        assert len([secret for secret in severa.client._auth.secrets if secret]) == 3
    assert caplog.text
    assert shown == []


# POST: the same rules as PATCH


class _NewCustomer(wire.Model, frozen=True):
    """The smallest body of a customer."""

    name: str
    is_active: bool = True


@pytest.mark.parametrize(
    "kind", [FaultKind.DO_THEN_CLOSE, FaultKind.DO_THEN_ANSWER, FaultKind.TRUNCATED_JSON, FaultKind.ANSWER_INSTEAD]
)
def test_a_post_whose_answer_is_lost_is_uncertain_and_never_sent_again(tmp_path: Path, kind: FaultKind) -> None:
    with connected(tmp_path, seed()) as severa:
        severa.state.faults.order(kind, "POST", "/v1/customers", status=502)
        with pytest.raises(Uncertain) as caught:
            severa.client.post("/v1/customers", _NewCustomer(name="Nya AB"), wire.Customer)
        assert caught.value.reason.code == "SEV-708"
        assert severa.calls("POST", "/v1/customers") == ["/v1/customers"]


def test_a_post_that_did_not_get_in_is_sent_again(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        severa.state.faults.order(FaultKind.ANSWER_INSTEAD, "POST", "/v1/customers", status=429, text="quota")
        made = severa.client.post("/v1/customers", _NewCustomer(name="Nya AB"), wire.Customer)
        assert (made.name, made.number) == ("Nya AB", 2000)
        assert len(severa.calls("POST", "/v1/customers")) == 2


def test_a_read_only_client_posts_nothing(tmp_path: Path) -> None:
    with connected(tmp_path, seed(), read_only=True) as severa:
        with pytest.raises(WriteBlocked):
            severa.client.post("/v1/customers", _NewCustomer(name="Nya AB"), wire.Customer)
        assert severa.calls("POST") == []
