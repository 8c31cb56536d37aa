"""Which cameras took or refused our password, so that a wrong one is tried once in the whole program.

Cameras lock an account after a few wrong passwords; then nobody sees them. A worker asks the engine before it tries
an unproven password; the engine holds the gate that PTZ asks too.
"""

from collections.abc import Callable

from video.wire import Ask, SignedIn


class SignIns:
    """The gate that every connection of a worker asks before it opens; `say` reaches the engine."""

    def __init__(self, say: Callable[[Ask | SignedIn], None]) -> None:
        self._say = say
        self._refused: set[int] = set()
        self._accepted: set[int] = set()
        self._asked: set[int] = set()
        self._permitted: set[int] = set()
        self._trying: dict[int, object] = {}

    def is_refused(self, camera: int) -> bool:
        """Whether only a person may have it tried again."""
        return camera in self._refused

    def enter(self, camera: int, who: object) -> bool:
        """Let one connection try; the others of an unproven camera wait until it has left."""
        if camera in self._accepted:
            return True
        if camera in self._trying:
            return self._trying[camera] is who
        if camera in self._permitted:
            self._permitted.discard(camera)
            self._trying[camera] = who
            return True
        if camera not in self._asked:
            self._asked.add(camera)
            self._say(Ask(camera))
        return False

    def leave(self, camera: int, who: object) -> None:
        """Let the next one try."""
        if self._trying.get(camera) is who:
            del self._trying[camera]
            if camera not in self._refused and camera not in self._accepted:
                self._say(SignedIn(camera, None))

    def permit(self, camera: int) -> None:
        """Take the engine's word that this camera may be tried once."""
        if camera in self._asked:
            self._asked.discard(camera)
            self._permitted.add(camera)

    def accept(self, camera: int) -> None:
        """Note that the camera took the password."""
        if camera not in self._accepted:
            self._accepted.add(camera)
            self._say(SignedIn(camera, taken=True))

    def refuse(self, camera: int) -> None:
        """Note that the camera refused it."""
        self._say(SignedIn(camera, taken=False))
        self.hold(camera)

    def hold(self, camera: int) -> None:
        """Leave the camera alone: it refused this password before."""
        self._refused.add(camera)
        self._accepted.discard(camera)
        self._asked.discard(camera)
        self._permitted.discard(camera)

    def forget(self, camera: int) -> None:
        """Begin anew: a person wants it, or the password is another."""
        for known in (self._refused, self._accepted, self._asked, self._permitted):
            known.discard(camera)
