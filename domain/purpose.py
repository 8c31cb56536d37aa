"""Why a camera is turned away from its home view, as the register has to say.

Personal Information Protection Act (Korea) article 25(5): a camera that was put up in public for one purpose is neither
handled at will nor turned elsewhere for another. Choosing a camera without changing its view is no such handling
(Personal Information Protection Commission, 2018-22-247), so looking asks for nothing; pan, tilt and zoom do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.camera import Camera, SiteKind
from domain.incident import Incident, Status

WITHIN_M = 500.0  # of an incident a camera serves it: what a patrol car is shown of a report
LASTS = timedelta(minutes=5)  # without a command; then whoever comes back to the camera is asked again

_OPEN = frozenset({Status.NEW, Status.IN_PROGRESS})


class Purpose(StrEnum):
    """What a crime-prevention camera may be turned for, in the order of the keys 1 to 9."""

    REPORT = "report_112"
    SOS = "sos"
    SUSPICION = "suspicion"
    MISSING_PERSON = "missing_person"
    PATROL = "patrol_request"
    TRAFFIC = "traffic"
    DISASTER = "disaster"
    MAINTENANCE = "maintenance"
    TRAINING = "training"


class Cause(StrEnum):
    """What else a movement can be for than what a person says."""

    INCIDENT = "incident"
    ALARM = "alarm"
    TOUR = "tour"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a camera is moved: a purpose that a person gave, or a cause with the reference to it."""

    why: Purpose | Cause
    reference: str = ""

    @property
    def written(self) -> str:
        """Return it as the register keeps it: a code and a reference, nothing about people."""
        return f"{self.why}/{self.reference}" if self.reference else self.why.value


HOMEWARD = Reason(Cause.HOME)


def of_incident(incident: Incident) -> Reason:
    """Return the reason that an incident gives."""
    return Reason(Cause.INCIDENT, str(incident.id))


def of_alarm(alarm: UUID) -> Reason:
    """Return the reason that an alarm gives."""
    return Reason(Cause.ALARM, str(alarm))


def of_tour(tour: str) -> Reason:
    """Return the reason of a guard tour, by its id or name."""
    return Reason(Cause.TOUR, tour)


def needs_purpose(camera: Camera) -> bool:
    """Return whether turning this camera away from its home view has to say what for."""
    return camera.site_kind is SiteKind.CRIME_PREVENTION


def incident_served(camera: Camera, incidents: Iterable[Incident], chosen: UUID | None, actor: str) -> Incident | None:
    """Return the open incident that a person turns this camera for, or None.

    It is the one that is on their screen (`chosen`) or that they own, and the camera lies within reach of it; of
    several the one on the screen, then the newest. An incident of unknown place only counts while it is on the screen.
    """
    serves = [incident for incident in incidents if _serves(camera, incident, chosen, actor)]
    return max(serves, key=lambda incident: (incident.id == chosen, incident.opened_at), default=None)


def _serves(camera: Camera, incident: Incident, chosen: UUID | None, actor: str) -> bool:
    if incident.status not in _OPEN:
        return False
    shown = incident.id == chosen
    if not shown and incident.owner != actor:
        return False
    if incident.place is None:
        return shown
    return camera.place.distance_m(incident.place) <= WITHIN_M


@dataclass(frozen=True, slots=True)
class Away:
    """A camera that a person has turned away from its home view, and why; `at` is their last command."""

    actor: str
    reason: Reason
    at: datetime

    def stands(self, actor: str, now: datetime, incidents: Iterable[Incident]) -> bool:
        """Whether it covers another command of this person's; an incident's only while that is being handled."""
        if actor != self.actor or not timedelta(0) <= now - self.at <= LASTS:
            return False
        if self.reason.why is not Cause.INCIDENT:
            return True
        return any(str(one.id) == self.reason.reference and one.status in _OPEN for one in incidents)
