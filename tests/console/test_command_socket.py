import json
import os
import socket
import stat
import struct
import threading
from pathlib import Path

import pytest

from console.command_socket import CommandServer, Request, ask
from domain.errors import BadInputError, HomeError, Problem, WatchroomError
from domain.fact import Json


def answer(request: Request, _gone: threading.Event) -> Json:
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


def test_a_home_may_lie_deeper_than_a_sockets_address_is_long(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 20) / ("deeper" * 20)
    folder.mkdir(parents=True)
    server = CommandServer(folder / "socket", answer)
    try:
        assert ask(folder / "socket", {"do": "greet"}) == {"heard": "greet"}
    finally:
        server.close()
    assert not (folder / "socket").exists()


def test_a_socket_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"can't listen there \(No such file"):
        CommandServer(tmp_path / "none" / "socket", answer)


def test_an_owner_that_ends_before_it_has_answered_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as owner:
        owner.bind(str(tmp_path / "socket"))
        owner.listen()

        def hang_up() -> None:
            connection, _ = owner.accept()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        ending = threading.Thread(target=hang_up)
        ending.start()
        with pytest.raises(WatchroomError, match="the owner went away"):
            ask(tmp_path / "socket", {"do": "greet"})
        ending.join()


@pytest.mark.parametrize("line", [b"no JSON\n", b"[1, 2]\n", b'"word"\n'])
def test_nonsense_is_answered_with_what_is_wrong(tmp_path: Path, line: bytes) -> None:
    server = CommandServer(tmp_path / "socket", answer)
    try:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(tmp_path / "socket"))
            caller.sendall(line)
            with caller.makefile("rb") as incoming:
                assert "error" in json.loads(incoming.readline())
    finally:
        server.close()


def test_a_caller_that_says_nothing_does_not_keep_the_owner_from_ending(tmp_path: Path) -> None:
    server = CommandServer(tmp_path / "socket", answer)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(tmp_path / "socket"))
        assert ask(tmp_path / "socket", {"do": "greet"}) == {"heard": "greet"}
        server.close()


@pytest.mark.parametrize("leaves", [True, False])
def test_who_works_for_a_caller_learns_that_it_has_gone(tmp_path: Path, leaves: bool) -> None:
    begun, noticed = threading.Event(), threading.Event()

    def work(_request: Request, gone: threading.Event) -> Json:
        begun.set()
        if gone.wait(10 if leaves else 0.5):
            noticed.set()
        return None

    server = CommandServer(tmp_path / "socket", work)
    try:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(tmp_path / "socket"))
            caller.sendall(b"{}\n")
            assert begun.wait(10)
            if not leaves:
                caller.shutdown(socket.SHUT_WR)  # has said everything, and still listens
                assert caller.recv(100) == b'{"answer": null}\n'
        assert noticed.wait(5 if leaves else 0) is leaves
    finally:
        server.close()


def test_making_the_socket_leaves_other_threads_files_as_they_are_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(os, "umask", asked.append)
    CommandServer(tmp_path / "socket", answer).close()
    assert asked == []
