"""Desks that drive each other's walls: two whole consoles here, each on a line of its own to a real headquarters."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from pytestqt.qtbot import QtBot

import console.wall_orders
import db.wall_orders
import domain.wall_order
from console.core import Core
from console.settings import DeskSettings, HqSettings, Settings
from console.start import open_core
from domain.layout import Layout
from domain.operator import Role
from domain.wall import CameraTile, CameraTour, MonitorView, TourTile
from domain.wall_order import Workstation
from tests.console.started import Started
from tests.console.surroundings import PracticeHq, Terminal, make_camera, operator
from tests.db.sync.relay import Relay
from widgets.wall_station_page import StationPage

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

CAMERAS = tuple(make_camera(number) for number in range(1, 7))
KIM, LEE = operator(Role.SUPERVISOR, "kim"), operator(Role.SUPERVISOR, "lee")


class Console(Started):
    """A console with two monitors, and a line to headquarters that can be cut."""

    def __init__(self, qtbot: QtBot, path: Path, hq: HqSettings) -> None:
        port = int(hq.url.split("127.0.0.1:")[1].split("/")[0])
        self.line = Relay(port)
        ours = hq.model_copy(update={"url": hq.url.replace(f":{port}/", f":{self.line.port}/")})
        super().__init__(qtbot, path, Settings(desk=DeskSettings(language="en", name=path.name), hq=ours))
        self.open(self._with_cameras)

    @property
    def origin(self) -> UUID:
        return self.core.workplace.origin

    def _with_cameras(self) -> Core:
        core = open_core(self.home, self.settings)
        core.stores.cameras.replace_many(CAMERAS)
        return core

    def take_seat(self, who: object) -> None:
        self.desk.sign_in(who)
        self.until(lambda: self.desk.walls.plans.loaded and self.desk.wall.cameras == (1, 2, 3, 4, 5, 6))
        self.desk.open_walls(2)

    def look_for(self, other: "Console") -> StationPage:
        """Open the page of other workstations and choose one, as soon as it is there with both its monitors."""
        self.desk.planning.open()
        dialog = self.desk.planning._dialog
        page: StationPage = dialog.stations
        dialog.tabs.setCurrentWidget(page)
        self.until(lambda: self._choose(page, other))
        return page

    def _choose(self, page: StationPage, other: "Console") -> bool:
        model = page.list.model()
        for row in range(model.rowCount()):
            page.list.setCurrentIndex(model.index(row, 0))
            chosen = page.list.chosen
            if isinstance(chosen, Workstation) and chosen.origin == other.origin and page.theirs.count() == 2:
                return True
        page.again_button.click()
        return False

    def send(self, page: StationPage, *, mine: int, theirs: int) -> None:
        page.mine.setCurrentIndex(page.mine.findData(mine))
        page.theirs.setCurrentIndex(page.theirs.findData(theirs))
        page.send_button.click()

    def shows(self, monitor: int, view: MonitorView) -> bool:
        return bool(self.desk.walls.views()[monitor] == view)

    def has_said(self, words: str) -> bool:
        return any(words in message.said for message in self.desk.status._messages)

    def audited(self, action: str) -> list[tuple[str, str, str]]:
        """Return who did this to what for what, oldest first."""
        audit = self.core.stores.audit
        audit.append("test", "look", "", "", datetime.now(UTC))  # everything before it is written
        lines = reversed(audit.recent())
        return [(line.actor, line.subject, line.purpose) for line in lines if line.action == action]

    def close(self) -> None:
        super().close()
        self.line.close()


class Headquarters:
    """Lets nobody in for a while."""

    def __init__(self, url: str) -> None:
        self._admin = psycopg.connect(url, dbname="postgres", autocommit=True)
        self._name = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))

    def shut(self) -> None:
        self._let_in(False)
        self._admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename like 'ws_%'")

    def reopen(self) -> None:
        self._let_in(True)

    def close(self) -> None:
        self._let_in(True)
        self._admin.close()

    def _let_in(self, anybody: bool) -> None:
        self._admin.execute(sql.SQL("alter database {} allow_connections {}").format(self._name, anybody))


@pytest.fixture
def headquarters(hq: PracticeHq) -> Iterator[Headquarters]:
    headquarters = Headquarters(hq.admin_url)
    yield headquarters
    headquarters.close()


@pytest.fixture
def make(qtbot: QtBot, terminal: Terminal, hq: PracticeHq, tmp_path: Path) -> Iterator[Callable[[str], Console]]:
    made: list[Console] = []

    def make(name: str) -> Console:
        said = terminal.run("hq", "init", *hq.arguments, "--json", home=tmp_path / name)
        made.append(Console(qtbot, tmp_path / name, HqSettings(**said.json)))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def two(make: Callable[[str], Console]) -> tuple[Console, Console]:
    north, south = make("north"), make("south")
    north.take_seat(KIM)
    south.take_seat(LEE)
    return north, south


def test_a_layout_a_call_up_a_salvo_and_a_step_back_reach_the_wall_of_another_desk(
    two: tuple[Console, Console],
) -> None:
    north, south = two
    page, walls = north.look_for(south), north.desk.walls
    walls.show_layout(1, "1+5")
    north.send(page, mine=1, theirs=2)
    south.until(lambda: south.shows(2, walls.views()[1]))
    assert walls.views()[1].layout == Layout.of("1+5")
    north.until(lambda: north.has_said("1+5 is on monitor 2 of south."))
    assert south.has_said("kim put 1+5 on monitor 2 here.")

    walls.call(6, 2)
    north.send(page, mine=1, theirs=2)
    south.until(lambda: south.desk.walls.views()[2].tiles[1] == CameraTile(6))

    walls.plans.store_salvo("storm", 4)
    north.until(lambda: walls.plans.plans.salvos)
    for monitor in (1, 2):
        walls.show_layout(monitor, "16")
    walls.plans.call_key(4)
    storm, here = walls.views(), south.desk.walls.views()
    for monitor in (1, 2):
        north.send(page, mine=monitor, theirs=monitor)
        south.until(lambda: south.shows(monitor, storm[monitor]))  # noqa: B023 - waited for in this round
    south.desk.walls.undo()
    assert south.shows(2, here[2]), "the other desk takes its last step back itself"
    assert south.shows(1, storm[1])

    walls.undo()
    north.send(page, mine=1, theirs=1)
    south.until(lambda: south.shows(1, walls.views()[1]))
    assert walls.views()[1].layout == Layout.of("16")
    subjects = [f"wall/{south.origin}/{monitor}" for monitor in (2, 2, 1, 2, 1)]
    done = [
        ("kim", subject, layout) for subject, layout in zip(subjects, ("1+5", "1+5", "1+5", "9", "16"), strict=True)
    ]
    assert north.audited("drive_wall") == south.audited("drive_wall") == done
    assert north.failed == south.failed == []


def test_a_tour_goes_to_the_other_desk_as_the_camera_of_the_moment(two: tuple[Console, Console]) -> None:
    north, south = two
    page, walls = north.look_for(south), north.desk.walls
    walls.show_layout(1, "4")
    tour = CameraTour(UUID(int=7), "yards", (5, 6), 240.0)
    walls.plans.store_tour(tour)
    north.until(lambda: walls.plans.plans.tours)
    walls.desk.put(0, TourTile(tour.id))
    north.send(page, mine=1, theirs=1)
    south.until(lambda: south.desk.walls.views()[1].tiles[0] == CameraTile(5))


def test_who_may_not_drive_walls_is_refused_at_both_ends_and_audited(two: tuple[Console, Console]) -> None:
    north, south = two
    page, before = north.look_for(south), south.desk.walls.views()
    operators = operator(Role.OPERATOR, "park")
    north.core.door.enter(operators)
    north.send(page, mine=1, theirs=2)
    subject = f"wall/{south.origin}/2"
    assert north.audited("refused:drive_wall") == [("park", subject, "9")]
    assert north.has_said("park may not drive_wall")
    view = north.desk.walls.views()[1]
    north.core.stores.wall_orders.order(south.origin, 2, view, operators)  # as a console would that asks nobody
    north.core.wake_exchange()
    south.until(lambda: south.has_said("Refused: park wanted to put 9 on monitor 2"))
    assert south.audited("refused:drive_wall") == [("park", subject, "9")]
    assert south.desk.walls.views() == before


def test_a_desk_where_nobody_is_signed_in_shows_nothing_and_says_so(make: Callable[[str], Console]) -> None:
    north, south = make("north"), make("south")
    north.take_seat(KIM)
    before = south.desk.walls.views()
    north.desk.walls.orders.send_view(south.origin, 1, north.desk.walls.views()[1])
    north.until(lambda: north.has_said("refused 9 on monitor 1: the right is missing, or nobody is signed in there."))
    assert south.desk.walls.views() == before
    assert south.audited("refused:drive_wall") == [("kim", f"wall/{south.origin}/1", "9")]


def test_two_desks_drive_each_other_s_walls_at_once(two: tuple[Console, Console]) -> None:
    north, south = two
    pages = north.look_for(south), south.look_for(north)
    north.desk.walls.show_layout(1, "1+5")
    south.desk.walls.show_layout(1, "2+8")
    given = north.desk.walls.views()[1], south.desk.walls.views()[1]
    north.send(pages[0], mine=1, theirs=1)
    south.send(pages[1], mine=1, theirs=1)
    north.until(lambda: north.shows(1, given[1]))
    south.until(lambda: south.shows(1, given[0]))
    north.until(lambda: north.has_said("1+5 is on monitor 1 of south."))
    south.until(lambda: south.has_said("2+8 is on monitor 1 of north."))
    for _ in range(5):  # nothing goes round in a circle
        north.core.wake_exchange()
    assert [len(each.audited("drive_wall")) for each in two] == [2, 2]


def test_an_order_for_a_desk_that_is_cut_off_is_told_of_and_carried_out_when_it_is_back_in_time(
    two: tuple[Console, Console],
) -> None:
    north, south = two
    page, before = north.look_for(south), south.desk.walls.views()
    north.desk.walls.show_layout(1, "1+5")
    south.line.mute()
    north.send(page, mine=1, theirs=2)
    north.until(lambda: north.has_said("No answer from south yet"))
    assert south.line.swallowed > 0
    assert south.desk.walls.views() == before
    south.line.cut()
    south.until(lambda: south.shows(2, north.desk.walls.views()[1]))
    north.until(lambda: north.has_said("1+5 is on monitor 2 of south."))


def test_an_order_that_reaches_the_other_desk_too_late_is_told_of_at_both_and_not_carried_out(
    two: tuple[Console, Console], monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south = two
    page, before = north.look_for(south), south.desk.walls.views()
    for module in (domain.wall_order, db.wall_orders, console.wall_orders):
        monkeypatch.setattr(module, "ORDER_LIFE", timedelta(seconds=1))
    south.line.mute()
    north.send(page, mine=1, theirs=2)
    north.until(lambda: north.has_said("No answer from south in a minute."))
    south.line.cut()
    subject = f"wall/{south.origin}/2"
    south.until(lambda: south.audited("refused:drive_wall") == [("kim", subject, "9, late")])
    assert south.desk.walls.views() == before


def test_a_desk_without_headquarters_is_told_that_there_is_no_answer(
    two: tuple[Console, Console], headquarters: Headquarters
) -> None:
    north, south = two
    page = north.look_for(south)
    headquarters.shut()
    north.until(lambda: north.has_said("Headquarters is cut off"))
    north.send(page, mine=1, theirs=2)
    north.until(lambda: north.has_said("No answer from south yet: headquarters or that desk may be away."))
    assert south.audited("drive_wall") == []
    headquarters.reopen()
    south.until(lambda: south.audited("drive_wall"))
    north.until(lambda: north.has_said("9 is on monitor 2 of south."))
