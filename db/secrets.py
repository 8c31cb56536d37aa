"""Secrets: names and passwords of devices, in the desktop's keyring or in a sealed file."""

import contextlib
import os
import threading
from pathlib import Path
from typing import Any, Protocol

import keyring
from cryptography.fernet import Fernet, InvalidToken
from keyring.errors import KeyringError

from db.codec import dump, load, mapping
from domain.camera import Credentials
from domain.errors import HomeError, StorageError


class Keyring(Protocol):
    """What a backend of the keyring library does."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept under a name, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep something under a name."""
        ...


class SecretStore:
    """Credentials by name.

    Where the desktop has a usable keyring they lie there; else in `secrets.sealed` of the home, sealed with the key in
    `secrets.key`, both readable by their owner only. The file protects against a copy of the sealed file alone; it
    does not protect against somebody who can read the whole home as this user.
    """

    def __init__(self, home: Path, backend: Keyring | None = None) -> None:
        """Use the given keyring backend, or the desktop's, or the sealed file where neither can be used."""
        self._home = home
        self._service = f"watchroom {home.resolve()}"  # a practice home must not touch the real one's secrets
        self._lock = threading.Lock()
        self._backend = backend if backend is not None else _usable()

    @property
    def kind(self) -> str:
        """Where secrets lie: `keyring` or `key file`."""
        return "key file" if self._backend is None else "keyring"

    def credentials(self, name: str) -> Credentials | None:
        """Return what is kept under the name, or None; StorageError where the store can't be read."""
        with self._lock:
            kept = self._from_keyring(self._backend, name) if self._backend else self._sealed().get(name)
        if not isinstance(kept, dict):
            return None
        return Credentials(str(kept["user"]), str(kept["password"]))

    def keep(self, name: str, credentials: Credentials) -> None:
        """Keep credentials under the name, in place of earlier ones; StorageError where that fails."""
        value = {"user": credentials.user, "password": credentials.password}
        with self._lock:
            if self._backend:
                self._into_keyring(self._backend, name, dump(value))
            else:
                self._seal({**self._sealed(), name: value})

    def _from_keyring(self, backend: Keyring, name: str) -> dict[str, Any] | None:
        try:
            kept = backend.get_password(self._service, name)
        except KeyringError as error:
            raise StorageError(f"the keyring can't be read: {error}") from error
        return mapping(load(kept)) if kept else None

    def _into_keyring(self, backend: Keyring, name: str, value: str) -> None:
        try:
            backend.set_password(self._service, name, value)
        except KeyringError as error:
            raise StorageError(f"the keyring can't be written: {error}") from error

    def _sealed(self) -> dict[str, Any]:
        path = self._home / "secrets.sealed"
        try:
            token = path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StorageError(f"{path} can't be read: {error.strerror}") from error
        try:
            return dict(mapping(load(self._fernet().decrypt(token))))
        except InvalidToken as error:
            raise StorageError(f"{path} does not fit its key; enter the passwords again") from error

    def _seal(self, secrets: dict[str, Any]) -> None:
        token = self._fernet().encrypt(dump(secrets).encode())
        _write(self._home / "secrets.sealed", token)

    def _fernet(self) -> Fernet:
        path = self._home / "secrets.key"
        try:
            if not path.exists():
                _write(path, Fernet.generate_key())
            return Fernet(path.read_bytes())
        except (OSError, ValueError) as error:
            raise StorageError(f"{path} can't be used as a key: {error}") from error


def _usable() -> Keyring | None:
    backend: Any = keyring.get_keyring()
    # Priorities below 1 are the "fail" and "null" backends and files without a real lock.
    with contextlib.suppress(KeyringError, RuntimeError):
        if backend.priority >= 1:
            usable: Keyring = backend
            return usable
    return None


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise HomeError(f"{path} can't be written: {error.strerror}") from error
