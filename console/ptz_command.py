"""`ptz`: one camera, for scripts and fault finding."""

import argparse
import math

from console.core import Core
from console.owner import request, say
from domain.errors import BadInputError


def run_ptz(options: argparse.Namespace) -> int:
    """Have a camera do one thing; a move ends with a Stop that the camera confirmed, or fails saying so."""
    asked = {"do": "ptz", "camera": options.camera, "verb": options.verb}
    if options.verb == "move":
        for key in ("pan", "tilt", "zoom", "for_s"):
            value = getattr(options, key)
            if not math.isfinite(value):
                raise BadInputError(f"--{key.removesuffix('_s')}: not a number")
            asked[key] = value
    elif options.verb in ("goto", "set", "remove"):
        asked["name"] = options.name
    answer = request(options, asked, _start)
    say(options, answer, lambda: _lines(answer))
    return 0


def _start(core: Core) -> None:
    core.watchdog.start()


def _lines(answer: object) -> list[str]:
    if isinstance(answer, list):
        return [f"{preset['token']}  {preset['name']}" for preset in answer] or ["no presets"]
    if isinstance(answer, dict):
        return [", ".join(f"{key} {value}" for key, value in answer.items() if value != "")]
    return [str(answer)]
