"""What `main.py ptz` asks of the process that owns a home: one camera, one verb, over the console's own control."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from console.acting import COMMAND_LINE, Door
from console.core import Core
from domain.camera import Camera
from domain.errors import BadInputError, UnreachableError
from domain.fact import Json
from domain.lease import NOTICE_S, LeaseState, Rank, rank_of
from domain.motion import MotionPhase, MotionState, Velocity
from domain.operator import Action
from domain.purpose import Purpose

Request = Mapping[str, Json]

POSITION = "command"  # that asks for leases
_WATCHDOG_S = 10.0  # it is a process of its own, just started where no console runs
_LEASE_S = NOTICE_S + 2.0  # whoever has the camera is given notice, headquarters is asked twice a second
_LINK_S = 2.0  # headquarters counts as away until it has answered for the first time
_BEGIN_S = 15.0  # a slow camera's first answers
_CONFIRM_S = 4.0  # a Stop that is not confirmed by then may not have been heard
_ARRIVE_S = 60.0  # what is on its way for longer is stopped by the watchdog
_LOOK_S = 0.02
_LONGEST_S = 60.0
_LEFT = frozenset(MotionPhase) - {MotionPhase.READY, MotionPhase.DISABLED}
_ENDED = frozenset({MotionPhase.STOPPED, MotionPhase.MAY_BE_MOVING, MotionPhase.DISABLED})


class PtzRequests:
    """Answers requests `{"do": "ptz", "camera": NUMBER, "verb": NAME, …}`; raises what went wrong as one of our errors.

    `door` gives the door with who asks before it, and refuses who is not known.
    """

    def __init__(self, core: Core, door: Callable[[Request, Action], Door]) -> None:
        self._core = core
        self._door = door

    def answer(self, request: Request, gone: threading.Event) -> Json:
        """Do what is asked and return what it gives. `gone` is set when the caller goes: then nothing turns on."""
        camera, verb, name = self._camera(request), str(request["verb"]), str(request.get("name", ""))
        ptz = self._core.ptz
        match verb:
            case "status":
                return self._status(camera)
            case "presets":
                return [{"token": preset.token, "name": preset.name} for preset in ptz.presets(camera)]
            case "move":
                return self._move(camera, request, gone)
            case "goto":
                return self._goto(camera, name, request, gone)
            case "stop":
                return self._stop(camera, request)
            case "set":
                self._admit(request, Action.SET_PRESET, camera)
                preset = ptz.set_preset(camera, name)
                return {"done": verb, "name": preset.name, "token": preset.token}
            case "remove":
                self._admit(request, Action.SET_PRESET, camera)
                ptz.remove_preset(camera, self._token(camera, name))
                return {"done": verb, "name": name}
            case _:
                raise BadInputError(f"unknown ptz request {verb}")

    def _camera(self, request: Request) -> Camera:
        number = request.get("camera")
        camera = self._core.stores.cameras.find(number) if isinstance(number, int) else None
        if camera is None:
            raise BadInputError(f"no camera has the number {number}")
        if not camera.ptz:
            raise BadInputError(f"camera {number} can't be moved: its register entry has no ONVIF address")
        return camera

    def _status(self, camera: Camera) -> Json:
        position = self._core.ptz.status(camera)
        if position is None:
            raise UnreachableError(f"camera {camera.no} does not say where it points")
        return {"pan": position.pan, "tilt": position.tilt, "zoom": position.zoom}

    def _move(self, camera: Camera, request: Request, gone: threading.Event) -> Json:
        pan, tilt, zoom, for_s = (_number(request, key) for key in ("pan", "tilt", "zoom", "for_s"))
        velocity = Velocity(pan, tilt, zoom)
        if velocity != velocity.clamped() or velocity.still:
            raise BadInputError("a move needs --pan, --tilt or --zoom within -1..1, not all 0")
        if not 0 < for_s <= _LONGEST_S:
            raise BadInputError("--for must be above 0 and at most 60 seconds")
        with self._lent(camera, self._admitted(request, camera), gone) as warning:
            try:
                self._core.ptz.move(camera, velocity)
                self._await_move(camera, gone)  # the first move of a camera connects to it first
                lost = self._held(camera, for_s, gone)
            except BaseException:  # Ctrl+C too
                self._core.ptz.stop(camera)
                raise
            if lost:  # whoever has it now is not to be stopped
                raise UnreachableError(lost)
            self._core.ptz.stop(camera)
            return {"stopped": self._stopped(camera), **warning}

    def _goto(self, camera: Camera, name: str, request: Request, gone: threading.Event) -> Json:
        rank = self._admitted(request, camera)
        token = self._token(camera, name)
        with self._lent(camera, rank, gone) as warning:
            try:
                self._core.ptz.goto(camera, token)
                self._await_arrival(camera, gone)
            except BaseException:  # Ctrl+C too: whoever is not there any more turns nothing on
                self._core.ptz.stop(camera)
                raise
            return {"done": "goto", "name": name, **warning}

    def _stop(self, camera: Camera, request: Request) -> Json:
        ptz = self._core.ptz
        self._admit(request, Action.MOVE_CAMERA, camera)
        ptz.stop(camera)  # at once, whatever else is not there
        self._core.watchdog.wait_alive(_WATCHDOG_S)  # without it nothing is said of the camera but that
        self._core.motions.pop(camera.no, None)
        ptz.stop(camera)
        return {"stopped": self._stopped(camera, _BEGIN_S)}

    # -- before it moves: the right, what for, the watchdog, the lease

    def _admit(self, request: Request, action: Action, camera: Camera, purpose: str = COMMAND_LINE) -> Door:
        door = self._door(request, action)
        door.act(action, f"camera/{camera.no}", purpose)
        return door

    def _admitted(self, request: Request, camera: Camera) -> Rank:
        """Have a movement admitted with what it is for, and return the rank of whoever asks.

        Who does not say what for is written down as the command line: scripts were there before purposes were asked.
        """
        said = str(request.get("purpose", ""))
        if said and said not in set(Purpose):
            raise BadInputError(f"--purpose must be one of {', '.join(Purpose)}")
        door = self._admit(request, Action.MOVE_CAMERA, camera, said or COMMAND_LINE)
        if not self._core.watchdog.wait_alive(_WATCHDOG_S):
            raise UnreachableError("the PTZ watchdog is not there, so nothing is moved")
        return rank_of(door.operator.role) if door.operator is not None else Rank.OPERATOR

    @contextmanager
    def _lent(self, camera: Camera, rank: Rank, gone: threading.Event) -> Iterator[dict[str, Json]]:
        """Have the camera lent to the command, and forget what was heard of it; give what is to be said of that."""
        leases = self._core.turning.leases
        try:
            state = self._leased(camera, rank, gone)
            leases.used(camera.no, POSITION)
            self._core.motions.pop(camera.no, None)
            yield {"warning": "headquarters is away: nobody else was asked"} if state.local else {}
        finally:
            leases.release(camera.no, POSITION)

    def _leased(self, camera: Camera, rank: Rank, gone: threading.Event) -> LeaseState:
        """Return how the camera was lent to the command; UnreachableError where somebody else has it."""
        leases = self._core.turning.leases
        state, waited_s = leases.wish(camera, rank, POSITION), 0.0
        while waited_s < (_LINK_S if state.may_move else _LEASE_S) and not gone.is_set():
            if state.may_move and not state.local:
                return state
            gone.wait(_LOOK_S)
            waited_s += _LOOK_S
            state = leases.state(camera.no, POSITION)
        if gone.is_set():
            raise UnreachableError("nobody waits for the move any more, so nothing is moved")
        if not state.may_move:
            raise UnreachableError(f"camera {camera.no} is in use{_by(state)}, so nothing is moved")
        return state

    # -- while it moves

    def _held(self, camera: Camera, for_s: float, gone: threading.Event) -> str:
        """Wait until the movement is to end; say who ended it before that, or took the camera, else nothing."""
        clock, leases = self._core.clock, self._core.turning.leases
        ends_at = clock.monotonic() + for_s
        while (left_s := ends_at - clock.monotonic()) > 0 and not gone.wait(min(left_s, _LOOK_S)):
            if not leases.may_move(camera.no, POSITION):
                return f"camera {camera.no} was taken over{_by(leases.state(camera.no, POSITION))}"
            motion = self._core.motions.get(camera.no)
            if motion is not None and motion.phase is MotionPhase.STOPPED:
                return f"camera {camera.no} was stopped by somebody else"
        return ""

    def _await_move(self, camera: Camera, gone: threading.Event) -> None:
        """Wait until the move has left; UnreachableError where it does not, and then nothing moves."""
        state = self._hear(camera, lambda state: state.phase in _LEFT or bool(state.detail), _BEGIN_S, gone)
        if state is None or state.phase not in _LEFT:
            why = state.detail if state is not None and state.detail else "it does not answer"
            raise UnreachableError(f"camera {camera.no} was not moved ({why})")

    def _await_arrival(self, camera: Camera, gone: threading.Event) -> None:
        """Wait until the camera stands again; UnreachableError where it does not, or does not say so."""
        state = self._hear(camera, _settled, _ARRIVE_S, gone)
        if gone.is_set():
            raise UnreachableError("nobody waits for the movement any more, so it was stopped")
        if state is None or state.phase is not MotionPhase.STOPPED:
            why = state.detail if state is not None and state.detail else "nothing was heard of it"
            raise UnreachableError(f"camera {camera.no} was not seen to arrive ({why})")

    def _stopped(self, camera: Camera, within_s: float = _CONFIRM_S) -> bool:
        """Wait for the camera's own word; UnreachableError where it does not give it."""
        state = self._hear(camera, _settled, within_s, threading.Event())
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


def _settled(state: MotionState) -> bool:
    """Whether nothing more will be heard of a movement that was ended, or that ended by itself."""
    return state.phase in _ENDED or (state.phase is MotionPhase.READY and bool(state.detail))


def _by(state: LeaseState) -> str:
    if state.who is None:
        return ""
    return f" at the {state.who.position} here" if state.who.position else " at another workstation"


def _number(request: Request, key: str) -> float:
    value = request.get(key, 0.0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInputError(f"{key}: not a number")
    return float(value)
