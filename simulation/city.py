"""The practice city: everything that runs outside the control room, made and joined here."""

import fcntl
import os
import random
import secrets
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from domain.camera import Camera, Credentials
from domain.camera_list import write_camera_list
from domain.clock import Clock, FastClock, SystemClock
from domain.errors import BadInputError
from domain.fact import Json
from simulation.agenda import Agenda
from simulation.answered import AnsweredMessages
from simulation.broker import Broker
from simulation.camera_process import SECRET, CameraProcess
from simulation.control import Answer, Control, seconds_of, text_of
from simulation.field import FieldNetwork
from simulation.field_faults import FieldFaults
from simulation.headquarters import HeadquartersAddress, join
from simulation.journal import Journal
from simulation.partners import Partners
from simulation.processes import Spawner
from simulation.profile import CityProfile, load_profile
from simulation.story import Story, StoryTeller, load_story
from simulation.story_steps import Cast
from simulation.walker import RoutineWalker
from simulation.weather import SensorVoice, StationVoice

REPORT_EVERY_S = 1.0

_USER = "practice"
_FOLDER_PREFIX = f"watchroom-practice-{os.geteuid()}-"


@dataclass(frozen=True, slots=True, kw_only=True)
class CityOptions:
    """What was asked for; `workdir` None makes a folder that goes with the city."""

    city: str
    cameras: int
    scenario: str | None = None
    seed: int = 7
    speed: float = 1.0
    workdir: Path | None = None
    headquarters: Path | None = None
    with_cameras: bool = True


class City:
    """One practice city. `start` returns when all of it answers; `close` leaves nothing behind."""

    def __init__(self, options: CityOptions) -> None:
        self._options = options
        self._profile: CityProfile = load_profile(options.city)
        if not 0 <= options.cameras <= len(self._profile.cameras):
            raise BadInputError(f"{options.city} has {len(self._profile.cameras)} cameras")
        if options.scenario is not None:
            load_story(options.scenario)
        self._clock: Clock = SystemClock() if options.speed == 1.0 else FastClock(options.speed)
        self._journal = Journal(self._clock)
        self._credentials = Credentials(_USER, secrets.token_urlsafe(12))
        self._closing = ExitStack()
        self._address: HeadquartersAddress | None = None
        self._register: tuple[Camera, ...] = ()

    def start(self) -> dict[str, Json]:
        """Start everything and return what the ready line says; a WatchroomError where a part does not start."""
        try:
            return self._start()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop everything, in the opposite order."""
        self._closing.close()

    def _start(self) -> dict[str, Json]:
        folder = self._make_folder()
        spawner = Spawner()
        self._closing.callback(spawner.close)
        self._join_headquarters()
        self._broker = Broker(spawner, folder / "broker")
        self._broker.start()
        self._closing.callback(self._broker.stop)
        self._cameras = CameraProcess(spawner, folder)
        self._closing.callback(self._cameras.stop)
        self._register = self._play_cameras()
        path = folder / "register.csv"
        path.write_text(write_camera_list(self._register), encoding="utf-8")
        self._populate()
        control = self._open_control()
        if self._options.scenario is not None:
            self._begin_story({"name": self._options.scenario})
        return self._ready_line(path, control)

    def _make_folder(self) -> Path:
        if self._options.workdir is not None:
            folder = self._options.workdir.absolute()
            folder.mkdir(parents=True, exist_ok=True)
            return folder
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER_PREFIX))
        lock = self._closing.enter_context((folder / "lock").open("wb"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        self._closing.callback(shutil.rmtree, folder, ignore_errors=True)
        _remove_orphaned(folder.parent)
        return folder

    def _join_headquarters(self) -> None:
        if self._options.headquarters is not None:
            membership = join(self._options.headquarters)
            self._closing.callback(membership.close)
            self._address = membership.address

    def _play_cameras(self) -> tuple[Camera, ...]:
        streaming = self._profile.cameras[: self._options.cameras]
        if not self._options.with_cameras or not streaming:
            return self._profile.cameras
        profile = self._profile
        playing = self._cameras.start(streaming, profile.ptz, profile.codecs, self._credentials, self._options.seed)
        return (*playing, *profile.cameras[len(playing) :])

    def _populate(self) -> None:
        clock, journal, profile, seed = self._clock, self._journal, self._profile, self._options.seed
        self._agenda = agenda = Agenda(clock, journal)
        self._network = network = FieldNetwork(profile.centre)
        self._answered = answered = AnsweredMessages(network, agenda, journal)
        self._partners = Partners(profile, network, agenda, clock, journal)
        self._teller = StoryTeller(self._cast, agenda, clock, journal)
        self._faults = FieldFaults(self._sources, network, self._broker)
        network.start(self._broker.port)
        self._closing.callback(network.close)
        agenda.start()
        self._closing.callback(agenda.close)
        walker = RoutineWalker(profile.walker, network, answered, agenda, clock, random.Random(f"{seed}/walker"))
        agenda.after(0.0, self._partners.begin)
        agenda.after(0.0, walker.set_out)
        for number, station in enumerate(profile.stations, 1):
            agenda.every(REPORT_EVERY_S, StationVoice(f"station/{number}", station, network, clock, seed).report)
        for number, sensor in enumerate(profile.sensors, 1):
            agenda.every(REPORT_EVERY_S, SensorVoice(f"sensor/{number}", sensor, network, clock, seed).report)

    def _cast(self, story: Story) -> Cast:
        return Cast(
            profile=self._profile,
            agency_kind=story.agency_kind,
            network=self._network,
            answered=self._answered,
            partners=self._partners,
            agenda=self._agenda,
            clock=self._clock,
            chance=random.Random(f"{self._options.seed}/{story.name}"),
        )

    def _sources(self) -> list[str]:
        """Return the names of all who speak in the field, as faults name them."""
        profile = self._profile
        crowd = (
            ("station", len(profile.stations)),
            ("sensor", len(profile.sensors)),
            ("walker", 2),
            ("bell", len(profile.bells)),
            ("unit", len(profile.units)),
            ("partner", len(profile.agencies)),
        )
        return [f"{kind}/{number}" for kind, count in crowd for number in range(1, count + 1)]

    def _open_control(self) -> Control:
        looks = ["/sent", *(f"/ptz/{number}/log" for number in sorted(self._profile.ptz))]
        control = Control(
            {
                **{("GET", path): self._look_at_cameras(path) for path in looks},
                ("GET", "/state"): lambda _: self._agenda.ask(self._state),
                ("POST", "/fault"): self._begin_fault,
                ("POST", "/clear"): self._clear_fault,
                ("POST", "/story"): self._begin_story,
            }
        )
        control.start()
        self._closing.callback(control.close)
        return control

    def _look_at_cameras(self, path: str) -> Answer:
        return lambda _: self._cameras.look(path)

    def _begin_story(self, wish: dict[str, Json]) -> Json:
        name = text_of(wish, "name")
        self._agenda.ask(lambda: self._teller.begin(name))
        return {"story": name}

    def _begin_fault(self, wish: dict[str, Json]) -> Json:
        target, name, for_s = text_of(wish, "target"), text_of(wish, "fault"), seconds_of(wish, "for_s")
        if _is_camera(target):
            return self._cameras.pass_on("/fault", wish)
        occurrence = self._agenda.ask(lambda: self._faults.begin(target, name))
        self._journal.say("fault", target=target, fault=name, for_s=for_s)
        if for_s is not None:
            self._agenda.after(for_s, lambda: self._faults.expire(occurrence))
        return {"target": target, "fault": name}

    def _clear_fault(self, wish: dict[str, Json]) -> Json:
        target = text_of(wish, "target")
        if _is_camera(target):
            return self._cameras.pass_on("/clear", wish)
        self._agenda.ask(lambda: self._faults.clear(target))
        self._journal.say("fault cleared", target=target)
        return {"target": target}

    def _state(self) -> Json:
        return {
            "centre": self._profile.centre,
            "city": self._profile.city,
            "seed": self._options.seed,
            "speed": self._options.speed,
            "broker": {"up": self._broker.up, "pid": self._broker.pid, "connected": self._network.connected},
            "cameras": {"up": self._cameras.up},
            "messages": self._network.sent,
            "faults": {**self._faults.state()},
            "units": {unit.post.id: unit.status for unit in self._partners.units},
            "answers": self._answered.state(),
            "story": self._teller.state(),
        }

    def _ready_line(self, register: Path, control: Control) -> dict[str, Json]:
        secret: dict[str, Json] = {"user": self._credentials.user, "password": self._credentials.password}
        return {
            "centre": self._profile.centre,
            "city": self._profile.city,
            "mqtt": self._broker.url,
            "cameras": str(register),
            "credentials": {SECRET: secret},
            "control": control.url,
            "headquarters": asdict(self._address) if self._address is not None else None,
            "counts": {
                "sites": len({camera.site for camera in self._register}),
                "streaming": sum(camera.streams for camera in self._register),
                "ptz": sum(camera.ptz for camera in self._register),
            },
        }


def _remove_orphaned(parent: Path) -> None:
    """Remove the temporary folders of cities that were killed: nobody holds their lock."""
    for lock_path in parent.glob(f"{_FOLDER_PREFIX}*/lock"):
        try:
            with lock_path.open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock_path.parent, ignore_errors=True)
        except OSError:  # in use, or another city is removing it
            continue


def _is_camera(target: str) -> bool:
    return target.startswith(("camera/", "ptz/"))
