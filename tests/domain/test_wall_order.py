from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.layout import Layout
from domain.wall import MonitorView
from domain.wall_order import WallOrder

NOW = datetime(2026, 3, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(("age_s", "stands"), [(-60, True), (0, True), (60, True), (60.001, False), (7200, False)])
def test_an_order_stands_for_a_minute(age_s: float, stands: bool) -> None:
    order = WallOrder(UUID(int=1), 2, MonitorView.empty(Layout.of("4")), "kim", NOW - timedelta(seconds=age_s))
    assert order.stands(NOW) is stands
