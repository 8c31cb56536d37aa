"""Recordings to be kept within a budget."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.clock import FixedClock
from domain.recording import Clip, ClipReason
from video.archive import Archive
from video.clips import Manifest, save_manifest
from video.segments import hour_folder

NOW = datetime(2025, 6, 15, 12, 0, tzinfo=UTC)
SIZE = 64 * 1024


class Store:
    """An archive over files that look like segments; their content is nobody's business here."""

    def __init__(self, home):
        self.ring, self.recordings = home / "ring", home / "recordings"
        self.ring.mkdir(parents=True)
        self.troubles = []
        self.clock = FixedClock(NOW)

    def archive(self, budget=1 << 40, reserve=0, **more):
        return Archive(
            self.ring,
            self.recordings,
            budget=budget,
            reserve=reserve,
            clock=self.clock,
            report=self.troubles.append,
            **more,
        )

    def continuous(self, hours_ago, count=6, camera=1):
        """Record a minute in segments of ten seconds."""
        start = NOW.timestamp() - hours_ago * 3600
        made = []
        for no in range(count):
            at = start + no * 10
            folder = self.recordings / "continuous" / f"{camera}-main" / hour_folder(at)
            made.append(self.file(folder / f"{round(at * 1000)}.mkv", at + 10))
        return made

    def file(self, path, end):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(SIZE))
        os.utime(path, (end, end))
        return path

    def clip(self, hours_ago, of):
        begins = NOW - timedelta(hours=hours_ago)
        clip_id = f"00000000-0000-0000-0000-{hours_ago:012d}"
        folder = self.recordings / "clips" / clip_id
        (folder / "1-main").mkdir(parents=True)
        for path in of:
            (folder / "1-main" / path.name).hardlink_to(path)
        clip = Clip(
            id=UUID(clip_id),
            camera_no=1,
            reason=ClipReason.EVENT,
            begins=begins,
            ends=begins + timedelta(seconds=30),
            finished=True,
        )
        save_manifest(folder, Manifest(clip))
        return folder

    def said(self):
        return [(each.kind, each.cleared) for each in self.troubles]
