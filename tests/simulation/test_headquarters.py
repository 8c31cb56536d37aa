import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from domain.clock import SystemClock
from domain.errors import StorageError, UnreachableError
from simulation.authority import Authority
from simulation.headquarters import HeadquartersAddress, default_folder, join, resolve_place

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]
Eventually = Callable[..., Any]


class Holder:
    """A process that uses headquarters until it is told or killed."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulation.headquarters", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        self.address = HeadquartersAddress(**json.loads(self.process.stdout.readline()))

    def kill(self) -> None:
        self.process.kill()
        self.wait()

    def leave(self) -> None:
        self.process.stdin.close()
        self.wait()

    def wait(self) -> None:
        self.process.wait(20)
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()


def servers(folder: Path) -> list[psutil.Process]:
    """Return the processes that mention the folder's place in their command line."""
    place = str(resolve_place(folder))
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if any(place in word for word in command) and process.pid != os.getpid():
            found.append(process)
    return found


def supervisor_of(folder: Path) -> psutil.Process:
    return next(process for process in servers(folder) if "--supervise" in process.cmdline())


def workstation(address: HeadquartersAddress, folder: Path, name: str) -> dict[str, str]:
    """Sign a certificate for a role and return how libpq uses it."""
    ca = x509.load_pem_x509_certificate(Path(address.ca).read_bytes())
    ca_key = serialization.load_pem_private_key(Path(address.ca_key).read_bytes(), None)
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .sign(ca_key, hashes.SHA256())
    )
    (folder / "ws.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "ws.key").write_bytes(key.private_bytes(*pem))
    (folder / "ws.key").chmod(0o600)
    return {
        "user": name,
        "sslmode": "verify-full",
        "sslrootcert": address.ca,
        "sslcert": str(folder / "ws.crt"),
        "sslkey": str(folder / "ws.key"),
    }


def test_a_workstation_signs_in_with_its_certificate_over_tls_1_3_and_not_without(
    headquarters_folder: Path, tmp_path: Path
) -> None:
    membership = join(headquarters_folder)
    address = membership.address
    with psycopg.connect(address.admin_url, autocommit=True) as admin:
        admin.execute("create role ws1 login")
    how = workstation(address, tmp_path, "ws1")
    with psycopg.connect(address.url, **how) as connection:
        query = "select current_user, current_database(), version from pg_stat_ssl where pid = pg_backend_pid()"
        assert connection.execute(query).fetchone() == ("ws1", "hq", "TLSv1.3")
    for wrong in ({"user": "postgres"}, {"sslcert": "/nowhere", "sslkey": "/nowhere"}, {"sslmode": "disable"}):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address.url, **{**how, **wrong})
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address.url, **how, ssl_max_protocol_version="TLSv1.2")
    membership.close()


def test_the_second_user_joins_the_same_server_and_the_last_to_be_killed_ends_it(
    headquarters_folder: Path, eventually: Eventually
) -> None:
    first, second = Holder(headquarters_folder), Holder(headquarters_folder)
    assert first.address == second.address
    postmasters = [process for process in servers(headquarters_folder) if "-D" in process.cmdline()]
    assert len(postmasters) == 1
    with psycopg.connect(first.address.admin_url, autocommit=True) as connection:
        first.kill()
        connection.execute("create table kept (what text)")
        assert connection.execute("select 1").fetchone() == (1,)
        second.kill()
        eventually(lambda: not servers(headquarters_folder))
    again = Holder(headquarters_folder)
    assert again.address == first.address
    with psycopg.connect(again.address.admin_url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)
    again.leave()
    eventually(lambda: not servers(headquarters_folder))


def test_many_who_come_at_once_share_one_server(headquarters_folder: Path, eventually: Eventually) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "simulation.headquarters", str(headquarters_folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        for _ in range(4)
    ]
    lines = {process.stdout.readline() for process in processes}
    assert len(lines) == 1
    assert len([process for process in servers(headquarters_folder) if "--supervise" in process.cmdline()]) == 1
    for process in processes:
        process.communicate()
    eventually(lambda: not servers(headquarters_folder))


def test_a_killed_supervisor_takes_the_server_with_it_and_the_next_user_gets_a_new_one(
    headquarters_folder: Path, eventually: Eventually
) -> None:
    first = Holder(headquarters_folder)
    with psycopg.connect(first.address.admin_url, autocommit=True) as connection:
        connection.execute("create table kept (what text)")
        supervisor_of(headquarters_folder).kill()
        second = Holder(headquarters_folder)
    with psycopg.connect(second.address.admin_url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)
    first.leave()
    second.leave()
    eventually(lambda: not servers(headquarters_folder))


def test_the_number_of_a_dead_server_that_another_program_has_now_does_not_keep_the_next_from_starting(
    headquarters_folder: Path, eventually: Eventually
) -> None:
    Holder(headquarters_folder).leave()
    eventually(lambda: not servers(headquarters_folder))
    mark = resolve_place(headquarters_folder) / "data" / "postmaster.pid"
    mark.write_text(f"{os.getpid()}\n")
    Holder(headquarters_folder).leave()
    eventually(lambda: not servers(headquarters_folder))


def test_what_can_not_start_says_why(headquarters_folder: Path) -> None:
    place = resolve_place(headquarters_folder)
    place.mkdir(parents=True)
    (place / "data").write_text("in the way")
    with pytest.raises(UnreachableError, match=r"headquarters did not start: .*data"):
        join(headquarters_folder)


def test_a_city_tells_where_its_headquarters_is(
    start_city: Callable[..., Any], headquarters_folder: Path, eventually: Eventually
) -> None:
    city = start_city("--headquarters", str(headquarters_folder))
    other = Holder(headquarters_folder)
    address = city.ready["headquarters"]
    assert HeadquartersAddress(**address) == other.address
    other.leave()
    city.end(signal.SIGKILL)
    eventually(lambda: not servers(headquarters_folder))


def test_the_key_of_the_authority_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca.crt", tmp_path / "ca.key", SystemClock())
    authority.ensure()
    before = authority.certificate.read_bytes()
    authority.ensure()
    assert authority.certificate.read_bytes() == before
    assert authority.key.stat().st_mode & 0o777 == 0o600
    certificate, _ = authority.issue_server()
    issued = x509.load_pem_x509_certificate(certificate)
    issued.verify_directly_issued_by(x509.load_pem_x509_certificate(before))


def test_a_foreign_key_is_refused(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca.crt", tmp_path / "ca.key", SystemClock())
    authority.ensure()
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    authority.key.write_bytes(ed25519.Ed25519PrivateKey.generate().private_bytes(*pem))
    with pytest.raises(StorageError, match=r"ca\.key"):
        authority.issue_server()


def test_a_folder_that_the_server_can_not_enter_or_name_is_stood_for_by_another(tmp_path: Path) -> None:
    deep = tmp_path / ("long-name-" * 9) / "headquarters"
    assert resolve_place(deep).parent == Path(f"/var/tmp/watchroom-practice-{os.geteuid()}")
    assert resolve_place(deep) == resolve_place(deep)
    assert resolve_place(deep) != resolve_place(deep.with_name("other"))
    assert resolve_place(Path("/srv/hq")) == Path("/srv/hq")


def test_the_folder_follows_the_users_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "watchroom-practice" / "headquarters"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert default_folder() == Path.home() / ".local/state/watchroom-practice/headquarters"
