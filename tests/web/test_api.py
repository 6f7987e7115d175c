"""The JSON API: tokens with scopes and companies, faults as code, text and remedy; a transfer from search to result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from brygga.app import App
from brygga.practice.adk_engine import user_ledgers
from brygga.records.reasons import Refused
from brygga.runs.takeover import TAKEOVER
from brygga.store.api_tokens import PREFIX, ApiTokens, Scope
from brygga.store.audit.chain import events
from brygga.store.database import open_store
from brygga.store.web_users import WebUsers
from brygga.transfers.plan import Transfer
from brygga.web.access import Doorkeeper, Origins
from brygga.web.api.router import MODULES
from brygga.web.application import create_application
from tests.transfers.practice_world import Row, World, practice_world
from tests.transfers.travels import BackupOfAdministration
from tests.web.page_world import COMPANY, OWN, PORT, WorldApp

BASE = f"/api/companies/{COMPANY}"
WAIT_SECONDS = 200


@dataclass
class Api:
    """A script with a token."""

    app: App
    client: TestClient[Litestar]
    token: str

    def __call__(self, method: str, path: str, status: int = 200, body: Any = None, **headers: str) -> Any:
        """Call a route and answer its JSON."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | headers
        answer = self.client.request(method, path, json=body, headers=headers)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text)
        return answer.json()

    def with_token(self, *scopes: Scope, companies: tuple[str, ...] = ()) -> Api:
        """The same with a token for less."""
        return Api(self.app, self.client, ApiTokens(self.app.engine).create("less", scopes, companies)[1])

    def ended(self, run: Any) -> Any:
        """Wait for a run."""
        assert self.app.runs.wait(run["id"], WAIT_SECONDS).ended
        return self("GET", f"{BASE}/runs/{run['id']}")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made


@pytest.fixture
def api(world: World) -> Iterator[Api]:
    app = WorldApp(world)
    app.settings("beta").set("severa.client_id", "other")
    _, token = ApiTokens(app.engine).create("test", list(Scope))
    with TestClient(create_application(app, Doorkeeper(), Origins(port=PORT)), base_url=OWN) as client:
        yield Api(app, client, token)
    app.close()


def test_a_transfer_from_search_to_result(api: Api, world: World) -> None:
    world.invoice(10234)
    world.invoice(10235, Row(rate="19"))
    api("GET", f"{BASE}/lists/invoices", 404)
    api.app.runs.work()
    assert api.ended(api("POST", f"{BASE}/searches", 202, {"transfer": "invoices"}))["state"] == "completed"
    found = api("GET", f"{BASE}/lists/invoices?sort=number")
    assert [(row["number"], row["state"]) for row in found["rows"]] == [("10234", "ready"), ("10235", "failed")]
    assert api("GET", f"{BASE}/lists/invoices?row_state=ready&limit=1")["hits"] == 1
    shown = api("POST", f"{BASE}/previews", 201, {"list": found["id"]})
    assert [plan["number"] for plan in shown["plans"]] == ["10234"]
    assert shown["writes"] == 1
    run = api.ended(api("POST", f"{BASE}/runs", 202, {"transfer": "invoices", "preview": shown["id"]}))
    assert (run["state"], run["done"], run["total"]) == ("completed", 1, 1)
    result = api("GET", f"{BASE}/history/{run['history']}")
    assert [(each["number"], each["state"]) for each in result] == [("10234", "transferred")]
    assert result[0]["target"]
    assert api("GET", f"{BASE}/history")[0]["counts"] == {"transferred": 1}
    assert [each["state"] for each in api("GET", f"{BASE}/records/10234")] == ["transferred"]
    period = {"start": "2026-01-01", "end": "2026-12-31"}
    assert api("POST", f"{BASE}/reconciliations", 200, period)["severa"]["SEK"]["count"] == 2
    assert {each["number"] for each in api("GET", f"{BASE}/why-not?q=10235")} == {"10235"}
    assert api("GET", f"{BASE}/doubt") == []
    api("POST", f"{BASE}/runs/{run['id']}/approve", 409)
    assert api("POST", f"{BASE}/runs/{run['id']}/cancel")["state"] == "completed"


def test_a_record_with_other_contents_is_left_alone_as_the_preview_said(api: Api, world: World) -> None:
    world.settings["customers.won_only"] = False
    world.customer(1002, "Bygg & Plåt AB")
    world.run(Transfer.CUSTOMERS)
    for number in (1001, 1002):
        world.severa.edit("customers", f"customer-{number}", {"email": f"ny{number}@example.com"})
    api.app.runs.work()
    api.ended(api("POST", f"{BASE}/searches", 202, {"transfer": "customers"}))
    found = api("GET", f"{BASE}/lists/customers")
    shown = api("POST", f"{BASE}/previews", 201, {"list": found["id"], "skip": ["customer-1002"]})
    assert shown["writes"] == 1
    run = api.ended(api("POST", f"{BASE}/runs", 202, {"transfer": "customers", "preview": shown["id"]}))
    result = {each["number"]: each for each in api("GET", f"{BASE}/history/{run['history']}")}
    assert (result["1001"]["state"], result["1002"]["state"]) == ("transferred", "skipped")
    assert [why["code"] for why in result["1002"]["reasons"]] == ["KND-140"]


def test_a_search_may_name_statuses_and_what_is_won(api: Api, world: World) -> None:
    world.settings["customers.won_only"] = False
    world.run(Transfer.CUSTOMERS)
    world.project(1042, salesStatus={"salesStatusTypeGuid": "sales-open"})
    world.invoice(10234, status={"guid": "status-sent"})
    api.app.runs.work()
    body: dict[str, Any] = {"transfer": "invoices", "statuses": ["Skickad", "Att överföra"]}
    api.ended(api("POST", f"{BASE}/searches", 202, body))
    found = api("GET", f"{BASE}/lists/invoices?statuses=Skickad&statuses=Att överföra")
    assert [row["state"] for row in found["rows"]] == ["ready"]
    shown = api("POST", f"{BASE}/previews", 201, {"list": found["id"]})
    run = api.ended(api("POST", f"{BASE}/runs", 202, {"transfer": "invoices", "preview": shown["id"]}))
    assert [each["state"] for each in api("GET", f"{BASE}/history/{run['history']}")] == ["transferred"]
    for won, state in ((None, "skipped"), (False, "ready")):
        api.ended(api("POST", f"{BASE}/searches", 202, {"transfer": "projects", "won_only": won}))
        query = "" if won is None else "?won_only=false"
        assert [row["state"] for row in api("GET", f"{BASE}/lists/projects{query}")["rows"]] == [state]


def test_an_offer_is_accepted_in_the_preview_or_with_the_run(api: Api, world: World) -> None:
    world.project(1042)
    for number in (10234, 10235):
        world.invoice(number)
    world.run(Transfer.INVOICES)
    for number in (10234, 10235):
        payment = user_ledgers.register_payment(world.place.company, number, Decimal(15625), date(2026, 2, 10))
        world.run(Transfer.PAYMENTS)
        user_ledgers.reverse_payment(world.place.company, payment)
    api.app.runs.work()
    api.ended(api("POST", f"{BASE}/searches", 202, {"transfer": "payments"}))
    found = api("GET", f"{BASE}/lists/payments")
    shown = api("POST", f"{BASE}/previews", 201, {"list": found["id"], "keys": ["10235"], "accept": ["10234"]})
    assert [(plan["number"], plan["state"]) for plan in shown["plans"]] == [("10234", "ready"), ("10235", "waiting")]
    as_shown = {"transfer": "payments", "preview": shown["id"]}
    assert api("POST", f"{BASE}/runs", 409, as_shown | {"accept": ["10235"]})["code"] == "API-920"
    for body in (as_shown, {"transfer": "payments", "keys": ["10235"], "accept": ["10235"]}):
        assert api.ended(api("POST", f"{BASE}/runs", 202, body))["state"] == "completed"
    for number in (10234, 10235):
        invoice = world.severa.document("invoices", f"invoice-{number}")
        assert invoice is not None
        assert invoice["status"]["guid"] == "status-transferred"


def test_a_change_by_a_token_is_the_tokens_in_the_audit_trail(api: Api) -> None:
    key = f"{BASE}/settings/invoices.project_on"
    assert api("PUT", key, 200, {"value": "rows"})["value"] == "rows"
    assert events(api.app.engine, COMPANY)[-1].actor.startswith("token 1 ")
    assert api("DELETE", key)["value"] != "rows"
    assert api("PUT", key, 409, {"value": "nowhere"})["code"] == "INS-805"
    assert api("PUT", f"{BASE}/settings/no.such", 404, {"value": "x"})["code"] == "INS-806"


def test_secrets_neither_come_nor_go_over_the_api(api: Api, world: World) -> None:
    assert api("PUT", f"{BASE}/settings/severa.client_secret", 409, {"value": "planted-secret"})["code"] == "LAG-023"
    assert api("DELETE", f"{BASE}/settings/severa.client_secret", 409)["code"] == "LAG-023"
    settings = {each["key"]: each for each in api("GET", f"{BASE}/settings")}
    assert settings["severa.client_secret"]["secret"]
    assert settings["severa.client_secret"]["value"] in ("", "***")


def test_schedules(api: Api) -> None:
    path = f"{BASE}/schedules/invoices"
    assert api("PUT", path, 200, {"pattern": "weekdays 07:30"})["due"]
    assert api("PUT", path, 200, {"pattern": "weekdays 07:30", "paused": True})["due"] is None
    assert api("PUT", path, 409, {"pattern": "now and then"})["code"] == "SCH-101"
    assert api("DELETE", path) == []
    assert api("DELETE", path, 404)["code"] == "KOR-879"


def test_what_is_missing_is_told(api: Api) -> None:
    """The same checks, in the same order, as ``brygga check`` tells."""
    told = api("GET", f"{BASE}/check")
    checks = api.app.checks(COMPANY)
    assert [(each["id"], each["ok"]) for each in told] == [(each.id, each.ok) for each in checks]
    codes = {why["code"] for each in told for why in each["reasons"]}
    assert {"INS-807", "INS-809"} <= codes
    assert not all(each["ok"] for each in told)


def test_tokens_over_the_api(api: Api) -> None:
    made = api("POST", "/api/tokens", 201, {"name": "script", "scopes": ["read"], "companies": [COMPANY]})
    script = Api(api.app, api.client, made["token"])
    assert script("GET", "/api/companies") == [COMPANY]
    assert made["token"] not in str(api("GET", "/api/tokens"))
    assert api("DELETE", f"/api/tokens/{made['about']['id']}")["revoked"]
    assert script("GET", "/api/companies", 401)["code"] == "API-904"
    assert api("POST", "/api/tokens", 404, {"name": "x", "companies": ["nobody"]})["code"] == "INS-808"


def test_a_fault_has_code_text_and_remedy_in_the_callers_language(api: Api) -> None:
    english = api("GET", f"{BASE}/runs/99", 404)
    assert api("GET", f"{BASE}/runs/{10**30}", 400)["code"] == "API-906"
    assert english["code"] == "KOR-874"
    assert english["text"]
    assert english["remedy"]
    assert api("GET", f"{BASE}/runs/99", 404, **{"Accept-Language": "sv"})["text"] != english["text"]
    for method, path, status in (("GET", "/api/nowhere", 404), ("PATCH", "/api/companies", 405)):
        assert set(api(method, path, status)) == {"code", "text", "remedy"}
    assert api("POST", f"{BASE}/searches", 400, {"transfer": "invoices", "x": 1})["code"] == "API-906"


def routes() -> list[tuple[str, str, Scope]]:
    """Every route of the API: method, path and the scope that it needs."""
    return [
        (method, f"/api{path}", handler.opt["scope"])
        for module in MODULES
        for handler in module.ROUTES
        for path in handler.paths
        for method in sorted(handler.http_methods)
    ]


def filled(path: str, company: str = COMPANY) -> str:
    """A route's path with something in each place."""
    values = {"{company:str}": company, "{transfer:str}": "invoices", "{key:str}": "x", "{text:str}": "x"}
    for name, value in values.items():
        path = path.replace(name, value)
    return path.replace("{run_id:int}", "1").replace("{history_id:int}", "1").replace("{token_id:int}", "1")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Two companies without systems: who may not call must be refused before they are asked."""
    app = App(tmp_path_factory.mktemp("bare") / "brygga.sqlite")
    for company in (COMPANY, "beta"):
        app.settings(company).set("severa.client_id", "id")
    with TestClient(create_application(app, Doorkeeper(), Origins(port=PORT)), base_url=OWN) as client:
        yield Api(app, client, ApiTokens(app.engine).create("test", list(Scope))[1])
    app.close()


@pytest.mark.parametrize(("method", "path", "scope"), routes(), ids=lambda each: str(each))
def test_every_route_refuses_who_may_not(bare: Api, method: str, path: str, scope: Scope) -> None:
    api, at = bare, filled(path)
    assert "{" not in at
    own: Any = api.client
    body: Any = {} if method in ("POST", "PUT") else None
    own.cookies.set("brygga-session", "anything")
    for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": f"Basic {api.token}"}):
        assert own.request(method, at, json=body, headers=headers).status_code == 401
    assert own.request(method, at, json=body, headers={"Host": "evil.example"}).status_code == 421
    others = [each for each in Scope if each is not scope]
    assert api.with_token(*others)(method, at, 403, body)["code"] == "API-905"
    if "{company:str}" in path:
        assert api.with_token(*Scope, companies=("beta",))(method, at, 403, body)["code"] == "API-905"
        assert api(method, filled(path, "nobody"), 404, body)["code"] == "INS-808"
    if scope is Scope.ADMIN:
        assert api.with_token(*Scope, companies=(COMPANY,))(method, at, 403, body)["code"] == "API-905"


def test_another_companys_run_is_as_unknown_as_none(api: Api) -> None:
    run = api("POST", f"{BASE}/searches", 202, {"transfer": "invoices"})["id"]
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/approve")):
        assert api(method, f"/api/companies/beta/runs/{run}{path}", 404)["code"] == "KOR-874"
    assert not api.app.runs.get(run).ended


def test_only_digests_of_tokens_and_passwords_are_stored(tmp_path: Path) -> None:
    path = tmp_path / "brygga.sqlite"
    engine = open_store(path)
    _, token = ApiTokens(engine).create("script", [Scope.READ])
    WebUsers(engine).put("anna", "fyra ord på rad")
    engine.dispose()
    stored = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert token.startswith(PREFIX)
    assert b"anna" in stored
    assert token.encode() not in stored
    assert b"fyra ord" not in stored


def test_tokens_end_and_users_are_known_by_their_passwords(store: Path | str) -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    clock: Callable[[], datetime] = lambda: now[0]  # noqa: E731
    engine = open_store(store)
    tokens, users = ApiTokens(engine, clock), WebUsers(engine, clock)
    made, secret = tokens.create("script", [Scope.READ], ["alfa"], days=30)
    assert tokens.of(secret) == made
    assert not made.may(Scope.READ, "beta")
    now[0] += timedelta(days=31)
    assert tokens.of(secret) is None
    for wrong in (("", [Scope.READ], 1), ("x", [], 1), ("x", [Scope.READ], 0), ("x", [Scope.READ], 4000)):
        with pytest.raises(Refused, match="API-913"):
            tokens.create(wrong[0], wrong[1], days=wrong[2])
    with pytest.raises(Refused, match="API-912"):
        tokens.revoke(99)
    users.put("anna", "fyra ord på rad")
    users.put("anna", "fem andra ord på rad")
    assert (users.names(), users.knows("anna", "fem andra ord på rad")) == (("anna",), True)
    assert not users.knows("anna", "fyra ord på rad")
    assert not users.knows("bo", "fem andra ord på rad")
    with pytest.raises(Refused, match="API-911"):
        users.put("bo", "kort")
    users.remove("anna")
    with pytest.raises(Refused, match="API-915"):
        users.remove("anna")
    engine.dispose()


def test_the_api_shows_and_takes_over(api: Api, world: World) -> None:
    backup = BackupOfAdministration(world)
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    backup.restore()
    shown = api("POST", f"{BASE}/takeover/preview")
    assert (shown["run"], [why["code"] for why in shown["signs"]]) == (0, ["SYS-924", "SYS-929"])
    assert [(each["number"], each["state"], each["reasons"][0]["code"]) for each in shown["affected"]] == [
        ("10234", "in_doubt", "SYS-926")
    ]
    assert api("GET", f"{BASE}/doubt") == []
    done = api("POST", f"{BASE}/takeover")
    assert done["affected"] == shown["affected"]
    assert [(run["id"], run["transfer"]) for run in api("GET", f"{BASE}/history")][:1] == [(done["run"], TAKEOVER)]
    assert [each["number"] for each in api("GET", f"{BASE}/doubt")] == ["10234"]
