"""Everything but windows: what `headless` runs and the desk stands on."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from console.acting import Deed, Door
from console.bulletin import Bulletin
from console.casework import Casework
from console.command_socket import CommandServer
from console.footage import Footage
from console.home import Home
from console.ingest import Ingest
from console.settings import Settings
from console.turning import Turning
from db.alarms import AlarmStore
from db.audit import AuditStore
from db.bookmarks import BookmarkStore
from db.camera_places import CameraPlaceStore
from db.cameras import CameraStore
from db.database import Database
from db.feed import ChangeFeed
from db.guard_tours import GuardTourStore
from db.incidents import IncidentStore
from db.operators import OperatorStore
from db.readings import ReadingStore
from db.salvos import SalvoStore
from db.secrets import SecretStore
from db.snapshots import SnapshotStore
from db.sync.exchange import Exchange
from db.tours import TourStore
from db.wall_orders import WallOrderStore
from db.walls import WallStore
from domain.alarm import Alarm
from domain.camera import Camera
from domain.clock import Clock
from domain.motion import MotionState
from domain.news import AlarmChanged, EventTaken, IncidentChanged, LinkChanged, LinkName, MotionChanged, News
from domain.operator import Action
from domain.record import Mode, Workplace
from ptz.control import PtzControl
from ptz.watchdog import Watchdog
from sensors.link import FieldLink
from video.engine import VideoEngine
from video.replay import ReplayEngine


@dataclass(frozen=True, slots=True)
class Stores:
    """The local database and what is kept in it."""

    database: Database
    alarms: AlarmStore
    incidents: IncidentStore
    readings: ReadingStore
    cameras: CameraStore
    operators: OperatorStore
    audit: AuditStore
    secrets: SecretStore
    feed: ChangeFeed
    walls: WallStore
    salvos: SalvoStore
    tours: TourStore
    wall_orders: WallOrderStore
    bookmarks: BookmarkStore
    snapshots: SnapshotStore
    camera_places: CameraPlaceStore
    guard_tours: GuardTourStore


@dataclass(slots=True)
class Core:
    """The parts of a running workstation, joined by console/app.py, started and ended together."""

    home: Home
    settings: Settings
    clock: Clock
    workplace: Workplace
    bulletin: Bulletin
    stores: Stores
    door: Door
    casework: Casework
    ingest: Ingest
    footage: Footage
    replay: ReplayEngine
    turning: Turning
    link: FieldLink | None
    exchange: Exchange | None
    write_audit: Callable[[Deed], None]
    motions: dict[int, MotionState] = field(default_factory=dict)
    socket: CommandServer | None = None
    running: bool = False

    @property
    def video(self) -> VideoEngine:
        """Return what gives live pictures."""
        return self.footage.video

    @property
    def ptz(self) -> PtzControl:
        """Return what moves cameras."""
        return self.turning.control

    @property
    def watchdog(self) -> Watchdog:
        """Return what stops cameras when this process can't."""
        return self.turning.watchdog

    def start(self) -> None:
        """Begin: helpers first, then what brings work to them."""
        self.running = True
        self.bulletin.listen(self._wake_exchange)
        self.ingest.start()
        self.video.start()
        cameras = self.stores.cameras.all()
        self.footage.start(cameras, self.stores.alarms.open())
        self.turning.start(cameras)
        if self.exchange is not None:
            self.exchange.start()
        if self.link is not None:
            self.link.start()

    def close(self) -> None:
        """Stop every camera, take what the field already gave, and end all helpers."""
        with ExitStack() as rest:  # in the reverse order, each even where another fails
            rest.callback(self.stores.database.close)
            rest.callback(self.video.close)
            rest.callback(self.footage.close)
            rest.callback(self.replay.close)
            self.turning.close_with(rest)
            if self.exchange is not None:
                rest.callback(self.exchange.close)
            rest.callback(self.stop_intake)
            rest.callback(self.turning.events.close)
            if self.socket is not None:
                rest.callback(self.socket.close)
            self.ptz.stop_all()

    def stop_intake(self) -> None:
        """Hear no more of the field, and commit what it already gave."""
        if self.link is not None:
            self.link.close()
            self.link = None
        self.ingest.close()

    def move_allowed(self, camera: Camera) -> None:
        """Raise RefusedError unless the signed-in operator may move this camera."""
        self.door.act(Action.MOVE_CAMERA, f"camera/{camera.no}")

    def shown(self, alarm: Alarm, topics: tuple[str, ...]) -> None:
        """Answer `shown` for an alarm that is on a signed-in operator's screen."""
        link = self.link
        if link is None or self.door.operator is None:
            return
        for topic in topics:
            link.answer(topic, alarm.event_id, "shown")

    def remember(self, news: News) -> None:
        """Remember what was last heard of each camera's movement, and that the broker knows us."""
        match news:
            case MotionChanged(state):
                self.motions[state.camera_no] = state
            case LinkChanged(LinkName.BROKER, up=True) if self.workplace.mode is Mode.ACTUAL:
                with suppress(OSError):  # a full disk must not keep an SOS out; the gap alarm alone is lost
                    self.home.note_broker()  # a practice city's broker is a new one each time
            case _:
                pass

    def wake_exchange(self) -> None:
        """Have headquarters told at once of what was just saved."""
        if self.exchange is not None:
            self.exchange.wake()

    def _wake_exchange(self, news: News) -> None:
        if isinstance(news, AlarmChanged | IncidentChanged | EventTaken):
            self.wake_exchange()
