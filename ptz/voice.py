"""What is said to one camera by one thread: over which connections, and signed how."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from domain.camera import Camera, Credentials
from domain.clock import Clock
from domain.errors import CredentialsError
from ptz.pins import OtherDeviceError
from ptz.signing import AuthMode, Signer
from ptz.soap import check_admitted, refused
from ptz.wire import Answer, Gate, Line, checked

CLOCK_WAS_SET_S = 2.0  # cameras tell whole seconds; they take a message that is 5 s off, the strictest


class Voice:
    """Speaks to the host by which the camera is reached; used by one thread at a time, closed by its owner.

    A refusal of a user name token may come from a clock that was set meanwhile: then `measure`, where it is given,
    finds out, and what was refused is signed anew, once.
    """

    def __init__(
        self,
        camera: Camera,
        credentials: Credentials | None,
        clock: Clock,
        *,
        auth: AuthMode = AuthMode.NONE,
        offset_s: float = 0.0,
        pin: str = "",
    ) -> None:
        self.offset_s = offset_s
        self.date = ""  # of the last answer
        self.gate: Gate | None = None  # what each message passes just when it is written
        self.measure: Callable[[], float | None] | None = None
        self.changed: Callable[[], None] | None = None  # told when the way to sign or the clock has changed
        self.stranger: Callable[[OtherDeviceError], None] | None = None  # told when another certificate is shown
        self._clock = clock
        self._pin = pin
        self._url = camera.onvif_url
        self._main = Line(camera.onvif_url, clock, pin=pin)
        self._others: dict[tuple[str, str], Line] = {}
        self._settled = auth, offset_s
        self._signer = Signer(credentials, self.camera_time, auth, basic_allowed=camera.basic_allowed)

    @property
    def auth(self) -> AuthMode:
        """Return how the camera wanted us to sign last."""
        return self._signer.auth

    @property
    def proven(self) -> bool:
        """Whether the camera let in something that was signed."""
        return self._signer.proven

    @property
    def slowest_s(self) -> float:
        """Return how long its answers took lately, at the longest."""
        return max(line.slowest_s for line in self._lines())

    @property
    def fingerprint(self) -> str:
        """Return that of the camera's certificate, empty without HTTPS."""
        return self._main.fingerprint

    @property
    def hung_up_on(self) -> bool:
        """Whether the camera closed the connection after all but every answer."""
        return self._main.answered >= 4 and self._main.opened >= self._main.answered - 1

    def camera_time(self) -> datetime:
        """Return what the camera's clock shows now."""
        return self._clock.now() + timedelta(seconds=self.offset_s)

    def open(self) -> None:
        """Connect, so that the next message leaves without delay."""
        with self._told_of_strangers():
            self._main.open()

    def close(self) -> None:
        """Hang up."""
        for line in self._lines():
            line.close()

    def post(self, url: str, envelope: bytes, *, signed: bool, repeatable: bool) -> Answer:
        """Send a message and return the answer; raises UnreachableError, CredentialsError or ProtocolError."""
        with self._told_of_strangers():
            line = self._line(url)
            line.gate = self.gate
            return self._post(line, url, envelope, signed=signed, repeatable=repeatable)

    def _post(self, line: Line, url: str, envelope: bytes, *, signed: bool, repeatable: bool) -> Answer:
        self.date = ""
        if not signed:
            answer = line.post(url, envelope, repeatable=repeatable)
            self.date = answer.date
            if refused(answer):
                self._signer.heed(answer)
            check_admitted(answer)
            return answer
        try:
            answer = self._signer.post(line, url, envelope, repeatable=repeatable)
        except CredentialsError:
            if not self._clock_was_set():
                raise
            answer = self._signer.post(line, url, envelope, repeatable=repeatable)
        self.date = answer.date
        if self.proven and (self.auth, self.offset_s) != self._settled:
            self._settled = self.auth, self.offset_s
            if self.changed is not None:
                self.changed()
        return answer

    @contextmanager
    def _told_of_strangers(self) -> Iterator[None]:
        try:
            yield
        except OtherDeviceError as error:
            if self.stranger is not None:
                self.stranger(error)
            raise

    def _clock_was_set(self) -> bool:
        """Measure the camera's clock anew, where that may have been the reason; whether it was."""
        if self.measure is None or self._signer.auth not in {AuthMode.TOKEN, AuthMode.BOTH}:
            return False
        offset_s = self.measure()
        if offset_s is None or abs(offset_s - self.offset_s) <= CLOCK_WAS_SET_S:
            return False
        self.offset_s = offset_s
        return True

    def _line(self, url: str) -> Line:
        """Return the connection to an address: the one, but where a camera's services lie on several ports."""
        parts, main = checked(url), checked(self._url)
        if (parts.scheme, parts.netloc) == (main.scheme, main.netloc):
            return self._main
        key = parts.scheme, parts.netloc
        if key not in self._others:
            self._others[key] = Line(url, self._clock, pin=self._pin if parts.scheme == main.scheme else "")
        return self._others[key]

    def _lines(self) -> tuple[Line, ...]:
        return (self._main, *self._others.values())
