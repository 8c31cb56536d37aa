from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from console.resources import RESOURCES
from console.status_presenter import StatusPresenter
from domain.errors import UnreachableError
from domain.news import LinkChanged, LinkName, SyncProgress
from domain.picture import Face
from domain.text import Text, Wording
from tests.console.surroundings import Workstation, operator
from widgets.message_strip import Message, MessageStrip
from widgets.status_bar import ConsoleStatus, StatusBar

pytest_plugins = ["tests.console.fixtures"]


class Bar(StatusBar):
    """A status bar that remembers what it was to show."""

    shown: ConsoleStatus
    times = 0

    def show_status(self, status: ConsoleStatus) -> None:
        super().show_status(status)
        self.shown = status
        self.times += 1


class Strip(MessageStrip):
    """A message strip that remembers what it was to show."""

    shown: tuple[Message, ...] = ()

    def show_messages(self, messages: object) -> None:
        super().show_messages(messages)  # type: ignore[arg-type]
        self.shown = tuple(messages)  # type: ignore[arg-type]


class Foot:
    """What stands at the foot of a desk."""

    def __init__(self, qtbot: QtBot, workstation: Workstation) -> None:
        self.bar, self.strip = Bar(workstation.core.clock), Strip()
        qtbot.addWidget(self.bar)
        qtbot.addWidget(self.strip)
        wording = Wording.load(RESOURCES / "texts.toml", "en")
        self.status = StatusPresenter(self.bar, self.strip, workstation.core, wording, self.bar)

    def said(self) -> list[str]:
        return [message.said for message in self.strip.shown]


@pytest.fixture
def foot(qtbot: QtBot, workstation: Workstation) -> Iterator[Foot]:
    return Foot(qtbot, workstation)  # type: ignore[return-value]


def link(name: LinkName = LinkName.BROKER, *, up: bool, detail: str = "") -> LinkChanged:
    return LinkChanged(name, up, datetime.now(UTC), detail)


def test_disk_and_mode_are_shown_from_the_start(foot: Foot) -> None:
    assert foot.bar.shown.disk_free_gb is not None
    assert foot.bar.shown.disk_free_gb > 0
    assert not foot.bar.shown.headquarters_set


def test_how_long_recordings_stay_is_shown_as_of_the_last_sweep(
    qtbot: QtBot, workstation: Workstation, foot: Foot
) -> None:
    assert foot.bar.shown.recorder is None, "the disk was not swept yet"
    forecast = workstation.core.footage.archive.sweep()
    foot.status._timer.timeout.emit()
    assert foot.bar.shown.recorder == forecast
    del qtbot


def test_a_disk_of_which_nothing_was_heard_is_said_aloud_when_it_fails(foot: Foot) -> None:
    foot.status.show_link(link(LinkName.DISK, up=False, detail="9 bytes short"))
    (lost,) = foot.strip.shown
    assert lost.severe
    assert "9 bytes short" in lost.said


def test_operator_pictures_and_progress_are_shown(foot: Foot) -> None:
    foot.status.show_operator(operator())
    foot.status.show_pictures({1: Face.LIVE, 2: Face.LOST, 3: Face.LIVE})
    foot.status.show_progress(SyncProgress(4, 2, None, None))
    assert foot.bar.shown.operator == operator()
    assert (foot.bar.shown.cameras_live, foot.bar.shown.cameras_wanted) == (2, 3)
    assert foot.bar.shown.sync == SyncProgress(4, 2, None, None)


def test_the_bar_is_not_drawn_again_for_what_it_shows_already(foot: Foot) -> None:
    foot.status.show_pictures({1: Face.LIVE})
    before = foot.bar.times
    foot.status.show_pictures({1: Face.LIVE})
    assert foot.bar.times == before


def test_a_link_that_comes_up_at_the_start_is_shown_and_not_talked_about(foot: Foot) -> None:
    up = link(up=True)
    foot.status.show_link(up)
    assert foot.bar.shown.links == (up,)
    assert foot.said() == []


def test_a_link_that_goes_away_is_said_aloud_until_it_is_back(foot: Foot) -> None:
    foot.status.show_link(link(up=True))
    foot.status.show_link(link(up=False, detail="refused"))
    (lost,) = foot.strip.shown
    assert lost.severe
    assert "refused" in lost.said
    foot.status.show_link(link(up=True))
    (back,) = foot.strip.shown
    assert not back.severe
    assert "again" in back.said


def test_one_link_coming_back_leaves_what_is_said_of_another(foot: Foot) -> None:
    for name in (LinkName.BROKER, LinkName.HEADQUARTERS):
        foot.status.show_link(link(name, up=True))
        foot.status.show_link(link(name, up=False))
    foot.status.show_link(link(LinkName.BROKER, up=True))
    severe = [message.said for message in foot.strip.shown if message.severe]
    assert len(severe) == 1
    assert "Headquarters" in severe[0]


def test_what_failed_is_said_in_its_own_words(foot: Foot) -> None:
    foot.status.say_error(UnreachableError("camera 12 does not answer"))
    foot.status.say_error(ZeroDivisionError("oops"))
    assert "camera 12 does not answer" in foot.said()[0]
    assert "ZeroDivisionError: oops" in foot.said()[1]


def test_the_same_sentence_twice_in_a_row_stands_there_once(foot: Foot) -> None:
    for _ in range(3):
        foot.status.say(Text("no_such_camera", {"number": "99"}))
    assert len(foot.said()) == 1


def test_only_the_newest_fifty_are_kept(foot: Foot) -> None:
    for number in range(60):
        foot.status.say(Text("no_such_camera", {"number": str(number)}))
    assert len(foot.said()) == 50
    assert "59" in foot.said()[-1]


def test_what_is_dismissed_goes_and_the_rest_stays(foot: Foot) -> None:
    for number in (1, 2):
        foot.status.say(Text("no_such_camera", {"number": str(number)}))
    foot.strip.dismiss_asked.emit(foot.strip.shown[0])
    assert len(foot.said()) == 1
    assert "2" in foot.said()[0]
