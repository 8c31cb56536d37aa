from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.layout import Layout
from domain.operator import Role
from domain.wall import MonitorView
from domain.wall_order import WallOrder

NOW = datetime(2026, 3, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(("age_s", "stands"), [(-60, True), (0, True), (60, True), (60.001, False), (7200, False)])
def test_an_order_stands_for_a_minute(age_s: float, stands: bool) -> None:
    order = WallOrder(
        id=UUID(int=1),
        origin=UUID(int=2),
        target=UUID(int=3),
        monitor=2,
        view=MonitorView.empty(Layout.of("4")),
        by="kim",
        role=Role.SUPERVISOR,
        at=NOW - timedelta(seconds=age_s),
    )
    assert order.stands(NOW) is stands
