import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.keypad import KEYS, Command, Keypad, Wanted


def typed(keys: str) -> list[Command | None]:
    keypad, found = Keypad(), []
    for key in keys:
        keypad, command = keypad.pressed(key)
        if key in "EPS":
            found.append(command)
        else:
            assert command is None
    return found


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        ("417E", Command(Wanted.CAMERA, 417)),
        ("0417E", Command(Wanted.CAMERA, 417)),
        ("12/3E", Command(Wanted.CAMERA_INTO_TILE, 12, 3)),
        ("2*5E", Command(Wanted.LAYOUT, 2, 5)),
        ("255P", Command(Wanted.PRESET, 255)),
        ("9S", Command(Wanted.STORE_PRESET, 9)),
        ("99C12E", Command(Wanted.CAMERA, 12)),
    ],
)
def test_a_finished_line_is_a_command(keys: str, command: Command) -> None:
    assert typed(keys) == [command]


@pytest.mark.parametrize("keys", ["E", "/E", "12/E", "*5E", "1/2/3E", "1*2/3E", "0P", "256P", "P", "1/2P", "S"])
def test_what_can_not_be_finished_is_forgotten(keys: str) -> None:
    assert typed(keys) == [None]
    assert typed(keys + "7E") == [None, Command(Wanted.CAMERA, 7)]


@pytest.mark.parametrize("key", ["", "A", "12", "e"])
def test_another_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no key of a keypad"):
        Keypad().pressed(key)


@given(st.text(KEYS))
def test_a_keypad_takes_whatever_is_pressed(keys: str) -> None:
    for command in typed(keys):
        assert command is None or command.first >= 0


def test_a_line_has_an_end() -> None:
    assert typed("1" * 30 + "E") == [Command(Wanted.CAMERA, 111_111_111)]
