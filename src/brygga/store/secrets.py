"""Where secrets are kept: the operating system's keyring, else an encrypted file whose key lies outside the data folder
(architecture, Store). Never in the store; what the environment names counts before both (``settings.Settings``)."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from filelock import FileLock
from platformdirs import user_config_path

from brygga.records.reasons import Refused, reason

KEY_VARIABLE = "BRYGGA_SECRET_KEY"
"""Environment variable with the file's key instead of the key file; several with commas between, the newest first."""

FILE_NAME = "secrets.enc"


class Place(Protocol):
    """A place that keeps texts by name."""

    def get(self, name: str) -> str:
        """The text, empty when there is none."""

    def put(self, name: str, value: str) -> None:
        """Keep the text; an empty one is forgotten."""


class Secrets:
    """The secrets of the store that lies in ``folder``, by company and setting."""

    def __init__(
        self,
        folder: Path,
        *,
        environ: Mapping[str, str] | None = None,
        key_folder: Path | None = None,
    ) -> None:
        self._folder = folder
        self._environ = os.environ if environ is None else environ
        self._key_folder = key_folder or user_config_path("Brygga keys", appauthor=False, roaming=False)

    @property
    def place(self) -> str:
        """Where a new secret is put: ``keyring`` or ``file``."""
        return "file" if self._keyring() is None else "keyring"

    def get(self, company: str, key: str) -> str:
        """The secret, empty when none is kept; ``Refused`` LAG-021, LAG-022 or LAG-025 when it cannot be read."""
        keyring = self._keyring()
        found = keyring.get(_name(company, key)) if keyring else ""
        return found or self.file().get(_name(company, key))

    def put(self, company: str, key: str, value: str) -> None:
        """Keep the secret in one place, and forget an older one in the other; an empty one is forgotten in both."""
        keyring, file = self._keyring(), self.file()
        if keyring is None:
            file.put(_name(company, key), value)
            return
        keyring.put(_name(company, key), value)
        if file.path.exists():
            file.put(_name(company, key), "")

    def file(self) -> SecretFile:
        """The encrypted file, which need not be there."""
        # The key is named by the data folder: the practice company's file does not share a key with the real one.
        tag = hashlib.sha256(str(self._folder.absolute()).encode()).hexdigest()[:16]
        key_file = self._key_folder / f"{tag}.key"
        return SecretFile(self._folder / FILE_NAME, key_file, self._environ.get(KEY_VARIABLE, ""))

    def _keyring(self) -> Keyring | None:
        return Keyring.of_this_computer(f"Brygga {self._folder.absolute()}")


class Keyring:
    """The operating system's keyring: Credential Manager, Keychain, Secret Service."""

    def __init__(self, service: str) -> None:
        self._service = service

    @classmethod
    def of_this_computer(cls, service: str) -> Keyring | None:
        """The keyring; None where there is none (a server without a desktop), or only one that encrypts nothing."""
        import keyring
        from keyring.backends import fail, null

        backend = keyring.get_keyring()
        # keyrings.alt becomes the backend by being installed, and writes plain text (design/libraries.md §6).
        plain = type(backend).__module__.startswith("keyrings.")
        return None if plain or isinstance(backend, fail.Keyring | null.Keyring) else cls(service)

    def get(self, name: str) -> str:
        """The text, empty when there is none."""
        import keyring

        return self._asked(lambda: keyring.get_password(self._service, name)) or ""

    def put(self, name: str, value: str) -> None:
        """Keep the text; an empty one is forgotten."""
        import keyring

        if value:
            self._asked(lambda: keyring.set_password(self._service, name, value))
        elif self.get(name):
            self._asked(lambda: keyring.delete_password(self._service, name))

    def _asked(self, ask: Callable[[], str | None]) -> str | None:
        import keyring.errors

        try:
            return ask()
        except (keyring.errors.KeyringError, OSError) as error:
            # Nothing of the question is told: it holds the secret.
            raise Refused(reason("LAG-022", detail=type(error).__name__, variable="BRYGGA_…")) from None


class SecretFile:
    """Texts by name in one encrypted file. Its key is made at first use, in a file that only this user may read."""

    def __init__(self, path: Path, key_file: Path, given_key: str = "") -> None:
        self.path = path
        self._key_file = key_file
        self._given_key = given_key

    def get(self, name: str) -> str:
        """The text, empty when there is none."""
        return self._read().get(name, "")

    def put(self, name: str, value: str) -> None:
        """Keep the text; an empty one is forgotten."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self.path}.lock", timeout=30):
            kept = self._read()
            kept.pop(name, None)
            self._write(kept | ({name: value} if value else {}))

    def rotate(self) -> None:
        """Make a new key and encrypt everything with it; the old keys are gone then. Not with a key that was given."""
        with FileLock(f"{self.path}.lock", timeout=30):
            kept = self._read()
            old = self._keys()
            write_private(self._key_file, "\n".join((Fernet.generate_key().decode(), *old)))
            self._write(kept)
            write_private(self._key_file, self._keys()[0])

    def _read(self) -> dict[str, str]:
        try:
            encrypted = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        keys = self._keys()
        try:
            if not keys:
                raise InvalidToken
            return msgspec.json.decode(self._cipher(keys).decrypt(encrypted), type=dict[str, str])
        except (InvalidToken, msgspec.MsgspecError):
            raise Refused(reason("LAG-021", path=self.path)) from None

    def _write(self, kept: dict[str, str]) -> None:
        keys = self._keys()
        if not keys:
            keys = [Fernet.generate_key().decode()]
            write_private(self._key_file, keys[0])
        encrypted = self._cipher(keys).encrypt(msgspec.json.encode(kept, order="deterministic"))
        write_private(self.path, encrypted.decode())

    def _keys(self) -> list[str]:
        """The keys, newest first: the first one encrypts, every one decrypts."""
        if self._given_key:
            return [key.strip() for key in self._given_key.split(",") if key.strip()]
        try:
            return self._key_file.read_text(encoding="ascii").split()
        except FileNotFoundError:
            return []

    def _cipher(self, keys: list[str]) -> MultiFernet:
        try:
            return MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            where = KEY_VARIABLE if self._given_key else self._key_file
            raise Refused(reason("LAG-025", path=where)) from None


def _name(company: str, key: str) -> str:
    return f"{company}/{key}"


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    # The rights are given when the file is made, not after: nobody reads it in between. On Windows the user's own
    # folders have them.
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    for attempt in range(20):
        try:
            os.replace(new, path)
            return
        except PermissionError:
            # A virus scanner holds the file for a moment (architecture, Windows).
            if attempt == 19:
                raise
            time.sleep(0.1)
