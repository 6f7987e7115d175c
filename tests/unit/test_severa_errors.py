"""What Severa's refusals mean, and that nothing secret gets into a text."""

from __future__ import annotations

import json

import pytest

from brygga.records.reasons import Fault, Refused, Unavailable
from brygga.severa.connection import SeveraConnection
from brygga.severa.errors import ERROR_TABLE, answer_reason, error_type_and_detail, meaning_of
from brygga.severa.operations import operation_of
from tests.shared import contract


@pytest.mark.parametrize(
    ("status", "kind", "code", "fault"),
    [
        (401, "AuthenticationRequired", "SEV-701", Refused),
        (401, "", "SEV-701", Refused),
        (403, "InsufficientApiScope", "SEV-702", Refused),
        (403, "AddonMissing", "SEV-705", Refused),
        (403, "", "SEV-705", Refused),
        (400, "InvalidParameter", "SEV-705", Refused),
        (400, "InvalidOperation", "SEV-705", Refused),
        (409, "", "SEV-705", Refused),
        (404, "", "SEV-709", Refused),
        (429, "", "SYS-905", Unavailable),
        (500, "InternalSystemError", "SEV-710", Unavailable),
        (503, "", "SEV-710", Unavailable),
        (302, "", "SEV-707", Refused),
        (600, "", "SEV-707", Refused),
    ],
)
def test_the_table(status: int, kind: str, code: str, fault: type[Fault]) -> None:
    meaning = meaning_of(status, kind)
    assert (meaning.code, meaning.fault) == (code, fault)


def test_the_table_names_only_types_of_the_contract() -> None:
    known = contract("severa_models.json")["_enums"]["ExceptionTypeEnum"]
    assert {row.error_type for row in ERROR_TABLE} - {""} <= set(known)


@pytest.mark.parametrize(
    ("status", "kind", "params"),
    [
        (403, "InsufficientApiScope", {"scope": "invoices:write", "operation": "PATCH /v1/invoices/x"}),
        (404, "", {"path": "/v1/invoices/x"}),
        (429, "", {"time": "2026-01-31T12:00:00+00:00"}),
        (400, "InvalidOperation", {"operation": "PATCH /v1/invoices/x", "detail": "nej"}),
        (500, "", {"status": "500", "operation": "PATCH /v1/invoices/x"}),
        (302, "", {"path": "/v1/invoices/x", "detail": "HTTP 302"}),
    ],
)
def test_each_reason_has_what_its_message_needs(status: int, kind: str, params: dict[str, str]) -> None:
    why = answer_reason(
        meaning_of(status, kind),
        operation=operation_of("PATCH", "/v1/invoices/x"),
        path="/v1/invoices/x",
        status=status,
        detail="nej",
        resume_time=1_769_860_800.0,
    )
    assert dict(why.params) == params


def _body(*messages: str | None, kind: str | None = "InvalidParameter") -> bytes:
    details = [{"message": message, "url": None} for message in messages]
    return json.dumps({"error": {"httpStatusCode": 400, "type": kind, "details": details, "stack": "at x"}}).encode()


def test_the_servers_messages_are_kept() -> None:
    assert error_type_and_detail(_body("först", None, "sedan"), ()) == ("InvalidParameter", "först; sedan")
    assert error_type_and_detail(_body(kind="AddonMissing"), ()) == ("AddonMissing", "AddonMissing")
    assert error_type_and_detail(_body(kind="NewInThreeYears"), ()) == ("NewInThreeYears", "NewInThreeYears")
    assert error_type_and_detail(b'{"error": null}', ()) == ("", "")
    assert error_type_and_detail(b"API calls quota exceeded!", ()) == ("", "API calls quota exceeded!")
    assert error_type_and_detail(b"", ()) == ("", "")


def test_a_long_body_is_cut() -> None:
    assert len(error_type_and_detail(b"<html>" * 1000, ())[1]) == 301


def test_secrets_are_blotted_out() -> None:
    secrets = ("s3cret", "", "tok-1")
    assert error_type_and_detail(_body("s3cret and tok-1"), secrets)[1] == "*** and ***"
    assert error_type_and_detail(b"you sent s3cret", secrets)[1] == "you sent ***"


def test_a_connection_shows_no_secret() -> None:
    connection = SeveraConnection("https://severa.example/rest-api", "client", "s3cret")
    assert "s3cret" not in repr(connection)
    assert connection.address == "severa.example"


@pytest.mark.parametrize("url", ["http://severa.example/rest-api", "ftp://severa.example", "severa.example"])
def test_the_secret_goes_over_https_only(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        SeveraConnection(url, "client", "secret")


@pytest.mark.parametrize("client_id", ["", " ", "kund-åäö", "a\nb"])
def test_a_client_id_must_fit_in_a_header(client_id: str) -> None:
    with pytest.raises(ValueError, match="client id"):
        SeveraConnection("https://severa.example/rest-api", client_id, "secret")


def test_this_machine_may_be_asked_without_https() -> None:
    assert SeveraConnection("http://127.0.0.1:8000/rest-api", "client", "secret").is_loopback
