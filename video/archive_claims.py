"""What may be held although no hold's folder has it: because a hold can't be read, or could not link all of it.

Nothing that a claim covers is deleted, so that evidence is not lost to a damaged file; recording goes on meanwhile, and
the operators are told until a person has mended or removed the hold's folder. The ring alone goes on forgetting.
"""

from dataclasses import dataclass
from pathlib import Path

from domain.errors import StorageError
from domain.recording import Hold
from video.clips import MANIFEST
from video.segments import segment_names, start_of, track_folders, track_of


@dataclass(frozen=True, slots=True)
class Claim:
    """All segments of a camera (None: of any) that touch a span in Unix seconds; `why` is for the log."""

    folder: Path
    why: str
    camera_no: int | None = None
    begins: float = float("-inf")
    ends: float = float("inf")

    def covers(self, camera_no: int, begins: float, ends: float) -> bool:
        """Whether it claims this span of a camera."""
        return self.camera_no in {None, camera_no} and begins < self.ends and ends > self.begins


def claim_of_hold(hold: Hold, folder: Path, error: StorageError) -> Claim:
    """Return what a hold claims that could not be kept up."""
    return Claim(folder, str(error), hold.camera_no, hold.begins.timestamp(), hold.ends.timestamp())


def claim_of_unread(folder: Path, error: StorageError | OSError) -> Claim | None:
    """Return what a hold may claim whose manifest can't be read.

    Links are made the oldest first: so it is what came after its first one, of the camera that they are of. Where there
    are none it may be anything. None for a folder without manifest and segments: nobody was told that this holds.
    """
    kept = [(track, segment_names(track)) for track, _ in track_folders(folder)]
    cameras = {found[0] for track, names in kept if names and (found := track_of(track.name))}
    starts = [start_of(names[0]) or 0.0 for _, names in kept if names]
    if starts:
        camera_no = cameras.pop() if len(cameras) == 1 else None
        return Claim(folder, str(error), camera_no, min(starts))
    return Claim(folder, str(error)) if _may_have_manifest(folder) else None


def _may_have_manifest(folder: Path) -> bool:
    try:
        (folder / MANIFEST).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
