"""The digest of a scheduled run: one sentence, what needs a person first, by e-mail and webhook (issue 4)."""

from __future__ import annotations

import json
import socket
import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import Engine

from brygga.i18n import Translator
from brygga.records.reasons import Reason, reason
from brygga.records.target import Kind
from brygga.runs.digest import digest, sentence
from brygga.runs.run import Report
from brygga.store.database import open_store, utcnow
from brygga.store.history import Run, RunState
from brygga.store.run_requests import NewRun, Origin, RunRequest, RunRequests
from brygga.store.settings.values import Settings
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

    def __init__(self, certificate: ssl.SSLContext | None = None, *, at_once: bool = False) -> None:
        self.kept: list[str] = []
        self.logins: list[str] = []
        self.certificate, self.at_once = certificate, at_once
        super().__init__(("127.0.0.1", 0), _Letter)


class _Letter(socketserver.BaseRequestHandler):
    request: socket.socket
    server: Letters

    def handle(self) -> None:
        encrypted = self.server.at_once
        try:
            lines = self._lines(encrypted)
            self._say("220 here")
            while line := lines.readline().strip():
                word, rest = line[:4].upper(), line[4:].strip()
                if word == b"EHLO":
                    self._say("250-here", "250 AUTH PLAIN" if encrypted else "250 STARTTLS")
                elif word == b"STAR":
                    self._say("220 go on")
                    encrypted, lines = True, self._lines(True)
                elif word == b"AUTH":
                    assert encrypted, "a password in clear text"
                    self.server.logins.append(b64decode(rest.split()[1]).decode())
                    self._say("235 welcome")
                elif word == b"DATA":
                    self._say("354 go on")
                    text = b""
                    while (part := lines.readline()) != b".\r\n":
                        text += part
                    self.server.kept.append(text.decode())
                    self._say("250 ok")
                else:
                    self._say("221 bye" if word == b"QUIT" else "250 ok")
        except (OSError, ssl.SSLError):
            """The other side does not trust this server."""

    def _lines(self, encrypted: bool) -> BinaryIO:
        if encrypted:
            assert self.server.certificate is not None
            self.request = self.server.certificate.wrap_socket(self.request, server_side=True)
        return self.request.makefile("rb")

    def _say(self, *lines: str) -> None:
        self.request.sendall("".join(f"{line}\r\n" for line in lines).encode())


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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of a server on this computer, in one file; nobody vouches for it but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = utcnow()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, bare = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("certificate") / "here.pem"
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, bare) + made.public_bytes(pem))
    return path


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_password_goes_only_to_a_mail_server_that_shows_a_good_certificate(
    engine: Engine, certificate: Path, monkeypatch: pytest.MonkeyPatch, security: str, trusted: bool
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    letters = Letters(context, at_once=security == "tls")
    with serving(letters) as port:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": security, "digest_to": "eva@x.se"}
        values: dict[str, object] = {f"schedule.{key}": value for key, value in mail.items()}
        settings = settings_of(engine, values | {"schedule.smtp_user": "anna"}, SMTP_PASSWORD="hemligt")
        request = ended(engine)
        digest(RunRequests(engine), lambda _: settings)(request, MIXED, ())
    found = RunRequests(engine).get(request.id)
    assert found is not None
    assert len(letters.kept) == int(trusted)
    assert letters.logins == (["\0anna\0hemligt"] if trusted else [])
    assert [why.param("detail") for why in found.reasons] == ([] if trusted else ["SSLCertVerificationError"])


def test_a_password_is_not_sent_in_clear_text_to_another_computer(engine: Engine) -> None:
    mail = {"smtp_host": "mail.example.org", "smtp_security": "none", "digest_to": "eva@x.se", "smtp_user": "anna"}
    settings = settings_of(engine, {f"schedule.{key}": value for key, value in mail.items()}, SMTP_PASSWORD="hemligt")
    request = ended(engine)
    digest(RunRequests(engine), lambda _: settings)(request, MIXED, ())
    found = RunRequests(engine).get(request.id)
    assert found is not None
    assert [why.param("detail") for why in found.reasons] == ["NotEncrypted"]
