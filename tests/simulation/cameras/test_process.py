"""The process: how it starts, what it refuses, and that nothing of it stays."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[3]
Begin = Callable[..., "subprocess.Popen[bytes]"]
Eventually = Callable[..., Any]


def ready_of(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    return json.loads(process.stdout.readline())


def test_one_line_says_where_everything_is(begin_process: Begin) -> None:
    process = begin_process()
    ready = ready_of(process)
    assert {camera["no"] for camera in ready["cameras"]} == {1, 2, 3}
    own = {urlsplit(camera["main_url"]).port for camera in ready["cameras"]}
    assert len(own) == 3
    for camera in ready["cameras"]:
        assert camera["main_url"] == f"rtsp://127.0.0.1:{urlsplit(camera['sub_url']).port}/camera/{camera['no']}/main"
        assert "secret" not in str(camera)
    listening = {c.laddr for c in psutil.Process(process.pid).net_connections("inet") if c.status == "LISTEN"}
    assert {address.ip for address in listening} == {"127.0.0.1"}
    shared = {ready[f"{name}_port"] for name in ("rtsp", "control", "onvif")}
    assert {address.port for address in listening} == own | shared


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(begin_process: Begin, number: signal.Signals) -> None:
    process = begin_process()
    ready_of(process)
    process.send_signal(number)
    assert process.wait(10) == 0
    assert process.stdout.read() == b""


def test_the_end_of_its_input_ends_it(begin_process: Begin) -> None:
    process = begin_process()
    ready_of(process)
    process.stdin.close()
    assert process.wait(10) == 0


def test_it_ends_while_it_still_makes_clips(begin_process: Begin, tmp_path: Path, eventually: Eventually) -> None:
    process = begin_process(clips=tmp_path / "none yet")
    family = psutil.Process(process.pid)
    workers = eventually(family.children)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert process.stdout.read() == b""
    eventually(lambda: not any(worker.is_running() for worker in workers))


@pytest.mark.parametrize("making_clips", [True, False])
def test_nothing_survives_a_parent_that_is_killed(
    tmp_path: Path, clips_folder: Path, eventually: Eventually, begin_process: Begin, making_clips: bool
) -> None:
    begin_process().kill()  # writes the configuration
    path = tmp_path / "cameras.json"
    if making_clips:
        said = json.loads(path.read_text()) | {"clips": str(tmp_path / "none yet")}
        path.write_text(json.dumps(said))
    code = (
        "import subprocess, sys; child = subprocess.Popen([sys.executable, '-m', 'simulation.cameras', sys.argv[1]], "
        "stdin=subprocess.PIPE, stdout=subprocess.PIPE); print(child.pid, flush=True); "
        "sys.argv[2] == 'True' or child.stdout.readline(); print('ready', flush=True); child.wait()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(path), str(making_clips)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    child = psutil.Process(int(parent.stdout.readline()))
    assert parent.stdout.readline() == b"ready\n"
    workers = eventually(child.children) if making_clips else []
    parent.kill()
    parent.wait()
    parent.stdout.close()
    eventually(lambda: not any(one.is_running() for one in (child, *workers)))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"cameras": []}, "credentials"),
        ({"cameras": [{"no": "x", "name": "a"}], "credentials": {"user": "a", "password": "b"}}, "invalid literal"),
        ({"cameras": [{"no": 1, "name": "a", "kind": "dome"}], "credentials": {"user": "a", "password": "b"}}, "dome"),
        ({"cameras": [{"no": 1, "name": "a", "codec": "vp9"}], "credentials": {"user": "a", "password": "b"}}, "vp9"),
        ({"cameras": [{"no": 1, "name": "a"}] * 2, "credentials": {"user": "a", "password": "b"}}, "one number"),
        ([], "list indices"),
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused_in_one_line(begin_process: Begin, said: Any, why: str) -> None:
    process = begin_process(said, stderr=subprocess.PIPE)
    assert process.wait(10) == 1
    assert process.stdout.read() == b""
    told = process.stderr.read().decode()
    assert why in told
    assert "cameras.json" in told
    assert told.count("\n") == 1


def test_a_port_that_is_taken_is_said(begin_process: Begin, clips_folder: Path) -> None:
    first = begin_process()
    taken = ready_of(first)["rtsp_port"]
    said = {"cameras": [], "credentials": {"user": "a", "password": "b"}, "rtsp_port": taken}
    second = begin_process(said, stderr=subprocess.PIPE)
    assert second.wait(10) == 1
    assert str(taken) in second.stderr.read().decode()


def test_no_cameras_are_no_trouble(begin_process: Begin) -> None:
    process = begin_process({"cameras": [], "credentials": {"user": "a", "password": "b"}})
    ready = ready_of(process)
    assert ready["cameras"] == []
    with urllib.request.urlopen(f"http://127.0.0.1:{ready['control_port']}/sent", timeout=10) as answer:
        assert json.load(answer) == []
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(10) == 0
