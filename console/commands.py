"""What commands ask of the process that owns a home, whether over its socket or within itself."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict

from console.acting import Deed, Door
from console.core import Core
from console.findings import examine
from console.passwords import without_password
from domain.camera import Camera, Credentials
from domain.camera_list import compare, read_camera_list
from domain.errors import BadInputError, RefusedError, UnreachableError
from domain.fact import Json
from domain.motion import MotionPhase, MotionState, Velocity
from domain.news import RegisterChanged
from domain.operator import Action, Operator, Role

Request = Mapping[str, Json]

_DRAIN_S = 30.0
_WATCHDOG_S = 10.0  # it is a process of its own, just started where no console runs
_BEGIN_S = 15.0  # a slow camera's first answers
_CONFIRM_S = 4.0  # a Stop that is not confirmed by then may not have been heard
_LOOK_S = 0.02
_LEFT = frozenset(MotionPhase) - {MotionPhase.READY, MotionPhase.DISABLED}
_ENDED = frozenset({MotionPhase.STOPPED, MotionPhase.MAY_BE_MOVING, MotionPhase.DISABLED})
_TURNING = frozenset({"move", "goto"})

SETTING_UP = Operator("setup", "setup", Role.ADMINISTRATOR)
"""Who acts in a home that has no operator yet: the person at the terminal, who owns the folder."""


class Commands:
    """Answers requests `{"do": NAME, "as": NAME, …}`; raises what went wrong as one of our errors."""

    def __init__(self, core: Core, audit: Callable[[Deed], None]) -> None:
        self._core = core
        self._audit = audit
        self._handlers: dict[str, Callable[[Request], Json]] = {
            "cameras.list": self._list_cameras,
            "cameras.import": self._import_cameras,
            "cameras.credentials": self._keep_credentials,
            "hq.allow": self._hq_allow,
            "hq.status": self._hq_status,
            "hq.sync": self._hq_sync,
            "doctor": lambda _request: [asdict(finding) for finding in examine(self._core)],
        }

    def answer(self, request: Request, gone: threading.Event | None = None) -> Json:
        """Do what is asked and return what it gives. `gone` is set when the caller goes: then nothing turns on."""
        if request.get("do") == "ptz":
            return self._ptz(request, gone or threading.Event())
        handler = self._handlers.get(str(request.get("do")))
        if handler is None:
            raise BadInputError(f"unknown request {request.get('do')!r}: is the running console older?")
        return handler(request)

    def _act(self, request: Request, action: Action, subject: str) -> str:
        door = Door(self._audit, self._core.clock)
        operators = self._core.stores.operators
        name = str(request.get("as") or "")
        if operators.count() == 0:
            door.operator = SETTING_UP
        elif not name:
            raise RefusedError(f"{action.value} needs a name: --as NAME")
        else:
            door.operator = operators.find(name)
            if door.operator is None:
                raise RefusedError(f"no operator is named {name}")
        return door.act(action, subject, "command line")

    def _list_cameras(self, _request: Request) -> Json:
        return [_shown(camera) for camera in self._core.stores.cameras.all()]

    def _import_cameras(self, request: Request) -> Json:
        content = str(request["content"]).encode("latin-1")  # bytes as they were in the file
        given = read_camera_list(content)
        if given.problems and not (request.get("skip_bad") and given.cameras):
            rows = len({problem.row for problem in given.problems})
            raise BadInputError(f"{request['file']}: {rows} wrong rows; nothing was imported", given.problems)
        register = self._core.stores.cameras.all()
        cameras = given.onto(register)
        changes = compare(register, cameras)
        if not request.get("dry_run"):
            self._act(request, Action.IMPORT_CAMERAS, str(request["file"]))
            self._core.stores.cameras.replace_many(cameras)
            self._core.bulletin.post(RegisterChanged(self._core.stores.cameras.all()))
        return {
            "added": [camera.no for camera in changes.added],
            "changed": [change.after.no for change in changes.changed],
            "skipped": [str(problem) for problem in given.problems],
            "total": len(given.cameras),
        }

    def _keep_credentials(self, request: Request) -> Json:
        name = str(request["name"])
        self._act(request, Action.IMPORT_CAMERAS, f"credentials/{name}")
        secrets = self._core.stores.secrets
        secrets.keep(name, Credentials(str(request["user"]), str(request["password"])))
        for camera in self._core.stores.cameras.all():
            if camera.credentials == name:
                self._core.video.retry(camera.no)  # a camera that refused the old password is asked again
                self._core.ptz.retry(camera)
        return {"kept in": secrets.kind}

    def _camera(self, request: Request) -> Camera:
        number = request.get("camera")
        camera = self._core.stores.cameras.find(number) if isinstance(number, int) else None
        if camera is None:
            raise BadInputError(f"no camera has the number {number}")
        if not camera.ptz:
            raise BadInputError(f"camera {number} can't be moved: its register entry has no ONVIF address")
        return camera

    def _ptz(self, request: Request, gone: threading.Event) -> Json:
        camera, verb, name = self._camera(request), str(request["verb"]), str(request.get("name", ""))
        ptz, subject = self._core.ptz, f"camera/{camera.no}"
        if verb == "status":
            position = ptz.status(camera)
            if position is None:
                raise UnreachableError(f"camera {camera.no} does not say where it points")
            return {"pan": position.pan, "tilt": position.tilt, "zoom": position.zoom}
        if verb == "presets":
            return [{"token": preset.token, "name": preset.name} for preset in ptz.presets(camera)]
        self._act(request, Action.SET_PRESET if verb in ("set", "remove") else Action.MOVE_CAMERA, subject)
        if verb in _TURNING and not self._core.watchdog.wait_alive(_WATCHDOG_S):
            raise UnreachableError("the PTZ watchdog is not there, so nothing is moved")
        match verb:
            case "move":
                return self._move(camera, request, gone)
            case "stop":
                ptz.stop(camera)  # at once, whatever else is not there
                self._core.watchdog.wait_alive(_WATCHDOG_S)  # without it nothing is said of the camera but that
                self._core.motions.pop(camera.no, None)
                ptz.stop(camera)
                return {"stopped": self._stopped(camera)}
            case "goto":
                ptz.goto(camera, self._token(camera, name))
            case "set":
                ptz.set_preset(camera, name)
            case "remove":
                ptz.remove_preset(camera, self._token(camera, name))
            case _:
                raise BadInputError(f"unknown ptz request {verb}")
        return {"done": verb, "name": name}

    def _move(self, camera: Camera, request: Request, gone: threading.Event) -> Json:
        pan, tilt, zoom, for_s = (_number(request, key) for key in ("pan", "tilt", "zoom", "for_s"))
        velocity = Velocity(pan, tilt, zoom)
        if velocity != velocity.clamped() or velocity.still:
            raise BadInputError("a move needs --pan, --tilt or --zoom within -1..1, not all 0")
        if not 0 < for_s <= 60:
            raise BadInputError("--for must be above 0 and at most 60 seconds")
        if gone.is_set():
            raise UnreachableError("nobody waits for the move any more, so nothing is moved")
        self._core.motions.pop(camera.no, None)
        self._core.ptz.move(camera, velocity)
        try:
            self._await_move(camera, gone)  # the first move of a camera connects to it first
            gone.wait(for_s)
        finally:
            self._core.ptz.stop(camera)
        return {"stopped": self._stopped(camera)}

    def _await_move(self, camera: Camera, gone: threading.Event) -> None:
        """Wait until the move has left; UnreachableError where it does not, and then nothing moves."""
        state = self._hear(camera, lambda state: state.phase in _LEFT or bool(state.detail), _BEGIN_S, gone)
        if state is None or state.phase not in _LEFT:
            why = state.detail if state is not None and state.detail else "it does not answer"
            raise UnreachableError(f"camera {camera.no} was not moved ({why})")

    def _stopped(self, camera: Camera) -> bool:
        """Wait for the camera's own word; UnreachableError where it does not give it."""
        state = self._hear(camera, lambda state: state.phase in _ENDED, _CONFIRM_S, threading.Event())
        if state is not None and state.phase is MotionPhase.STOPPED:
            return True
        why = state.detail if state is not None and state.detail else "nothing was heard of it"
        raise UnreachableError(f"camera {camera.no} has not confirmed the stop and may be moving ({why})")

    def _hear(
        self, camera: Camera, wanted: Callable[[MotionState], bool], within_s: float, gone: threading.Event
    ) -> MotionState | None:
        """Wait until this is heard of a camera; return what was heard last, None where nothing was."""
        waited_s = 0.0
        while waited_s < within_s and not gone.is_set():
            state = self._core.motions.get(camera.no)
            if state is not None and wanted(state):
                return state
            gone.wait(_LOOK_S)
            waited_s += _LOOK_S
        return self._core.motions.get(camera.no)

    def _token(self, camera: Camera, name: str) -> str:
        for preset in self._core.ptz.presets(camera):
            if name in (preset.name, preset.token):
                return preset.token
        raise BadInputError(f"camera {camera.no} has no preset {name!r}")

    def _hq_allow(self, request: Request) -> Json:
        self._act(request, Action.MANAGE_HEADQUARTERS, "headquarters")
        return {"origin": str(self._core.workplace.origin)}

    def _hq_status(self, _request: Request) -> Json:
        feed = self._core.stores.feed
        acknowledged, last = feed.acknowledged(), feed.last_seq()
        oldest = feed.oldest_unacknowledged()
        return {
            "url": without_password(self._core.settings.hq.url) or None,
            "acked_seq": acknowledged,
            "behind": last - acknowledged,
            "oldest": oldest.isoformat() if oldest else None,
        }

    def _hq_sync(self, _request: Request) -> Json:
        if self._core.exchange is None:
            raise BadInputError("no headquarters is set ([hq] url in console.toml)")
        exchange = self._core.exchange
        if self._core.running:
            if not exchange.drain(_DRAIN_S):
                raise UnreachableError(f"headquarters has not taken everything within {_DRAIN_S:.0f} s")
            progress = exchange.progress()
        else:
            progress = exchange.sync_once()
        return {"acked_seq": progress.acked_seq, "behind": progress.behind}


def _number(request: Request, key: str) -> float:
    value = request.get(key, 0.0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInputError(f"{key}: not a number")
    return float(value)


def _shown(camera: Camera) -> Json:
    return {
        "no": camera.no,
        "name": camera.name,
        "site": camera.site,
        "site_kind": camera.site_kind.value,
        "district": camera.district,
        "lat": camera.place.lat,
        "lon": camera.place.lon,
        "bearing_deg": camera.bearing_deg,
        "main_url": camera.main_url,
        "sub_url": camera.sub_url,
        "onvif_url": camera.onvif_url,
        "credentials": camera.credentials,
        "transport": camera.transport.value,
        "basic_allowed": camera.basic_allowed,
        "masks": len(camera.masks),
        "recording": camera.recording.value,
    }
