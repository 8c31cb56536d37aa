"""The fixed cameras' loops: made once by processes of their own, kept in the user's cache.

`python -m simulation.cameras.clips FOLDER` makes the clips that are asked for on its input (a JSON list).
A clip is an elementary stream (Annex B with access unit delimiters, or JPEG files in a row), so any player shows it.
"""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2

from domain.errors import UnreachableError
from simulation.cameras import film
from simulation.cameras.codecs import CODINGS
from simulation.cameras.config import CameraSpec, Codec, Form, Profile, SceneKind
from simulation.cameras.picture import Picture
from simulation.processes import Spawner, python_command, python_environment

_GENERATORS = ("caption", "coder", "counter", "film", "lettering", "scenes")
_GENERATORS_OF = {
    Codec.H264: ("h264", "nal"),
    Codec.H265: ("h265", "nal"),
    Codec.MJPEG: ("mjpeg",),
    SceneKind.STREET: (),
    SceneKind.NIGHT: ("night",),
}


@dataclass(frozen=True, slots=True)
class ClipWish:
    """What one clip shows, and in which form."""

    text: str
    scene: int
    form: Form
    kind: SceneKind = SceneKind.STREET

    @classmethod
    def of(cls, camera: CameraSpec, form: Form) -> "ClipWish":
        """Return the wish for a camera's stream."""
        return cls(camera.caption, camera.scene, form, camera.scene_kind)

    @classmethod
    def read(cls, row: dict[str, Any]) -> "ClipWish":
        """Return the wish that was written down as JSON."""
        form = Form(Codec(row["form"]["codec"]), Profile(**row["form"]["profile"]))
        return cls(row["text"], row["scene"], form, SceneKind(row["kind"]))

    def file_name(self) -> str:
        """Return a name that no other clip has, nor one of another generator of its codec and kind."""
        generators = _digest((*_GENERATORS_OF[self.form.codec], *_GENERATORS_OF[self.kind]))
        digest = hashlib.sha256((json.dumps(asdict(self)) + generators).encode()).hexdigest()
        return f"{digest[:20]}-{self.form.profile.name}.{self.form.codec}"


def generator_version() -> str:
    """Return a mark that changes with the code that every clip goes through."""
    return _digest(_GENERATORS)[:12]


@cache
def _digest(modules: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for module in modules:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    return digest.hexdigest()


def default_folder() -> Path:
    """Return the folder in the user's cache where this generator's clips are kept."""
    cache = os.environ.get("XDG_CACHE_HOME")
    home = Path(cache) if cache else Path.home() / ".cache"
    return home / "watchroom" / f"clips-{generator_version()}"


def make(wish: ClipWish, folder: Path) -> Path:
    """Make one clip and return its file; a file of that name is never half written."""
    path = folder / wish.file_name()
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(film.shot(wish.text, wish.scene, wish.kind, wish.form))
    part.replace(path)
    return path


class ClipStore:
    """Gives clips, and has those made that are missing."""

    def __init__(self, folder: Path, spawner: Spawner) -> None:
        self._folder = folder
        self._spawner = spawner
        self._making: dict[ClipWish, asyncio.Task[None]] = {}

    async def prepare(self, wishes: Sequence[ClipWish]) -> None:
        """Have all these clips made, on as many cores as there are; UnreachableError where that fails."""
        missing = [wish for wish in wishes if not self._path(wish).exists()]
        if not missing:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        workers = min(len(missing), os.cpu_count() or 1)
        await asyncio.gather(*(self._make(missing[first::workers]) for first in range(workers)))

    async def pictures(self, wish: ClipWish) -> list[Picture]:
        """Return the clip's pictures, made now where it is missing; asked twice it is made once."""
        task = self._making.get(wish)
        if task is None:
            task = self._making[wish] = asyncio.create_task(self.prepare([wish]))
            task.add_done_callback(lambda _: self._making.pop(wish, None))
        await asyncio.shield(task)
        return CODINGS[wish.form.codec].pictures(self._path(wish).read_bytes())

    async def _make(self, wishes: Sequence[ClipWish]) -> None:
        command = python_command("simulation.cameras.clips", str(self._folder))
        process = self._spawner.start(command, answers=True, environment=python_environment())
        asked = json.dumps([asdict(wish) for wish in wishes]).encode()
        try:
            said, _ = await asyncio.to_thread(process.communicate, asked)
        except asyncio.CancelledError:
            process.kill()
            raise
        if process.returncode != 0:
            raise UnreachableError(f"making clips failed: {said.decode(errors='replace')[-500:]}")

    def _path(self, wish: ClipWish) -> Path:
        return self._folder / wish.file_name()


def main() -> int:
    """Make what is asked for on standard input."""
    cv2.setNumThreads(1)
    os.nice(5)
    folder = Path(sys.argv[1])
    for row in json.load(sys.stdin):
        try:
            make(ClipWish.read(row), folder)
        except OSError as error:
            sys.stdout.write(f"{error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
