-- Headquarters' tables, schema hq; no workstation reaches them but by the functions of hq_v1.sql.
--
-- Runs once, in one transaction with hq_v1.sql, as a superuser (db/sync/setup.py). Everything belongs to watchroom_hq,
-- a role that cannot sign in, is no superuser and does not bypass row security, so the policies bind the functions too.

create schema hq authorization watchroom_hq;
set local role watchroom_hq;

-- Tables -------------------------------------------------------------------------------------------------------------

create table hq.schema_version (
    version integer primary key,
    applied_at timestamptz not null default clock_timestamp()
);

-- One row. A life is the time between two restores of headquarters from a backup; rows of earlier lives are complete,
-- and their transaction numbers, which may come from another server, are only compared with each other.
create table hq.state (
    one boolean primary key default true check (one),
    life integer not null,
    epoch uuid not null,
    incarnation text not null
);

create table hq.workstation (
    role name primary key,
    origin uuid not null unique,
    centre text not null check (centre <> ''),
    duty text not null default 'console',
    enrolled_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz,
    epoch uuid,
    last_seq bigint
);

-- Which kinds a workstation of a duty may push. Registers (cameras, operators, watch lists, bulletins) are not listed:
-- they belong to headquarters. Headquarters migrates first, so a newer program's kind is listed before it is pushed;
-- a listed kind of a newer schema_version is stored and forwarded as it came.
create table hq.pushable (
    duty text not null,
    kind text not null,
    primary key (duty, kind)
);
insert into hq.pushable values ('console', 'event'), ('console', 'alarm_event'), ('console', 'incident_event');

create table hq.cursor (
    origin uuid not null,
    epoch uuid not null,
    centre text not null,
    acked bigint not null default 0,
    primary key (origin, epoch)
);

create sequence hq.feed_seq;

create table hq.fact (
    seq bigint not null default nextval('hq.feed_seq'),
    xid xid8 not null default pg_current_xact_id(),
    life integer not null,
    centre text not null,
    origin uuid not null,
    epoch uuid not null,
    oseq bigint not null,
    kind text not null,
    pk uuid not null,
    hlc bigint not null,
    payload jsonb not null check (jsonb_typeof(payload) = 'object'),
    schema_version integer not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (origin, epoch, oseq)
);
create index fact_feed on hq.fact (centre, life, xid, seq);
-- The same fact sent again under a new epoch (after a restore of the workstation) is stored once.
create unique index fact_once on hq.fact (origin, hlc, pk, kind);

create table hq.number (
    centre text not null,
    year integer not null,
    next bigint not null,
    life integer not null,
    primary key (centre, year)
);

-- Append-only: what each workstation's audit chain looked like at a moment, so that a tail cut off later is seen.
create table hq.checkpoint (
    origin uuid not null,
    centre text not null,
    audit_seq bigint not null,
    hash bytea not null,
    signature bytea not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (origin, audit_seq, hash)
);

create table hq.lease (
    centre text not null,
    camera integer not null,
    holder uuid,
    rank integer not null default 0,
    fence bigint not null default 0,
    until timestamptz not null default '-infinity',
    rival uuid,
    rival_rank integer not null default 0,
    rival_until timestamptz not null default '-infinity',
    primary key (centre, camera)
);

-- Who is calling -----------------------------------------------------------------------------------------------------

create function hq.caller() returns hq.workstation
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    found_row hq.workstation;
begin
    select w.* into found_row from hq.workstation w where w.role = session_user;
    if not found then
        raise exception '% is not enrolled as a workstation', session_user using errcode = '28000';
    end if;
    return found_row;
end $$;

create function hq.centre() returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select w.centre from hq.workstation w where w.role = session_user
$$;

alter table hq.workstation enable row level security;
alter table hq.workstation force row level security;
create policy own_row on hq.workstation using (role = session_user);

do $$
declare
    name text;
begin
    foreach name in array array['cursor', 'fact', 'number', 'checkpoint', 'lease'] loop
        execute format('alter table hq.%I enable row level security', name);
        execute format('alter table hq.%I force row level security', name);
        execute format('create policy own_centre on hq.%I using (centre = (select hq.centre()))', name);
    end loop;
end $$;

-- How many workstations have sent anything for a centre (hq.workstation shows a caller only its own row).
create function hq.workstations_of(centre text) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
    select count(distinct c.origin) from hq.cursor c where c.centre = workstations_of.centre
$$;

-- Headquarters' own life ---------------------------------------------------------------------------------------------

-- Returns the state, beginning a new life where the server is not the one (or not on the timeline) that wrote the
-- data: a dump restored elsewhere, a recovery to a point in time, or a promoted replica.
create function hq.life() returns hq.state
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    here text := (select system_identifier::text from pg_control_system())
                 || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8);
    now_is hq.state;
begin
    select s.* into now_is from hq.state s;
    if found and now_is.incarnation = here then
        return now_is;
    end if;
    insert into hq.state as s (life, epoch, incarnation) values (1, gen_random_uuid(), here)
    on conflict (one) do update
        set life = s.life + 1, epoch = gen_random_uuid(), incarnation = here
        where s.incarnation <> here;
    select s.* into now_is from hq.state s;
    return now_is;
end $$;

-- For the administrator, after putting back a copy of the server's files (which nothing in them reveals).
create function hq.restored() returns uuid
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    lock table hq.fact in share row exclusive mode;
    update hq.state set incarnation = '';
    return (hq.life()).epoch;
end $$;

select hq.life();

revoke all on all functions in schema hq from public;
reset role;
