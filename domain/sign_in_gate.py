"""Whether a camera may be asked with our password: one gate a camera, shared by all that sign in to it.

Cameras lock an account after a few wrong passwords; then nobody in the city sees them.
"""

import threading
from dataclasses import dataclass

from domain.camera import Credentials


@dataclass(slots=True)
class _Camera:
    credentials: Credentials | None = None
    proven: bool = False
    refused: bool = False
    trying: str = ""


class SignInGate:
    """One attempt at a time with a password that no one has proven; none after a refusal until a person retries.

    `who` names the part of the program that asks (`video`, `ptz`). Safe from any thread; nothing here waits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cameras: dict[int, _Camera] = {}

    def enter(self, camera_no: int, credentials: Credentials | None, who: str) -> bool:
        """Return whether `who` may sign in now; if so and the password is unproven, others wait until it has left."""
        with self._lock:
            camera = self._known(camera_no, credentials)
            if camera.refused:
                return False
            if camera.proven or credentials is None:
                return True
            camera.trying = camera.trying or who
            return camera.trying == who

    def leave(self, camera_no: int, who: str) -> None:
        """Let the next one try: this one came to no answer (the camera was not reached)."""
        with self._lock:
            camera = self._cameras.get(camera_no)
            if camera is not None and camera.trying == who:
                camera.trying = ""

    def accepted(self, camera_no: int, who: str) -> None:
        """Note that the camera took the password: all may use it."""
        with self._lock:
            camera = self._cameras.setdefault(camera_no, _Camera())
            camera.proven, camera.refused = True, False
            if camera.trying == who:
                camera.trying = ""

    def refuse(self, camera_no: int, who: str) -> None:
        """Note that the camera refused the password: nobody tries it again until `forget`, or with another one."""
        with self._lock:
            camera = self._cameras.setdefault(camera_no, _Camera())
            camera.proven, camera.refused = False, True
            if camera.trying == who:
                camera.trying = ""

    def is_refused(self, camera_no: int, credentials: Credentials | None) -> bool:
        """Whether these credentials were refused and only a person may have them tried again."""
        with self._lock:
            return self._known(camera_no, credentials).refused

    def forget(self, camera_no: int) -> None:
        """Begin anew, as a person wants it."""
        with self._lock:
            self._cameras.pop(camera_no, None)

    def _known(self, camera_no: int, credentials: Credentials | None) -> _Camera:
        camera = self._cameras.setdefault(camera_no, _Camera(credentials))
        if camera.credentials != credentials:
            camera = self._cameras[camera_no] = _Camera(credentials)
        return camera
