-- Headquarters, protocol 1: schema hq holds the tables, schema hq_v1 the functions that workstations may execute.
--
-- Runs once, in one transaction, as a superuser (db/sync/setup.py). Everything belongs to watchroom_hq, a role that
-- cannot sign in, is no superuser and does not bypass row security, so the policies below bind the functions too.
-- Centre and origin always come from the role that signed in (session_user), never from an argument.
--
-- SQLSTATEs of ours:
--   WR001  rows are missing before the first one pushed
--   WR002  a row pushed again is not the row stored: two histories share an epoch
--   WR003  a row's hybrid clock is more than 60 s ahead of headquarters
--   WR004  a row of a kind that this role may not push
--   WR010  a protocol that is not spoken here

create schema hq authorization watchroom_hq;
create schema hq_v1 authorization watchroom_hq;
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

-- What workstations may do -------------------------------------------------------------------------------------------

-- Headquarters' epoch, how far it has this epoch of ours, and its clock. acked_seq beyond last_seq means that the
-- workstation was restored: it takes a new epoch and pulls its own rows too. A push under way is waited for.
create function hq_v1.hello(
    protocol integer, epoch uuid, last_seq bigint,
    out hq_epoch uuid, out acked_seq bigint, out now timestamptz
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    ws hq.workstation := hq.caller();
begin
    if protocol is distinct from 1 then
        raise exception 'headquarters speaks protocol 1 here, not %', protocol using errcode = 'WR010';
    end if;
    hq_epoch := (hq.life()).epoch;
    select c.acked into acked_seq from hq.cursor c
        where c.origin = ws.origin and c.epoch = hello.epoch for update;
    acked_seq := coalesce(acked_seq, 0);
    now := clock_timestamp();
    update hq.workstation w set seen_at = clock_timestamp(), epoch = hello.epoch, last_seq = hello.last_seq
        where w.role = session_user;
end $$;

-- Stores rows [{"k": kind, "p": pk, "h": hlc, "v": payload, "s": schema_version (1 if absent)}], the first of which
-- has the number first_seq in this epoch, and returns how far headquarters now has the epoch. Rows it has are passed
-- over, after a look that they are the same.
create function hq_v1.push(epoch uuid, first_seq bigint, rows jsonb) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    ws hq.workstation := hq.caller();
    this_life integer;
    have bigint;
    refused text;
    newest bigint;
    stored bigint;
begin
    if epoch is null or coalesce(first_seq, 0) < 1 or jsonb_typeof(rows) is distinct from 'array' then
        raise exception 'push takes an epoch, a number from 1 and an array' using errcode = '22023';
    end if;
    lock table hq.fact in row exclusive mode;  -- before the life is read: hq.restored() waits for us, or we for it
    this_life := (hq.life()).life;
    insert into hq.cursor (origin, epoch, centre) values (ws.origin, push.epoch, ws.centre) on conflict do nothing;
    select c.acked into strict have from hq.cursor c
        where c.origin = ws.origin and c.epoch = push.epoch for update;
    if first_seq > have + 1 then
        raise exception 'gap: headquarters has up to %, then came %', have, first_seq using errcode = 'WR001';
    end if;

    if first_seq <= have and exists (
        select from jsonb_array_elements(rows) with ordinality as given (r, i)
        join hq.fact f on f.origin = ws.origin and f.epoch = push.epoch and f.oseq = first_seq + i - 1
        where f.hlc <> (r ->> 'h')::bigint or f.pk <> (r ->> 'p')::uuid or f.kind <> r ->> 'k'
    ) then
        raise exception 'other rows are stored under these numbers' using errcode = 'WR002';
    end if;

    select max((r ->> 'h')::bigint),
           string_agg(distinct coalesce(r ->> 'k', 'null'), ', ') filter (where p.kind is null)
        into newest, refused
        from jsonb_array_elements(rows) with ordinality as given (r, i)
        left join hq.pushable p on p.duty = ws.duty and p.kind = r ->> 'k'
        where first_seq + i - 1 > have;
    if refused is not null then
        raise exception 'this workstation may not push: %', refused using errcode = 'WR004';
    end if;
    if newest > ((extract(epoch from clock_timestamp()) + 60) * 1000)::bigint << 16 then
        raise exception 'clock ahead by % s', round((newest >> 16) / 1000.0 - extract(epoch from clock_timestamp()), 1)
            using errcode = 'WR003';
    end if;

    insert into hq.fact (life, centre, origin, epoch, oseq, kind, pk, hlc, payload, schema_version)
        select this_life, ws.centre, ws.origin, push.epoch, first_seq + i - 1, r ->> 'k', (r ->> 'p')::uuid,
               (r ->> 'h')::bigint,
               case when r -> 'v' ? 'centre' then r -> 'v' || jsonb_build_object('centre', ws.centre) else r -> 'v' end,
               coalesce((r ->> 's')::integer, 1)
        from jsonb_array_elements(rows) with ordinality as given (r, i)
        where first_seq + i - 1 > have
        order by i
        on conflict (origin, hlc, pk, kind) do nothing;
    get diagnostics stored = row_count;
    have := greatest(have, first_seq + jsonb_array_length(rows) - 1);
    update hq.cursor c set acked = have where c.origin = ws.origin and c.epoch = push.epoch and c.acked < have;
    if stored > 0 then
        perform pg_notify('hq_feed', '');
    end if;
    return have;
end $$;

create type hq_v1.page as (rows jsonb, cursor text);

-- Rows [{"o": origin, "k", "p", "h", "v", "s"}] of the caller's centre after the cursor, in an order in which nothing
-- can appear behind a cursor any more: a row is shown once every transaction begun before its own has ended. No rows:
-- there is no more for now. The caller's own rows are left out, unless the cursor begins with 'own:': then those of
-- other epochs than it last said hello with come too, and that ends by itself when all are given.
--
-- A cursor is '' (from the beginning) or hq_epoch:life:xid:seq, either after 'own:' or alone. One of another epoch,
-- or from this server's future, begins at the beginning.
create function hq_v1.pull(cursor text, max_rows integer) returns hq_v1.page
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    ws hq.workstation := hq.caller();
    state hq.state := hq.life();
    own boolean := starts_with(pull.cursor, 'own:');
    part text[] := string_to_array(regexp_replace(pull.cursor, '^own:', ''), ':');
    horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
    at_life integer := 0;
    at_xid xid8 := '0';
    at_seq bigint := 0;
    given integer;
    fitted integer;
    page hq_v1.page;
    newest hq.fact;
begin
    if pull.cursor !~ '^(own:)?([0-9a-f-]{36}:\d{1,9}:\d{1,19}:\d{1,18})?$' or coalesce(max_rows, 0) < 1 then
        raise exception 'pull takes a cursor of ours and a number of rows from 1' using errcode = '22023';
    end if;
    if part[1] = state.epoch::text and (part[2]::integer < state.life or part[3]::xid8 <= horizon) then
        at_life := part[2];
        at_xid := part[3];
        at_seq := part[4];
    end if;

    with candidate as (
        select f.* from hq.fact f
            where f.centre = ws.centre and (f.life, f.xid, f.seq) > (at_life, at_xid, at_seq)
              and (f.life < state.life or f.xid < horizon)
              and (f.origin <> ws.origin or own and f.epoch is distinct from ws.epoch)
            order by f.life, f.xid, f.seq limit least(max_rows, 10000)
    ), sized as (
        select candidate.*, sum(pg_column_size(candidate.payload)) over (
                order by candidate.life, candidate.xid, candidate.seq rows between unbounded preceding and 1 preceding
            ) as before
        from candidate
    ), fitting as (
        select * from sized where coalesce(before, 0) < 4194304  -- bytes in one answer; the first row always fits
    )
    select count(*), (select count(*) from candidate),
           coalesce(jsonb_agg(jsonb_build_object('o', x.origin, 'k', x.kind, 'p', x.pk, 'h', x.hlc, 'v', x.payload,
               's', x.schema_version) order by x.life, x.xid, x.seq), '[]'),
           coalesce((array_agg(x.life order by x.life desc, x.xid desc, x.seq desc))[1], at_life),
           coalesce((array_agg(x.xid order by x.life desc, x.xid desc, x.seq desc))[1], at_xid),
           coalesce((array_agg(x.seq order by x.life desc, x.xid desc, x.seq desc))[1], at_seq)
        into fitted, given, page.rows, at_life, at_xid, at_seq
        from fitting x;

    if fitted = given and given < least(max_rows, 10000) then
        -- The end: step over rows of our own too, so that they are not looked through again.
        select f.life, f.xid, f.seq into newest.life, newest.xid, newest.seq from hq.fact f
            where f.centre = ws.centre and (f.life, f.xid, f.seq) > (at_life, at_xid, at_seq)
              and (f.life < state.life or f.xid < horizon)
            order by f.life desc, f.xid desc, f.seq desc limit 1;
        if found then
            at_life := newest.life;
            at_xid := newest.xid;
            at_seq := newest.seq;
        end if;
        own := own and exists (
            select from hq.fact f where f.centre = ws.centre and f.origin = ws.origin
                and f.epoch is distinct from ws.epoch and (f.life, f.xid, f.seq) > (at_life, at_xid, at_seq)
        );
    end if;
    page.cursor := concat(case when own then 'own:' end, state.epoch, ':', at_life, ':', at_xid, ':', at_seq);
    return page;
end $$;

-- Seconds for which the oldest row of the caller's centre has been waiting to be shown to pullers; 0 if none waits.
create function hq_v1.horizon_age() returns double precision
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    ws hq.workstation := hq.caller();
    state hq.state := hq.life();
    horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
    oldest timestamptz;
begin
    select min(f.received_at) into oldest from hq.fact f
        where f.centre = ws.centre and f.life = state.life and f.xid >= horizon;
    return coalesce(greatest(0, extract(epoch from clock_timestamp() - oldest)), 0);
end $$;

-- The first of `count` incident numbers (1 to 1,000) of the caller's centre and that year, given to nobody else.
-- After a restore of headquarters the count leaps by two blocks for every workstation and ten more, over what may
-- have been given since the backup.
create function hq_v1.numbers(year integer, count integer) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    ws hq.workstation := hq.caller();
    this_life integer := (hq.life()).life;
    leap bigint := 0;
    given hq.number;
begin
    if coalesce(count, 0) not between 1 and 1000
       or coalesce(year, 0) not between 2000 and extract(year from clock_timestamp())::integer + 1 then
        raise exception 'no block of % numbers for the year %', count, year using errcode = '22023';
    end if;
    insert into hq.number (centre, year, next, life) values (ws.centre, numbers.year, 1, this_life)
        on conflict do nothing;
    select n.* into strict given from hq.number n
        where n.centre = ws.centre and n.year = numbers.year for update;
    if given.life <> this_life then
        leap := 1000 * (10 + 2 * hq.workstations_of(ws.centre));
    end if;
    update hq.number n set next = given.next + leap + numbers.count, life = this_life
        where n.centre = ws.centre and n.year = numbers.year;
    return given.next + leap;
end $$;

-- How many workstations have sent anything for a centre (hq.workstation shows a caller only its own row).
create function hq.workstations_of(centre text) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
    select count(distinct c.origin) from hq.cursor c where c.centre = workstations_of.centre
$$;

-- Keeps a signed mark of the caller's audit chain. The same mark again is a no-op; another hash under the same number
-- is kept beside the first, as evidence.
create function hq_v1.checkpoint(audit_seq bigint, hash bytea, signature bytea) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    ws hq.workstation := hq.caller();
begin
    insert into hq.checkpoint (origin, centre, audit_seq, hash, signature)
        values (ws.origin, ws.centre, checkpoint.audit_seq, checkpoint.hash, checkpoint.signature)
        on conflict do nothing;
end $$;

-- Asks for the sole right to move a camera for `ttl` (at most 5 s; zero gives it back). A higher rank outranks a lower:
-- the holder is not renewed any more and the right passes when it has run out, since cameras cannot check fences.
-- Equal rank waits. `holder` is who has it after the call, `fence` grows with every change of holder.
create function hq_v1.lease(
    camera integer, rank integer, ttl interval,
    out granted boolean, out holder uuid, out fence bigint, out ttl_ms integer
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    ws hq.workstation := hq.caller();
    at timestamptz;
    l hq.lease;
begin
    if camera is null or rank is null or ttl is null or ttl < interval '0' or ttl > interval '5 s' then
        raise exception 'a lease is of a camera, with a rank, for 0 to 5 s' using errcode = '22023';
    end if;
    insert into hq.lease (centre, camera) values (ws.centre, lease.camera) on conflict do nothing;
    select x.* into strict l from hq.lease x where x.centre = ws.centre and x.camera = lease.camera for update;
    at := clock_timestamp();
    if l.rival = ws.origin or l.rival_until <= at then
        l.rival := null;
    end if;
    if l.until <= at then
        l.holder := null;
    end if;

    granted := coalesce(l.holder, ws.origin) = ws.origin and (l.rival is null or rank > l.rival_rank);
    if ttl = interval '0' then
        granted := false;
        if l.holder = ws.origin then
            l.holder := null;
            l.until := at;
        end if;
    elsif granted then
        if l.holder is null then
            l.fence := l.fence + 1;
        end if;
        l.holder := ws.origin;
        l.rank := lease.rank;
        l.until := at + ttl;
    elsif l.holder is distinct from ws.origin and rank > coalesce(l.rank, 0)
          and (l.rival is null or rank > l.rival_rank) then
        l.rival := ws.origin;
        l.rival_rank := lease.rank;
        l.rival_until := at + interval '5 s';
    end if;
    update hq.lease x
        set holder = l.holder, rank = l.rank, fence = l.fence, until = l.until,
            rival = l.rival, rival_rank = l.rival_rank, rival_until = l.rival_until
        where x.centre = ws.centre and x.camera = lease.camera;
    holder := l.holder;
    fence := l.fence;
    ttl_ms := case when l.holder is null then 0 else extract(epoch from l.until - at) * 1000 end;
end $$;

revoke all on all functions in schema hq, hq_v1 from public;
reset role;
