"""The home folder: one process owns it, others speak to that one through its socket."""

import fcntl
import os
import stat
import struct
from pathlib import Path
from types import TracebackType

from domain.errors import HomeError

DEMO_MARK = "made-by-demo"
_BROKER_MARK = "broker-session"
_WHOLE_FILE = "hhqqi4x"  # struct flock of fcntl(2), 64-bit Linux: type, whence, start, length, process


def default_home() -> Path:
    """Return the home used when none is named: the XDG state folder's `watchroom`."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "watchroom"


class Home:
    """A home folder and the files in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    @property
    def database(self) -> Path:
        """Return where the local database lies."""
        return self.path / "watchroom.db"

    @property
    def ring(self) -> Path:
        """Return where the last minutes of every open stream lie."""
        return self.path / "ring"

    @property
    def recordings(self) -> Path:
        """Return where recordings, clips and what is held lie."""
        return self.path / "recordings"

    @property
    def snapshots(self) -> Path:
        """Return where stills lie."""
        return self.path / "snapshots"

    @property
    def windows(self) -> Path:
        """Return where the places of wall windows are remembered; losing it harms nobody."""
        return self.path / "windows.ini"

    @property
    def socket(self) -> Path:
        """Return where the owner listens to other commands."""
        return self.path / "socket"

    @property
    def settings(self) -> Path | None:
        """Return the home's own console.toml, or None where it has none."""
        path = self.path / "console.toml"
        return path if path.exists() else None

    @property
    def made_by_demo(self) -> bool:
        """Whether `demo` made this folder."""
        return (self.path / DEMO_MARK).exists()

    @property
    def knows_broker(self) -> bool:
        """Whether this workstation was connected to its broker before: one that forgot it has lost messages."""
        return (self.path / _BROKER_MARK).exists()

    def note_broker(self) -> None:
        """Remember that the broker keeps a session for this workstation now."""
        (self.path / _BROKER_MARK).touch(exist_ok=True)

    def prepare(self, *, demo: bool = False) -> None:
        """Make the folder where it is not there; HomeError where it can't be used.

        A folder with something in it that `demo` did not make is refused to `demo`. One of ours that others can look
        into is closed to them, unless it is a place for everybody (/tmp).
        """
        try:
            if demo and self.path.is_dir() and any(self.path.iterdir()) and not self.made_by_demo:
                raise HomeError(f"{self.path}: was not made by demo; name another folder with --home")
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            _close_to_others(self.path)
            if demo:
                (self.path / DEMO_MARK).touch(exist_ok=True)
        except OSError as error:
            raise HomeError(f"{self.path}: {error.strerror}") from None

    def take(self) -> None:
        """Become its owner; HomeError names the process that already is, or why it can't be written."""
        try:
            lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise HomeError(f"{self.path}: {error.strerror}") from None
        try:
            _lock(lock, fcntl.F_OFD_SETLK)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode(errors="replace").strip() or "unknown"
            os.close(lock)
            raise HomeError(f"{self.path}: is in use by process {holder}") from None
        except OSError as error:
            os.close(lock)
            raise HomeError(f"{self.path}: can't be locked ({error.strerror})") from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock

    def owned(self) -> bool:
        """Whether some process owns it now. Looking takes nothing, so it is in nobody's way who is starting."""
        try:
            lock = os.open(self.path / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            return _lock(lock, fcntl.F_OFD_GETLK) != fcntl.F_UNLCK
        except OSError:
            return False
        finally:
            os.close(lock)

    def release(self) -> None:
        """Give it up."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> "Home":
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _lock(file: int, command: int) -> int:
    """Take or ask for the lock on the whole file, which belongs to this opening of it; return the lock's type.

    Unlike flock(2), fcntl(2) can say who holds a lock without trying to take it.
    """
    wanted = struct.pack(_WHOLE_FILE, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    said: int = struct.unpack(_WHOLE_FILE, fcntl.fcntl(file, command, wanted))[0]
    return said


def _close_to_others(folder: Path) -> None:
    found = folder.stat()
    shared = found.st_mode & stat.S_ISVTX
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO) and not shared and found.st_uid == os.geteuid():
        folder.chmod(0o700)
