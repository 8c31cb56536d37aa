"""`python -m simulation`: the practice city as a process of its own."""

import argparse
import json
import math
import sys
from pathlib import Path

from domain.errors import WatchroomError
from simulation.city import City, CityOptions
from simulation.processes import Leash
from simulation.profile import CITIES
from simulation.story import story_names


def main() -> int:
    """Run a city until SIGTERM, the end of input or the parent's death; print its addresses when it is ready."""
    options = _options()
    leash = Leash()
    leash.hold()
    try:
        city = City(options)
        ready = city.start()
    except WatchroomError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    try:
        sys.stdout.write(json.dumps(ready, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        leash.wait()
    finally:
        city.close()
    return 0


def _options() -> CityOptions:
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)
    parser.add_argument("--city", choices=CITIES, default=CITIES[0])
    parser.add_argument("--cameras", type=int, default=16, metavar="N", help="how many cameras stream (default 16)")
    parser.add_argument("--scenario", choices=story_names(), help="a story to begin at once")
    parser.add_argument("--seed", type=int, default=7, help="same seed, same story (default 7)")
    parser.add_argument("--speed", type=_speed, default=1.0, help="how fast the city's clock runs (default 1)")
    parser.add_argument("--workdir", type=Path, metavar="DIR", help="where its files go (default: a temporary folder)")
    parser.add_argument("--headquarters", type=Path, metavar="DIR", help="join the practice headquarters kept there")
    parser.add_argument("--no-cameras", action="store_true", help="everything but the cameras")
    chosen = parser.parse_args()
    return CityOptions(
        city=chosen.city,
        cameras=chosen.cameras,
        scenario=chosen.scenario,
        seed=chosen.seed,
        speed=chosen.speed,
        workdir=chosen.workdir,
        headquarters=chosen.headquarters,
        with_cameras=not chosen.no_cameras,
    )


def _speed(text: str) -> float:
    speed = float(text)
    if not math.isfinite(speed) or not 0 < speed <= 100:
        raise argparse.ArgumentTypeError("speed is a number above 0, at most 100")
    return speed


if __name__ == "__main__":
    sys.exit(main())
