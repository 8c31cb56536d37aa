"""Everything that cameras can do wrong, all at once at one worker: what the tiles show meanwhile, and what afterwards.

One campaign serves all tests of this file: each of its cameras has one fault, from its opening on or while it is live.
"""

import time
from dataclasses import dataclass, field

import pytest

from domain.camera import Credentials, Transport
from domain.clock import SystemClock
from domain.news import LinkChanged
from domain.picture import Face, LossReason, Subscription
from tests.video.city import WHO, Patience, running_city, until
from tests.video.watched import Watched
from video.engine import VideoEngine

pytestmark = [pytest.mark.system, pytest.mark.alone, pytest.mark.timeout(180)]

FAULT_S, AFTER_S = 13.0, 10.0  # afterwards each picture of the loop of 8 s comes again, to compare with
OLD_S = 0.5  # no picture that is older comes to a tile
RECOVERY_S = 3.0  # in the first phase of reconnecting, a keyframe's distance included
PATIENT_S = 6.0  # of a camera that takes connections and words: each eighth try waits 5 s for a slow answer
CODEC_S = 3.0  # found out with the first pictures that make no sense, then a new session and its first keyframe
SMEARED = 6.0  # levels on average; the same picture decoded with and without deblocking differs by less than 2
FIRST_LIVE_S = 30.0  # the first use of a clip is when it is made


@dataclass(frozen=True, slots=True)
class Case:
    """One camera of the campaign."""

    no: int
    fault: str = ""
    codec: str = "h264"
    at_opening: bool = False
    entry: dict = field(default_factory=dict)  # of the register


CASES = {
    # Well, in all codings.
    "well": Case(1),
    "well h265": Case(2, codec="h265"),
    "well mjpeg": Case(3, codec="mjpeg"),
    # Shown on.
    "resolution_change": Case(4, "resolution_change"),
    "resolution_change h265": Case(5, "resolution_change", "h265"),
    "resolution_change mjpeg": Case(6, "resolution_change", "mjpeg"),
    "timestamp_jump": Case(7, "timestamp_jump"),
    "nonsense_packets": Case(8, "nonsense_packets"),
    "nonsense_packets h265": Case(9, "nonsense_packets", "h265"),
    "nonsense_packets mjpeg": Case(10, "nonsense_packets", "mjpeg"),
    "no_parameter_sets": Case(11, "no_parameter_sets", at_opening=True),
    "no_parameter_sets h265": Case(12, "no_parameter_sets", "h265", at_opening=True),
    "basic_only, allowed": Case(13, "basic_only", at_opening=True, entry={"basic_allowed": True}),
    "udp_only": Case(14, "udp_only", at_opening=True),
    "tcp_only": Case(15, "tcp_only", at_opening=True, entry={"transport": Transport.UDP}),
    # Lost while live.
    "black_holed": Case(16, "black_holed"),
    "black_holed udp": Case(17, "black_holed", entry={"transport": Transport.UDP}),
    "dead": Case(18, "dead"),
    "silent": Case(19, "silent"),
    "stalled": Case(20, "stalled"),
    "http_server": Case(21, "http_server"),
    "garbled": Case(22, "garbled"),
    "garbled h265": Case(23, "garbled", "h265"),
    "garbled mjpeg": Case(24, "garbled", "mjpeg"),
    # Lost from the opening on.
    "never_parameter_sets": Case(25, "never_parameter_sets", at_opening=True),
    "never_parameter_sets h265": Case(26, "never_parameter_sets", "h265", at_opening=True),
    "nonsense_answers": Case(27, "nonsense_answers", at_opening=True),
    "garbled at opening": Case(28, "garbled", at_opening=True),
    "garbled h265 at opening": Case(29, "garbled", "h265", at_opening=True),
    "black_holed at opening": Case(30, "black_holed", at_opening=True),
    # Passwords.
    "wrong_password": Case(31, "wrong_password", at_opening=True),
    "locks_out": Case(32, "locks_out", at_opening=True, entry={"credentials": "wrong"}),
    "basic_only": Case(33, "basic_only", at_opening=True),
    # Others.
    "codec_change": Case(34, "codec_change"),
    "codec_change h265": Case(35, "codec_change", "h265"),
    "codec_change mjpeg": Case(36, "codec_change", "mjpeg"),
    "nonsense_frames": Case(37, "nonsense_frames"),
    "nonsense_lengths": Case(38, "nonsense_lengths"),
}
PASSWORDS = ["wrong_password", "locks_out", "basic_only"]
CHANGES = [name for name, case in CASES.items() if case.fault in {"resolution_change", "codec_change"}]
SHOWN = [name for name, case in CASES.items() if 4 <= case.no <= 15]
WELL = ["well", "well h265", "well mjpeg"]


@dataclass(slots=True)
class Course:
    """What came of one case: the tile, when its fault began and was cleared, and what the camera said at its end."""

    tile: Watched
    began: float = 0.0
    cleared: float = 0.0
    before: dict = field(default_factory=dict)
    state: dict = field(default_factory=dict)
    sent: list = field(default_factory=list)

    @property
    def opened(self):
        """How many connections came to the camera while its fault went on."""
        return self.state["connections"] - self.before["connections"]

    def recovery_s(self):
        """Return after how long the first picture came, and stayed."""
        live = next(shown.at for shown in self.tile.pictures(self.cleared) if shown.age_s >= 0)
        return live - self.cleared


class Campaign:
    """All cameras, one engine with one worker, and what happened."""

    def __init__(self, city):
        self._city = city
        self._known = {"practice": WHO, "wrong": Credentials(WHO.user, "not the one")}
        self.news = []
        self.courses = {}
        self.workers = []
        self.engine = VideoEngine(self._known.get, self.news.append, SystemClock(), 1)

    def run(self):
        """Let everything happen."""
        self._make_clips()
        self._open()
        self._note_worker()
        self._begin()
        self._watch(FAULT_S)
        self._note_what_cameras_say()
        self._clear()
        self._watch(AFTER_S)
        self.gap_s, self.late_s = self._patience.gap_s, self._patience.late_s
        self._note_worker()

    def _make_clips(self):
        """Have the clips of the other codings and sizes made: that takes both cores the first time."""
        for name in CHANGES:
            no = CASES[name].no
            self._city.fault(no, CASES[name].fault)
            source = self.engine.open(self._city.camera(no), Subscription(no, "sub", 32, 18))
            until(source.newest, timeout_s=FIRST_LIVE_S)
            self.engine.unsubscribe(source)
        until(lambda: all(state["sessions"] == 0 for state in self._city.states().values()))
        for name in CHANGES:
            self._city.clear(CASES[name].no)

    def _open(self):
        for name, case in CASES.items():
            if case.at_opening:
                self._city.fault(case.no, case.fault)
            before, now = self._city.state(case.no), time.monotonic()
            source = self.engine.open(self._city.camera(case.no, **case.entry), Subscription(case.no, "sub", 320, 180))
            self.courses[name] = Course(Watched(source), began=now, before=before)
        waited_for = [self.courses[name].tile for name, case in CASES.items() if not case.at_opening]
        until(lambda: all(tile.face is Face.LIVE for tile in waited_for), self._look, FIRST_LIVE_S)

    def _begin(self):
        for name, case in CASES.items():
            course = self.courses[name]
            if case.fault and not case.at_opening:
                course.before = self._city.state(case.no)
                course.began = self._city.fault(case.no, case.fault)
            self._look()
        self.began, self._patience = time.monotonic(), Patience(self.workers[0][0])

    def _note_what_cameras_say(self):
        states = self._city.states()
        for name, case in CASES.items():
            self.courses[name].state = states[case.no]
            self.courses[name].sent = self._city.sent(case.no)
            self._look()

    def _clear(self):
        self._known["wrong"] = WHO
        for name, case in CASES.items():
            self.courses[name].cleared = self._city.clear(case.no)
            if name in PASSWORDS:
                self.engine.retry(case.no)
            self._look()

    def _watch(self, seconds):
        end = time.monotonic() + seconds
        until(lambda: time.monotonic() >= end, self._look, seconds + 10)
        self.ended = time.monotonic()

    def _note_worker(self):
        self.workers.append([pid for _, pid in self.engine.processes()])

    def _look(self):
        for course in self.courses.values():
            course.tile.look()


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    rows = [{"no": case.no, "codec": case.codec} for case in CASES.values()]
    with running_city(tmp_path_factory.mktemp("city"), rows) as city:
        campaign = Campaign(city)
        campaign.engine.start()
        try:
            campaign.run()
        finally:
            campaign.engine.close()
        yield campaign


@pytest.fixture
def course_of(campaign):
    """Return the course of a case whose fault, if it has one, went on at its end."""

    def course(name):
        course = campaign.courses[name]
        assert course.state["faults"] == ([CASES[name].fault] if CASES[name].fault else [])
        return course

    return course


def shown_faces(campaign):
    """Return what a tile that is shown on may look like: on a machine that can't keep up, also stale."""
    return {Face.LIVE} if campaign.gap_s <= 1.0 else {Face.LIVE, Face.STALE}


def test_no_fault_ends_a_worker(campaign):
    before, after = campaign.workers
    assert before == after
    assert [news.up for news in campaign.news if isinstance(news, LinkChanged)] == [True]


@pytest.mark.parametrize("name", WELL)
def test_a_camera_that_is_well_stays_live_beside_all_others(campaign, course_of, name):
    tile = course_of(name).tile
    assert tile.longest_gap(campaign.began, campaign.ended) <= campaign.gap_s
    assert tile.faces(campaign.began) <= shown_faces(campaign)


@pytest.mark.parametrize("name", CASES)
def test_whatever_happens_no_old_picture_comes_to_a_tile(campaign, course_of, name):
    """Each picture's burnt-in counter tells its age; one that is smeared tells any."""
    course = course_of(name)
    shown = course.tile.pictures()
    if name == "garbled h265":  # pictures between keyframes whose wrong bits FFmpeg does not find, for one second
        shown = [each for each in shown if not course.began <= each.at < course.began + 1.5]
    assert [each for each in shown if not 0.0 <= each.age_s < OLD_S + campaign.late_s] == []


@pytest.mark.parametrize("name", [name for name in CASES if name not in CHANGES])
def test_whatever_happens_no_smeared_picture_comes_to_a_tile(campaign, course_of, name):
    course = course_of(name)
    clean = {shown.counter: shown for shown in course.tile.pictures(campaign.ended - 8.0)}
    assert len(clean) >= 30  # of 120: on a busy machine this test itself does not get to see all
    shown = course.tile.pictures(until=campaign.ended - 8.0)
    if name == "garbled h265":
        shown = [each for each in shown if not course.began <= each.at < course.began + 1.5]
    differences = [each.differs_from(clean[each.counter]) for each in shown if each.counter in clean]
    assert max(differences, default=0.0) < SMEARED


@pytest.mark.parametrize("name", CASES)
def test_once_it_is_over_every_camera_is_live(campaign, course_of, name):
    course = course_of(name)
    assert course.tile.face is Face.LIVE
    assert course.tile.said[-1].reason is None
    assert campaign.ended - course.tile.pictures(course.cleared)[-1].at < campaign.gap_s


# Faults that cost no picture.


@pytest.mark.parametrize("name", SHOWN)
def test_what_can_be_shown_is_shown_on(campaign, course_of, name):
    course = course_of(name)
    first = course.tile.pictures(course.began)[0].at
    assert first - course.began < RECOVERY_S + campaign.late_s
    assert course.tile.faces(first + 0.1) <= shown_faces(campaign)
    assert course.tile.longest_gap(first, course.cleared) <= campaign.gap_s
    assert course.state["sessions_opened"] - course.before["sessions_opened"] == CASES[name].at_opening


@pytest.mark.parametrize("name", [name for name in CHANGES if name.startswith("resolution")])
def test_another_size_in_mid_stream_fills_the_same_slot(campaign, course_of, name):
    course = course_of(name)
    own = {shown.counter: shown for shown in course.tile.pictures(campaign.ended - 8.0)}
    other = course.tile.pictures(course.began + 3.0, course.cleared)
    assert all(len(shown.sample) == len(own[shown.counter].sample) for shown in other if shown.counter in own)
    changed = [shown.differs_from(own[shown.counter]) for shown in other if shown.counter in own]
    assert sum(changed) / len(changed) > 0.2, "the fault did not happen"
    assert max(changed) < 3 * SMEARED  # drawn anew at another size, but the same scene


@pytest.mark.parametrize(("name", "transport"), [("udp_only", "udp"), ("tcp_only", "tcp")])
def test_a_camera_that_refuses_a_transport_is_shown_by_the_other(course_of, name, transport):
    assert course_of(name).state["transports"] == [transport]


# Faults that take the picture away.


@pytest.mark.parametrize(
    ("name", "reasons", "bound_s"),
    [
        ("black_holed", [LossReason.NO_SIGNAL, LossReason.NO_ANSWER], RECOVERY_S),
        ("black_holed udp", [LossReason.NO_SIGNAL, LossReason.NO_ANSWER], RECOVERY_S),
        ("dead", [LossReason.NO_ANSWER], RECOVERY_S),
        ("silent", [LossReason.NO_SIGNAL, LossReason.NO_ANSWER], PATIENT_S),
        ("stalled", [LossReason.NO_SIGNAL], RECOVERY_S),
        ("http_server", [LossReason.NO_ANSWER, LossReason.NOT_UNDERSTOOD], RECOVERY_S),
        ("garbled", [LossReason.NOT_UNDERSTOOD], RECOVERY_S),
        ("garbled h265", [LossReason.NOT_UNDERSTOOD], RECOVERY_S),
        ("garbled mjpeg", [LossReason.NOT_UNDERSTOOD], RECOVERY_S),
    ],
)
def test_a_live_picture_that_is_lost_says_so_in_time_and_comes_back(campaign, course_of, name, reasons, bound_s):
    course = course_of(name)
    tile = course.tile
    stood = tile.pictures(until=course.cleared)[-1].at
    assert stood - course.began < 2.0, "pictures went on to come"
    assert 1.5 < tile.first(Face.STALE, stood) < 3.0
    assert 4.5 < tile.first(Face.LOST, stood) < 6.0
    said = [each.reason for each in tile.said if each.at >= course.began and each.reason is not None]
    assert list(dict.fromkeys(said)) == reasons
    assert tile.faces(stood + 6.0, course.cleared) == {Face.LOST}
    assert course.recovery_s() < bound_s + campaign.late_s


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("never_parameter_sets", LossReason.NOT_UNDERSTOOD),
        ("never_parameter_sets h265", LossReason.NOT_UNDERSTOOD),
        ("nonsense_answers", LossReason.NOT_UNDERSTOOD),
        ("garbled at opening", LossReason.NOT_UNDERSTOOD),
        ("garbled h265 at opening", LossReason.NOT_UNDERSTOOD),
        ("black_holed at opening", LossReason.NO_ANSWER),
    ],
)
def test_a_camera_that_never_had_a_picture_says_why_and_has_one_afterwards(campaign, course_of, name, reason):
    course = course_of(name)
    assert course.tile.pictures(until=course.cleared) == []
    assert course.tile.faces(course.began + 6.0, course.cleared) == {Face.LOST}
    assert reason in course.tile.reasons(course.began, course.cleared)
    assert course.recovery_s() < RECOVERY_S + campaign.late_s


@pytest.mark.parametrize("name", ["dead", "http_server"])
def test_a_lost_camera_is_asked_again_every_two_seconds(course_of, name):
    assert course_of(name).opened >= FAULT_S / 2.0


@pytest.mark.parametrize("name", ["black_holed", "black_holed udp", "black_holed at opening"])
def test_no_connection_gets_through_to_a_camera_that_is_gone_from_the_network(course_of, name):
    course = course_of(name)
    assert course.opened <= 0
    assert course.state["sessions"] == 0
    assert LossReason.NO_ANSWER in course.tile.reasons(course.began, course.cleared)


@pytest.mark.parametrize("name", [name for name in CHANGES if name.startswith("codec")])
def test_another_coding_in_mid_stream_is_shown_by_a_new_session(campaign, course_of, name):
    course = course_of(name)
    assert course.state["sessions_opened"] - course.before["sessions_opened"] == 1
    assert course.tile.reasons(course.began, course.cleared) == {LossReason.NOT_UNDERSTOOD}
    assert course.tile.longest_gap(course.began, course.cleared) < CODEC_S + campaign.late_s
    assert course.tile.longest_gap(course.cleared, course.cleared + AFTER_S) < CODEC_S + campaign.late_s


@pytest.mark.parametrize("name", ["nonsense_frames", "nonsense_lengths"])
def test_frames_whose_lengths_lie_cost_pictures_and_no_session(campaign, course_of, name):
    course = course_of(name)
    assert course.tile.source.counts().lost_packets > 50, "the fault did not happen"
    assert course.tile.faces(course.began, course.cleared) <= {Face.LIVE, Face.STALE}
    assert len(course.tile.pictures(course.began, course.cleared)) > FAULT_S * 15 * 0.3
    assert course.recovery_s() < RECOVERY_S + campaign.late_s


# Passwords.


@pytest.mark.parametrize(("name", "attempts"), [("wrong_password", 1), ("locks_out", 1), ("basic_only", 0)])
def test_a_refused_password_is_tried_once_and_again_when_a_person_wants(campaign, course_of, name, attempts):
    course = course_of(name)
    assert course.state["wrong_sign_ins"] == attempts
    assert not course.state["locked"]
    assert course.opened == 1
    assert course.tile.pictures(until=course.cleared) == []
    assert course.tile.reasons(course.began, course.cleared) == {LossReason.WRONG_PASSWORD}
    assert course.tile.faces(course.began + 2.0, course.cleared) == {Face.LOST}
    assert course.recovery_s() < RECOVERY_S + campaign.late_s
