"""Moving one head of a camera over its PTZ service, by what it advertises and what its refusals taught."""

from dataclasses import dataclass
from typing import Any, Protocol

from domain.abilities import Abilities, Ladder
from domain.errors import BadInputError, CredentialsError, ProtocolError
from domain.motion import Position, Velocity
from ptz import ladder
from ptz.ladder import Manner, Message

_STILL = Velocity()


@dataclass(frozen=True, slots=True)
class Status:
    """What a camera says of its movement, in shares of its ranges; None where it does not say."""

    position: Position | None
    moving: bool | None


class DeclinedError(ProtocolError):
    """It refused in so many words, so that nothing was begun."""


class LearntError(DeclinedError):
    """It refused, and would now be asked another way."""


class BusyError(DeclinedError):
    """It takes no move now, because it moves or begins to."""


class Asked(Protocol):
    """The PTZ service of a camera, signed."""

    def call(self, operation: str, *, repeatable: bool = True, **values: Any) -> Any:
        """Call an operation and return its answer."""
        ...


class Motions:
    """One head; used by one thread at a time. `manner` outlives the connection: what it learns, it learns once.

    Every operation raises UnreachableError (no answer in time), CredentialsError or ProtocolError.
    """

    def __init__(self, port: Asked, profile: str, abilities: Abilities, manner: Manner) -> None:
        self._port = port
        self._profile = profile
        self._manner = manner
        self.abilities = abilities
        self._before = Velocity()
        self._beat = 0

    def plan(self, wish: Velocity) -> tuple[Message, ...]:
        """Return what has to be said now to move like this; asks where it points, on the last rung of the ladder.

        `wish` is one that fits the camera.
        """
        here = self._here() if ladder.needs_place(wish, self.abilities) else None
        messages = ladder.held(wish, self.abilities, self._manner, here, self._beat)
        self._beat += 1
        return (*self._given_up(wish), *messages)

    def renewed_after_s(self, wish: Velocity) -> float:
        """Return after how many seconds a held movement has to be said again."""
        return ladder.renewed_after_s(wish, self.abilities, self._manner)

    def say(self, message: Message, wish: Velocity) -> None:
        """Send one message of a plan, never twice: a Stop may have gone out since.

        LearntError where it has to be planned anew, BusyError where the camera takes none now.
        """
        self._before = wish
        self._send(message, wish)

    def calm(self) -> None:
        """Say a move of zero, the other way to stop: of places, the one where it is.

        For cameras that ignore Stop; not where it is known to be ignored too.
        """
        for message in self._calming():
            self._port.call(message.operation, repeatable=False, ProfileToken=self._profile, **message.values)

    def stop(self) -> None:
        """Stop all axes; both flags are said."""
        self._port.call("Stop", ProfileToken=self._profile, PanTilt=True, Zoom=True)

    def turn_to(self, there: Position) -> None:
        """Turn to a place; BadInputError where the camera can't be told one."""
        message = ladder.placed(there, self.abilities, self._manner)
        if not message.values["Position"]:
            raise BadInputError("this camera can't be turned to a place")
        self._send(message)

    def shift(self, x: float, y: float) -> None:
        """Turn by shares of half the view, right and up; BadInputError where it does not count in views."""
        message = ladder.shifted(x, y, self.abilities, self._manner)
        if message is None:
            raise BadInputError("this camera can't be turned by what it sees")
        self._send(message)

    def goto(self, token: str) -> None:
        """Turn to a stored view."""
        self._send(Message("GotoPreset", {"PresetToken": token}))

    def home(self) -> None:
        """Turn to the home view."""
        self._send(Message("GotoHomePosition"))

    def status(self) -> Status:
        """Return where it points and whether it moves, as far as it says."""
        answer = self._port.call("GetStatus", ProfileToken=self._profile)
        return Status(ladder.read(getattr(answer, "Position", None), self.abilities), _moving(answer))

    def call(self, operation: str, **values: Any) -> Any:
        """Call any other operation of the PTZ service on this head."""
        return self._send(Message(operation, values))

    def _send(self, message: Message, wish: Velocity = _STILL) -> Any:
        """Send a message once and return its answer; DeclinedError where that is a refusal."""
        try:
            return self._port.call(message.operation, repeatable=False, ProfileToken=self._profile, **message.values)
        except CredentialsError:
            raise
        except ProtocolError as error:
            raise self._understood(error, message, wish) from error.__cause__

    def _here(self) -> Position:
        here = self.status().position
        if here is None:
            raise ProtocolError("the camera is moved by places only, and does not say where it is")
        return here

    def _given_up(self, wish: Velocity) -> tuple[Message, ...]:
        """Return what ends an axis that ran on and is not wished for any more, where the next message does not."""
        before, abilities = self._before, self.abilities
        turn = ladder.turn_rung(before, abilities) is Ladder.CONTINUOUS and not (wish.pan or wish.tilt)
        zoom = ladder.zoom_rung(before, abilities) is Ladder.CONTINUOUS and not wish.zoom
        said_anyway = abilities.turns is abilities.zooms and not self._manner.apart
        if not (turn or zoom) or said_anyway:
            return ()
        return (ladder.continuous(Velocity(), abilities, self._manner),)

    def _calming(self) -> tuple[Message, ...]:
        before, abilities = self._before, self.abilities
        messages: list[Message] = []
        if Ladder.CONTINUOUS in {abilities.turns, abilities.zooms} and not self._manner.zero_ignored:
            messages.append(ladder.continuous(Velocity(), abilities, self._manner))
        turn = ladder.turn_rung(before, abilities) is Ladder.ABSOLUTE
        zoom = ladder.zoom_rung(before, abilities) is Ladder.ABSOLUTE
        if turn or zoom:
            messages.append(ladder.placed(self._here(), abilities, self._manner, turn=turn, zoom=zoom))
        return tuple(messages)

    def _understood(self, error: ProtocolError, message: Message, wish: Velocity) -> ProtocolError:
        """Return what a refusal means, having learnt from it what can be learnt."""
        codes, manner = _codes(error), self._manner
        if "MovingPTZ" in codes:
            return BusyError(str(error))
        if not codes:
            return error  # not refused, but answered with something else
        if "SpaceNotSupported" in codes and not manner.bare:
            manner.bare = True
        elif "TimeoutNotSupported" in codes and not manner.untimed and "Timeout" in message.values:
            manner.untimed = True
        elif ladder.axes(wish) > 1 and not manner.apart:
            manner.apart = True
        else:
            return DeclinedError(str(error))
        return LearntError(str(error))


def _codes(error: ProtocolError) -> str:
    """Return the subcodes of the camera's fault; empty where it was none."""
    told = getattr(error, "codes", None) or getattr(error.__cause__, "subcodes", None) or ()
    code = getattr(error.__cause__, "code", None)
    return " ".join(str(one) for one in (*told, *((code,) if code else ())))


def _moving(answer: Any) -> bool | None:
    status = getattr(answer, "MoveStatus", None)
    told = {str(word) for word in (getattr(status, "PanTilt", None), getattr(status, "Zoom", None)) if word}
    if "MOVING" in told:
        return True
    return False if told == {"IDLE"} else None
