-- Version 3: who is behind an answer of hq_v1.lease, so that a holder can be told who takes over from him, and who
-- waits can be told for whom. Nobody is asked or changed by it.

set local role watchroom_hq;

-- Who has a camera and who, of a higher rank, is waiting to take it over, with their ranks; nulls where there is none.
create or replace function hq_v1.lease_parties(
    camera integer,
    out holder uuid, out holder_rank integer, out rival uuid, out rival_rank integer
)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    ws hq.workstation := hq.caller();
    at timestamptz := clock_timestamp();
begin
    select case when l.until > at then l.holder end, case when l.until > at and l.holder is not null then l.rank end,
           case when l.rival_until > at then l.rival end,
           case when l.rival_until > at and l.rival is not null then l.rival_rank end
        into holder, holder_rank, rival, rival_rank
        from hq.lease l where l.centre = ws.centre and l.camera = lease_parties.camera;
end $$;

revoke all on all functions in schema hq_v1 from public;
reset role;
