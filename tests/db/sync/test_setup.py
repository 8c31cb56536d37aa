"""Setting headquarters up and enrolling workstations."""

import threading
from uuid import uuid4

import pytest
from cryptography import x509

from db.sync.certificate import issue_client
from db.sync.setup import enrol, initialise, role_of
from domain.clock import SystemClock
from domain.errors import BadInputError, ProtocolError, RefusedError, UnreachableError

pytestmark = pytest.mark.system


def test_setting_up_again_changes_nothing(hq):
    before = hq.ask("select epoch from hq.state") + hq.ask("select * from hq.schema_version")
    address = hq.enrol()
    initialise(hq.admin_url)
    assert hq.ask("select epoch from hq.state") + hq.ask("select * from hq.schema_version") == before
    assert hq.connect(address).hello(uuid4(), 0).acked_seq == 0


def test_a_headquarters_of_the_first_version_is_brought_up_and_takes_the_new_kinds(hq, make):
    here = hq.workstation()
    rows = make.changes(1, 1)
    epoch = uuid4()
    here.push(epoch, rows)
    hq.ask("delete from hq.schema_version where version > 1")
    hq.ask("delete from hq.pushable where kind not in ('event', 'alarm_event', 'incident_event')")
    with pytest.raises(RefusedError, match="wall_event"):
        here.push(epoch, make.changes(2, 1, "wall_event"))
    initialise(hq.admin_url)
    kinds = ("bookmark_event", "snapshot_event", "wall_event")
    more = [make.changes(number, 1, kind)[0] for number, kind in enumerate(kinds, 2)]
    assert here.push(epoch, more) == 4
    assert hq.facts() == [row.pk for row in (*rows, *more)]


def test_two_administrators_setting_up_at_once_do_not_collide(server):
    with server.admin() as admin:
        admin.execute("create database twice")
    try:
        failures = []

        def set_up():
            try:
                initialise(server.admin_url("twice"))
            except Exception as error:  # noqa: BLE001 - whatever it is fails the test
                failures.append(error)

        together = [threading.Thread(target=set_up) for _ in range(3)]
        for one in together:
            one.start()
        for one in together:
            one.join()
        with server.admin("twice") as admin:
            versions = admin.execute("select version from hq.schema_version order by version").fetchall()
    finally:
        with server.admin() as admin:
            admin.execute("drop database twice with (force)")
        server.settle()
    assert failures == []
    assert versions == [(1,), (2,), (3,)]


def test_a_set_up_that_fails_leaves_nothing_behind(server):
    with server.admin() as admin:
        admin.execute("create database half")
    try:
        with server.admin("half") as admin:
            admin.execute("create schema hq_v1")
        with pytest.raises(ProtocolError):
            initialise(server.admin_url("half"))
        with server.admin("half") as admin:
            left = admin.execute("select nspname from pg_namespace where nspname = 'hq'").fetchall()
    finally:
        with server.admin() as admin:
            admin.execute("drop database half with (force)")
        server.settle()
    assert left == []


def test_a_database_in_another_encoding_is_refused(server):
    with server.admin() as admin:
        admin.execute("create database latin encoding 'SQL_ASCII' locale 'C' template template0")
    try:
        with pytest.raises(ProtocolError, match="UTF8"):
            initialise(server.admin_url("latin"))
    finally:
        with server.admin() as admin:
            admin.execute("drop database latin with (force)")
        server.settle()


def test_a_workstation_can_not_be_enrolled_before_headquarters_is_set_up(server, tmp_path):
    authority = server.authority
    with pytest.raises(ProtocolError, match="hq init"):
        enrol(server.admin_url(), authority.certificate, authority.key, uuid4(), "anyang", tmp_path)
    server.settle()
    assert list(tmp_path.iterdir()) == []


def test_a_workstation_does_not_change_its_centre(hq):
    origin = uuid4()
    hq.enrol("anyang", origin)
    with pytest.raises(BadInputError, match="anyang"):
        hq.enrol("ifez", origin)


def test_the_address_names_role_server_and_database(hq):
    origin = uuid4()
    address = hq.enrol(origin=origin)
    assert address.url == f"postgresql://{role_of(origin)}@127.0.0.1:{hq.server.port}/{hq.database}"
    assert {path.stat().st_mode & 0o777 for path in (address.ca, address.cert, address.key)} == {0o600}


def test_the_place_where_workstations_connect_can_be_given(hq, server, tmp_path):
    authority = server.authority
    origin = uuid4()
    hq.enrol(origin=origin)  # so that its role is removed with the others
    address = enrol(
        hq.admin_url,
        authority.certificate,
        authority.key,
        origin,
        "anyang",
        tmp_path,
        url="postgresql://hq.example:6000/central",
    )
    assert address.url == f"postgresql://{role_of(origin)}@hq.example:6000/central"


def test_nobody_there_to_set_up_is_unreachable(tmp_path):
    with pytest.raises(UnreachableError):
        initialise(f"postgresql:///hq?host={tmp_path}")


def test_a_certificate_names_the_role_and_is_for_clients_only(server):
    authority = server.authority
    issued = issue_client("ws_x", authority.certificate.read_bytes(), authority.key.read_bytes(), SystemClock().now())
    certificate = x509.load_pem_x509_certificate(issued.certificate)
    assert certificate.subject.rfc4514_string() == "CN=ws_x"
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.ExtendedKeyUsageOID.CLIENT_AUTH]
    assert "***" in repr(issued)


def test_a_key_that_is_not_the_authoritys_is_refused(server, own_server):
    with pytest.raises(BadInputError):
        issue_client(
            "ws_x",
            server.authority.certificate.read_bytes(),
            own_server.authority.key.read_bytes(),
            SystemClock().now(),
        )
