"""What turns cameras, and what listens to them, joined: all of it shares one set of contacts and one sign-in gate."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from console.bulletin import Bulletin
from console.camera_events import CameraEvents, Chosen
from console.camera_exchanges import CameraExchanges
from console.heart import Heart
from console.leases import Leases
from console.settings import Settings
from db.acquaintances import AcquaintanceStore
from db.sync.address import HqAddress
from db.sync.client import Headquarters
from db.sync.leases import ANSWER_WITHIN_S, LeaseLine
from domain.camera import Camera, Credentials
from domain.clock import Clock, SystemClock
from domain.errors import BadInputError, SettingsError
from domain.event import FieldReport
from domain.news import LeaseChanged, MotionChanged, News
from domain.record import Workplace
from domain.sign_in_gate import SignInGate
from ptz.contacts import Contacts
from ptz.control import PtzControl
from ptz.listening import Listening
from ptz.watchdog import Watchdog


@dataclass(frozen=True, slots=True)
class Turning:
    """The parts; `console.core.Core` starts and ends them."""

    watchdog: Watchdog
    control: PtzControl
    leases: Leases
    events: CameraEvents
    exchanges: CameraExchanges

    def start(self, cameras: Sequence[Camera]) -> None:
        """Begin, with this register; what is heard of cameras goes to an intake that runs."""
        self.watchdog.start()
        self.leases.start()
        self.events.start(cameras)

    def close_with(self, rest: ExitStack) -> None:
        """Have everything ended by `rest`, in the reverse order: cameras are stopped before their leases end."""
        rest.callback(self.watchdog.close)
        rest.enter_context(Heart(self.watchdog))
        rest.callback(self.leases.close)
        rest.callback(self.control.close)

    def hear(self, news: News) -> None:
        """Take what happens."""
        self.events.hear(news)
        self.exchanges.hear(news)
        if isinstance(news, MotionChanged):
            self.leases.heed(news.state)


def join_turning(
    settings: Settings,
    credentials: Callable[[str], Credentials | None],
    acquaintances: AcquaintanceStore,
    workplace: Workplace,
    bulletin: Bulletin,
    offer: Callable[[FieldReport], bool],
    gate: SignInGate,
    clock: Clock,
) -> Turning:
    """Make and join them; nothing runs yet. Cameras and leases keep the world's time, whatever clock the room has."""
    world = SystemClock()
    watchdog = Watchdog(world)
    exchanges = CameraExchanges(workplace, clock, offer)
    contacts = Contacts(credentials, world, gate, acquaintances, exchanges.take)
    leases = Leases(
        _lease_line(settings, workplace.origin),
        lambda camera: control.stop(camera),  # noqa: PLW0108 - made below
        lambda state: bulletin.post(LeaseChanged(state)),
        world,
    )
    control = PtzControl(
        credentials,
        lambda state: bulletin.post(MotionChanged(state)),
        world,
        watchdog,
        gate,
        contacts=contacts,
        may_move=leases.may_move,
    )
    events = CameraEvents(
        lambda report: Listening(contacts, report, world, gate),
        _chosen(settings.events.listen),
        workplace,
        clock,
        offer,
    )
    return Turning(watchdog, control, leases, events, exchanges)


def _chosen(listen: str) -> Chosen:
    try:
        return Chosen(listen)
    except BadInputError as error:
        raise SettingsError(f"events.listen: {error}") from error


def _lease_line(settings: Settings, origin: UUID) -> LeaseLine | None:
    hq = settings.hq
    if not hq.url:
        return None
    address = HqAddress(hq.url, Path(hq.ca), Path(hq.cert), Path(hq.key))
    return LeaseLine(Headquarters(address, ANSWER_WITHIN_S), origin, SystemClock())
