"""A second start finds the running server; another address than loopback needs TLS and log-in (issue 6, Security)."""

from __future__ import annotations

import datetime
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from brygga.app import App
from brygga.records.reasons import Refused
from brygga.store.web_users import WebUsers
from brygga.web.bind import Bind
from brygga.web.running import FILE, LAUNCH_PATH, SECRET_HEADER, announced, last_port, link_from_running
from brygga.web.server import prepare
from tests.web.serving import started


def test_a_second_start_is_let_in_by_the_running_server(tmp_path: Path) -> None:
    app = App(tmp_path / "brygga.sqlite")
    with started(app) as address, httpx2.Client(trust_env=False, timeout=60) as browser:
        link = link_from_running(tmp_path)
        assert link is not None
        assert link.startswith(f"{address}/in?token=")
        assert browser.get(link).status_code == 303
        assert browser.get(f"{address}/").headers["location"] == "/borja"
        assert link_from_running(tmp_path) != link
    assert link_from_running(tmp_path) is None


def test_only_the_same_user_can_ask_for_a_link(tmp_path: Path) -> None:
    """Others on a terminal server reach the port, but not the file with the secret."""
    with started(App(tmp_path / "brygga.sqlite")) as address:
        if os.name == "posix":
            assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
        for secret in ("", "guess"):
            headers = {"origin": address, SECRET_HEADER: secret}
            answer = httpx2.post(f"{address}{LAUNCH_PATH}", headers=headers, trust_env=False, timeout=60)
            assert answer.status_code == 409
            assert "token=" not in answer.text


def test_what_a_killed_server_left_is_no_running_server(tmp_path: Path) -> None:
    with announced(tmp_path, "http://127.0.0.1:1"):
        left = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(left)
    assert link_from_running(tmp_path) is None


def test_a_second_server_leaves_the_first_to_be_found(tmp_path: Path) -> None:
    with announced(tmp_path, "http://127.0.0.1:1") as first, announced(tmp_path, "http://127.0.0.1:2") as second:
        assert first is not None
        assert second is None
        assert b":1" in (tmp_path / FILE).read_bytes()


def test_an_address_that_others_reach_needs_tls_and_a_user(tmp_path: Path) -> None:
    app = App(tmp_path / "brygga.sqlite")
    certificate, key = certificate_for(tmp_path)
    for bind in (Bind("0.0.0.0"), Bind("0.0.0.0", certificate=certificate, key=key), Bind("192.0.2.1")):
        with pytest.raises(Refused) as refused:
            bind.check(app.engine)
        assert refused.value.reason.code == "API-901"
    with pytest.raises(Refused) as missing:
        Bind("0.0.0.0", certificate=tmp_path / "none.pem", key=key).check(app.engine)
    assert missing.value.reason.code == "API-903"
    WebUsers(app.engine).put("anna", "fyra ord på rad")
    Bind("0.0.0.0", certificate=certificate, key=key).check(app.engine)
    Bind().check(app.engine)


def test_the_next_server_listens_where_the_last_one_did(tmp_path: Path) -> None:
    """Killed or ended: open pages and bookmarks find it again."""
    assert last_port(tmp_path) == 0
    with Bind().listen() as bound:
        port = bound.getsockname()[1]
        with announced(tmp_path, Bind().address(port)):
            assert last_port(tmp_path) == port
    assert last_port(tmp_path) == port
    assert link_from_running(tmp_path) is None
    with Bind().listen(port) as again, Bind().listen(port) as taken:
        assert again.getsockname()[1] == port
        assert taken.getsockname()[1] != port
    (tmp_path / FILE).write_bytes(b"damaged")
    assert last_port(tmp_path) == 0


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Refused) as refused:
        Bind(port=taken.getsockname()[1]).listen()
    assert refused.value.reason.code == "API-902"


def test_people_log_in_over_tls(tmp_path: Path) -> None:
    app = App(tmp_path / "brygga.sqlite")
    WebUsers(app.engine).put("anna", "fyra ord på rad")
    certificate, key = certificate_for(tmp_path)
    bind = Bind("0.0.0.0", names=frozenset({"localhost"}), certificate=certificate, key=key)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with remote(app, bind) as address, httpx2.Client(trust_env=False, verify=trusted, timeout=60) as browser:
        assert browser.get(f"{address}/").headers["location"] == "/logga-in"
        part = browser.get(f"{address}/alfa/korning/1/del", headers={"hx-request": "true"})
        assert (part.status_code, part.headers.get("location")) == (401, None)
        assert browser.get(f"{address}/logga-in").status_code == 200
        own = {"origin": address}
        wrong = browser.post(f"{address}/logga-in", data={"name": "anna", "password": "gissning"}, headers=own)
        assert wrong.status_code == 403
        assert "API-910" in wrong.text
        entered = browser.post(f"{address}/logga-in", data={"name": "anna", "password": "fyra ord på rad"}, headers=own)
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"].lower()
        assert "secure" in cookie
        assert "samesite=strict" in cookie
        assert browser.get(f"{address}/borja").status_code != 303
        assert browser.post(f"{address}/logga-ut", headers=own).headers["location"] == "/logga-in"
        assert browser.get(f"{address}/").headers["location"] == "/logga-in"


def test_after_failed_attempts_a_name_waits(tmp_path: Path) -> None:
    app = App(tmp_path / "brygga.sqlite")
    WebUsers(app.engine).put("anna", "fyra ord på rad")
    certificate, key = certificate_for(tmp_path)
    bind = Bind("0.0.0.0", names=frozenset({"localhost"}), certificate=certificate, key=key)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with remote(app, bind) as address, httpx2.Client(trust_env=False, verify=trusted, timeout=60) as browser:
        codes = [
            browser.post(
                f"{address}/logga-in", data={"name": "anna", "password": "x"}, headers={"origin": address}
            ).status_code
            for _ in range(6)
        ]
    assert codes == [403] * 5 + [429]


@contextmanager
def remote(app: App, bind: Bind) -> Iterator[str]:
    with bind.listen() as bound:
        serving = prepare(app, bind, bound)
        thread = threading.Thread(target=serving.server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            while not serving.server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            yield serving.address
        finally:
            serving.stop()
            thread.join()


def certificate_for(folder: Path) -> tuple[Path, Path]:
    """A certificate of localhost that nobody else trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return certificate_file, key_file
