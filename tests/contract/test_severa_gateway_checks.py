"""What the Severa gateway says of a connection, and how an invoice is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from brygga.practice.severa_server import FaultKind, SeveraSeed
from brygga.records.reasons import Refused, Uncertain, WriteBlocked
from brygga.severa import wire
from brygga.severa.gateway import SeveraGateway
from brygga.severa.operations import NEEDED_SCOPES
from tests.contract.severa_connected import NO_QUOTA, connected
from tests.contract.severa_seed import SCOPES, seed


def with_scopes(*scopes: str) -> SeveraSeed:
    given = seed()
    return SeveraSeed(given.client_id, given.client_secret, scopes, given.collections, given.settings_of_invoice)


def test_a_credential_with_all_scopes_has_no_complaint(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        assert severa.gateway.check() == ()


@pytest.mark.parametrize("missing", sorted(set(SCOPES) - {"users:read"}))
def test_each_missing_scope_is_named(tmp_path: Path, missing: str) -> None:
    left = tuple(scope for scope in SCOPES if scope != missing)
    with connected(tmp_path, with_scopes(*left), scopes=left) as severa:
        [why] = severa.gateway.check()
        assert (why.code, why.param("scope")) == ("SEV-702", missing)


def test_several_missing_scopes_are_named_each(tmp_path: Path) -> None:
    left = ("customers:read", "invoices:read")
    with connected(tmp_path, with_scopes(*left), scopes=left) as severa:
        named = [why.param("scope") for why in severa.gateway.check()]
        assert sorted(named) == sorted(set(NEEDED_SCOPES) - set(left))


def test_wrong_credentials_are_the_only_complaint(tmp_path: Path) -> None:
    with connected(tmp_path, seed(), client_secret="wrong") as severa:
        assert [why.code for why in severa.gateway.check()] == ["SEV-701"]


def test_a_failing_server_is_the_only_complaint(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        severa.state.faults.order(FaultKind.ANSWER_INSTEAD, "GET", "/v1/organizationdetails", times=100, status=500)
        assert [why.code for why in severa.gateway.check()] == ["SEV-710"]


# Changing an invoice

KEY = "invoice-9000001"


def test_everything_is_changed_in_one_call(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        severa.gateway.change_invoice(KEY, status_key="status-transferred", number=9000077, reference_number="90000773")
        after = severa.state.document("invoices", KEY)
        assert after is not None
        assert (after["status"]["guid"], after["number"], after["referenceNumber"]) == (
            "status-transferred",
            9000077,
            "90000773",
        )
        [sent] = [asked for asked in severa.state.requests if asked.method == "PATCH"]
        assert sent.body == [
            {"op": "Replace", "path": "/status/guid", "value": "status-transferred"},
            {"op": "Replace", "path": "/number", "value": 9000077},
            {"op": "Replace", "path": "/referenceNumber", "value": "90000773"},
        ]


def test_what_is_not_given_is_left_alone(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        severa.gateway.change_invoice(KEY, status_key="status-transferred")
        severa.gateway.change_invoice(KEY)
        [sent] = [asked for asked in severa.state.requests if asked.method == "PATCH"]
        assert [one["path"] for one in sent.body] == ["/status/guid"]


def test_severas_refusal_of_a_change_is_told(tmp_path: Path) -> None:
    with connected(tmp_path, seed()) as severa:
        with pytest.raises(Refused) as caught:
            severa.gateway.change_invoice("invoice-9000003", number=9000099)
        assert caught.value.reason.code == "SEV-705"
        assert caught.value.reason.param("operation") == "PATCH /v1/invoices/invoice-9000003"
        assert caught.value.reason.param("detail")
        with pytest.raises(Refused) as gone:
            severa.gateway.change_invoice("invoice-gone", number=9000099)
        assert gone.value.reason.code == "SEV-709"


@pytest.mark.parametrize(
    ("wish", "field"),
    [({"status_key": "status-transferred"}, "/status/guid"), ({"reference_number": "1"}, "/referenceNumber")],
)
def test_a_field_that_did_not_take_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: dict[str, str], field: str
) -> None:
    with connected(tmp_path, seed()) as severa:
        answered = severa.client.get(f"/v1/invoices/{KEY}", wire.Invoice)
        monkeypatch.setattr(severa.client, "patch", lambda *_: [answered])
        with pytest.raises(Refused) as caught:
            SeveraGateway(severa.client).change_invoice(KEY, **wish)  # type: ignore[arg-type]
        assert caught.value.reason.code == "SEV-711"
        assert caught.value.reason.param("field") == field


def test_an_answer_about_nothing_is_uncertain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(tmp_path, seed()) as severa:
        monkeypatch.setattr(severa.client, "patch", lambda *_: [])
        with pytest.raises(Uncertain) as caught:
            SeveraGateway(severa.client).change_invoice(KEY, number=1)
        assert caught.value.reason.code == "SEV-708"


def test_a_read_only_gateway_changes_nothing(tmp_path: Path) -> None:
    with connected(tmp_path, seed(), NO_QUOTA, read_only=True) as severa:
        with pytest.raises(WriteBlocked):
            severa.gateway.change_invoice(KEY, number=1)
        assert severa.calls("PATCH") == []
