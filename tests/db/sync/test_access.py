"""What a workstation may do at headquarters, and what not."""

from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

from db.sync.certificate import issue_client
from db.sync.client import Headquarters
from domain.clock import SystemClock
from domain.errors import CredentialsError, ProtocolError, UnreachableError

pytestmark = pytest.mark.system


def test_a_workstation_signs_in_with_its_certificate(hq):
    greeting = hq.workstation().hello(uuid4(), 0)
    assert greeting.acked_seq == 0
    assert greeting.now.utcoffset() is not None


def test_the_line_is_tls_1_3(hq):
    with hq.raw(hq.enrol()) as connection:
        assert connection.execute("show ssl").fetchone() == ("on",)
    address = hq.enrol()
    headquarters = hq.connect(address)
    headquarters.hello(uuid4(), 0)
    used = hq.ask(
        "select s.version from pg_stat_ssl s join pg_stat_activity a using (pid) where a.usename = %s",
        address_role(address),
    )
    assert used == [("TLSv1.3",)]


def address_role(address):
    return address.url.split("//")[1].split("@")[0]


def test_without_a_certificate_nobody_gets_in(hq, tmp_path):
    address = hq.enrol()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address.url, sslmode="require", sslcert=str(tmp_path / "none"), sslkey=str(tmp_path / "none"))
    with pytest.raises(CredentialsError):
        hq.connect(replace(address, cert=tmp_path / "none")).hello(uuid4(), 0)


def test_a_certificate_does_not_open_another_role(hq):
    mine, theirs = hq.enrol(), hq.enrol()
    with pytest.raises(CredentialsError):
        hq.connect(replace(theirs, cert=mine.cert, key=mine.key)).hello(uuid4(), 0)


def test_a_certificate_of_another_authority_is_refused(hq, own_server, tmp_path):

    address = hq.enrol()
    stranger = own_server.authority
    issued = issue_client(
        address_role(address), stranger.certificate.read_bytes(), stranger.key.read_bytes(), SystemClock().now()
    )
    address.cert.write_bytes(issued.certificate)
    address.key.write_bytes(issued.key)
    with pytest.raises(CredentialsError):
        hq.connect(address).hello(uuid4(), 0)


def test_a_server_that_is_not_our_headquarters_is_not_talked_to(hq, own_server):
    address = hq.enrol()
    with pytest.raises(ProtocolError):
        hq.connect(replace(address, ca=own_server.authority.certificate)).hello(uuid4(), 0)


def test_a_locked_role_is_refused(hq):
    address = hq.enrol()
    hq.ask(f"alter role {address_role(address)} nologin")
    with pytest.raises(CredentialsError):
        hq.connect(address).hello(uuid4(), 0)


def test_a_role_that_is_not_enrolled_can_call_nothing(hq):
    address = hq.enrol()
    hq.ask("delete from hq.workstation")
    with pytest.raises(CredentialsError):
        hq.connect(address).hello(uuid4(), 0)


def test_nobody_there_is_unreachable(hq, relay):
    address = hq.through(relay.port, hq.enrol())
    relay.close()
    with pytest.raises(UnreachableError) as caught:
        Headquarters(address).hello(uuid4(), 0)
    assert type(caught.value) is UnreachableError


@pytest.mark.parametrize(
    "statement",
    [
        "select * from hq.fact",
        "select * from hq.workstation",
        "insert into hq.fact (centre) values ('x')",
        "select hq.restored()",
        "select hq.caller()",
        "create table public.t (a int)",
        "create schema s",
        "create temp table t (a int)",
        "create table hq_v1.t (a int)",
        "create function hq_v1.f() returns int language sql as 'select 1'",
        "set role watchroom_hq",
        "set role postgres",
        "set session authorization postgres",
        "alter role current_user superuser",
        "copy (select 1) to program 'true'",
        "select pg_read_file('/etc/passwd')",
        "select lo_create(0)",
        "truncate hq.fact",
        "drop function hq_v1.numbers(integer, integer)",
    ],
)
def test_a_workstation_may_only_execute_the_functions(hq, statement):
    with hq.raw(hq.enrol()) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_a_workstation_can_not_enter_another_database_through_public(hq):
    hq.ask("create role visitor login")
    try:
        allowed = hq.ask("select has_database_privilege('visitor', current_database(), 'connect')")
        functions = hq.ask(
            "select count(*) from pg_proc p join pg_namespace n on n.oid = pronamespace "
            "where nspname in ('hq', 'hq_v1') and has_function_privilege('visitor', p.oid, 'execute')"
        )
    finally:
        hq.ask("drop role visitor")
    assert allowed == [(False,)]
    assert functions == [(0,)]


def test_every_table_of_a_centre_forces_row_security_on_an_owner_who_is_bound_by_it(hq):
    loose = hq.ask(
        "select relname from pg_class c join pg_namespace n on n.oid = relnamespace "
        "where nspname = 'hq' and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)"
    )
    assert {name for (name,) in loose} == {"schema_version", "state", "pushable"}  # these hold nothing of a centre
    owners = hq.ask(
        "select distinct rolname, rolsuper, rolbypassrls, rolcanlogin from pg_class c join pg_namespace n "
        "on n.oid = relnamespace join pg_roles r on r.oid = relowner where nspname = 'hq'"
    )
    assert owners == [("watchroom_hq", False, False, False)]


def test_a_schema_of_ones_own_can_not_stand_in_front_of_headquarters(hq):
    unpinned = hq.ask(
        "select proname from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname in ('hq', 'hq_v1') "
        "and not coalesce(proconfig @> array['search_path=pg_catalog, pg_temp'], false)"
    )
    assert unpinned == []
