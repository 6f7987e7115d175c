"""Planted secrets appear in no page, log, store or export (issue 6, Security): planted everywhere, looked for
everywhere.

The routes come from the application, so that a page that is added tomorrow is looked through without knowing it.
"""

from __future__ import annotations

import base64
import getpass
import io
import re
import smtplib
import socketserver
import sqlite3
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy.engine import make_url

from brygga.app import App
from brygga.practice.build import CLIENT_SECRET
from brygga.runs.listing import parameters_of
from brygga.store.api_tokens import ApiTokens, Scope
from brygga.store.database import StoreError
from brygga.store.listings import Filter, Listings
from brygga.store.run_requests import Origin, RequestKind
from brygga.store.web_users import WebUsers
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from brygga.web.access import Doorkeeper, Origins
from brygga.web.api.router import MODULES
from brygga.web.application import PAGES, create_application
from brygga.web.gate import API_PREFIX, COOKIE
from tests.end_to_end.secret_sweep import Sweep
from tests.end_to_end.support import COMPANY, World, brygga

OWN = "http://127.0.0.1:8123"
PLANTED = {
    "severa": CLIENT_SECRET,
    "administration": "planterat/Lösen&1",
    "mail": "planted-smtp?pass=2",
    "user": "planted user's words",
    "store": "pl4nted%store+3",
    "start": "planted-start-secret-4",
}
WEBHOOK_PATH = "hooks/planted-webhook-5"


def test_the_sweep_finds_what_is_there() -> None:
    """A check that cannot fail proves nothing."""
    sweep = Sweep(PLANTED)
    with zipfile.ZipFile(packed := io.BytesIO(), "w") as workbook:
        workbook.writestr("sheet.xml", PLANTED["mail"])
    store = sqlite3.connect(":memory:")
    store.execute("CREATE TABLE t (c)")
    store.execute("INSERT INTO t VALUES (?)", [zlib.compress(PLANTED["start"].encode())])
    planted = {
        "page": escape(PLANTED["user"]).encode(),
        "address": quote_plus(PLANTED["store"]).encode(),
        "header": base64.b64encode(f"anna:{PLANTED['administration']}".encode()),
        "workbook": packed.getvalue(),
        "store": store.serialize(),
    }
    for where, content in planted.items():
        sweep.look(where, content)
    assert {where for where, _ in sweep.found} == set(planted)


# -- planting ------------------------------------------------------------------------------------------------------
class _Hook(BaseHTTPRequestHandler):
    """A webhook that fails: the library's complaint names its secret address."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _MailServer(socketserver.StreamRequestHandler):
    """A mail server that refuses the log-in and repeats what it was told."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            word = line[:4].upper()
            if word == b"EHLO":
                self.wfile.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"535 refused: " + line + b"\r\n")


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def planted(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The practice company with a secret of ours in every place that takes one; by what each is."""
    monkeypatch.delenv("BRYGGA_SEVERA_CLIENT_SECRET")
    monkeypatch.setenv("BRYGGA_SECRET_KEY", "C" * 43 + "=")
    with ExitStack() as open_servers:
        hook = open_servers.enter_context(serving(ThreadingHTTPServer(("127.0.0.1", 0), _Hook)))
        mail = open_servers.enter_context(serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), _MailServer)))
        webhook = f"http://127.0.0.1:{hook}/{WEBHOOK_PATH}"
        world.settings.save(
            {
                "severa.client_secret": CLIENT_SECRET,
                "administration.user": "anna",
                "administration.password": PLANTED["administration"],
                "schedule.smtp_password": PLANTED["mail"],
                "schedule.smtp_host": "127.0.0.1",
                "schedule.smtp_port": str(mail),
                "schedule.smtp_security": "none",
                "schedule.smtp_user": "anna",
                "schedule.digest_to": "controller@example.com",
                "schedule.digest_when": "always",
                "schedule.digest_webhook": webhook,
            }
        )
        WebUsers(world.app.engine).put("anna", PLANTED["user"])
        token = ApiTokens(world.app.engine).create("script", list(Scope))[1]
        yield PLANTED | {"webhook": WEBHOOK_PATH, "token": token}


@pytest.fixture
def month(world: World, planted: dict[str, str]) -> dict[str, str]:
    """A scheduled run whose digest is refused by both servers, with the call log on, and a list of each transfer."""
    (world.installation.common_path / "APIAdklogg").touch()
    runs = world.app.runs
    for transfer in (Transfer.CUSTOMERS, Transfer.INVOICES):
        runs.start(COMPANY, transfer, Selection(), kind=RequestKind.SEARCH)
    scheduled = runs.start(COMPANY, Transfer.INVOICES, Selection(), origin=Origin.SCHEDULE)
    said = brygga("worker", "--once")
    assert said.code == 0, said.everything
    errors = (world.app.folder / "errors.log").read_text(encoding="utf-8")
    # Both failures were noted, with what the libraries say of them.
    assert smtplib.SMTPAuthenticationError.__name__ in errors
    assert "500" in errors
    assert [why.code for why in runs.get(scheduled.id).reasons][-1:] == ["KOR-886"]
    return planted


# -- the sweeps ----------------------------------------------------------------------------------------------------
def addresses(app: App) -> list[str]:
    """Every address that answers a look, of the pages and of the API, with what the company has in each place."""
    listing = Listings(app.engine).latest(COMPANY, "invoices", parameters_of(Selection()))
    assert listing is not None
    row = Listings(app.engine).rows(listing, Filter(), limit=1)[0]
    preview = app.previews.save(
        COMPANY, Transfer.INVOICES, (), settings=listing.settings_hash, version="", now=listing.read_at
    )
    known = {
        "company": [COMPANY],
        "tab": ["fakturor", "kunder"],
        "section": ["connection", "schedule", "invoices"],
        "preview_id": [preview.id],
        "request_id": [str(app.runs.latest(COMPANY, 1)[0].id)],
        "run_id": [str(app.journal(COMPANY).runs(1)[0].id)],
        "history_id": [str(app.journal(COMPANY).runs(1)[0].id)],
        "key": [row.source_key],
        "text": [row.number],
        "transfer": ["invoices"],
        "evidence_id": ["nowhere"],
    }
    templates = {
        path for module in PAGES for each in module.ROUTES if "GET" in each.http_methods for path in each.paths
    }
    templates |= {
        API_PREFIX + path
        for module in MODULES
        for each in module.ROUTES
        if "GET" in each.http_methods
        for path in each.paths
    }
    found = [f"/{COMPANY}/varfor?q={row.number}", f"/{COMPANY}/nowhere", f"{API_PREFIX}/openapi.json"]
    for template in sorted(templates):
        names = re.findall(r"{(\w+):", template)
        assert set(names) <= set(known), f"nothing is known for {template}"
        for turn in range(max((len(known[name]) for name in names), default=1)):
            values = {name: (known[name] * 3)[turn] for name in names}
            found.append(re.sub(r":\w+}", "}", template).format_map(values))
    return found


@contextmanager
def browsing(app: App, planted: dict[str, str]) -> Iterator[tuple[TestClient[Litestar], dict[str, str]]]:
    """A browser that was let in, and all secrets together with those of its own way in."""
    keeper = Doorkeeper()
    origins = Origins(port=8123)
    start = planted["start"]
    with TestClient(create_application(app, keeper, origins, start_secret=start, log_in=True), base_url=OWN) as client:
        client.follow_redirects = False
        used, unused = keeper.launch(getpass.getuser()), keeper.launch("anna")
        client.get("/in", params={"token": used})
        client.headers["Authorization"] = f"Bearer {planted['token']}"
        cookie = str(client.cookies[COOKIE])
        yield client, planted | {"launch": used, "unused launch": unused, "session": cookie}


def sweep_of_pages(sweep: Sweep, client: TestClient[Litestar], paths: list[str]) -> set[int]:
    """Look through the answer of every address, headers included; their statuses."""
    statuses = set()
    for path in paths:
        answer = client.get(path)
        statuses.add(answer.status_code)
        sweep.look(path, str(dict(answer.headers)))
        sweep.look(path, answer.content)
    return statuses


def typed_on_pages(sweep: Sweep, client: TestClient[Litestar], secrets: dict[str, str]) -> None:
    """What is typed in a form is not shown again: settings with another field wrong, and the log-in."""
    own = {"Origin": OWN}
    asked = ["severa.client_secret", "administration.password", "severa.base_url"]
    form: dict[str, Any] = {"falt": asked, "severa.base_url": "http://evil.example"}
    form |= {"severa.client_secret": CLIENT_SECRET, "administration.password": secrets["administration"]}
    for path, status in (("spara", 409), ("svar?om=severa.base_url", 200)):
        answer = client.post(f"/{COMPANY}/installningar/connection/{path}", data=form, headers=own)
        assert answer.status_code == status
        sweep.look(path, answer.content)
    for name, status in (("anna", 303), ("bertil", 403)):
        log_in = {"name": name, "password": secrets["user"]}
        answer = client.post("/logga-in", data=log_in, headers=own)
        assert answer.status_code == status
        sweep.look(f"log-in of {name}", answer.content)


def said(*words: str) -> str:
    """What a command says, however it ends."""
    return brygga(*words).everything


def look_behind_the_pages(sweep: Sweep, world: World, folder: Path) -> None:
    """Look through what the commands say, their exports, the logs, the store's files and its backup."""
    out = folder / "out"
    out.mkdir()
    commands = (
        "check --json",
        "check",
        "settings list",
        "settings list --json",
        f"settings export {out / 'settings.json'}",
        "audit export -",
        f"audit export {out / 'trail.csv'} --format csv",
        "audit search administration.password",
        f"probe --report {out / 'probe.json'}",
        "doctor --json",
        "history",
        "runs --json",
        "schedule list",
        "token list --json",
        "users list",
        "why 1 --json",
        f"backup {out / 'backup.sqlite'}",
    )
    for command in commands:
        sweep.look(command, said(*command.split()))
    sweep.look_into(out)
    sweep.look_into(world.app.folder)
    sweep.look_into(world.installation.common_path)
    written = {
        "settings.json",
        "trail.csv",
        "probe.json",
        "backup.sqlite",
        "brygga.sqlite",
        "errors.log",
        "secrets.enc",
    }
    assert {*written, "APIAdklogg"} <= sweep.looked


def test_no_page_export_log_store_or_backup_holds_a_planted_secret(
    world: World, month: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths = addresses(world.app)
    with browsing(world.app, month) as (client, secrets):
        sweep = Sweep(secrets)
        assert 200 in sweep_of_pages(sweep, client, paths)
        typed_on_pages(sweep, client, secrets)
        reconciled = client.post(f"/{COMPANY}/avstamning/jamfor", data={"month": "2026-01"}, headers={"Origin": OWN})
        sweep_of_pages(sweep, client, [reconciled.headers["location"], f"{reconciled.headers['location']}/excel"])

        known, checks = App.journal, App.checks

        def broken(*_: object, **__: object) -> Any:
            """A defect whose text holds what the program works with, as a library would put them together."""
            held = [month[name] for name in ("severa", "administration", "mail", "webhook", "token")]
            told = " ".join(f"{secret!r} {quote(secret)} {quote_plus(secret)}" for secret in held)
            raise RuntimeError(f"postgresql://brygga:{secrets['store']}@db/x {told}")

        monkeypatch.setattr(App, "journal", broken)
        monkeypatch.setattr(App, "checks", broken)
        assert 500 in sweep_of_pages(sweep, client, paths)
        monkeypatch.setattr(App, "journal", known)
        monkeypatch.setattr(App, "checks", checks)
        look_behind_the_pages(sweep, world, tmp_path)
    assert sweep.found == set()


def test_the_password_of_the_stores_address_is_nowhere(
    postgresql: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A store that answers, and one that does not."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    there = make_url(postgresql).set(password=PLANTED["store"])
    away = there.set(host="127.0.0.1", port=1, query={})
    sweep = Sweep(PLANTED)
    for url in (there, away):
        address = url.render_as_string(hide_password=False)
        control = Sweep(PLANTED)
        control.look("address", address)
        assert control.found == {("address", "store")}
        monkeypatch.setenv("BRYGGA_STORE", address)
        app = App(address)
        if url is there:
            app.settings(COMPANY).set("severa.client_id", "id")
        with browsing(app, PLANTED | {"token": "none"}) as (client, _):
            statuses = sweep_of_pages(sweep, client, ["/", f"/{COMPANY}", f"/{COMPANY}/logg", "/api/companies"])
        assert statuses <= ({303, 200, 401} if url is there else {409, 500, 503})
        for command in ("doctor --json", "check", f"backup {tmp_path / 'of-postgresql.sqlite'}", "audit verify"):
            sweep.look(command, said(*command.split()))
        app.close()
    with pytest.raises(StoreError) as refused:
        App(f"postgresql://x:{PLANTED['store']}@[::1/none").companies()
    sweep.look("an address that is none", repr(refused.value) + str(refused.value.reason))
    sweep.look_into(tmp_path / "home")
    sweep.look("backup", (tmp_path / "of-postgresql.sqlite").read_bytes())
    assert sweep.found == set()
