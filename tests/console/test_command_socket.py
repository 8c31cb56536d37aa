import stat
from pathlib import Path

import pytest

from console.command_socket import CommandServer, Request, ask
from domain.errors import BadInputError, HomeError, Problem
from domain.fact import Json


def answer(request: Request) -> Json:
    if request["do"] == "fail":
        raise BadInputError("3 wrong rows", (Problem(2, "lat", "95 is no latitude"),))
    return {"heard": request["do"]}


def test_a_request_is_answered_over_a_socket_that_only_its_owner_may_use(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    server = CommandServer(path, answer)
    try:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert ask(path, {"do": "greet"}) == {"heard": "greet"}
        with pytest.raises(BadInputError, match="3 wrong rows") as caught:
            ask(path, {"do": "fail"})
        assert caught.value.problems == (Problem(2, "lat", "95 is no latitude"),)
        with pytest.raises(BadInputError):
            ask(path, {"nothing": "asked"})
    finally:
        server.close()
    assert not path.exists()
    with pytest.raises(HomeError, match="nobody answers"):
        ask(path, {"do": "greet"})


def test_a_socket_left_by_a_crash_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    path.touch()
    server = CommandServer(path, answer)
    assert ask(path, {"do": "greet"}) == {"heard": "greet"}
    server.close()
