import threading
from datetime import UTC, datetime

from console.bulletin import Bulletin
from domain.motion import MotionPhase, MotionState
from domain.news import LinkChanged, LinkName, MotionChanged, News, Notice, SyncProgress
from domain.text import Text

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def link(name: LinkName, *, up: bool) -> LinkChanged:
    return LinkChanged(name, up, NOON)


def moving(camera: int, phase: MotionPhase) -> MotionChanged:
    return MotionChanged(MotionState(camera, phase))


def test_everybody_who_listens_hears_everything_in_order() -> None:
    bulletin = Bulletin()
    first: list[News] = []
    second: list[News] = []
    bulletin.listen(first.append)
    bulletin.listen(second.append)
    told = [Notice(Text(str(number))) for number in range(5)]
    for news in told:
        bulletin.post(news)
    assert first == second == told


def test_who_comes_later_learns_how_things_stand_and_not_what_is_past() -> None:
    bulletin = Bulletin()
    for news in (
        link(LinkName.BROKER, up=False),
        link(LinkName.BROKER, up=True),
        link(LinkName.HEADQUARTERS, up=False),
        moving(3, MotionPhase.MOVING),
        moving(3, MotionPhase.STOPPED),
        moving(4, MotionPhase.MAY_BE_MOVING),
        SyncProgress(1, 9, None, None),
        SyncProgress(10, 0, None, None),
        Notice(Text("past")),
    ):
        bulletin.post(news)
    late: list[News] = []
    bulletin.listen(late.append)
    assert late == [
        link(LinkName.BROKER, up=True),
        link(LinkName.HEADQUARTERS, up=False),
        moving(3, MotionPhase.STOPPED),
        moving(4, MotionPhase.MAY_BE_MOVING),
        SyncProgress(10, 0, None, None),
    ]


def test_many_threads_may_tell_at_once() -> None:
    bulletin = Bulletin()
    heard: list[News] = []
    bulletin.listen(heard.append)
    tellers = [
        threading.Thread(target=lambda: [bulletin.post(Notice(Text("x"))) for _ in range(200)]) for _ in range(8)
    ]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    assert len(heard) == 1600
