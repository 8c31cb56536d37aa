"""Which cameras took or refused our password, so that a wrong one is tried once a camera and not once a profile.

Cameras lock an account after a few wrong passwords; then nobody sees them.
"""


class SignIns:
    """The gate that every connection of a worker asks before it opens."""

    def __init__(self) -> None:
        self._refused: set[int] = set()
        self._accepted: set[int] = set()
        self._trying: dict[int, object] = {}

    def is_refused(self, camera: int) -> bool:
        """Whether only a person may have it tried again."""
        return camera in self._refused

    def enter(self, camera: int, who: object) -> bool:
        """Let one connection try; the others of an unproven camera wait until it has left."""
        if camera in self._accepted:
            return True
        return self._trying.setdefault(camera, who) is who

    def leave(self, camera: int, who: object) -> None:
        """Let the next one try."""
        if self._trying.get(camera) is who:
            del self._trying[camera]

    def accept(self, camera: int) -> None:
        """Note that the camera took the password."""
        self._accepted.add(camera)

    def refuse(self, camera: int) -> None:
        """Note that the camera refused it."""
        self._refused.add(camera)
        self._accepted.discard(camera)

    def forget(self, camera: int) -> None:
        """Begin anew: a person wants it, or the password is another."""
        self._refused.discard(camera)
        self._accepted.discard(camera)
