from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.errors import BadInputError
from domain.record import Mode
from domain.snapshot import Snapshot


def snapshot(
    file: str = "2026-03-01/417.png", sha256: str = "ab" * 32, width: int = 1280, height: int = 720
) -> Snapshot:
    return Snapshot(
        id=UUID(int=1),
        origin=UUID(int=2),
        centre="anyang",
        district="",
        mode=Mode.TEST,
        camera_no=417,
        at=datetime(2026, 3, 1, tzinfo=UTC),
        camera_at=None,
        by="kim",
        file=file,
        sha256=sha256,
        width=width,
        height=height,
        masked=True,
    )


def test_a_snapshot_lies_below_its_folder() -> None:
    assert snapshot().file == "2026-03-01/417.png"
    for file in ("", "/etc/passwd", "../x.png", "a/../../x.png", "a\0b"):
        with pytest.raises(BadInputError, match="no path below"):
            snapshot(file=file)


@pytest.mark.parametrize("sha256", ["", "ab" * 31, "AB" * 32, "zz" * 32, "ab" * 33])
def test_a_hash_that_is_none_is_refused(sha256: str) -> None:
    with pytest.raises(BadInputError, match="no SHA-256"):
        snapshot(sha256=sha256)


@pytest.mark.parametrize("size", [{"width": 0}, {"height": -1}])
def test_a_picture_without_size_is_refused(size: dict[str, int]) -> None:
    with pytest.raises(BadInputError, match="pixels is none"):
        snapshot(**size)
