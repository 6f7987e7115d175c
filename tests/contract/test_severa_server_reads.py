"""Lists, filters and paging of the practice Severa server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from brygga.practice.severa_server import ServerConfig
from tests.contract.severa_practice import Practice, error_of, practice
from tests.contract.severa_seed import customer, invoice, nothing, seed

PAGED_BY_TOKEN = "/v1/customers"
PAGED_BY_OFFSET = "/v1/addresses"


@pytest.fixture(scope="module")
def unchecked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A server for calls that break the contract; no test changes its documents."""
    with practice(tmp_path_factory.mktemp("unchecked")) as running:
        running.sign_in()
        yield running


@pytest.fixture(scope="module")
def severa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A server whose exchanges must all keep to the contract; no test changes its documents."""
    with practice(tmp_path_factory.mktemp("severa")) as running:
        running.sign_in()
        yield running
        assert running.checker.violations == []


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[Practice]:
    """A server of the test's own, whose documents it may change."""
    with practice(tmp_path) as running:
        running.sign_in()
        yield running
        assert running.checker.violations == []


def test_one_document_by_guid_repeats_its_references(severa: Practice) -> None:
    document = severa.get("/v1/invoices/invoice-9000001").json()
    assert document["number"] == 9000001
    assert document["status"]["name"] == "ready"
    assert document["customer"] == {"guid": "customer-1001", "name": "Kund 1001", "number": 1001}
    assert document["projects"] == [{"guid": "project-42", "name": "Drift", "number": 42}]
    assert document["totalExcludingTax"]["amount"] == 12500.5
    assert document["paymentDate"] is None


def test_a_missing_document_is_404_without_body(severa: Practice) -> None:
    for path in ("/v1/invoices/none", "/v1/invoices/none/invoicerows", "/v1/invoices/invoice-9000002/invoicesettings"):
        response = severa.get(path)
        assert (response.status_code, response.content) == (404, b"")


def test_both_spellings_of_the_version_answer_alike(severa: Practice) -> None:
    assert severa.rows("/v1.0/customers") == severa.rows("/v1/customers") != []


@pytest.mark.parametrize(
    ("path", "query", "guids"),
    [
        ("/v1/customers", {"isActive": "true"}, ["customer-1001"]),
        ("/v1/customers", {"numbers": [1002, 7]}, ["customer-1002"]),
        ("/v1/customers", {"numbers": [1002, 1001]}, ["customer-1001", "customer-1002"]),
        ("/v1/customers", {"customerNames": "Kund 1002", "isActive": "true"}, []),
        ("/v1/customers", {"customerNames": "Kund"}, []),
        ("/v1/customers", {"vatNumber": "SE556900456601"}, ["customer-1002"]),
        ("/v1/customers", {"customerOwnerGuids": "user-eva"}, ["customer-1001"]),
        ("/v1/customers/customer-1001/addresses", {}, ["address-1001"]),
        ("/v1/customers/customer-1002/addresses", {}, []),
        ("/v1/customers/customer-1001/customercountrysettings", {}, ["tax-1001"]),
        ("/v1/customers/customer-1001/projects", {}, ["project-42"]),
        ("/v1/projects", {}, ["project-42", "project-43"]),
        ("/v1/projects", {"salesStatusTypeGuids": "sales-won"}, ["project-42"]),
        ("/v1/projects", {"businessUnitGuids": "unit-1"}, ["project-42"]),
        ("/v1/projects", {"customerOwnerGuids": "user-eva"}, ["project-42"]),
        ("/v1/projects", {"internal": "true"}, []),
        (
            "/v1/invoices",
            {"invoiceStatusGuids": ["status-archived", "status-draft"]},
            ["invoice-9000003", "invoice-draft"],
        ),
        ("/v1/invoices", {"customerGuids": "customer-1002"}, ["invoice-9000002"]),
        ("/v1/invoices", {"projectBusinessUnitGuids": "unit-1", "numbers": [9000001, 9000002]}, ["invoice-9000001"]),
        ("/v1/invoices", {"startDate": "2026-02-28T00:00:00Z"}, ["invoice-9000002"]),
        ("/v1/invoices", {"startDate": "2026-02-01", "endDate": "2026-02-27"}, []),
        ("/v1/invoices", {"paymentDateStart": "2020-01-01"}, []),
        ("/v1/invoices/invoice-9000001/invoicerows", {}, ["row-9000001-1", "row-9000001-2", "row-9000001-3"]),
        ("/v1/invoices/invoice-9000002/invoicerows", {"rowType": "Hours"}, []),
        ("/v1/invoicerows/row-9000001-1/workhours", {}, ["hours-1"]),
        ("/v1/invoicerows/row-9000001-2/workhours", {}, []),
        ("/v1/invoices/invoice-9000001/workhours", {}, ["hours-1"]),
        ("/v1/flatrates", {"invoiceGuid": "invoice-9000001"}, ["flat-1"]),
        ("/v1/flatrates/flat-1", {}, ["flat-1"]),
        ("/v1/salesstatustypes", {"salesState": "Won"}, ["sales-won"]),
        ("/v1/costcenters", {"identifier": "STHLM", "calculateRowCount": "false"}, ["cost-sthlm"]),
        ("/v1/vatrates", {}, ["vat-25"]),
        ("/v1/vatrates", {"countryGuid": "country-no"}, ["vat-no"]),
        ("/v1/localization/countries", {}, ["country-se", "country-no"]),
        ("/v1/localization/countries/NO", {}, ["country-no"]),
        ("/v1/localization/countries/Sverige", {}, ["country-se"]),
    ],
)
def test_filters_filter(severa: Practice, path: str, query: dict[str, object], guids: list[str]) -> None:
    assert severa.guids(path, query) == guids


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("/v1/organizationdetails", "name", "Exempelkonsult AB"),
        ("/v1/organizationsettings", "nextInvoiceNumber", 9000100),
        ("/v1/localization/countries/country-no", "code2", "NO"),
        ("/v1/invoices/invoice-9000001/invoicesettings", "isReverseCharged", True),
        ("/v1/customers/customer-1001", "headquarterAddress", None),
    ],
)
def test_documents_answered_alone(severa: Practice, path: str, field: str, value: object) -> None:
    document = severa.get(path).json()
    if value is None:
        assert document[field]["addressline"] == "Storgatan 1"
        assert document[field]["country"] == "Sverige"
    else:
        assert document[field] == value


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("/v1/customers", {"page": "2"}, "page"),
        ("/v1/customers", {"firstRow": "0"}, "firstRow"),
        ("/v1/addresses", {"pageToken": "x"}, "pageToken"),
        ("/v1/customers", {"rowCount": "101"}, "rowCount"),
        ("/v1/customers", {"rowCount": "0"}, "rowCount"),
        ("/v1/addresses", {"firstRow": "-1"}, "firstRow"),
        ("/v1/customers", {"isActive": "yes"}, "isActive"),
        ("/v1/customers", {"numbers": "A7"}, "numbers"),
        ("/v1/customers", {"vatNumber": ["A", "B"]}, "vatNumber"),
        ("/v1/customers", {"changedSince": "2026-01-01T00:00:00 02:00"}, "changedSince"),
        ("/v1/invoices/invoice-9000001/invoicerows", {"rowType": "Rows"}, "rowType"),
        ("/v1/invoices/invoice-9000001", {"rowCount": "1"}, "rowCount"),
        ("/v1/vatrates", {"rowCount": "1"}, "rowCount"),
    ],
)
def test_parameters_not_understood_are_refused_by_name(
    unchecked: Practice, path: str, query: dict[str, object], name: str
) -> None:
    response = unchecked.get(path, query)
    status, kind, message = error_of(response)
    assert (status, kind) == (400, "InvalidParameter")
    assert name in message
    assert response.json()["error"]["details"][0]["location"]["name"] == name


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/v1/projects", "minimumBillableAmount", "100"),
        ("/v1/invoices", "maximumTotalExcludingTax", "5"),
        ("/v1/costcenters", "textToSearch", "Sthlm"),
        ("/v1/costcenters", "calculateRowCount", "true"),
        ("/v1/costcenters", "sortings[0].key", "Name"),
        ("/v1/contactcommunications", "active", "true"),
    ],
)
def test_documented_filters_that_are_not_modelled_are_refused(
    severa: Practice, path: str, name: str, value: str
) -> None:
    status, kind, message = error_of(severa.get(path, {name: value}))
    assert (status, kind) == (400, "InvalidParameter")
    assert message == f"{name} is documented, but this simulator does not model it"


def test_paths_that_are_not_modelled_are_refused(tmp_path: Path) -> None:
    with practice(tmp_path) as severa:
        severa.sign_in()
        for method, path in [
            ("GET", "/v1/keywords"),
            ("DELETE", "/v1/customers/customer-1001"),
            ("GET", "/v2/customers"),
        ]:
            response = severa.http.request(method, path, headers=severa.headers)
            assert response.status_code == 404
            assert f"does not model {method} {path}" in response.text
        assert len(severa.checker.violations) == 3


def test_token_pages_end_with_every_document_once(tmp_path: Path) -> None:
    many = [customer(number) for number in range(1, 251)]
    with practice(tmp_path, seed(**nothing() | {"customers": many})) as severa:
        severa.sign_in()
        numbers: list[int] = []
        sizes: list[int] = []
        query: dict[str, object] = {"rowCount": 100, "isActive": "true"}
        while True:
            response = severa.get("/v1/customers", query)
            numbers += [row["number"] for row in response.json()]
            sizes.append(len(response.json()))
            following = response.headers.get("NextPageToken")
            if not following:
                break
            query["pageToken"] = following
        assert sizes == [100, 100, 50]
        assert numbers == list(range(1, 251))
        assert len(severa.rows("/v1/customers")) == 20
        assert severa.checker.violations == []


def test_offset_pages_end_with_a_short_page(tmp_path: Path) -> None:
    addresses = [{"guid": f"a{number}", "createdDateTime": "2026-01-01T00:00:00Z"} for number in range(45)]
    with practice(tmp_path, seed(**nothing() | {"addresses": addresses})) as severa:
        severa.sign_in()
        guids: list[str] = []
        while True:
            response = severa.get("/v1/addresses", {"firstRow": len(guids), "rowCount": 20})
            assert "NextPageToken" not in response.headers
            guids += [row["guid"] for row in response.json()]
            if len(response.json()) < 20:
                break
        assert guids == [f"a{number}" for number in range(45)]


def test_the_last_full_page_has_no_token(tmp_path: Path) -> None:
    with practice(tmp_path, seed(**nothing() | {"customers": [customer(1), customer(2)]})) as severa:
        severa.sign_in()
        assert "NextPageToken" not in severa.get("/v1/customers", {"rowCount": 2}).headers


def test_a_page_token_belongs_to_its_query(severa: Practice) -> None:
    token = severa.get("/v1/customers", {"rowCount": 1}).headers["NextPageToken"]
    assert severa.guids("/v1/customers", {"pageToken": token}) == ["customer-1002"]
    for path, query in [
        ("/v1/customers", {"pageToken": token, "isActive": "true"}),
        ("/v1/invoices", {"pageToken": token}),
        ("/v1/customers", {"pageToken": token[:-4] + "AAAA"}),
        ("/v1/customers", {"pageToken": "å"}),
    ]:
        assert error_of(severa.get(path, query))[:2] == (400, "InvalidParameter")


def test_pages_stay_stable_while_documents_change(changing: Practice) -> None:
    token = changing.get("/v1/invoices", {"rowCount": 2}).headers["NextPageToken"]
    changing.state.edit("invoices", "invoice-9000001", {"notes": "ny"})
    changing.state.delete("invoices", "invoice-9000002")
    changing.state.add("invoices", invoice(9000009))
    rest = changing.guids("/v1/invoices", {"rowCount": 2, "pageToken": token})
    assert rest == ["invoice-9000003", "invoice-draft"]


def test_changed_since_includes_the_moment_itself(changing: Practice) -> None:
    changing.clock.forward(60)
    changing.state.edit("customers", "customer-1002", {"notes": "ringde"})
    moment = changing.clock.now()
    assert changing.guids("/v1/customers", {"changedSince": moment.isoformat()}) == ["customer-1002"]
    changing.clock.forward(1)
    assert changing.guids("/v1/customers", {"changedSince": changing.clock.now().isoformat()}) == []
    assert len(changing.guids("/v1/customers", {"changedSince": "2026-01-01T09:00:00+01:00"})) == 2


def test_projects_that_are_not_won_can_be_left_out(tmp_path: Path) -> None:
    config = ServerConfig(requests_per_second=None, projects_list_unwon=False)
    with practice(tmp_path, config=config) as severa:
        severa.sign_in()
        assert severa.guids("/v1/projects") == ["project-42"]
