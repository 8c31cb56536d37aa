"""Whether a camera may be asked with our password: one gate a camera, shared by all that sign in to it.

Cameras lock an account after a few wrong passwords; then nobody in the city sees them.
"""

import threading
from dataclasses import dataclass, field

from domain.camera import Credentials


@dataclass(slots=True)
class _Password:
    """What is known of one password at one camera."""

    proven: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    trying: str = ""


class SignInGate:
    """One attempt at a time with a password that no one has proven; none after a refusal until a person retries.

    `who` names the part of the program that asks (`video`, `ptz`). A refusal closes the gate for all, unless another
    part has proven the password: then the camera keeps apart who may do what, and it closes for the refused one alone.
    What was refused stays refused when another password is asked about in between. Safe from any thread; nothing here
    waits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[int, Credentials | None], _Password] = {}
        self._used: dict[tuple[int, str], Credentials | None] = {}  # what each part entered with last

    def enter(self, camera_no: int, credentials: Credentials | None, who: str) -> bool:
        """Return whether `who` may sign in now; if so and the password is unproven, others wait until it has left."""
        with self._lock:
            password = self._of(camera_no, credentials)
            if _closed(password, who):
                return False
            if not password.proven:
                password.trying = password.trying or who
                if password.trying != who:
                    return False
            self._used[camera_no, who] = credentials
            return True

    def leave(self, camera_no: int, who: str) -> None:
        """Let the next one try: this one came to no answer (the camera was not reached)."""
        with self._lock:
            password = self._last(camera_no, who)
            if password is not None and password.trying == who:
                password.trying = ""

    def accept(self, camera_no: int, who: str) -> None:
        """Note that the camera took the password: all may use it. Without an `enter` before it nothing is noted."""
        with self._lock:
            password = self._last(camera_no, who)
            if password is not None:
                password.proven.add(who)
                password.refused.discard(who)
                password.trying = ""

    def refuse(self, camera_no: int, who: str) -> None:
        """Note that the camera refused the password: nobody tries it again until `forget`, or with another one."""
        with self._lock:
            password = self._last(camera_no, who)
            if password is not None:
                password.refused.add(who)
                password.proven.discard(who)
                password.trying = ""

    def is_refused(self, camera_no: int, credentials: Credentials | None, who: str) -> bool:
        """Whether these credentials were refused, and only a person may have `who` try them again."""
        with self._lock:
            return _closed(self._of(camera_no, credentials), who)

    def forget(self, camera_no: int) -> None:
        """Begin anew, as a person wants it."""
        with self._lock:
            for key in [key for key in self._known if key[0] == camera_no]:
                del self._known[key]
            for used in [used for used in self._used if used[0] == camera_no]:
                del self._used[used]

    def _of(self, camera_no: int, credentials: Credentials | None) -> _Password:
        return self._known.setdefault((camera_no, credentials), _Password())

    def _last(self, camera_no: int, who: str) -> _Password | None:
        """Return the password that this part entered with last, None where it has not."""
        if (camera_no, who) not in self._used:
            return None
        return self._of(camera_no, self._used[camera_no, who])


def _closed(password: _Password, who: str) -> bool:
    return who in password.refused or (bool(password.refused) and not password.proven)
