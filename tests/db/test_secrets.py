import pytest
from keyring.errors import PasswordSetError

from db.secrets import SecretStore
from domain.camera import Credentials
from domain.errors import HomeError, StorageError

PRACTICE = Credentials("viewer", "열려라 참깨")


class Desktop:
    """A keyring in memory, which can be locked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise PasswordSetError("locked")
        self.kept[service, username] = password


@pytest.fixture(params=["keyring", "key file"])
def store(request, tmp_path, monkeypatch) -> SecretStore:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    store = SecretStore(tmp_path, Desktop() if request.param == "keyring" else None)
    assert store.kind == request.param
    return store


def test_credentials_come_back_as_they_were_kept(store):
    assert store.credentials("practice") is None
    store.keep("practice", Credentials("old", "old"))
    store.keep("practice", PRACTICE)
    store.keep("other", Credentials("x", "y"))
    assert store.credentials("practice") == PRACTICE
    assert store.credentials("nobody") is None


def test_the_sealed_file_outlives_the_program_and_is_its_owners_alone(tmp_path):
    SecretStore(tmp_path).keep("practice", PRACTICE)
    assert SecretStore(tmp_path).credentials("practice") == PRACTICE
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0
        assert PRACTICE.password.encode() not in file.read_bytes()
    assert {file.name for file in tmp_path.iterdir()} == {"secrets.key", "secrets.sealed"}


def test_a_sealed_file_without_its_key_is_refused(tmp_path):
    SecretStore(tmp_path).keep("practice", PRACTICE)
    (tmp_path / "secrets.key").unlink()
    with pytest.raises(StorageError, match="does not fit its key"):
        SecretStore(tmp_path).credentials("practice")


def test_a_broken_key_is_refused(tmp_path):
    (tmp_path / "secrets.key").write_text("no key")
    with pytest.raises(StorageError, match="can't be used as a key"):
        SecretStore(tmp_path).keep("practice", PRACTICE)


def test_a_home_that_cannot_be_written_is_said_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises((HomeError, StorageError), match="Not a directory"):
        SecretStore(tmp_path / "file").keep("practice", PRACTICE)


def test_a_locked_keyring_is_said_so(tmp_path):
    desktop = Desktop()
    desktop.locked = True
    with pytest.raises(StorageError, match="keyring can't be written: locked"):
        SecretStore(tmp_path, desktop).keep("practice", PRACTICE)


def test_homes_do_not_share_a_keyrings_secrets(tmp_path):
    desktop = Desktop()
    SecretStore(tmp_path / "real", desktop).keep("practice", PRACTICE)
    assert SecretStore(tmp_path / "practice", desktop).credentials("practice") is None


def test_credentials_are_not_printed(store):
    assert PRACTICE.password not in repr(PRACTICE)
