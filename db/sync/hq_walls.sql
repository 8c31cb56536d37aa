-- Version 2: the kinds of facts that walls, bookmarks and snapshots brought.
--
-- A headquarters takes them before any workstation has the program that pushes them.

set local role watchroom_hq;
insert into hq.pushable
values ('console', 'bookmark_event'), ('console', 'snapshot_event'), ('console', 'wall_event')
on conflict do nothing;
reset role;
