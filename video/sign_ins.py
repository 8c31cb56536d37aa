"""Who of a worker's connections may send a camera our password, so that a wrong one is tried once in the whole program.

Cameras lock an account after a few wrong passwords; then nobody sees them. A password may be changed at the camera at
any moment, so none is trusted because it was taken once: the connections of a camera sign in one after another, each
with a permit of the engine, which holds the gate that PTZ asks too.
"""

from collections.abc import Callable

from video.wire import Ask, SignedIn


class SignIns:
    """The gate that every connection of a worker asks before it sends a password; `say` reaches the engine."""

    def __init__(self, say: Callable[[Ask | SignedIn], None]) -> None:
        self._say = say
        self._refused: set[int] = set()
        self._asked: set[int] = set()
        self._permitted: set[int] = set()
        self._trying: dict[int, object] = {}

    def is_refused(self, camera: int) -> bool:
        """Whether only a person may have it tried again."""
        return camera in self._refused

    def enter(self, camera: int, who: object) -> bool:
        """Let one connection send the password; the others wait until it is known what the camera says to it."""
        if camera in self._trying or camera in self._refused:
            return self.is_trying(camera, who)
        if camera in self._permitted:
            self._permitted.discard(camera)
            self._trying[camera] = who
            return True
        if camera not in self._asked:
            self._asked.add(camera)
            self._say(Ask(camera))
        return False

    def is_trying(self, camera: int, who: object) -> bool:
        """Whether this connection may have sent the password, and the camera has not said what it thinks of it."""
        return self._trying.get(camera) is who

    def leave(self, camera: int, who: object) -> None:
        """Let the next one try: this one came to no answer."""
        if self.is_trying(camera, who):
            del self._trying[camera]
            self._say(SignedIn(camera, None))

    def permit(self, camera: int) -> None:
        """Take the engine's word that one connection may sign in to this camera now."""
        self._asked.discard(camera)
        self._permitted.add(camera)

    def give_back(self) -> None:
        """Return the permits that nobody used although every connection had its turn: others wait for them."""
        for camera in list(self._permitted):
            self._return(camera)

    def accept(self, camera: int, who: object) -> None:
        """Note that the camera took the password."""
        if self.is_trying(camera, who):
            del self._trying[camera]
            self._say(SignedIn(camera, taken=True))

    def refuse(self, camera: int, who: object) -> None:
        """Note that the camera refused it."""
        if self.is_trying(camera, who):
            del self._trying[camera]
        self._say(SignedIn(camera, taken=False))
        self.hold(camera)

    def hold(self, camera: int) -> None:
        """Leave the camera alone: it refused this password."""
        self._refused.add(camera)
        self._asked.discard(camera)
        self._return(camera)

    def forget(self, camera: int) -> None:
        """Begin anew: a person wants it, or the password or the way to the camera is another."""
        self.reopen(camera)
        self._asked.discard(camera)
        self._return(camera)

    def reopen(self, camera: int) -> None:
        """Let the engine decide again."""
        self._refused.discard(camera)

    def _return(self, camera: int) -> None:
        if camera in self._permitted:
            self._permitted.discard(camera)
            self._say(SignedIn(camera, None))
