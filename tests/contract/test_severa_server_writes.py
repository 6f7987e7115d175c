"""PATCH of invoices, and what a person changes in Severa, in the practice Severa server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from brygga.practice.severa_server import DocumentError, ServerConfig
from tests.contract.severa_practice import Practice, error_of, practice
from tests.contract.severa_seed import invoice, organization_settings, row, seed

INVOICE = "invoice-9000001"


@pytest.fixture
def severa(tmp_path: Path) -> Iterator[Practice]:
    with practice(tmp_path) as running:
        running.sign_in()
        yield running


def kept(severa: Practice, guid: str = INVOICE) -> dict[str, Any]:
    document = severa.state.document("invoices", guid)
    assert document is not None
    return document


def test_number_reference_and_status_are_written_together(severa: Practice) -> None:
    severa.clock.forward(60)
    response = severa.patch(
        INVOICE, ("/number", 10457), ("/referenceNumber", "104570"), ("/status/guid", "status-transferred")
    )
    assert response.status_code == 200
    [document] = response.json()
    assert (document["number"], document["referenceNumber"]) == (10457, "104570")
    assert document["status"] == {
        "guid": "status-transferred",
        "name": "transferred",
        "isSent": True,
        "isWaitingPayment": True,
        "isPaid": False,
    }
    assert document["lastUpdatedDateTime"] == "2026-06-01T12:01:00Z"
    assert document == kept(severa)
    assert severa.guids("/v1/invoices", {"numbers": 10457}) == [INVOICE]
    assert severa.guids("/v1/invoices", {"numbers": 9000001}) == []
    assert severa.checker.violations == []


def test_the_payment_date_is_written_to_the_settings_too(severa: Practice) -> None:
    assert severa.patch(INVOICE, ("/paymentDate", "2026-03-01")).json()[0]["paymentDate"] == "2026-03-01"
    assert severa.get(f"/v1/invoices/{INVOICE}/invoicesettings").json()["paymentDate"] == "2026-03-01"
    assert severa.guids("/v1/invoices", {"paymentDateStart": "2026-03-01"}) == [INVOICE]
    assert severa.patch(INVOICE, ("/paymentDate", None)).json()[0]["paymentDate"] is None


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ([("/number", 10457), ("/colour", "red")], "InvalidParameter", "/colour"),
        ([("/number", 10457), ("/guid", "x")], "InvalidOperation", "read-only"),
        ([("/number", 10457), ("/lastUpdatedDateTime", None)], "InvalidOperation", "read-only"),
        ([("/number", 10457), ("/status/guid", "status-none")], "InvalidRequest", "is not there"),
        ([("/number", 10457), ("/status/guid", None)], "InvalidRequest", "guid"),
        ([("/number", 10457), ("/paymentDate", "1 mars")], "InvalidRequest", "YYYY-MM-DD"),
        ([("/number", 2**31)], "InvalidRequest", "32 bits"),
        ([("/number", 1.5)], "InvalidRequest", "whole number"),
        ([("/number", True)], "InvalidRequest", "whole number"),
        ([("/number", "A7")], "InvalidRequest", "A7"),
        ([("/number", 10457), ("/referenceNumber", 104570)], "InvalidRequest", "string"),
        ([("/Number", 10457)], "InvalidParameter", "/Number"),
    ],
)
def test_a_body_that_cannot_be_taken_changes_nothing(
    severa: Practice, changes: list[tuple[str, Any]], kind: str, told: str
) -> None:
    before = kept(severa)
    status, found, message = error_of(severa.patch(INVOICE, *changes))
    assert (status, found) == (400, kind)
    assert told in message
    assert kept(severa) == before


@pytest.mark.parametrize(
    "body",
    [{}, [], ["x"], [{"op": "Replace", "path": "/number"}], [{"op": "Replace", "value": 1}], [{"oper": "Replace"}]],
)
def test_another_shape_than_a_patch_is_refused(severa: Practice, body: Any) -> None:
    response = severa.http.patch(f"/v1/invoices/{INVOICE}", json=body, headers=severa.headers)
    assert error_of(response)[:2] == (400, "InvalidRequest")


def test_a_body_that_is_not_json_is_refused(severa: Practice) -> None:
    headers = severa.headers | {"Content-Type": "application/json"}
    response = severa.http.patch(f"/v1/invoices/{INVOICE}", content=b"[{", headers=headers)
    assert error_of(response) == (400, "InvalidRequest", "the body is not JSON")


def test_only_replace_is_supported(severa: Practice) -> None:
    for op in ("Remove", "Add", "Test"):
        assert error_of(severa.patch(INVOICE, ("/number", 1), op=op))[:2] == (400, "InvalidOperation")


@pytest.mark.parametrize(
    ("casing", "taken"),
    [("any", {"Replace", "replace", "REPLACE"}), ("Replace", {"Replace"}), ("replace", {"replace"})],
)
def test_the_casing_of_the_operation_is_a_switch(
    tmp_path: Path, casing: Literal["any", "Replace", "replace"], taken: set[str]
) -> None:
    with practice(tmp_path, config=ServerConfig(requests_per_second=None, patch_op_casing=casing)) as severa:
        severa.sign_in()
        answers = {
            op: severa.patch(INVOICE, ("/number", 1), op=op).status_code for op in ("Replace", "replace", "REPLACE")
        }
        assert {op for op, status in answers.items() if status == 200} == taken


@pytest.mark.parametrize(("values", "taken"), [("either", [1, "1"]), ("json", [1]), ("string", ["1"])])
def test_how_numbers_are_written_is_a_switch(
    tmp_path: Path, values: Literal["either", "json", "string"], taken: list[Any]
) -> None:
    with practice(tmp_path, config=ServerConfig(requests_per_second=None, patch_values=values)) as severa:
        severa.sign_in()
        assert [value for value in (1, "1") if severa.patch(INVOICE, ("/number", value)).status_code == 200] == taken


def test_a_read_only_status_refuses_another_number(severa: Practice) -> None:
    guid = "invoice-9000003"
    for path, value in [("/number", 5), ("/referenceNumber", "5")]:
        status, kind, message = error_of(severa.patch(guid, (path, value), ("/status/guid", "status-ready")))
        assert (status, kind) == (400, "InvalidOperation")
        assert path in message
    assert kept(severa, guid)["status"]["name"] == "archived"
    assert severa.patch(guid, ("/number", 9000003), ("/paymentDate", "2026-03-01")).status_code == 200
    assert severa.patch(guid, ("/status/guid", "status-ready")).status_code == 200
    assert severa.patch(guid, ("/number", 5)).status_code == 200


def test_a_read_only_status_can_allow_another_number(tmp_path: Path) -> None:
    config = ServerConfig(requests_per_second=None, read_only_status_refuses=False)
    with practice(tmp_path, config=config) as severa:
        severa.sign_in()
        assert severa.patch("invoice-9000003", ("/number", 5)).status_code == 200


def test_a_status_with_numbers_gives_the_next_one(severa: Practice) -> None:
    [document] = severa.patch("invoice-draft", ("/status/guid", "status-ready")).json()
    assert document["number"] == 9000100
    settings = severa.get("/v1/organizationsettings").json()
    assert (settings["nextInvoiceNumber"], settings["lastInvoiceNumber"]) == (9000101, 9000100)


def test_a_number_given_with_the_status_is_taken(severa: Practice) -> None:
    [document] = severa.patch("invoice-draft", ("/status/guid", "status-ready"), ("/number", 10458)).json()
    assert document["number"] == 10458
    assert severa.get("/v1/organizationsettings").json()["nextInvoiceNumber"] == 9000100


@pytest.mark.parametrize("numbered", [True, False])
def test_credit_notes_get_numbers_where_the_organisation_says_so(tmp_path: Path, numbered: bool) -> None:
    credit = invoice(1, guid="credit", isCreditNote=True, status={"guid": "status-draft"}) | {"number": None}
    settings = organization_settings(setCreditNoteInvoiceNumber=numbered)
    given = seed(invoices=[invoice(9000001), invoice(9000002), credit], organizationsettings=[settings])
    with practice(tmp_path, given) as severa:
        severa.sign_in()
        [document] = severa.patch("credit", ("/status/guid", "status-ready")).json()
        assert document["number"] == (9000100 if numbered else None)


def test_an_invoice_that_is_not_there_is_404(severa: Practice) -> None:
    response = severa.patch("none", ("/number", 1))
    assert (response.status_code, response.content) == (404, b"")


def test_copies_follow_what_a_person_changes(severa: Practice) -> None:
    before = kept(severa)
    severa.state.edit("customers", "customer-1001", {"name": "Nya namnet AB", "number": 77})
    after = kept(severa)
    assert after["customer"] == {"guid": "customer-1001", "name": "Nya namnet AB", "number": 77}
    assert after["lastUpdatedDateTime"] == before["lastUpdatedDateTime"]
    assert severa.get("/v1/addresses/address-1001").json()["customer"]["number"] == 77
    severa.patch(INVOICE, ("/number", 10457))
    [hours] = severa.rows(f"/v1/invoices/{INVOICE}/workhours")
    assert hours["invoice"]["number"] == 10457


def test_what_a_person_adds_and_removes_is_seen(severa: Practice) -> None:
    severa.state.add("invoicerows", row(9000002, 2, rowType="FlatRate"))
    assert severa.guids("/v1/invoices/invoice-9000002/invoicerows", {"rowType": "FlatRate"}) == ["row-9000002-2"]
    severa.state.delete("invoicerows", "row-9000002-2")
    assert severa.guids("/v1/invoices/invoice-9000002/invoicerows", {"rowType": "FlatRate"}) == []
    assert severa.get("/v1/invoicerows/row-9000002-2").status_code == 404


@pytest.mark.parametrize(
    ("collection", "guid", "changes", "told"),
    [
        ("invoices", INVOICE, {"colour": "red"}, "colour"),
        ("invoices", INVOICE, {"status": {"guid": "status-none"}}, "status-none"),
        ("invoices", INVOICE, {"date": None}, "date"),
        ("invoices", INVOICE, {"guid": "x"}, "guid"),
        ("invoices", "none", {"notes": ""}, "not there"),
        ("clients", "x", {}, "clients"),
    ],
)
def test_a_person_cannot_make_an_unsound_document(
    severa: Practice, collection: str, guid: str, changes: dict[str, Any], told: str
) -> None:
    before = kept(severa)
    with pytest.raises(DocumentError, match=told):
        severa.state.edit(collection, guid, changes)
    assert kept(severa) == before
