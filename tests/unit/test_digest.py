"""The digest of a scheduled run: one sentence, what needs a person first, by e-mail and webhook (issue 4)."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from brygga.i18n import Translator
from brygga.records.reasons import Reason, reason
from brygga.records.target import Kind
from brygga.runs.digest import digest, sentence
from brygga.runs.run import Report
from brygga.store.database import open_store, utcnow
from brygga.store.history import Run, RunState
from brygga.store.run_requests import NewRun, Origin, RunRequest, RunRequests
from brygga.store.settings import Settings
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Plan, Transfer
from brygga.transfers.results import Result

SV, EN = Translator("sv"), Translator("en")


def result(number: str, state: RowState, *reasons: Reason, action: Action = Action.CREATE) -> Result:
    plan = Plan("alfa", Transfer.INVOICES, Kind.INVOICE, number, number, f"Kund {number}", action)
    return Result.of(plan, state, reasons)


def report(*results: Result) -> Report:
    run = Run(1, "alfa", "invoices", RunState.COMPLETED, "1", "s", utcnow(), utcnow())
    return Report(run, (), results, cancelled=False)


MIXED = report(
    result("1", RowState.TRANSFERRED),
    result("2", RowState.TRANSFERRED),
    result("3", RowState.TRANSFERRED, action=Action.NOTHING),  # from before: not told again
    result("4", RowState.SKIPPED, action=Action.SKIP),
    result("5", RowState.FAILED, reason("SYS-910"), action=Action.REFUSE),
    result("6", RowState.WAITING, action=Action.WAIT),
)
NOTHING = report(result("3", RowState.TRANSFERRED, action=Action.NOTHING))


class Letters(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is given."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.kept: list[str] = []
        super().__init__(("127.0.0.1", 0), _Letter)


class _Letter(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Letters)
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                self.server.kept.append(text.decode())
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


class _Hook(BaseHTTPRequestHandler):
    kept: list[Any] = []
    answer = 200

    def do_POST(self) -> None:
        self.kept.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


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
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_store(tmp_path / "store.sqlite")
    yield found
    found.dispose()


def ended(engine: Engine, *, origin: Origin = Origin.SCHEDULE, held: tuple[Reason, ...] = ()) -> RunRequest:
    requests = RunRequests(engine)
    asked = requests.ask(NewRun("alfa", "invoices", "{}", "1", origin=origin))
    requests.claim(asked.ticket, worker="w", slot=None)
    done = requests.hold(asked.ticket, held, "abcd") if held else requests.end(asked.ticket, "completed")
    assert done is not None
    return done


def test_the_sentence_says_first_what_needs_a_person(engine: Engine) -> None:
    request = ended(engine)
    assert sentence(request, MIXED, (), SV) == "alfa, fakturor: 1 fel, 1 väntar, 2 överförda"
    assert sentence(request, MIXED, (), EN) == "alfa, invoices: 1 failed, 1 waiting, 2 transferred"
    assert sentence(request, NOTHING, (), SV) == "alfa, fakturor: inget nytt"
    why = (reason("KOR-880", count=900, limit=500),)
    assert "väntar på ditt godkännande" in sentence(ended(engine, held=why), None, why, SV)
    assert "stannade" in sentence(request, None, why, SV)


def settings_of(engine: Engine, values: dict[str, object], **environ: str) -> Settings:
    settings = Settings(engine, "alfa", environ={f"BRYGGA_{name}": value for name, value in environ.items()})
    settings.save(values)
    return settings


def test_it_goes_by_mail_and_to_the_webhook_in_the_companys_language(engine: Engine) -> None:
    letters, hook = Letters(), ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    with serving(letters) as port, serving(hook) as hooked:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "digest_to": "eva@x.se, bo@x.se"}
        values = {f"schedule.{key}": value for key, value in mail.items()}
        settings = settings_of(engine, values, DIGEST_WEBHOOK=f"http://127.0.0.1:{hooked}/token")
        _Hook.kept.clear()
        request = ended(engine)
        digest(RunRequests(engine), lambda _: settings)(request, MIXED, ())
        assert len(letters.kept) == 1
        assert "To: eva@x.se, bo@x.se" in letters.kept[0]
        assert "alfa, fakturor: 1 fel, 1" in letters.kept[0]
        assert [(each["text"], each["rows"]["failed"]) for each in _Hook.kept] == [
            ("alfa, fakturor: 1 fel, 1 väntar, 2 överförda", 1)
        ]
        # Only when something needs attention, and never for what a person started.
        settings.set("schedule.digest_when", "attention")
        digest(RunRequests(engine), lambda _: settings)(request, NOTHING, ())
        digest(RunRequests(engine), lambda _: settings)(ended(engine, origin=Origin.PERSON), MIXED, ())
        assert (len(letters.kept), len(_Hook.kept)) == (1, 1)
        digest(RunRequests(engine), lambda _: settings)(request, MIXED, ())
        assert (len(letters.kept), len(_Hook.kept)) == (2, 2)
        assert RunRequests(engine).latest()[0].reasons == ()


def test_a_digest_that_cannot_be_sent_is_a_remark_and_hides_no_address(engine: Engine) -> None:
    hook = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    with serving(hook) as hooked:
        values: dict[str, object] = {"schedule.smtp_host": "127.0.0.1", "schedule.smtp_port": 1}
        values |= {"schedule.digest_to": "eva@x.se"}
        settings = settings_of(engine, values, DIGEST_WEBHOOK=f"http://127.0.0.1:{hooked}/secret-token")
        _Hook.kept.clear()
        request = ended(engine)
        digest(RunRequests(engine), lambda _: settings)(request, MIXED, ())
        assert len(_Hook.kept) == 1  # the webhook is told although the mail server is down
    digest(RunRequests(engine), lambda _: settings)(request, MIXED, ())
    found = RunRequests(engine).get(request.id)
    assert found is not None
    assert found.state.value == "completed"
    assert [why.code for why in found.reasons] == ["KOR-886", "KOR-886"]
    assert "secret-token" not in str(found.reasons)


@pytest.mark.parametrize("address", ["http://example.org/hook", "ftp://127.0.0.1/hook"])
def test_a_webhook_without_encryption_is_refused(engine: Engine, address: str) -> None:
    settings = settings_of(engine, {}, DIGEST_WEBHOOK=address)
    request = ended(engine)
    digest(RunRequests(engine), lambda _: settings)(request, MIXED, ())
    found = RunRequests(engine).get(request.id)
    assert found is not None
    assert [why.param("detail") for why in found.reasons] == ["NotEncrypted"]
