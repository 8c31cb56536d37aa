"""The still picture of a PTZ camera: what a head sees at the moment, drawn on request."""

import asyncio
import time

from simulation.cameras.caption import Caption
from simulation.cameras.config import SUB
from simulation.cameras.counter import frame_at
from simulation.cameras.lettering import Font
from simulation.cameras.live import Surroundings
from simulation.cameras.mjpeg import JpegCoder
from simulation.cameras.mount import Pose


async def still(surroundings: Surroundings, pose: Pose) -> bytes:
    """Return a JPEG of the sub stream's size with the camera's name; the first one draws the surroundings."""
    return await asyncio.to_thread(_drawn, surroundings, pose)


def _drawn(surroundings: Surroundings, pose: Pose) -> bytes:
    now = time.time()
    no = frame_at(now, SUB.fps)
    planes = surroundings.panorama().view(pose, (SUB.width, SUB.height), now, no)
    Caption(surroundings.camera.caption, SUB, Font()).write(planes, no)
    return JpegCoder().code(planes, no)
