"""How each camera is reached now: by the newest entry of the register that was asked for, with its password."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from domain.camera import Camera, Credentials, Profile
from domain.errors import WatchroomError
from domain.sign_in_gate import SignInGate
from video.permits import WHO
from video.wire import Key, Retry, Subscribe

_IMPATIENT_S = 2.0  # who presses Retry again so soon means the try under way: three wrong ones lock a camera
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Way:
    camera: Camera
    credentials: Credentials | None

    def leads_where(self, other: "_Way") -> bool:
        """Return whether all sessions of the camera can stay as they are."""
        return _reach(self.camera) == _reach(other.camera) and self.credentials == other.credentials

    @property
    def user_and_password(self) -> tuple[str, str] | tuple[None, None]:
        return (None, None) if self.credentials is None else (self.credentials.user, self.credentials.password)


def _reach(camera: Camera) -> tuple[object, ...]:
    return (camera.main_url, camera.sub_url, camera.transport, camera.basic_allowed)


class Ways:
    """Used on the engine's thread alone; `credentials` is asked there."""

    def __init__(self, credentials: Callable[[str], Credentials | None], gate: SignInGate) -> None:
        self._ask = credentials
        self._gate = gate
        self._ways: dict[int, _Way] = {}
        self._retried_at: dict[int, float] = {}

    def credentials(self, camera_no: int) -> Credentials | None:
        """Return the password that is used for a camera, or None."""
        way = self._ways.get(camera_no)
        return None if way is None else way.credentials

    def learn(self, camera: Camera) -> bool:
        """Take what the register says now; return whether that is another way than those who look came by."""
        before = self._ways.get(camera.no)
        way = self._ways[camera.no] = _Way(camera, self._credentials_of(camera))
        return before is not None and not before.leads_where(way)

    def to(self, key: Key, camera: Camera) -> Subscribe:
        """Return the order that opens a session of a camera."""
        camera_no, profile = key
        if camera_no not in self._ways:
            self.learn(camera)
        way = self._ways[camera_no]
        user, password = way.user_and_password
        return Subscribe(
            source=0,
            camera=camera_no,
            profile=profile,
            url=way.camera.url(Profile(profile)),
            width=0,
            height=0,
            max_fps=1.0,
            pixel_format="",
            user=user,
            password=password,
            basic_allowed=way.camera.basic_allowed,
            transport=way.camera.transport.value,
            held=self._gate.is_refused(camera_no, way.credentials, WHO),
        )

    def retry(self, camera_no: int) -> Retry | None:
        """Open the gate and return the order to try a camera again; None where that is under way, or nobody looked."""
        now, before = time.monotonic(), self._ways.get(camera_no)
        if before is None:
            self._gate.forget(camera_no)
            return None
        way = _Way(before.camera, self._credentials_of(before.camera))
        if way == before and now - self._retried_at.get(camera_no, float("-inf")) < _IMPATIENT_S:
            return None
        self._ways[camera_no], self._retried_at[camera_no] = way, now
        self._gate.forget(camera_no)
        return Retry(camera_no, *way.user_and_password)

    def _credentials_of(self, camera: Camera) -> Credentials | None:
        if not camera.credentials:
            return None
        try:
            return self._ask(camera.credentials)
        except WatchroomError as error:
            _log.warning("camera %d: its credentials can't be read: %s", camera.no, error)
            return self.credentials(camera.no)  # none at all would end a session that is well
