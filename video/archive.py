"""The disk's budget: what may stay, what goes first, what is protected, and how long it will last."""

import shutil
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from domain.clock import Clock
from domain.errors import BadInputError, StorageError
from domain.recording import Forecast, Hold, RecordingTrouble, TroubleKind
from video.archive_holds import HoldShelf
from video.archive_room import Room
from video.archive_usage import Holdings, Stocktaking, folders_in
from video.clips import KeptFile, load_manifest
from video.hanging import Hanging
from video.ring_expiry import Expiry
from video.segments import track_folders
from video.troubles import Troubles
from video.unbroken import broken_by

_SWEEP_S = 20.0
_PATIENCE_S = 60.0  # a sweep looks at every file of two hours, and at every folder
_WRITER = "archive"
_DAY_S = 86_400.0
_SEEN_ENOUGH_S = 600.0  # less says nothing about a day


class Archive:
    """Keeps ring and recordings within a budget, on a thread of its own; `sweep` may be called without starting it.

    `budget` bounds ring and recordings together, `reserve` is what stays free on the disk (both in bytes). What is
    older than `keep_days` goes in any case, unless it is held. `report` is called on the archive's thread, and on the
    one that calls `watch`.
    """

    def __init__(
        self,
        ring: Path,
        recordings: Path,
        *,
        budget: int,
        reserve: int,
        keep_days: float = 30.0,
        ring_seconds: float = 120.0,
        clock: Clock,
        report: Callable[[RecordingTrouble], None],
    ) -> None:
        self._ring = ring
        self._recordings = recordings
        self._budget = budget
        self._reserve = reserve
        self._keep_days = keep_days
        self._orphaned_s = 2 * ring_seconds + 60  # a living writer deletes its own long before
        self._clock = clock
        self._stock = Stocktaking(ring, recordings)
        self._shelf = HoldShelf(recordings / "held")
        self._room = Room(recordings, self._stock, self._shelf.may_hold)
        self._troubles = Troubles(_WRITER, report, clock)
        self._hanging = Hanging(recordings, _WRITER, report, clock, _PATIENCE_S)
        self._shortened_at = 0.0
        self._forecast: Forecast | None = None
        self._lock = threading.RLock()  # nothing is deleted while something is being protected
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="archive", daemon=True)

    def start(self) -> None:
        """Sweep from now on."""
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join()

    def watch(self) -> None:
        """Tell of a disk that does not answer; to be called now and then, from another thread."""
        self._hanging.look()

    def forecast(self) -> Forecast | None:
        """Return how the budget will last as of the last sweep, None before the first."""
        return self._forecast

    def holds(self) -> tuple[Hold, ...]:
        """Return all holds, by their beginning."""
        with self._lock:
            return self._shelf.holds()

    def hold(
        self, camera_no: int, begins: datetime, ends: datetime, *, basis: str, by: str, until: datetime | None = None
    ) -> Hold:
        """Protect a span of a camera, to the second, until a person releases it or its time is over. Reads disk.

        BadInputError where the span is none or nothing of it was recorded, StorageError where the disk refuses.
        """
        if ends <= begins or not basis.strip():
            raise BadInputError("a hold needs a span and its legal basis")
        hold = Hold(id=uuid4(), camera_no=camera_no, begins=begins, ends=ends, basis=basis, by=by, until=until)
        now = self._clock.now()
        with self._lock:
            held = self._shelf.protect(hold, self._roots(), now)
            if not held.files and ends <= now:
                self._shelf.release(hold.id)
                raise BadInputError(f"nothing was recorded of camera {camera_no} in this span")
            for file in held.files:
                self._forget(file)
        return hold

    def hold_clip(self, clip_id: UUID, *, basis: str, by: str, until: datetime | None = None) -> Hold:
        """Protect the span of a clip; BadInputError or StorageError as for any span."""
        clip = load_manifest(self._recordings / "clips" / str(clip_id)).clip
        ends = clip.ends or self._clock.now()
        return self.hold(clip.camera_no, clip.begins, ends, basis=basis, by=by, until=until)

    def release(self, hold_id: UUID) -> None:
        """End a hold: what it protected has to make room again in its turn. StorageError where the disk refuses."""
        with self._lock:
            for file in self._shelf.release(hold_id):
                self._forget(file)

    def sweep(self) -> Forecast:
        """Make room where it is needed, and return how the budget will last; StorageError where the disk refuses."""
        with self._lock:
            now = self._clock.now()
            self._hanging.begins()
            self._tend_holds(now)
            self._clear_orphans(now.timestamp())
            self._hanging.begins()
            self._room.older_than(now.timestamp() - self._keep_days * _DAY_S, self._stock.look(now.timestamp()))
            holdings = self._make_room(now.timestamp())
            forecast = self._foresee(holdings, now.timestamp())
        self._forecast = forecast
        return forecast

    def _run(self) -> None:
        while True:
            broken = broken_by(self._try_sweep)
            self._hanging.rests()
            if broken:
                broken_by(partial(self._tell, TroubleKind.WRITE_FAILED, broken))
            if self._closing.wait(_SWEEP_S):
                return

    def _try_sweep(self) -> None:
        try:
            self.sweep()
        except StorageError as error:
            self._tell(TroubleKind.WRITE_FAILED, str(error))
        else:
            self._tell(TroubleKind.WRITE_FAILED, None)

    def _roots(self) -> tuple[Path, ...]:
        return (self._ring, self._recordings / "continuous", *folders_in(self._recordings / "clips"))

    def _forget(self, file: KeptFile) -> None:
        self._stock.forget(file.name.partition("/")[0], file.start)

    def _tend_holds(self, now: datetime) -> None:
        """Go on with all holds; one that fails is told, and keeps neither the others nor the sweep from going on."""
        self._shelf.tend(self._roots(), now, self._forget)
        failing = {claim.folder: claim.why for claim in self._shelf.claims}
        for folder in self._troubles.places(TroubleKind.HOLD_FAILED) - failing.keys():
            self._troubles.recover(TroubleKind.HOLD_FAILED, folder)
        for folder, why in failing.items():
            self._troubles.suffer(TroubleKind.HOLD_FAILED, folder, why)

    def _clear_orphans(self, now: float) -> None:
        """Delete what is left in the ring of cameras that no worker reads any more, unless a hold may claim it."""
        if self._shelf.claims:
            return
        orphans = Expiry(self._orphaned_s, 1 << 62)
        tracks = [folder for folder, _ in track_folders(self._ring)]
        orphans.watch(tracks)
        orphans.expire(now, busy=frozenset(tracks))

    def _make_room(self, now: float) -> Holdings:
        holdings = self._stock.look(now)
        too_much = max(holdings.used - self._budget, self._reserve - self._free())
        if too_much <= 0:
            if now - self._shortened_at > _DAY_S:
                self._tell(TroubleKind.SHORTENED, None)
            self._judge(holdings)
            return holdings
        cleared = self._room.make(lambda freed: freed >= too_much, holdings)
        if cleared.youngest is not None and now - cleared.youngest < self._keep_days * _DAY_S:
            days = (now - cleared.youngest) / _DAY_S
            self._tell(TroubleKind.SHORTENED, f"recordings of {days:.1f} days ago had to make room")
            self._shortened_at = now
        holdings = self._stock.look(now)
        self._judge(holdings)
        return holdings

    def _judge(self, holdings: Holdings) -> None:
        """Say what room there is after all that could be deleted is."""
        over = holdings.used - self._budget
        short = self._reserve - self._free()
        self._tell(TroubleKind.ONLY_PROTECTED, f"{over} bytes above the budget" if over > 0 else None)
        self._tell(TroubleKind.DISK_FULL, f"{short} bytes short of the reserve" if short > 0 else None)

    def _free(self) -> int:
        try:
            return shutil.disk_usage(self._recordings if self._recordings.exists() else self._ring.parent).free
        except OSError as error:
            raise StorageError(f"{self._recordings}: {error}") from error

    def _foresee(self, holdings: Holdings, now: float) -> Forecast:
        recent = [shelf for shelf in (*holdings.continuous, *holdings.clips) if shelf.last > now - _DAY_S]
        since = max(min((shelf.first for shelf in recent), default=now), now - _DAY_S)
        enough = now - since >= _SEEN_ENOUGH_S
        per_day = sum(shelf.size for shelf in recent) * _DAY_S / (now - since) if enough else None
        return Forecast(
            used=holdings.used,
            protected=holdings.protected,
            budget=self._budget,
            free=self._free(),
            per_day=per_day,
        )

    def _tell(self, kind: TroubleKind, detail: str | None) -> None:
        """Report a trouble once; without a detail, that it is over."""
        if detail is None:
            self._troubles.recover(kind, self._recordings)
        else:
            self._troubles.suffer(kind, self._recordings, detail)
