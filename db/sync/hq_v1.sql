-- Protocol 1: schema hq_v1, the functions that workstations may execute.
--
-- Centre and origin always come from the role that signed in (session_user), never from an argument.
--
-- SQLSTATEs of ours:
--   WR001  rows are missing before the first one pushed
--   WR002  a row pushed again is not the row stored: two histories share an epoch
--   WR003  a row's hybrid clock is more than 60 s ahead of headquarters
--   WR004  a row of a kind that this role may not push
--   WR010  a protocol that is not spoken here

create schema hq_v1 authorization watchroom_hq;
set local role watchroom_hq;

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
        -- The end: step over rows of our own too, so that they are not looked through again. (With the cursor as a
        -- lower bound this would read the whole index backwards: 5 ms for 60,000 rows against 0.1.)
        select f.life, f.xid, f.seq into newest.life, newest.xid, newest.seq from hq.fact f
            where f.centre = ws.centre and (f.life < state.life or f.xid < horizon)
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

revoke all on all functions in schema hq_v1 from public;
reset role;
