"""The slim bar under the wall while tiles show the past: when it is, how fast it runs, and the way back to live."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets import words
from widgets.pane import make_pane, mark, plain_label
from widgets.review_controls import ReviewControls
from widgets.review_timeline import ReviewMark, ReviewTimeline
from widgets.theme import STEP, larger, scaled


@dataclass(frozen=True, slots=True)
class ReplayView:
    """What a replay stands at. `begins` to `ends` is what can be gone to; times are aware.

    `missing` says that nothing was recorded at `at`.
    """

    at: datetime
    behind_s: float
    begins: datetime
    ends: datetime
    rate: float = 1.0
    paused: bool = False
    tiles: int = 1
    missing: bool = False
    marks: tuple[ReviewMark, ...] = ()


class ReviewBar(QWidget):
    """Shows a replay and asks for its steering; hidden while everything is live."""

    control_asked = Signal(object)  # ReviewControl
    moment_asked = Signal(object)  # datetime

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_pane(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Replay"))
        self._told = plain_label("", self)
        self._told.setFont(larger(self, 1.15, bold=True))
        self._missing = plain_label("", self)
        self.controls = ReviewControls(self, live=True)
        self.timeline = ReviewTimeline(self)
        step = scaled(self, STEP)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * step, step, 2 * step, step)
        row.setSpacing(2 * step)
        row.addWidget(self._told)
        row.addWidget(self._missing)
        row.addWidget(self.timeline, 1)
        row.addWidget(self.controls)
        mark(self._missing, warn=True)
        self.controls.control_asked.connect(self.control_asked)
        self.timeline.moment_asked.connect(self.moment_asked)
        self.show_replay(None)

    def show_replay(self, view: ReplayView | None) -> None:
        """Show where a replay stands, or hide when there is none."""
        self.setVisible(view is not None)
        if view is None:
            return
        said = self.tr("Replay {time}  −{age}").format(
            time=words.clock_time(view.at), age=words.duration(view.behind_s)
        )
        if view.tiles > 1:
            said += self.tr("  {n} tiles in step").format(n=view.tiles)
        self._told.setText(said)
        self._missing.setText(self.tr("no recording") if view.missing else "")
        self._missing.setVisible(view.missing)
        self.controls.show_rate(view.rate, paused=view.paused)
        self.timeline.show_span(view.begins, view.ends, view.at, view.marks)
