"""How fast a key press moves a camera, a release stops it, and a dead or hung console lets go of it.

Measured where it counts: at the practice city's cameras, a process of its own that answers ONVIF and notes when each
request had come whole. All processes read the same monotonic clock. Controls are 10 ms waits of an idle thread.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.common import Cpu, Report, arguments, idle_control_ms, median, percentile, table  # noqa: E402 - the root first
from bench.practice import practice_cameras  # noqa: E402 - as above
from bench.ptz_parts.city import City, Fault, most_pending, moving_cameras, wanted  # noqa: E402 - as above
from bench.ptz_parts.pressing import pressed_beside_pictures  # noqa: E402 - as above
from bench.ptz_parts.room import Hand, Held, Room, be_console, connected  # noqa: E402 - as above
from domain.motion import MotionPhase, Velocity  # noqa: E402 - as above

PRESS = "press_to_move_ms"
WALL_PRESS = "press_to_move_16_tiles_ms"
RELEASE = "release_to_stop_5_ms"
RELEASE_150 = "release_to_stop_150_ms"
RELEASE_1000 = "release_to_stop_1000_ms"
RELEASE_CLOSING = "release_to_stop_closing_ms"
KILLED = "killed_to_stop_ms"
HUNG = "hung_to_stop_ms"
UI_LATE = "ui_late_while_connecting_ms"
SECOND_CPU = "second_camera_cpu_ms"
SAMPLED = (PRESS, WALL_PRESS, RELEASE, RELEASE_150, RELEASE_1000, RELEASE_CLOSING, KILLED, HUNG, UI_LATE, SECOND_CPU)
MOVES_AFTER_STOP = "moves_after_stop"
PENDING = "most_pending"
READY_100 = "ready_100_s"
CONNECTED_735 = "connected_735_s"
COUNTED = (MOVES_AFTER_STOP, PENDING, READY_100, CONNECTED_735)
TARGETS = {
    f"{PRESS}_p50": ("<=", 5.0),
    f"{PRESS}_p99": ("<=", 20.0),
    f"{WALL_PRESS}_p99": ("<=", 60.0),
    f"{RELEASE}_p99": ("<=", 30.0),
    f"{RELEASE_150}_p99": ("<=", 30.0),
    f"{RELEASE_1000}_p99": ("<=", 30.0),
    f"{RELEASE_CLOSING}_p99": ("<=", 30.0),
    f"{KILLED}_max": ("<=", 500.0),
    f"{HUNG}_max": ("<=", 900.0),
    f"{UI_LATE}_p99": ("<=", 50.0),
    f"{SECOND_CPU}_p50": ("<=", 30.0),
    MOVES_AFTER_STOP: ("<=", 0.0),
    PENDING: ("<=", 1.0),
    READY_100: ("<=", 10.0),
    CONNECTED_735: ("<=", 60.0),
}
CITY_735 = 735  # crime-prevention sites of Anyang
SLOWED_S = 0.1  # how late each of those answers, where there is time for it
# The bench's cameras by number, and what is wrong with each.
WELL, CLOSING, BURST, SLOW_150, SLOW_1000 = 1, 2, 3, (4, 5, 6), (7, 8, 9, 10)
FAULTS: dict[int, Fault] = {
    WELL: ("slow", {"answer_late_s": 0.005}),
    CLOSING: ("closes_after_answer", {}),
    **dict.fromkeys((BURST, *SLOW_150), ("slow", {"answer_late_s": 0.15})),
    **dict.fromkeys(SLOW_1000, ("slow", {"answer_late_s": 1.0})),
}


def holds(city: City, faults: Mapping[int, Fault], times: Mapping[int, int]) -> dict[int, Held]:
    """Press and release, so often by camera, all cameras at once; return what that took.

    Their faults begin when they are connected.
    """

    def work(hand: Hand) -> None:
        for number in range(times[hand.no]):
            time.sleep(0.12 + 0.013 * (number % 7))  # nobody presses ten times a second
            hand.hold(0.1 + 0.5 * number / times[hand.no] * (-1) ** number, 0.06 + 0.011 * (number % 5))

    with closing(Room()) as room:
        hands = [Hand(city, room, no) for no in times]
        with ThreadPoolExecutor(len(hands)) as persons:
            list(persons.map(Hand.get_ready, hands))
            for no in times:
                name, traits = faults[no]
                city.fault(no, name, **traits)
            list(persons.map(work, hands))
        return {hand.no: Held(hand.press_ms(), hand.release_ms()) for hand in hands}


def bursts(city: City, no: int, times: int, takes_s: float) -> tuple[float, float]:
    """Release a joystick of fifty reports a second; return how many moves came after a Stop, and were unanswered."""
    with closing(Room()) as room:
        camera, late = city.camera(no), 0
        room.control.status(camera)
        since = time.monotonic()
        for _ in range(times):
            for step in range(40):
                room.control.move(camera, Velocity(pan=0.1 * (-1) ** step * (1 + step / 80)))
                time.sleep(0.02)
            released = time.monotonic()
            room.control.stop(camera)
            room.reached(camera, MotionPhase.STOPPED, MotionPhase.MAY_BE_MOVING)
            stopped = city.first(no, {"Stop"}, released)
            late += sum(wanted(one) for one in city.commands(no, stopped))
        return float(late), float(most_pending(city.commands(no, since), takes_s))


def lost_consoles(city: City, signals: Mapping[int, int]) -> dict[int, float]:
    """Kill or hang consoles, each of which moves a camera; return how long until Stop was on the wire, in ms."""
    command = [sys.executable, str(Path(__file__)), "--be-console"]
    with ExitStack() as stack:
        consoles = {no: stack.enter_context(lonely([*command, city.urls[no]])) for no in signals}
        lost_at = dict.fromkeys(signals, float("nan"))
        for no, console in consoles.items():
            if console.stdout is not None and console.stdout.readline().strip() == b"True":
                lost_at[no] = time.monotonic()
                console.send_signal(signals[no])
                time.sleep(0.2)  # one after the other
        time.sleep(1.0)
        return {no: (city.first(no, {"Stop"}, at) - at) * 1000 for no, at in lost_at.items()}


@contextmanager
def lonely(command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process and kill it in the end."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def many(count: int, slowed_s: float) -> tuple[float, list[float], list[float]]:
    """Connect so many cameras; return how long that took, how late a thread was meanwhile, and the CPU of each, in ms.

    The thread stands for the UI's: it waits for 10 ms again and again beside those that connect.
    """
    with moving_cameras(count) as city, closing(Room()) as room:
        for no in city.urls if slowed_s else ():
            city.fault(no, "slow", answer_late_s=slowed_s)
        room.control.abilities(city.camera(1))  # the first pays for the documents
        late: list[float] = []
        took: list[float] = []

        def connect() -> None:
            took.append(connected(room, city))

        cpu, thread = time.process_time(), threading.Thread(target=connect)
        thread.start()
        while thread.is_alive():
            late += idle_control_ms(0.5)
        each = (time.process_time() - cpu) / max(1, count - 1) * 1000
        return took[0] if took else float("nan"), late, [each]


def measured(*, quick: bool) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Return one run's samples by figure, in ms, and what is counted once."""
    lost = 1 if quick else 4
    killed = range(max(FAULTS) + 1, max(FAULTS) + 1 + lost)
    hung = range(killed.stop, killed.stop + lost)
    with moving_cameras(hung.stop) as city:
        alone = holds(city, FAULTS, {WELL: 5 if quick else 40})[WELL]
        once = dict.fromkeys(FAULTS, 1) | {CLOSING: 5}
        often = {CLOSING: 30} | dict.fromkeys(SLOW_150, 8) | dict.fromkeys(SLOW_1000, 3)
        others = holds(city, FAULTS, {no: (once if quick else often)[no] for no in (CLOSING, *SLOW_150, *SLOW_1000)})
        city.fault(BURST, FAULTS[BURST][0], **FAULTS[BURST][1])
        late, pending = bursts(city, BURST, 1 if quick else 3, 0.15)
        ways = dict.fromkeys(killed, signal.SIGKILL) | dict.fromkeys(hung, signal.SIGSTOP)
        lost_ms = lost_consoles(city, ways)
    with practice_cameras(16) as pictures, moving_cameras(1) as city:
        beside = pressed_beside_pictures(pictures, city, 5 if quick else 35)
    ready_s, _, cpu = many(100, 0.0)
    connected_s, ui_late, _ = many(CITY_735, 0.0 if quick else SLOWED_S)
    samples = {
        PRESS: alone.press_ms,
        WALL_PRESS: beside,
        RELEASE: alone.release_ms,
        RELEASE_150: [ms for no in SLOW_150 for ms in others[no].release_ms],
        RELEASE_1000: [ms for no in SLOW_1000 for ms in others[no].release_ms],
        RELEASE_CLOSING: others[CLOSING].release_ms,
        KILLED: [lost_ms[no] for no in killed],
        HUNG: [lost_ms[no] for no in hung],
    }
    counted = {MOVES_AFTER_STOP: late, PENDING: pending, READY_100: ready_s, CONNECTED_735: connected_s}
    return samples | {UI_LATE: ui_late, SECOND_CPU: cpu}, counted


def main() -> int:
    """Measure, print, judge."""
    options = arguments(__doc__.splitlines()[0] if __doc__ else "").parse_args()
    before = Cpu.now()
    controls, runs = [], []
    for _ in range(1 if options.quick else 3):
        controls.append(percentile(idle_control_ms(1.0), 0.99))
        runs.append(measured(quick=options.quick))
    report = Report("ptz", targets=dict(TARGETS))
    rows = []
    for figure in SAMPLED:
        shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
        for name, share in shares.items():
            report.figures[f"{figure}_{name}"] = median(percentile(run[figure], share) for run, _ in runs)
        samples = sum(len(run[figure]) for run, _ in runs)
        rows.append((figure, str(samples), *(f"{report.figures[f'{figure}_{name}']:.1f}" for name in shares)))
    for figure in COUNTED:
        report.figures[figure] = max(counted[figure] for _, counted in runs)
    print(table(("figure", "samples", "p50", "p99", "max"), rows))
    asked = [(name, f"{op} {limit:g}", f"{report.figures[name]:.1f}") for name, (op, limit) in TARGETS.items()]
    print(table(("must be shown", "asked", "measured"), asked))
    report.judge_machine(Cpu.now().stolen_share(before), median(controls))
    return report.print(as_json=options.json)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--be-console", address]:
            be_console(address)
            os._exit(0)
        case _:
            raise SystemExit(main())
