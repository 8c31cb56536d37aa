"""`python -m simulation.cameras CONFIG.json`: cameras until SIGTERM, the end of input or the parent's death."""

import asyncio
import json
import sys
from pathlib import Path

import cv2

from domain.errors import WatchroomError
from simulation.cameras.config import Config, load
from simulation.cameras.site import Site
from simulation.processes import Leash, Spawner


def main() -> int:
    """Serve what the configuration asks for; print one line of addresses when ready."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m simulation.cameras CONFIG.json\n")
        return 2
    cv2.setNumThreads(1)
    leash = Leash()
    leash.hold()
    spawner = Spawner()
    try:
        asyncio.run(_serve(load(Path(sys.argv[1])), spawner, leash))
    except (WatchroomError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        leash.ended.set()
        spawner.close()
    return 0


async def _serve(config: Config, spawner: Spawner, leash: Leash) -> None:
    site = Site(config, spawner)
    ending = asyncio.create_task(asyncio.to_thread(leash.wait))
    serving = asyncio.create_task(_announce_and_run(site))
    try:
        await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
    finally:
        leash.ended.set()
        serving.cancel()
        await asyncio.wait({serving})
        await site.close()


async def _announce_and_run(site: Site) -> None:
    ready = await site.start()
    sys.stdout.write(json.dumps(ready, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    await site.run()


if __name__ == "__main__":
    sys.exit(main())
