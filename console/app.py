"""The only place where objects are made and joined."""

from collections.abc import Callable

from console.acting import Deed, Door
from console.bulletin import Bulletin
from console.casework import Casework
from console.core import Core, Stores
from console.guardian_watch import GuardianWatch
from console.home import Home
from console.ingest import Ingest
from console.resources import RESOURCES
from console.settings import Settings
from db.alarms import AlarmStore
from db.audit import AuditStore
from db.cameras import CameraStore
from db.database import Database
from db.events import EventStore
from db.feed import ChangeFeed
from db.incidents import IncidentStore
from db.numbers import NumberStore
from db.operators import OperatorStore
from db.people import PersonStore
from db.quarantine import QuarantineStore
from db.readings import ReadingStore
from db.secrets import SecretStore
from db.sync.address import HqAddress
from db.sync.client import Headquarters
from db.sync.exchange import Exchange
from db.workstation import WorkstationStore
from domain.clock import Clock
from domain.hlc import HybridClock
from domain.news import MotionChanged
from domain.record import Mode, Workplace
from domain.rules import RuleBook
from ptz.control import PtzControl
from ptz.watchdog import Watchdog
from sensors.link import BrokerAddress, FieldLink
from video.engine import VideoEngine


def build_core(home: Home, settings: Settings, clock: Clock, mode: Mode) -> Core:
    """Open this workstation's database and join everything but windows; nothing runs until `Core.start`.

    StorageError where the database can't be opened, SettingsError where a rule file is wrong. The home must have
    been taken.
    """
    database = Database.open(home.database, clock)
    workplace = Workplace(WorkstationStore(database).origin(), settings.centre.id, mode)
