"""A look at each widget without the rest of the console: samples to put into them, and pictures of it all."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from domain.alarm import Acknowledgement, Alarm, AlarmState, Desk, Priority
from domain.camera import Camera, SiteKind
from domain.clock import FixedClock
from domain.incident import Incident, LogEntry, Status
from domain.picture import PictureState
from domain.place import Place
from domain.record import Mode
from domain.text import Text
from widgets.theme import ThemeName, apply_theme

NOON = datetime(2026, 11, 23, 5, 2, 25, tzinfo=UTC)
_SITES = (
    ("청라 공원", SiteKind.PARK, "청라"),
    ("영종 초등학교 15", SiteKind.CRIME_PREVENTION, "영종"),
    ("송도 센트럴파크", SiteKind.PARK, "송도"),
    ("비산사거리", SiteKind.INTERSECTION, "동안"),
    ("만안 골목 7", SiteKind.CRIME_PREVENTION, "만안"),
    ("을왕리 해변", SiteKind.SHORE, "영종"),
)


@dataclass
class SampleFrame:
    """A picture of one colour that can be told to have been overwritten."""

    width: int
    height: int
    sent_no: int
    arrived_at: float
    colour: str = "#405060"
    whole: bool = True

    @property
    def pixels(self) -> memoryview:
        image = QImage(self.width, self.height, QImage.Format.Format_RGB32)
        image.fill(QColor(self.colour))
        return memoryview(bytes(image.constBits()))

    def intact(self) -> bool:
        return self.whole


@dataclass
class SampleSource:
    """Frames that are handed out one after another, and a state that a test sets."""

    told: PictureState = field(default_factory=lambda: PictureState(since=0.0))
    frames: list[SampleFrame] = field(default_factory=list)

    def newest(self) -> SampleFrame | None:
        return self.frames.pop(0) if self.frames else None

    def state(self) -> PictureState:
        return self.told

    def send(self, sent_no: int, at: float, width: int = 320, height: int = 180, **faces: object) -> None:
        self.frames.append(SampleFrame(width, height, sent_no, at, **faces))  # type: ignore[arg-type]
        self.told = replace(self.told, picture_at=at)


class Samples:
    """What tests put into widgets."""

    noon = NOON
    source = SampleSource

    def camera(self, number: int = 417, **changes: object) -> Camera:
        site, kind, district = _SITES[number % len(_SITES)]
        camera = Camera(
            no=number,
            name=f"{site} {number % 9 + 1}번",
            site=site,
            site_kind=kind,
            district=district,
            place=Place(37.4016, 126.65),
            sub_url=f"rtsp://127.0.0.1/{number}",
            onvif_url="http://127.0.0.1/onvif" if number % 4 == 1 else "",
        )
        return replace(camera, **changes)  # type: ignore[arg-type]

    def alarm(
        self, number: int = 1, priority: Priority = Priority.CRITICAL, ago_s: float = 126, **changes: object
    ) -> Alarm:
        titles = {
            Priority.CRITICAL: "SOS",
            Priority.HIGH: "연기 의심",
            Priority.MEDIUM: "쓰러짐 의심",
            Priority.LOW: "장비 이상",
        }
        alarm = Alarm(
            id=UUID(int=number),
            origin=UUID(int=1000),
            centre="ifez",
            district="송도",
            mode=Mode.ACTUAL,
            event_id=UUID(int=number + 500),
            rule="sos",
            kind="sos",
            title=Text(titles[priority]),
            priority=priority,
            desk=Desk.CRIME,
            raised_at=NOON - timedelta(seconds=ago_s),
            source="송도 센트럴파크",
            place=Place(37.4016, 126.65),
        )
        return replace(alarm, **changes)  # type: ignore[arg-type]

    def acknowledged(self, alarm: Alarm, by: str = "김하늘", *, here_only: bool = False) -> Alarm:
        known = Acknowledgement(by, alarm.raised_at + timedelta(seconds=7), here_only)
        return replace(alarm, state=AlarmState.ACKNOWLEDGED, acknowledgement=known)

    def queue(self) -> tuple[Alarm, ...]:
        """A busy quarter of an hour."""
        rows = [
            self.alarm(1, Priority.CRITICAL, 126),
            self.acknowledged(self.alarm(2, Priority.CRITICAL, 412, source="안양역 2번 출구")),
            self.alarm(3, Priority.HIGH, 118, source="영종 초등학교 15"),
            self.alarm(4, Priority.HIGH, 840, source="만안 골목 7", mode=Mode.EXERCISE),
            self.acknowledged(self.alarm(5, Priority.HIGH, 903, source="비산사거리"), here_only=True),
            self.alarm(6, Priority.MEDIUM, 61, source="을왕리 해변", place=None),
            self.acknowledged(self.alarm(7, Priority.MEDIUM, 3700, source="청라 공원"), "이가람"),
            self.alarm(8, Priority.LOW, 95, source="0454"),
        ]
        return tuple(rows)

    def incident(self, **changes: object) -> Incident:
        incident = Incident(
            id=UUID(int=77),
            origin=UUID(int=1000),
            centre="ifez",
            district="송도",
            mode=Mode.ACTUAL,
            number="2026-ifez-000417",
            kind="SOS",
            opened_at=NOON - timedelta(seconds=110),
            priority=Priority.CRITICAL,
            desk=Desk.CRIME,
            place=Place(37.4016, 126.65),
            owner="김하늘",
            status=Status.IN_PROGRESS,
            alarms=(UUID(int=1),),
            log=(
                LogEntry(NOON - timedelta(seconds=110), "김하늘", "opened"),
                LogEntry(NOON - timedelta(seconds=105), "김하늘", "moved", (("status", "in_progress"),)),
                LogEntry(
                    NOON - timedelta(seconds=80),
                    "김하늘",
                    "noted",
                    (("text", "회신 전화 응답 없음, 0417 카메라로 확인 중"),),
                ),
                LogEntry(
                    NOON - timedelta(seconds=40),
                    "김하늘",
                    "dispatched",
                    (("agency", "police"), ("text", "센트럴파크 동문")),
                ),
            ),
        )
        return replace(incident, **changes)  # type: ignore[arg-type]


@pytest.fixture
def samples() -> Samples:
    return Samples()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def render() -> Callable[[Text], str]:
    return lambda text: text.code


@pytest.fixture(autouse=True)
def _night(qapp: QApplication) -> Iterator[None]:
    """Start each test in the night theme, in English."""
    apply_theme(qapp, ThemeName.NIGHT)
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go: a folder of the test run, or the one that WATCHROOM_PICTURES names, to look at them."""
    asked = os.environ.get("WATCHROOM_PICTURES")
    folder = Path(asked) if asked else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def take_picture(pictures: Path) -> Callable[[QWidget, str, int, int], QImage]:
    """Return what shows a widget at a size, waits until it is painted, keeps a PNG and returns it."""

    def take(widget: QWidget, name: str, width: int, height: int) -> QImage:
        widget.resize(width, height)
        widget.show()
        image = widget.grab().toImage()
        assert image.save(str(pictures / f"{name}.png"))
        return image

    return take


@pytest.fixture(scope="session")
def korean_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Korean texts as Qt reads them, made as set-up makes them."""
    target = tmp_path_factory.mktemp("i18n") / "watchroom_ko.qm"
    source = Path(__file__).parents[2] / "resources" / "i18n" / "watchroom_ko.ts"
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([tool, "-silent", source, "-qm", target], check=True, timeout=60)
    return target


@pytest.fixture(params=["en", "ko"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> str:
    """Run a test in English and in Korean; give it the language."""
    if request.param == "ko":
        translator = QTranslator(qapp)
        assert translator.load(str(request.getfixturevalue("korean_file")))
        qapp.installTranslator(translator)
    return str(request.param)
