"""Input devices: the kernel's own bytes through a pipe in place of the device, and a process in place of SDL's."""

import errno
import os
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from domain.clock import SystemClock
from domain.errors import ProtocolError
from domain.hand import Hand
from ptz.hands.evdev_format import AxisRange, Layout, State, Stream, bits, layout
from ptz.hands.evdev_inputs import EvdevInputs
from ptz.hands.evdev_node import DeviceNode, opened, request
from ptz.hands.events import (
    AxesMoved,
    ButtonChanged,
    InputDevices,
    InputEvent,
    Plugged,
    Unavailable,
    Unplugged,
)
from ptz.hands.pace import EVERY_S, Pace
from ptz.hands.sdl_inputs import SdlInputs
from ptz.hands.sdl_process import BUSY_S, IDLE_S, QUIET_S, Sticks, run
from ptz.hands.sdl_wire import MAX_LINE, event, line

SYN, KEY, ABS = 0, 1, 3
TRIGGER, TOP, BTN_0 = 0x120, 0x124, 0x100
STICK = Layout("Practice stick", {0: AxisRange(0, 1023), 1: AxisRange(0, 1023), 5: AxisRange(0, 255)}, (TRIGGER, TOP))
REST = State({0: 512, 1: 512, 5: 128})


def sent(*events: tuple[int, int, int]) -> bytes:
    """Return what the kernel sends for these events (type, code, value) and the end of the report."""
    return b"".join(struct.pack("llHHi", 1_700_000_000, 5, *one) for one in (*events, (SYN, 0, 0)))


class Heard:
    """Collects what is reported."""

    def __init__(self) -> None:
        self.events: list[InputEvent] = []
        self._more = threading.Condition()

    def __call__(self, happened: InputEvent) -> None:
        with self._more:
            self.events.append(happened)
            self._more.notify_all()

    def wait_for(self, met: Callable[[list[InputEvent]], object]) -> None:
        with self._more:
            assert self._more.wait_for(lambda: met(self.events), 10), self.events


class PipeNode:
    """A device whose bytes a test writes."""

    def __init__(self) -> None:
        self.fd, self.hand = os.pipe()
        os.set_blocking(self.fd, False)
        self.layout = STICK
        self.asked = REST
        self.closed = False

    def state(self) -> State:
        return self.asked

    def close(self) -> None:
        self.closed = True
        os.close(self.fd)


class Desk:
    """A folder in which devices come and go, and what is heard of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nodes: dict[Path, PipeNode] = {}
        self.refused = False
        self.heard = Heard()
        self.inputs = EvdevInputs(SystemClock(), folder, self.open)

    def open(self, path: Path) -> PipeNode:
        if self.refused:
            raise PermissionError(errno.EACCES, "no", str(path))
        node = self.nodes[path] = PipeNode()
        return node

    def plug(self, name: str) -> PipeNode:
        path = self.folder / name
        path.touch()
        self.heard.wait_for(
            lambda events: [one for one in events if isinstance(one, Plugged) and one.device == str(path)]
        )
        return self.nodes[path]

    def close(self) -> None:
        self.inputs.close()
        for node in self.nodes.values():
            if node.hand >= 0:
                os.close(node.hand)
                node.hand = -1


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path)) as made:
        yield made


def axes(events: list[InputEvent]) -> list[AxesMoved]:
    return [one for one in events if isinstance(one, AxesMoved)]


def at(axis: int, place: float) -> Callable[[list[InputEvent]], bool]:
    return lambda events: any(one.places.get(axis) == place for one in axes(events)[-1:])


def test_a_stick_that_is_plugged_in_is_found_and_read(desk: Desk) -> None:
    desk.inputs.start(desk.heard)
    node = desk.plug("event3")
    os.write(node.hand, sent((ABS, 0, 1023), (KEY, TOP, 1)))
    desk.heard.wait_for(at(0, 1.0))
    device = str(desk.folder / "event3")
    assert desk.heard.events[0] == Plugged(device, "Practice stick", 3, 2)
    assert ButtonChanged(device, 1, pressed=True) in desk.heard.events
    assert axes(desk.heard.events)[-1].places[0] == 1.0
    assert Hand().with_axes(axes(desk.heard.events)[-1].places).velocity.pan == 1.0
    os.write(node.hand, sent((KEY, TOP, 0)))
    desk.heard.wait_for(lambda events: ButtonChanged(device, 1, pressed=False) in events)


def test_a_stick_that_is_pulled_out_while_it_moves_says_so(desk: Desk) -> None:
    desk.inputs.start(desk.heard)
    node = desk.plug("event3")
    os.write(node.hand, sent((ABS, 1, 0)))
    desk.heard.wait_for(at(1, -1.0))
    os.close(node.hand)
    node.hand = -1
    gone = Unplugged(str(desk.folder / "event3"), moving=True)
    desk.heard.wait_for(lambda events: gone in events)
    assert node.closed
    desk.heard.wait_for(lambda events: any(isinstance(one, Plugged) for one in events[events.index(gone) :]))


def test_closing_lets_go_of_what_moves(desk: Desk) -> None:
    desk.inputs.start(desk.heard)
    node = desk.plug("event3")
    os.write(node.hand, sent((ABS, 1, 0)))
    desk.heard.wait_for(at(1, -1.0))
    desk.inputs.close()
    assert desk.heard.events[-1] == Unplugged(str(desk.folder / "event3"), moving=True)
    assert node.closed
    desk.inputs.close()


def test_the_newest_places_win_over_a_thousand_reports(desk: Desk) -> None:
    desk.inputs.start(desk.heard)
    node = desk.plug("event3")
    began = SystemClock().monotonic()
    for value in range(1, 1001):
        os.write(node.hand, sent((ABS, 0, value % 1024)))
    os.write(node.hand, sent((ABS, 0, 1023)))
    desk.heard.wait_for(at(0, 1.0))
    took = SystemClock().monotonic() - began
    assert len(axes(desk.heard.events)) <= took / EVERY_S + 4


def test_a_device_that_may_not_be_read_is_told_once(desk: Desk) -> None:
    desk.refused = True
    (desk.folder / "event1").touch()
    desk.inputs.start(desk.heard)
    desk.heard.wait_for(lambda events: events)
    (told,) = desk.heard.events
    assert isinstance(told, Unavailable)
    assert "group 'input'" in told.reason


def test_a_report_that_breaks_stops_what_moves(desk: Desk) -> None:
    def breaking(happened: InputEvent) -> None:
        desk.heard(happened)
        if isinstance(happened, ButtonChanged):
            raise ValueError("broken")

    desk.inputs.start(breaking)
    node = desk.plug("event3")
    os.write(node.hand, sent((KEY, TRIGGER, 1)))
    desk.heard.wait_for(lambda events: isinstance(events[-1], Unplugged))
    assert any(isinstance(one, Unavailable) for one in desk.heard.events)


def test_a_file_that_is_no_input_device_is_left_alone(desk: Desk) -> None:
    assert opened(Path("/dev/null")) is None
    with pytest.raises(FileNotFoundError):
        opened(desk.folder / "event9")


def test_a_folder_of_other_files_is_read_without_harm(tmp_path: Path) -> None:
    (tmp_path / "event0").write_bytes(b"no device")
    (tmp_path / "mouse0").touch()
    heard = Heard()
    inputs = EvdevInputs(SystemClock(), tmp_path)
    inputs.start(heard)
    inputs.close()
    assert heard.events == []


def test_waiting_costs_nothing(desk: Desk) -> None:
    desk.inputs.start(desk.heard)
    desk.plug("event3")
    before = psutil.Process().cpu_times()
    threading.Event().wait(1.5)
    after = psutil.Process().cpu_times()
    assert after.user + after.system - before.user - before.system < 0.1


def test_requests_are_those_of_the_kernels_header() -> None:
    assert (request(0x06, 256), request(0x21, 96), request(0x23, 8)) == (0x81004506, 0x80604521, 0x80084523)
    assert (request(0x40, 24), request(0x18, 96)) == (0x80184540, 0x80604518)


def test_a_device_that_is_gone_can_not_be_asked() -> None:
    fd = os.open("/dev/null", os.O_RDONLY)
    with closing(DeviceNode(fd, STICK)) as node, pytest.raises(OSError, match="ioctl"):
        node.state()


def info(value: int, low: int, high: int) -> bytes:
    return struct.pack("6i", value, low, high, 0, 0, 0)


def test_a_gamepad_has_triggers_that_rest_at_their_end() -> None:
    infos = {0: info(0, -32768, 32767), 1: info(0, -32768, 32767), 2: info(0, 0, 255), 5: info(128, 0, 255)}
    infos |= {16: info(0, -1, 1), 40: info(0, 0, 9), 7: info(0, 4, 4)}  # a hat, a pressure, an axis that goes nowhere
    found = layout(
        "pad", {0x130, 0x131, 0x2C0, 0x101}, {**infos, 16: info(0, -1, 1), 40: info(0, 0, 9), 7: info(0, 4, 4)}
    )
    assert found
    assert list(found.axes) == [0, 1, 2, 5, 16]
    assert found.buttons == (0x130, 0x131, 0x2C0, 0x101)
    assert (found.axes[2].trigger, found.axes[5].trigger) == (True, False)
    assert (found.axes[2].place(0), found.axes[2].place(255)) == (0.0, 1.0)
    assert found.axes[16].place(-1) == -1.0
    assert found.axes[0].place(99999) == 1.0


@pytest.mark.parametrize(
    ("keys", "axes_"),
    [({0x110, 0x111}, {0, 1}), ({30, 31}, set()), ({0x14A, 0x120}, {0, 1}), (set(), {0, 1, 2}), ({0x120}, {0})],
)
def test_mice_keyboards_touchpads_and_sensors_are_no_hands(keys: set[int], axes_: set[int]) -> None:
    assert layout("other", keys, {axis: info(0, -1, 1) for axis in axes_}) is None


def test_bits_are_counted_from_the_low_end() -> None:
    assert bits(b"\x01\x80\x00\x02") == {0, 15, 25}


def test_a_report_may_come_in_pieces() -> None:
    stream = Stream(REST)
    octets = sent((ABS, 0, 7), (KEY, TRIGGER, 1), (KEY, TRIGGER, 2), (4, 4, 99))
    states = [state for octet in octets for state in stream.fed(bytes([octet]))]
    assert states == [State({0: 7, 1: 512, 5: 128}, frozenset({TRIGGER}))]


def test_a_button_that_was_pressed_shortly_is_not_missed() -> None:
    states = list(Stream(REST).fed(sent((KEY, TRIGGER, 1)) + sent((KEY, TRIGGER, 0))))
    assert [state.pressed for state in states if state] == [{TRIGGER}, frozenset()]


def test_what_the_kernel_threw_away_is_asked_for(desk: Desk) -> None:
    desk.inputs.start(desk.heard)
    node = desk.plug("event3")
    node.asked = State({0: 0, 1: 512, 5: 128}, frozenset({TOP}))
    os.write(node.hand, sent((SYN, 3, 0), (KEY, TRIGGER, 1), (ABS, 0, 1023)))
    desk.heard.wait_for(at(0, -1.0))
    buttons = [one for one in desk.heard.events if isinstance(one, ButtonChanged)]
    assert buttons == [ButtonChanged(str(desk.folder / "event3"), 1, pressed=True)]


def test_a_hand_that_lets_go_never_waits() -> None:
    pace = Pace()
    pace.offer({0: 1.0})
    assert pace.due(10.0) == {0: 1.0}
    pace.offer({0: 0.9})
    assert pace.due(10.001) is None
    assert pace.wait_s(10.001) == pytest.approx(EVERY_S - 0.001)
    pace.offer({0: 0.01})
    assert pace.moving
    assert pace.due(10.002) == {0: 0.01}
    pace.offer({0: 0.02})
    assert pace.due(10.003) is None
    assert not pace.moving
    assert pace.due(10.1) == {0: 0.02}
    assert pace.wait_s(10.1) is None


EVENTS: list[InputEvent] = [
    Plugged("sdl:1", "스틱", 3, 12),
    AxesMoved("sdl:1", {0: 0.5, 1: -1.0}),
    ButtonChanged("sdl:1", 4, pressed=True),
    Unplugged("sdl:1", moving=True),
    Unavailable("SDL is not installed"),
]


@pytest.mark.parametrize("happened", EVENTS)
def test_what_the_process_says_is_understood(happened: InputEvent) -> None:
    assert event(line(happened)) == happened


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{}",
        b'["axes","a",[NaN]]',
        b'["axes","a",["1"]]',
        b'["axes","a",[true]]',
        b'["button","a"]',
        b"\xff",
        b"[" * 9000,
    ],
)
def test_what_the_process_never_says_is_refused(said: bytes) -> None:
    with pytest.raises(ProtocolError):
        event(said)


def speaking(*said: bytes, then: str = "sys.stdin.read()") -> SdlInputs:
    """Return inputs whose process says these lines and then does something."""
    text = f"import os, sys; os.write(1, {b''.join(said)!r}); {then}"
    return SdlInputs(SystemClock(), (sys.executable, "-c", text))


def test_a_process_that_dies_stops_what_moved_and_is_started_again() -> None:
    heard = Heard()
    inputs: InputDevices = speaking(line(EVENTS[0]), line(EVENTS[1]), b"[", then="os.kill(os.getpid(), 9)")
    with closing(inputs):
        inputs.start(heard)
        heard.wait_for(lambda events: events.count(EVENTS[0]) >= 2)
    assert heard.events[:4] == [EVENTS[0], EVENTS[1], Unplugged("sdl:1", moving=True), EVENTS[0]]


@pytest.mark.parametrize("said", [b"rubbish\n", b"x" * MAX_LINE])
def test_a_process_that_speaks_nonsense_is_replaced(said: bytes) -> None:
    heard = Heard()
    with closing(speaking(line(EVENTS[0]), said)) as inputs:
        inputs.start(heard)
        heard.wait_for(lambda events: events.count(EVENTS[0]) >= 2)


def test_a_process_ends_with_its_owner() -> None:
    heard = Heard()
    inputs = speaking(line(EVENTS[0]))
    inputs.start(heard)
    heard.wait_for(len)
    pid = inputs.pid
    assert pid
    assert psutil.pid_exists(pid)
    inputs.close()
    inputs.close()
    assert not psutil.pid_exists(pid)
    assert inputs.pid is None
    assert heard.events[-1] == Unplugged("sdl:1", moving=False)


def test_a_workstation_without_the_library_says_so_and_does_not_try_again() -> None:
    heard = Heard()
    with closing(speaking(line(EVENTS[4]))) as inputs:
        inputs.start(heard)
        heard.wait_for(len)
    assert heard.events == [EVENTS[4]]


def test_a_program_that_can_not_be_started_is_told() -> None:
    heard = Heard()
    with closing(SdlInputs(SystemClock(), ("/nowhere/python",))) as inputs:
        inputs.start(heard)
        heard.wait_for(len)
    assert isinstance(heard.events[0], Unavailable)


class FakeStick:
    """A joystick as pygame gives it, with two axes, a trigger at its end, a hat and two buttons."""

    def __init__(self) -> None:
        self.axes = [0.0, 0.0, -1.0]
        self.hat = (0, 0)

    def get_instance_id(self) -> int:
        return 7

    def get_name(self) -> str:
        return "Fake"

    def get_numaxes(self) -> int:
        return 3

    def get_numhats(self) -> int:
        return 1

    def get_numbuttons(self) -> int:
        return 2

    def get_axis(self, axis: int) -> float:
        return self.axes[axis]

    def get_hat(self, hat: int) -> tuple[int, int]:
        return self.hat


class FakeSdl:
    """pygame as far as `Sticks` uses it; a test puts its events."""

    JOYDEVICEADDED, JOYDEVICEREMOVED, JOYBUTTONDOWN, JOYBUTTONUP, JOYAXISMOTION = range(5)
    error = RuntimeError

    def __init__(self) -> None:
        self.stick: FakeStick | None = FakeStick()
        self.queue: list[SimpleNamespace] = []
        self.event = SimpleNamespace(get=self._get)
        self.joystick = SimpleNamespace(Joystick=self._joystick)

    def put(self, kind: int, **values: int) -> None:
        self.queue.append(SimpleNamespace(type=kind, **values))

    def _get(self) -> list[SimpleNamespace]:
        taken, self.queue = self.queue, []
        return taken

    def _joystick(self, index: int) -> FakeStick:
        if self.stick is None:
            raise RuntimeError("gone")
        return self.stick


def test_what_sdl_tells_of_a_stick_is_passed_on() -> None:
    sdl = FakeSdl()
    sticks = Sticks(sdl)
    assert sticks.happened(0.0) == []
    assert sticks.pause_s(0.0) == IDLE_S
    sdl.put(sdl.JOYDEVICEADDED, device_index=0)
    rest = {0: 0.0, 1: 0.0, 2: 0.0, 3: 0.0, 4: 0.0}
    assert sticks.happened(1.0) == [Plugged("sdl:7", "Fake", 5, 2), AxesMoved("sdl:7", rest)]
    assert sdl.stick
    sdl.stick.axes, sdl.stick.hat = [0.5, -3.0, 1.0], (-1, 1)
    sdl.put(sdl.JOYAXISMOTION, instance_id=7)
    sdl.put(sdl.JOYBUTTONDOWN, instance_id=7, button=1)
    sdl.put(sdl.JOYBUTTONUP, instance_id=8, button=1)
    moved = {0: 0.5, 1: -1.0, 2: 1.0, 3: -1.0, 4: -1.0}
    assert sticks.happened(2.0) == [ButtonChanged("sdl:7", 1, pressed=True), AxesMoved("sdl:7", moved)]
    assert (sticks.pause_s(2.1), sticks.pause_s(60.0)) == (BUSY_S, QUIET_S)
    sdl.put(sdl.JOYBUTTONUP, instance_id=7, button=1)
    sdl.put(sdl.JOYDEVICEREMOVED, instance_id=7)
    assert sticks.happened(3.0) == [ButtonChanged("sdl:7", 1, pressed=False), Unplugged("sdl:7", moving=True)]
    assert sticks.pause_s(3.0) == IDLE_S


def test_a_stick_that_is_gone_again_is_no_stick() -> None:
    sdl = FakeSdl()
    sdl.stick = None
    sdl.put(sdl.JOYDEVICEADDED, device_index=0)
    assert Sticks(sdl).happened(0.0) == []


def test_the_reading_of_sticks_ends_with_its_input() -> None:
    orders, ordering = os.pipe()
    answers, answering = os.pipe()
    sdl = FakeSdl()
    sdl.put(sdl.JOYDEVICEADDED, device_index=0)
    reading = threading.Thread(target=run, args=(Sticks(sdl), orders, answering))
    reading.start()
    with os.fdopen(answers, "rb") as said:
        assert event(said.readline()) == Plugged("sdl:7", "Fake", 5, 2)
        os.close(ordering)
        reading.join()
    os.close(orders)
    os.close(answering)


def test_the_process_of_sdl_says_when_it_is_not_installed_or_waits_quietly() -> None:
    heard = Heard()
    with closing(SdlInputs(SystemClock())) as inputs:
        inputs.start(heard)
        heard.wait_for(lambda events: events or inputs.pid)
    assert all(isinstance(one, Unavailable) for one in heard.events)
