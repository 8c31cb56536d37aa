"""The register's reason for every movement of a camera; without one a crime-prevention camera stays where it looks."""

from collections.abc import Callable, Iterable
from uuid import UUID

from console.acting import RULES, Deed, Door
from domain.camera import Camera
from domain.clock import Clock
from domain.incident import Incident
from domain.operator import RIGHTS, Action
from domain.purpose import HOMEWARD, Away, Cause, Purpose, Reason, incident_served, needs_purpose, of_incident

NO_PURPOSE = "no purpose was given"


class Purposes:
    """Lets movements through the door with what they are for, and knows which cameras are away from home, and why.

    For the UI thread; nothing waits. `incidents` gives those that are open here, `chosen` the one on the screen.
    """

    def __init__(
        self,
        door: Door,
        audit: Callable[[Deed], None],
        clock: Clock,
        incidents: Callable[[], Iterable[Incident]],
        chosen: Callable[[], UUID | None],
    ) -> None:
        self._door = door
        self._audit = audit
        self._clock = clock
        self._incidents = incidents
        self._chosen = chosen
        self._away: dict[int, Away] = {}

    def check(self, camera: Camera) -> None:
        """Raise RefusedError where the right to move cameras is missing, which the register has then; else nothing."""
        if not self._has_the_right():
            self._door.act(Action.MOVE_CAMERA, _subject(camera))

    def admit(self, camera: Camera) -> bool:
        """Let the signed-in operator begin a movement; RefusedError where the right is missing.

        False: the operator has to say what for first (`give`, or `refuse`), and nothing may be moved.
        """
        self.check(camera)
        if not needs_purpose(camera):
            self._door.act(Action.MOVE_CAMERA, _subject(camera))
            return True
        reason = self._known_reason(camera)
        if reason is None:
            return False
        self._begin(camera, reason)
        return True

    def give(self, camera: Camera, purpose: Purpose) -> None:
        """Take what the operator turns this camera for; RefusedError where the right is missing by now.

        The register has it at once, so the movement that waited for it needs no other leave.
        """
        self._begin(camera, Reason(purpose))

    def refuse(self, camera: Camera) -> None:
        """Have it in the register that a movement was wished for, no purpose given, and nothing moved."""
        self._door.refuse(self._door.actor or "nobody", Action.MOVE_CAMERA, _subject(camera), NO_PURPOSE)

    def go_home(self, camera: Camera) -> None:
        """Let the operator turn a camera back to its home view, which needs no purpose; RefusedError as `admit`."""
        self._door.act(Action.MOVE_CAMERA, _subject(camera), HOMEWARD.written)
        self.came_home(camera)

    def admit_rule(self, camera: Camera, reason: Reason) -> None:
        """Write a movement into the register that an alarm, a tour or the return home makes by itself.

        A tour or an alarm turns the camera on its own account, so what a person turned it for has ended.
        """
        self._audit(Deed(self._clock.now(), RULES, Action.MOVE_CAMERA.value, _subject(camera), reason.written))
        if reason.why in {Cause.ALARM, Cause.TOUR, Cause.HOME}:
            self.came_home(camera)

    def came_home(self, camera: Camera) -> None:
        """Take that a camera shows its home view again: who turns it away is asked anew."""
        self._away.pop(camera.no, None)

    def reason(self, camera: Camera) -> Reason | None:
        """Return why a person has turned this camera away, while that stands."""
        away = self._away.get(camera.no)
        stands = away is not None and away.stands(away.actor, self._clock.now(), tuple(self._incidents()))
        return away.reason if away is not None and stands else None

    def forget(self) -> None:
        """Forget every purpose: another person sits down."""
        self._away.clear()

    def _has_the_right(self) -> bool:
        operator = self._door.operator
        return operator is not None and Action.MOVE_CAMERA in RIGHTS[operator.role]

    def _known_reason(self, camera: Camera) -> Reason | None:
        """Return what the operator turned this camera for a moment ago, or the incident that they turn it for."""
        incidents = tuple(self._incidents())
        away = self._away.get(camera.no)
        if away is not None and away.stands(self._door.actor, self._clock.now(), incidents):
            return away.reason
        incident = incident_served(camera, incidents, self._chosen(), self._door.actor)
        return None if incident is None else of_incident(incident)

    def _begin(self, camera: Camera, reason: Reason) -> None:
        self._door.act(Action.MOVE_CAMERA, _subject(camera), reason.written)
        self._away[camera.no] = Away(self._door.actor, reason, self._clock.now())


def _subject(camera: Camera) -> str:
    return f"camera/{camera.no}"
