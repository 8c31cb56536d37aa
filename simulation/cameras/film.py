"""Draws and codes a fixed camera's loop."""

from collections.abc import Iterator

from simulation.cameras.caption import Caption
from simulation.cameras.codecs import CODINGS
from simulation.cameras.coder import Pace, Planes
from simulation.cameras.config import Form, Profile, SceneKind
from simulation.cameras.counter import LOOP_S
from simulation.cameras.lettering import Font
from simulation.cameras.night import NightScene
from simulation.cameras.scenes import Scene


def shot(text: str, scene: int, kind: SceneKind, form: Form) -> bytes:
    """Return a loop of LOOP_S seconds as a coded stream."""
    writing = Caption(text, form.profile, Font())
    drawn = _night(scene, writing, form.profile) if kind is SceneKind.NIGHT else _street(scene, writing, form.profile)
    coder = CODINGS[form.codec].coder(form.profile, Pace.CLIP)
    stream = bytearray()
    for no, planes in enumerate(drawn):
        stream += coder.code(planes, no)
    return bytes(stream + coder.rest())


def _street(seed: int, writing: Caption, profile: Profile) -> Iterator[Planes]:
    scene = Scene(seed, profile.width, profile.height)
    for no in range(LOOP_S * profile.fps):
        planes = scene.planes(no / profile.fps, no)
        writing.write(planes, no)
        yield planes


def _night(seed: int, writing: Caption, profile: Profile) -> Iterator[Planes]:
    """Without a frame counter: it would change with every picture."""
    scene = NightScene(seed, profile.width, profile.height)
    for no in range(LOOP_S * profile.fps):
        planes = scene.planes(no)
        writing.write_name(planes)
        yield planes
