"""`ptz`: one camera, for scripts and fault finding."""

import argparse
import math
import sys

from console.core import Core
from console.owner import request, say
from console.ptz_requests import Request
from domain.errors import BadInputError
from domain.fact import Json

_INTERRUPTED = 1
_TURNING = frozenset({"move", "goto"})


def run_ptz(options: argparse.Namespace) -> int:
    """Have a camera do one thing; a movement ends with its camera seen standing still, or fails saying so.

    Ctrl+C stops a camera that turns, and waits to see that it stands.
    """
    asked = _asked(options)
    try:
        answer = request(options, asked, _start)
    except KeyboardInterrupt:
        if options.verb not in _TURNING:
            raise
        request(options, {"do": "ptz", "camera": options.camera, "verb": "stop"}, _start)
        sys.stderr.write(f"interrupted; camera {options.camera} was stopped\n")
        return _INTERRUPTED
    say(options, answer, lambda: _lines(answer))
    return 0


def _asked(options: argparse.Namespace) -> Request:
    asked: dict[str, Json] = {"do": "ptz", "camera": options.camera, "verb": options.verb}
    if options.verb == "move":
        for key in ("pan", "tilt", "zoom", "for_s"):
            value = getattr(options, key)
            if not math.isfinite(value):
                raise BadInputError(f"--{key.removesuffix('_s')}: not a number")
            asked[key] = value
    elif options.verb in ("goto", "set", "remove"):
        if not options.name.strip():
            raise BadInputError("a stored view needs a name")
        asked["name"] = options.name
    if options.verb in _TURNING:
        asked["purpose"] = options.purpose
    return asked


def _start(core: Core) -> None:
    core.watchdog.start()
    core.turning.leases.start()


def _lines(answer: object) -> list[str]:
    if isinstance(answer, list):
        return [f"{preset['token']}  {preset['name']}" for preset in answer] or ["no presets"]
    if isinstance(answer, dict):
        return [", ".join(f"{key} {value}" for key, value in answer.items() if value != "")]
    return [str(answer)]
