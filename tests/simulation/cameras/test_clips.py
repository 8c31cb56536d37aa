import asyncio
import json
import subprocess
from dataclasses import asdict
from pathlib import Path

import av
import numpy as np
import pytest

from simulation.cameras import clips, counter, h264
from simulation.cameras.config import MAIN, SUB, CameraSpec, Codec, Form
from simulation.cameras.picture import LARGEST_PAYLOAD, Picture
from simulation.cameras.scenes import Scene
from simulation.processes import Spawner

pytestmark = pytest.mark.system


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="yuv420p")[: frame.height] for frame in file.decode(video=0)]


@pytest.fixture(scope="module")
def wish() -> clips.ClipWish:
    return clips.ClipWish.of(CameraSpec(1, "만안구청 앞", ptz=False, scene=7), Form(Codec.H264, SUB))


@pytest.fixture(scope="module")
def clip(wish: clips.ClipWish, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clips.make(wish, tmp_path_factory.mktemp("clip"))


def test_every_picture_carries_its_number(clip: Path) -> None:
    assert [counter.read(picture) for picture in decoded(clip)] == list(range(SUB.fps * counter.LOOP_S))


def test_a_picture_begins_anew_each_second_and_only_then(clip: Path) -> None:
    pictures = h264.pictures(clip.read_bytes())
    assert [no for no, picture in enumerate(pictures) if picture.key] == list(range(0, 120, 15))


def test_a_clip_shows_its_own_camera_name(clip: Path, wish: clips.ClipWish, tmp_path: Path) -> None:
    other = clips.make(clips.ClipWish("01  다른 이름", 7, wish.form), tmp_path)
    difference = np.abs(decoded(clip)[30].astype(int) - decoded(other)[30].astype(int)) > 60
    rows = np.argwhere(difference.any(axis=1)).ravel()
    assert len(rows) > 8
    assert rows.min() > 300


def test_something_moves_and_the_loop_closes() -> None:
    scene = Scene(7, 640, 360)
    first, middle, last = (scene.planes(at, 0)[0].astype(int) for at in (0.0, 4.1, float(counter.LOOP_S)))
    assert (np.abs(first - middle) > 40).sum() > 500
    assert (first == last).all()


def test_scenes_differ_by_their_seed() -> None:
    one, other = (Scene(seed, 640, 360).planes(0.0, 0)[0].astype(int) for seed in (1, 2))
    assert np.abs(one - other).mean() > 10


def test_a_store_makes_each_clip_once(tmp_path: Path) -> None:
    async def twice() -> tuple[list[Picture], list[Picture]]:
        store = clips.ClipStore(tmp_path / "new", spawner)
        wish = clips.ClipWish("01  한 번", 3, Form(Codec.H264, SUB))
        return await asyncio.gather(store.pictures(wish), store.pictures(wish))

    spawner = Spawner()
    try:
        first, second = asyncio.run(twice())
        (made,) = (tmp_path / "new").iterdir()
        before = made.stat().st_mtime_ns
        asyncio.run(twice())
    finally:
        spawner.close()
    assert len(first) == len(second) == 120
    assert made.stat().st_mtime_ns == before


def test_the_cache_is_named_after_the_generator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert clips.default_folder() == tmp_path / "watchroom" / f"clips-{clips.generator_version()}"


def test_clips_that_can_not_be_written_are_said(wish: clips.ClipWish, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    told = subprocess.run(
        [*clips.python_command("simulation.cameras.clips"), str(tmp_path / "taken")],
        input=json.dumps([asdict(wish)]).encode(),
        capture_output=True,
        env=clips.python_environment(),
        check=False,
    )
    assert told.returncode == 1
    assert b"taken" in told.stdout


def test_large_units_are_cut_and_can_be_put_together_again() -> None:
    unit = bytes((0x65,)) + bytes(range(256)) * 20
    picture = h264.packetised([b"\x67sps", unit])
    first, *pieces = picture.payloads
    assert first == b"\x67sps"
    assert all(len(piece) <= LARGEST_PAYLOAD for piece in pieces)
    assert b"".join((unit[:1], *(piece[2:] for piece in pieces))) == unit
    assert [piece[1] >> 6 for piece in pieces] == [2, *([0] * (len(pieces) - 2)), 1]
    assert picture.key


def test_main_pictures_are_larger() -> None:
    assert (MAIN.width, MAIN.height, MAIN.fps) == (1280, 720, 25)
    assert counter.block_px(MAIN.width) == 32
