"""What the console depends on, in one line: links, cameras, disk, helpers, mode, time, and who sits here."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QWidget

from domain.clock import Clock
from domain.news import LinkChanged, LinkName, SyncProgress
from domain.operator import Operator, Role
from domain.record import Mode
from domain.recording import Forecast
from widgets import words
from widgets.pane import mark, plain_label
from widgets.theme import STEP, scaled

_LOW_DISK_GB = 5.0
_HELPERS = (LinkName.VIDEO_WORKER, LinkName.PTZ_WATCHDOG, LinkName.DATABASE)


@dataclass(frozen=True, slots=True)
class ConsoleStatus:
    """Everything that the status bar says. A link that nothing is known of is missing from `links`.

    `recorder` is None before anything is known of what is recorded.
    """

    links: tuple[LinkChanged, ...] = ()
    sync: SyncProgress | None = None
    headquarters_set: bool = True
    cameras_live: int = 0
    cameras_wanted: int = 0
    disk_free_gb: float | None = None
    recorder: Forecast | None = None
    mode: Mode = Mode.ACTUAL
    operator: Operator | None = None


def role_word(role: Role) -> str:
    """Return what a person is in the room."""
    return {
        Role.OPERATOR: QCoreApplication.translate("StatusBar", "operator"),
        Role.DISPATCHER: QCoreApplication.translate("StatusBar", "dispatcher"),
        Role.SUPERVISOR: QCoreApplication.translate("StatusBar", "supervisor"),
        Role.ADMINISTRATOR: QCoreApplication.translate("StatusBar", "administrator"),
        Role.POLICE_LIAISON: QCoreApplication.translate("StatusBar", "police liaison"),
    }[role]


class StatusBar(QWidget):
    """Shows the console's own state; quiet grey while all is well, a shape and words where not."""

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._clock = clock
        self._status = ConsoleStatus()
        self._row = QHBoxLayout(self)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # parts give way, see `_fit`
        step = scaled(self, STEP)
        self._row.setContentsMargins(2 * step, step, 2 * step, step)
        self._row.setSpacing(4 * step)
        self._headquarters = self._part(self.tr("Headquarters"))
        self._broker = self._part(self.tr("Field broker"))
        self._cameras = self._part(self.tr("Cameras"))
        self._recorder = self._part(self.tr("Recorder"))
        self._disk = self._part(self.tr("Disk"))
        self._helpers = self._part(self.tr("Helper processes"))
        self._row.addStretch(1)
        self._mode = self._part(self.tr("Mode"))
        self._time = self._part(self.tr("Time"))
        self._who = self._part(self.tr("Signed in"))
        timer = QTimer(self)
        timer.timeout.connect(self._redraw)
        timer.start(1000)
        self._redraw()

    def show_status(self, status: ConsoleStatus) -> None:
        """Show the console's state."""
        self._status = status
        self._redraw()

    def minimumSizeHint(self) -> QSize:
        """Return little width: what is quiet gives way."""
        return QSize(scaled(self, 320), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Show as much as there is room for."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Hide what is in order, the least needed first, where not everything has room; warnings stay."""
        if not self.isVisible():
            return
        parts = (self._headquarters, self._broker, self._cameras, self._recorder, self._disk, self._helpers)
        always = [self._time, self._who, *([self._mode] if self._mode.text() else [])]
        gap, margins = self._row.spacing(), self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        room -= sum(label.sizeHint().width() + gap for label in (*parts, *always))
        for label in reversed(parts):
            hidden = room < 0 and label.property("warn") != "true"
            room += label.sizeHint().width() + gap if hidden else 0
            label.setVisible(not hidden)

    def _part(self, name: str) -> QLabel:
        label = plain_label("", self, dim=True)
        label.setAccessibleName(name)
        self._row.addWidget(label)
        return label

    def _redraw(self) -> None:
        status = self._status
        self._say(self._headquarters, *self._headquarters_words(status))
        self._say(self._broker, *self._link_words(self.tr("broker"), LinkName.BROKER))
        cameras = self.tr("cameras {live}/{wanted}").format(live=status.cameras_live, wanted=status.cameras_wanted)
        self._say(self._cameras, cameras, warn=status.cameras_live < status.cameras_wanted)
        self._say(self._recorder, *self._recorder_words(status.recorder))
        self._say(self._disk, *self._disk_words(status))
        self._say(self._helpers, *self._helper_words())
        practice = status.mode is not Mode.ACTUAL
        self._say(self._mode, self.tr("PRACTICE") if practice else "", warn=practice)
        self._mode.setVisible(practice)
        self._say(self._time, words.clock_time(self._clock.now()))
        who = status.operator
        said = f"{who.display_name} ({role_word(who.role)}{', ' + who.desk if who.desk else ''})" if who else ""
        self._say(self._who, said or self.tr("nobody signed in"))
        self._fit()

    def _say(self, label: QLabel, said: str, warn: bool = False) -> None:  # noqa: FBT001, FBT002 - pairs of words and warning
        text = f"▲ {said}" if warn and not said.startswith("▲") else said
        if text != label.text() or (label.property("warn") == "true") != warn:
            label.setText(text)
            mark(label, warn=warn, dim=not warn)

    def _link(self, name: LinkName) -> LinkChanged | None:
        return next((link for link in self._status.links if link.name is name), None)

    def _link_words(self, said: str, name: LinkName) -> tuple[str, bool]:
        link = self._link(name)
        if link is None:
            return self.tr("{name} unknown").format(name=said), False
        if link.up:
            return self.tr("{name} ok").format(name=said), False
        return self.tr("{name} away since {time}").format(name=said, time=words.short_time(link.since)), True

    def _headquarters_words(self, status: ConsoleStatus) -> tuple[str, bool]:
        name = self.tr("headquarters")
        if not status.headquarters_set:
            return self.tr("{name} not set up").format(name=name), False
        said, away = self._link_words(name, LinkName.HEADQUARTERS)
        sync = status.sync
        if sync is None:
            return said, away
        waiting = self.tr("{n} waiting").format(n=sync.behind)
        if sync.oldest_at is not None and sync.behind:
            oldest = words.age((self._clock.now() - sync.oldest_at).total_seconds())
            waiting = self.tr("{waiting}, oldest {age}").format(waiting=waiting, age=oldest)
        return f"{said}, {waiting}", away

    def _recorder_words(self, forecast: Forecast | None) -> tuple[str, bool]:
        """Say for how long a recording stays; that nothing more can be kept is a warning."""
        link = self._link(LinkName.DISK)
        if link is not None and not link.up:
            return self.tr("recorder in trouble since {time}").format(time=words.short_time(link.since)), True
        full = forecast is not None and forecast.protected >= forecast.budget
        days = forecast.days_kept if forecast is not None else None
        if full:
            return self.tr("recorder full of what is held"), True
        if forecast is not None and days is None:  # too little has been seen to say for how long it keeps
            return self.tr("recorder ok"), False
        kept = words.NO_VALUE if days is None else words.age(days * 86400)
        return self.tr("recorder {age}").format(age=kept), False

    def _disk_words(self, status: ConsoleStatus) -> tuple[str, bool]:
        if status.disk_free_gb is None:
            return self.tr("disk unknown"), False
        low = status.disk_free_gb < _LOW_DISK_GB
        return self.tr("disk {n} GB free").format(n=f"{status.disk_free_gb:.0f}"), low

    def _helper_words(self) -> tuple[str, bool]:
        names = {
            LinkName.VIDEO_WORKER: self.tr("picture process"),
            LinkName.PTZ_WATCHDOG: self.tr("PTZ watchdog"),
            LinkName.DATABASE: self.tr("database"),
        }
        gone = [names[name] for name in _HELPERS if (link := self._link(name)) is not None and not link.up]
        if gone:
            return self.tr("{names} down").format(names=", ".join(gone)), True
        known = any(self._link(name) is not None for name in _HELPERS)
        return (self.tr("helpers ok") if known else self.tr("helpers unknown")), False
