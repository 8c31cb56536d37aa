"""Whether a camera may be asked with our password: one gate a camera, shared by all that sign in to it.

Cameras lock an account after a few wrong passwords; then nobody in the city sees them.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from domain.camera import Credentials


@dataclass(slots=True)
class _Password:
    """What is known of one password at one camera."""

    proven: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    trying: str = ""
    doubted: bool = False  # it was proven, and may have been changed at the camera since

    def closed_to(self, who: str) -> bool:
        """Whether this part may not try it."""
        return who in self.refused or (bool(self.refused) and not self.proven)

    def left_by(self, who: str) -> None:
        """Let the next one try, where this one did."""
        if self.trying == who:
            self.trying = ""


class SignInGate:
    """One attempt at a time with a password that no one has proven; none after a refusal until a person retries.

    `who` names the part of the program that asks (`video`, `ptz`). A refusal closes the gate for all, unless another
    part has proven the password: then the camera keeps apart who may do what, and it closes for the refused one alone.
    Where a part is refused that was accepted before, or somebody was in doubt, the password was changed at the camera:
    then no older proof holds, and it closes for all.
    What was refused stays refused when another password is asked about in between. Safe from any thread; nothing here
    waits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[int, Credentials | None], _Password] = {}
        self._used: dict[tuple[int, str], Credentials | None] = {}  # what each part entered with last
        self._watchers: list[Callable[[int], None]] = []

    def watch(self, reopened: Callable[[int], None]) -> None:
        """Tell from now on which camera a person wants tried again, after `forget` and on its thread."""
        with self._lock:
            self._watchers.append(reopened)

    def enter(self, camera_no: int, credentials: Credentials | None, who: str) -> bool:
        """Return whether `who` may sign in now; if so and the password is unproven, others wait until it has left."""
        with self._lock:
            password = self._of(camera_no, credentials)
            if password.closed_to(who):
                return False
            if not password.proven or password.doubted:
                password.trying = password.trying or who
                if password.trying != who:
                    return False
            self._used[camera_no, who] = credentials
            return True

    def leave(self, camera_no: int, who: str) -> None:
        """Let the next one try: this one came to no answer (the camera was not reached)."""
        with self._lock:
            password = self._last(camera_no, who)
            if password is not None:
                password.left_by(who)

    def accept(self, camera_no: int, who: str) -> None:
        """Note that the camera took the password: all may use it. Without an `enter` before it nothing is noted."""
        with self._lock:
            password = self._last(camera_no, who)
            if password is not None:
                password.proven.add(who)
                password.refused.discard(who)
                password.doubted = False
                password.left_by(who)

    def refuse(self, camera_no: int, who: str) -> None:
        """Note that the camera refused the password: nobody tries it again until `forget`, or with another one."""
        with self._lock:
            password = self._last(camera_no, who)
            if password is not None:
                if password.doubted or who in password.proven:
                    password.proven.clear()
                password.refused.add(who)
                password.doubted = False
                password.left_by(who)

    def doubt(self, camera_no: int, credentials: Credentials | None, who: str) -> None:
        """Note that `who` has to sign in anew: a password that it has proven is tried by one at a time again."""
        with self._lock:
            password = self._of(camera_no, credentials)
            password.doubted = password.doubted or who in password.proven

    def is_refused(self, camera_no: int, credentials: Credentials | None, who: str) -> bool:
        """Whether these credentials were refused, and only a person may have `who` try them again."""
        with self._lock:
            return self._of(camera_no, credentials).closed_to(who)

    def forget(self, camera_no: int) -> None:
        """Have it tried again, as a person wants it. Who tries just now goes on, and what it hears counts."""
        with self._lock:
            for (known_no, _), password in self._known.items():
                if known_no == camera_no:
                    password.refused.clear()
            watchers = list(self._watchers)
        for reopened in watchers:
            reopened(camera_no)

    def _of(self, camera_no: int, credentials: Credentials | None) -> _Password:
        return self._known.setdefault((camera_no, credentials), _Password())

    def _last(self, camera_no: int, who: str) -> _Password | None:
        """Return the password that this part entered with last, None where it has not."""
        if (camera_no, who) not in self._used:
            return None
        return self._of(camera_no, self._used[camera_no, who])
