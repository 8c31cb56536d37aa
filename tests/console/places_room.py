"""A desk whose cameras are the practice city's, with a clock that a test moves, for places, tours and returns."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject

from console.rule_turns import RuleTurns
from console.tasks import Tasks
from db.camera_places import CameraPlaceStore
from db.guard_tours import GuardTourStore
from domain.camera import Camera
from domain.clock import FixedClock
from domain.lease import LeaseState, Rank, Standing
from domain.purpose import Reason
from ptz.guard_tours import CameraTours
from ptz.places import Places
from tests.console.surroundings import Workstation
from tests.ptz.places_city import PlacesCity, Steering


class Leasing:
    """Headquarters' answers as a test wants them."""

    def __init__(self) -> None:
        self.standing = Standing.HELD
        self.wished: list[tuple[int, Rank, str]] = []
        self.released: list[tuple[int, str]] = []

    def wish(self, camera: Camera, rank: Rank, position: str) -> LeaseState:
        self.wished.append((camera.no, rank, position))
        return LeaseState(camera.no, position, self.standing)

    def release(self, camera_no: int, position: str) -> None:
        self.released.append((camera_no, position))


class PlacesRoom:
    """What the program turns cameras with."""

    def __init__(self, workstation: Workstation, city: PlacesCity) -> None:
        core = workstation.core
        self.workstation, self.city, self.steering = workstation, city, Steering()
        self.owner = QObject()
        self.tasks = Tasks(self.owner)
        self.clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.leasing = Leasing()
        self.written: list[tuple[int, Reason]] = []
        self.held: set[int] = set()
        self.turns = RuleTurns(
            self.clock,
            lambda camera, reason: self.written.append((camera.no, reason)),
            self.held.__contains__,
            self.leasing,
        )
        self.places = Places(self.steering.contacts, self.steering.control)
        self.camera_tours = CameraTours(self.steering.contacts)
        self.place_store = CameraPlaceStore(core.stores.database)
        self.tour_store = GuardTourStore(core.stores.database)
        self.door = core.door

    def camera(self, number: int) -> Camera | None:
        """Return a camera of the city."""
        return self.city.camera(number) if number < 80 else None

    def asked(self, no: int, operation: str) -> int:
        """Return how often a camera was asked this."""
        return len(self.city.journal(no, operation))

    def close(self) -> None:
        self.tasks.close()
        self.steering.close()
