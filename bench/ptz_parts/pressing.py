"""Key presses in a process that shows sixteen live pictures besides: `python -m bench.ptz_parts.pressing`."""

import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from bench.practice import Practice
from bench.ptz_parts.city import City

ROOT = Path(__file__).resolve().parent.parent.parent
_LIMIT_S = 180.0


def pressed_beside_pictures(pictures: Practice, city: City, times: int) -> list[float]:
    """Press so often beside a wall of these pictures; return how long each press took to reach the camera, in ms."""
    order = {"practice": pictures.ordered(), "control": city.control, "url": city.urls[1], "times": times}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("DISPLAY", None)
    command = [sys.executable, "-m", "bench.ptz_parts.pressing"]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        input=json.dumps(order),
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    if ran.returncode != 0 or not ran.stdout.strip():
        last = (ran.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise SystemExit(f"pressing beside pictures: exit code {ran.returncode}: {last}")
    said: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return [float(value) for value in said["press_ms"]] if said["ready"] else []


def main() -> None:
    """Show the pictures, press from the window's thread, say what was seen."""
    from bench.ptz_parts.room import Hand, Room  # noqa: PLC0415 - Qt first
    from bench.wall_roles.lateness import turn  # noqa: PLC0415 - as above
    from bench.wall_roles.our_wall import OurWall, make_application  # noqa: PLC0415 - as above

    application = make_application()
    order = json.loads(sys.stdin.read())
    wall = OurWall(Practice.of(order["practice"]), workers=max(1, (os.cpu_count() or 2) - 1))
    ready = wall.open()
    room = Room()
    hand = Hand(City(order["control"], {1: order["url"]}), room, 1)
    room.control.prepare(hand.camera)
    hand.press_and_release(0.1, lambda: turn(0.3))
    turn(1.0)
    hand.forget()
    for number in range(int(order["times"])):
        turn(0.12 + 0.013 * (number % 7))
        hand.press_and_release(0.1 * (-1) ** number, partial(turn, 0.1 + 0.011 * (number % 5)))
    turn(1.0)
    room.close()
    wall.close()
    application.quit()
    began = time.monotonic()
    print(json.dumps({"ready": ready, "press_ms": hand.press_ms(), "read_s": time.monotonic() - began}), flush=True)


if __name__ == "__main__":
    main()
