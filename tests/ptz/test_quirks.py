"""What makes of cameras are known for."""

from pathlib import Path

import pytest

from domain.errors import BadInputError
from ptz.quirks import FILE, Quirk, load, quirks_of

ENTRY = """
[[camera]]
manufacturer = "Acme"
model = "Dome"
quirks = ["moves_apart", "zero_move_ignored"]
seen = 2026-11-24
source = "on the bench"
"""


def test_the_list_that_is_shipped_can_be_read() -> None:
    load(FILE)
    assert quirks_of("nobody", "nothing") == frozenset()


def test_an_entry_is_for_models_that_begin_so(tmp_path: Path) -> None:
    path = tmp_path / "quirks.toml"
    path.write_text(ENTRY, encoding="utf-8")
    (entry,) = load(path)
    assert entry.quirks == {Quirk.MOVES_APART, Quirk.ZERO_MOVE_IGNORED}
    assert entry.of(" ACME", "dome 8x")
    assert not entry.of("Acme", "Box")
    assert not entry.of("Acme Sons", "Dome")


@pytest.mark.parametrize("wrong", ["quirks = [", ENTRY.replace("moves_apart", "flies"), ENTRY.replace("seen", "saw")])
def test_a_wrong_list_names_itself(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "quirks.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(BadInputError, match=r"quirks\.toml"):
        load(path)
