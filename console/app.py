"""The only place where objects are made and joined."""

import resource
from pathlib import Path
from uuid import UUID

from console.acting import Deed, Door
from console.bulletin import Bulletin
from console.casework import Casework
from console.core import Core, Stores
from console.footage import Footage
from console.guardian_watch import GuardianWatch
from console.home import Home
from console.ingest import Ingest
from console.resources import RESOURCES
from console.settings import Settings
from console.turning import join_turning
from db.acquaintances import AcquaintanceStore
from db.alarms import AlarmStore
from db.audit import AuditStore
from db.bookmarks import BookmarkStore
from db.camera_places import CameraPlaceStore
from db.cameras import CameraStore
from db.database import Database
from db.events import EventStore
from db.feed import ChangeFeed
from db.guard_tours import GuardTourStore
from db.incidents import IncidentStore
from db.numbers import NumberStore
from db.operators import OperatorStore
from db.quarantine import QuarantineStore
from db.readings import ReadingStore
from db.salvos import SalvoStore
from db.secrets import SecretStore
from db.snapshots import SnapshotStore
from db.sync.address import HqAddress
from db.sync.client import Headquarters
from db.sync.exchange import Exchange
from db.tours import TourStore
from db.wall_orders import WallOrderStore
from db.walls import WallStore
from db.workstation import WorkstationStore
from domain.clock import Clock, SystemClock
from domain.guardian import GuardianLimits
from domain.news import LinkChanged, LinkName
from domain.record import Mode, Workplace
from domain.recording import Clip, RecordingTrouble
from domain.rules import RuleBook
from domain.sign_in_gate import SignInGate
from sensors.address import BrokerAddress
from sensors.link import FieldLink
from video.archive import Archive
from video.budget import Limits
from video.engine import VideoEngine
from video.plan import RingPlan
from video.recorder import Recorder
from video.replay import ReplayEngine


def build_core(home: Home, settings: Settings, clock: Clock, mode: Mode) -> Core:
    """Open this workstation's database and join everything but windows; nothing runs until `Core.start`.

    StorageError where the database can't be opened, SettingsError where a rule file is wrong. The home must have
    been taken.
    """
    _allow_connections()
    rules = RuleBook.load(RESOURCES / "alarm_rules.toml")
    database = Database.open(home.database, clock)
    workplace = Workplace(WorkstationStore(database).origin(), settings.centre.id, mode)
    hybrid = database.hybrid_clock
    bulletin = Bulletin()
    stores = Stores(
        database=database,
        alarms=AlarmStore(database, workplace, hybrid),
        incidents=IncidentStore(database, workplace, hybrid),
        readings=ReadingStore(database),
        cameras=CameraStore(database),
        operators=OperatorStore(database),
        audit=AuditStore(database),
        secrets=SecretStore(home.path),
        feed=ChangeFeed(database, hybrid),
        walls=WallStore(database),
        salvos=SalvoStore(database),
        tours=TourStore(database),
        wall_orders=WallOrderStore(database, workplace, hybrid),
        bookmarks=BookmarkStore(database, workplace, hybrid),
        snapshots=SnapshotStore(database, workplace, hybrid),
        camera_places=CameraPlaceStore(database),
        guard_tours=GuardTourStore(database),
    )
    numbers = NumberStore(database, workplace)

    def audit(deed: Deed) -> None:
        stores.audit.submit(deed.actor, deed.action, deed.subject, deed.purpose, deed.at)

    door = Door(audit, clock)
    ingest = Ingest(
        EventStore(database, workplace, hybrid, rules.alarms_for),
        stores.alarms,
        stores.readings,
        QuarantineStore(database),
        bulletin.post,
        GuardianWatch(workplace, clock, GuardianLimits.load(RESOURCES / "guardian.toml")),
    )
    gate = SignInGate()
    turning = join_turning(
        settings,
        stores.secrets.credentials,
        AcquaintanceStore(database),
        workplace,
        bulletin,
        ingest.offer,
        gate,
        clock,
    )
    footage = _footage(home, settings, stores, workplace, bulletin, ingest, gate, clock)
    core = Core(
        home=home,
        settings=settings,
        clock=clock,
        workplace=workplace,
        bulletin=bulletin,
        stores=stores,
        door=door,
        casework=Casework(door, stores.alarms, stores.incidents, numbers, clock, bulletin.post),
        ingest=ingest,
        footage=footage,
        replay=ReplayEngine(home.ring, home.recordings / "continuous", clock),
        turning=turning,
        link=_field_link(home, settings, workplace, ingest, bulletin, clock),
        exchange=_exchange(settings, stores.feed, numbers, bulletin, clock),
        write_audit=audit,
    )
    bulletin.listen(core.remember)
    for listener in (footage.hear, turning.hear):
        bulletin.listen(listener)
    turning.watchdog.watch(lambda alive: bulletin.post(LinkChanged(LinkName.PTZ_WATCHDOG, up=alive, since=clock.now())))
    return core


def _allow_connections() -> None:
    """Have as many files and connections as the system lets us: the usual 1,024 are few for a city's cameras."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most if most != resource.RLIM_INFINITY else 65_536, most))


def _footage(
    home: Home,
    settings: Settings,
    stores: Stores,
    workplace: Workplace,
    bulletin: Bulletin,
    ingest: Ingest,
    gate: SignInGate,
    clock: Clock,
) -> Footage:
    """Join live pictures with what is kept of them; pictures keep the world's time, whatever clock the room has."""
    kept, world = settings.recording, SystemClock()

    def tell(trouble: RecordingTrouble) -> None:  # nothing is told before `footage` is there and started
        footage.take_trouble(trouble)

    def clip_finished(clip: Clip) -> None:
        footage.clip_finished(clip)

    video = VideoEngine(
        stores.secrets.credentials,
        bulletin.post,
        clock,
        settings.video.workers,
        gate=gate,
        ring=RingPlan(home.ring, kept.ring_s, int(kept.ring_gb * 1e9)),
        ring_trouble=tell,
        limits=Limits(settings.video.cpu_cores, settings.video.megabits),
    )
    recorder = Recorder(home.ring, home.recordings, clock=world, report=tell, clip_finished=clip_finished)
    archive = Archive(
        home.ring,
        home.recordings,
        budget=int(kept.budget_gb * 1e9),
        reserve=int(kept.reserve_gb * 1e9),
        ring_seconds=kept.ring_s,
        clock=world,
        report=tell,
    )
    footage = Footage(video, recorder, archive, workplace, clock, bulletin.post, ingest.offer)
    return footage


def workstation_origin(home: Home, clock: Clock) -> UUID:
    """Return the UUID of the workstation that lives in this home, made where there is none yet."""
    database = Database.open(home.database, clock)
    try:
        return WorkstationStore(database).origin()
    finally:
        database.close()


def _field_link(
    home: Home, settings: Settings, workplace: Workplace, ingest: Ingest, bulletin: Bulletin, clock: Clock
) -> FieldLink | None:
    mqtt = settings.mqtt
    if not mqtt.url:
        return None
    address = BrokerAddress(mqtt.url, mqtt.ca, mqtt.cert, mqtt.key)
    return FieldLink(
        address,
        workplace.centre,
        workplace.origin,
        ingest,
        bulletin.post,
        clock,
        mode=workplace.mode,
        had_session=home.knows_broker,
    )


def _exchange(
    settings: Settings, feed: ChangeFeed, numbers: NumberStore, bulletin: Bulletin, clock: Clock
) -> Exchange | None:
    hq = settings.hq
    if not hq.url:
        return None
    address = HqAddress(hq.url, Path(hq.ca), Path(hq.cert), Path(hq.key))
    return Exchange(feed, Headquarters(address), bulletin.post, clock, numbers)
