"""Secrets: in the keyring, else in an encrypted file with its key elsewhere, and in nothing else that is written."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.errors
import pytest
from cryptography.fernet import Fernet
from keyring.backend import KeyringBackend

from brygga.records.reasons import Refused
from brygga.store.audit.chain import events
from brygga.store.database import open_store
from brygga.store.secrets import FILE_NAME, SecretFile, Secrets
from brygga.store.settings.values import Settings

SECRET = "s3cret-åäö-planted"


class InMemory(KeyringBackend):
    """Stands in for the operating system's keyring."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked(SECRET)
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return Secrets(tmp_path / "data", environ={}, key_folder=tmp_path / "keys")


@pytest.fixture
def in_memory() -> Iterator[InMemory]:
    before, mine = keyring.get_keyring(), InMemory()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_without_a_keyring_a_secret_is_in_an_encrypted_file_with_its_key_elsewhere(
    tmp_path: Path, secrets: Secrets
) -> None:
    assert (secrets.place, secrets.get("A", "severa.client_secret")) == ("file", "")
    secrets.put("A", "severa.client_secret", SECRET)
    secrets.put("B", "severa.client_secret", "another")
    again = Secrets(tmp_path / "data", environ={}, key_folder=tmp_path / "keys")
    assert again.get("A", "severa.client_secret") == SECRET
    assert again.get("B", "severa.client_secret") == "another"
    assert not [path for path in files(tmp_path) if SECRET.encode() in path.read_bytes()]
    assert [path.suffix for path in files(tmp_path / "keys")] == [".key"]
    if sys.platform != "win32":
        private = [tmp_path / "data" / FILE_NAME, *files(tmp_path / "keys")]
        assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    secrets.put("A", "severa.client_secret", "")
    assert (again.get("A", "severa.client_secret"), again.get("B", "severa.client_secret")) == ("", "another")


def test_a_keyring_counts_before_the_file_which_then_forgets(
    tmp_path: Path, secrets: Secrets, in_memory: InMemory
) -> None:
    secrets.file().put("A/severa.client_secret", "old")
    assert secrets.get("A", "severa.client_secret") == "old"
    secrets.put("A", "severa.client_secret", SECRET)
    assert secrets.place == "keyring"
    assert list(in_memory.kept.values()) == [SECRET]
    assert secrets.file().get("A/severa.client_secret") == ""
    secrets.put("A", "severa.client_secret", "")
    assert in_memory.kept == {}
    in_memory.locked = True
    with pytest.raises(Refused) as refused:
        secrets.get("A", "severa.client_secret")
    assert refused.value.reason.code == "LAG-022"
    assert SECRET not in str(refused.value)


def test_a_key_from_the_environment_may_be_changed_for_a_new_one(tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()

    def kept_with(key: str) -> SecretFile:
        return Secrets(tmp_path, environ={"BRYGGA_SECRET_KEY": key}, key_folder=tmp_path / "keys").file()

    kept_with(old).put("n", SECRET)
    assert kept_with(f"{new}, {old}").get("n") == SECRET
    kept_with(f"{new},{old}").put("m", "x")
    assert kept_with(new).get("n") == SECRET
    assert not (tmp_path / "keys").exists()
    for key, code in ((old, "LAG-021"), ("not a key", "LAG-025")):
        with pytest.raises(Refused) as refused:
            kept_with(key).get("n")
        assert refused.value.reason.code == code


def test_a_new_key_file_takes_the_secrets_along_and_a_lost_one_is_said(tmp_path: Path, secrets: Secrets) -> None:
    secrets.put("A", "severa.client_secret", SECRET)
    (key,) = files(tmp_path / "keys")
    before = key.read_text()
    secrets.file().rotate()
    assert before not in key.read_text()
    assert secrets.get("A", "severa.client_secret") == SECRET
    key.unlink()
    with pytest.raises(Refused) as refused:
        secrets.get("A", "severa.client_secret")
    assert refused.value.reason.code == "LAG-021"


def test_a_secret_set_is_told_masked_and_found_in_nothing_that_is_written(tmp_path: Path, secrets: Secrets) -> None:
    engine = open_store(tmp_path / "data" / "brygga.sqlite")
    environ: dict[str, str] = {}
    settings = Settings(engine, "A", environ=environ, secrets=secrets)
    settings.save({"severa.client_secret": SECRET, "numbering.master": "severa"})
    assert settings.get("severa.client_secret") == SECRET
    assert settings.as_dict()["severa.client_secret"] == "***"
    environ["BRYGGA_SEVERA_CLIENT_SECRET"] = "from the environment"
    assert settings.get("severa.client_secret") == "from the environment"
    environ.clear()
    settings.unset("severa.client_secret")
    assert settings.get("severa.client_secret") == ""
    told = [(event.subject, event.before, event.after) for event in events(engine, "A") if event.kind == "secret"]
    assert told == [
        ("severa.client_secret", '{"value":""}', '{"value":"***"}'),
        ("severa.client_secret", '{"value":"***"}', '{"value":""}'),
    ]
    engine.dispose()
    assert not [path for path in files(tmp_path) if SECRET.encode() in path.read_bytes()]
