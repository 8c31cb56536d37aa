"""A camera whose pull points live for less than we ask for: it is asked again for less, and renewed in time."""

from collections.abc import Iterator

import pytest

from ptz.pull_point import LASTS_LESS_S
from tests.ptz.event_city import EventCity, until
from tests.ptz.listener import Listener

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

SHORT, LONG = 1, 2
GRANTED_S = LASTS_LESS_S


@pytest.fixture
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listener]:
    city = EventCity(
        tmp_path_factory.mktemp("city"),
        [{"events": True, "longest_subscription_s": GRANTED_S}, {"events": True}, *[{} for _ in range(16)]],
    )
    listener = Listener(city)
    yield listener
    listener.listening.close()
    city.close()


def test_a_pull_point_that_may_not_live_for_a_minute_is_made_for_less_and_renewed_in_time(listener: Listener) -> None:
    listener.listen(SHORT, LONG)
    for number in (SHORT, LONG):
        until("a pull", lambda number=number: listener.asked(number, "PullMessages"))
    until("two renewals", lambda: len(listener.asked(SHORT, "Renew")) >= 2, 3 * GRANTED_S)
    made = listener.asked(SHORT, "CreatePullPointSubscription")
    assert [one["answer"] == "ok" for one in made] == [False, True]  # refused for a minute, made for less
    assert listener.asked(SHORT, "Renew")[0]["monotonic"] - made[1]["monotonic"] < GRANTED_S
    assert all(one["answer"] == "ok" for one in listener.asked(SHORT, "Renew"))
    assert listener.asked(LONG, "Renew") == []
    listener.city.happens(SHORT, "motion", state=True)
    until("what it notices", lambda: listener.heard(SHORT))
