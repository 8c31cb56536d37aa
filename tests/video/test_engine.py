"""The engine and its workers against cameras that misbehave."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from domain.camera import Credentials
from domain.clock import SystemClock
from domain.errors import BadInputError
from domain.news import LinkChanged, PictureChanged
from domain.picture import Face, LossReason
from tests.video.conftest import Desk
from video.engine import VideoEngine

ROOT = Path(__file__).resolve().parents[2]
CHALLENGE = b'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="cam", nonce="n1"\r\n'
BASIC = b'WWW-Authenticate: Basic realm="cam"\r\n'
FINE = b"RTSP/1.0 200 OK\r\n\r\n"

pytestmark = pytest.mark.system


def refuses(request):
    return FINE if request.startswith("OPTIONS") else CHALLENGE + BASIC + b"\r\n"


def reason_of(source):
    return source.state().reason


def is_up(desk, *, times=1):
    return sum(isinstance(news, LinkChanged) and news.up for news in list(desk.news)) >= times


def is_gone(pid):
    """Whether a process ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def entries(folder):
    return sum(1 for _ in Path(folder).iterdir())


def test_a_wrong_password_is_tried_once_until_a_person_retries(desk, scripted, camera_at, wish, eventually):
    scripted.answer = refuses
    camera = camera_at(sub_url=scripted.url)
    source = desk.engine.subscribe(camera, wish())
    eventually(lambda: reason_of(source) is LossReason.WRONG_PASSWORD)
    assert source.state().face(0.0) is Face.LOST
    assert len(scripted.with_password()) == 1

    # Neither another tile nor a new worker tries it again.
    second = desk.engine.subscribe(camera, wish(width=320, height=180))
    third = desk.engine.subscribe(camera, wish(profile="main"))
    eventually(lambda: reason_of(second) is reason_of(third) is LossReason.WRONG_PASSWORD)
    os.kill(desk.pid, signal.SIGKILL)
    eventually(lambda: is_up(desk, times=2))
    desk.news.clear()
    fourth = desk.engine.subscribe(camera, wish())
    eventually(lambda: reason_of(fourth) is LossReason.WRONG_PASSWORD)
    assert len(scripted.with_password()) == 1
    for each in (second, third, fourth):
        desk.engine.unsubscribe(each)

    desk.engine.retry(camera.no)
    eventually(lambda: len(scripted.with_password()) == 2)
    eventually(lambda: reason_of(source) is LossReason.WRONG_PASSWORD)


def test_two_profiles_of_a_camera_try_a_wrong_password_once_together(desk, scripted, camera_at, wish, eventually):
    scripted.answer = refuses
    camera = camera_at(sub_url=scripted.url, main_url=scripted.url + "/main")
    sources = [desk.engine.subscribe(camera, wish(profile=profile)) for profile in ("sub", "main")]
    eventually(lambda: all(reason_of(source) is LossReason.WRONG_PASSWORD for source in sources))
    assert len(scripted.with_password()) == 1


def test_a_changed_password_is_tried_without_being_asked(desk, scripted, camera_at, wish, eventually):
    scripted.answer = refuses
    camera = camera_at(sub_url=scripted.url)
    source = desk.engine.subscribe(camera, wish())
    eventually(lambda: reason_of(source) is LossReason.WRONG_PASSWORD)
    desk.credentials = Credentials("practice", "another")
    desk.engine.retry(camera.no)
    eventually(lambda: len(scripted.with_password()) == 2)


def test_without_a_password_none_is_sent(desk, scripted, camera_at, wish, eventually):
    scripted.answer = refuses
    source = desk.engine.subscribe(camera_at(sub_url=scripted.url, credentials=""), wish())
    eventually(lambda: reason_of(source) is LossReason.WRONG_PASSWORD)
    assert scripted.with_password() == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", LossReason.NOT_UNDERSTOOD),
        (b"\x00\x01\x02\x03", LossReason.NOT_UNDERSTOOD),
        (b"RTSP/1.0 404 Not Found\r\n\r\n", LossReason.NO_STREAM),
        (None, LossReason.NO_ANSWER),
    ],
)
def test_what_a_camera_says_becomes_a_reason_and_it_is_asked_again(
    desk, scripted, camera_at, wish, eventually, said, reason
):
    scripted.answer = lambda request: FINE if request.startswith("OPTIONS") and said is not None else said
    source = desk.engine.subscribe(camera_at(sub_url=scripted.url), wish())
    eventually(lambda: reason_of(source) is reason)
    eventually(lambda: scripted.connections >= 3)
    assert reason_of(source) is reason
    assert [news.state.reason for news in desk.news if isinstance(news, PictureChanged)][-1] is reason


def test_where_nobody_listens_there_is_no_answer(desk, camera_at, wish, eventually):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    source = desk.engine.subscribe(camera_at(sub_url=f"rtsp://127.0.0.1:{port}/live"), wish())
    eventually(lambda: reason_of(source) is LossReason.NO_ANSWER)


def test_a_name_that_nobody_knows_is_no_answer(desk, camera_at, wish, eventually):
    source = desk.engine.subscribe(camera_at(sub_url="rtsp://camera.invalid/live"), wish())
    eventually(lambda: reason_of(source) is LossReason.NO_ANSWER)


def test_an_address_of_another_kind_is_not_understood(desk, camera_at, wish, eventually):
    source = desk.engine.subscribe(camera_at(sub_url="http://127.0.0.1/live"), wish())
    eventually(lambda: reason_of(source) is LossReason.NOT_UNDERSTOOD)


def test_a_camera_without_streams_has_none(desk, camera_at, wish, eventually):
    source = desk.engine.subscribe(camera_at(), wish())
    assert reason_of(source) is LossReason.NO_STREAM
    eventually(lambda: any(isinstance(news, PictureChanged) for news in list(desk.news)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"no": 2},
        {"profile": "third"},
        {"width": 0},
        {"height": 9000},
        {"max_fps": 0.0},
        {"max_fps": float("nan")},
        {"pixel_format": "rgb"},
        {"pixel_format": "nv12", "height": 91},
    ],
)
def test_impossible_wishes_are_refused(desk, camera_at, wish, wrong):
    with pytest.raises(BadInputError):
        desk.engine.subscribe(camera_at(), wish(**wrong))


def test_a_password_is_no_argument_and_no_environment(desk, scripted, camera_at, wish, eventually):
    source = desk.engine.subscribe(camera_at(sub_url=scripted.url), wish())
    eventually(lambda: scripted.requests)
    for name in ("cmdline", "environ"):
        assert b"a secret of the tests" not in Path(f"/proc/{desk.pid}/{name}").read_bytes()
    assert source.newest() is None


def test_a_worker_that_hangs_is_killed_and_replaced(desk, eventually):
    eventually(lambda: is_up(desk))
    first = desk.pid
    os.kill(first, signal.SIGSTOP)
    eventually(lambda: is_up(desk, times=2), timeout_s=20)
    assert desk.pid != first
    assert is_gone(first)


def test_workers_that_hang_all_together_do_not_keep_the_console_from_ending(eventually):
    desk = Desk(workers=3)
    desk.engine.start()
    eventually(lambda: is_up(desk))
    pids = [pid for _, pid in desk.engine.processes()]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    desk.engine.close()
    assert time.monotonic() - began < 2.0
    assert all(is_gone(pid) for pid in pids)


def test_an_engine_gives_back_every_file(desk, scripted, camera_at, wish, eventually):
    eventually(lambda: is_up(desk))
    before = entries("/proc/self/fd")
    in_worker = entries(f"/proc/{desk.pid}/fd")
    sources = [desk.engine.subscribe(camera_at(sub_url=scripted.url), wish(width=100 + n)) for n in range(20)]
    eventually(lambda: scripted.requests)
    while sources:
        desk.engine.unsubscribe(sources.pop())
    scripted.close()
    eventually(lambda: entries("/proc/self/fd") <= before)
    eventually(lambda: entries(f"/proc/{desk.pid}/fd") <= in_worker)


PARENT = """
import sys, threading
from domain.camera import Camera, Credentials, SiteKind
from domain.clock import SystemClock
from domain.picture import Subscription
from domain.place import Place
from video.engine import VideoEngine
engine = VideoEngine(lambda _: None, lambda _: None, SystemClock(), 2)
engine.start()
camera = Camera(no=1, name="", site="", site_kind=SiteKind.ROAD, district="", place=Place(0, 0), sub_url=sys.argv[1])
source = engine.subscribe(camera, Subscription(1, "sub", 160, 90))
while len(engine.processes()) < 2:
    threading.Event().wait(0.01)
print(*(pid for _, pid in engine.processes()), flush=True)
threading.Event().wait(60)
"""


def test_nothing_outlives_a_killed_console(scripted, eventually):
    shared = set(Path("/dev/shm").iterdir())
    command = [sys.executable, "-c", PARENT, scripted.url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        workers = [int(word) for word in parent.stdout.readline().split()]
        assert len(workers) == 2
        eventually(lambda: scripted.requests)
        os.kill(workers[0], signal.SIGSTOP)  # one that can't notice the end of its input
        parent.kill()
    eventually(lambda: all(is_gone(pid) for pid in workers), timeout_s=5)
    left = {path.name for path in set(Path("/dev/shm").iterdir()) - shared}
    assert {name for name in left if not name.startswith("PostgreSQL.")} == set()  # of other tests' servers


def test_the_console_loads_no_player_library():
    code = "import video.engine, sys; sys.exit(bool({'av', 'cv2', 'vlc', 'numpy', 'PySide6'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_worker_is_not_started_by_hand():
    done = subprocess.run(
        [sys.executable, "-m", "video.worker"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"started by the console" in done.stderr


def refuse_once(desk, error):
    """Make the next question for a password break as nobody expected."""
    asked = []

    def credentials(_name):
        asked.append(1)
        if len(asked) == 1:
            raise error
        return desk.credentials

    desk.ask = credentials
    return asked


def test_a_subscription_that_breaks_the_engine_is_lost_alone(desk, scripted, camera_at, wish, eventually):
    eventually(lambda: is_up(desk))
    first = desk.pid
    asked = refuse_once(desk, ZeroDivisionError("nobody expected this"))
    broken = desk.engine.subscribe(camera_at(sub_url=scripted.url), wish())
    eventually(lambda: reason_of(broken) is LossReason.WORKER_GONE)
    scripted.answer = refuses
    sound = desk.engine.subscribe(camera_at(no=2, sub_url=scripted.url), wish(no=2))
    eventually(lambda: reason_of(sound) is LossReason.WRONG_PASSWORD)
    assert asked
    assert desk.pid == first


def test_after_an_unexpected_failure_the_workers_are_started_again(desk, scripted, camera_at, wish, eventually):
    scripted.answer = refuses
    source = desk.engine.subscribe(camera_at(sub_url=scripted.url), wish())
    eventually(lambda: reason_of(source) is LossReason.WRONG_PASSWORD)
    first = desk.pid
    take, broken = desk.engine.answered, []

    def take_badly(post, answer):
        if not broken:
            broken.append(answer)
            raise ZeroDivisionError("nobody expected this")
        take(post, answer)

    desk.engine.answered = take_badly
    eventually(lambda: broken)
    eventually(lambda: any(isinstance(news, LinkChanged) and not news.up for news in list(desk.news)))
    eventually(lambda: is_up(desk, times=2))
    assert desk.pid != first
    assert is_gone(first)


def test_an_engine_that_has_ended_keeps_no_wishes_and_no_files(camera_at, wish):
    engine = VideoEngine(lambda _: None, lambda _: None, SystemClock())
    engine.start()
    engine.close()
    files = entries("/proc/self/fd")
    sources = [engine.subscribe(camera_at(sub_url="rtsp://127.0.0.1:9/"), wish()) for _ in range(5)]
    engine.retry(1)
    assert [reason_of(source) for source in sources] == [LossReason.WORKER_GONE] * 5
    assert list(engine._wishes.waiting()) == []
    while sources:
        engine.unsubscribe(sources.pop())
    assert entries("/proc/self/fd") <= files


def test_an_engine_that_never_began_can_be_closed(camera_at, wish):
    engine = VideoEngine(lambda _: None, lambda _: None, SystemClock())
    files = entries("/proc/self/fd")
    engine.subscribe(camera_at(sub_url="rtsp://127.0.0.1:9/"), wish())
    engine.close()
    assert entries("/proc/self/fd") < files
