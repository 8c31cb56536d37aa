"""Joins the status bar and the message strip to what the console depends on."""

import shutil
from collections.abc import Container, Mapping
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Slot

from console.core import Core
from domain.errors import WatchroomError
from domain.news import LinkChanged, LinkName, SyncProgress
from domain.operator import Operator
from domain.picture import Face
from domain.text import Text, Wording
from widgets.message_strip import Message, MessageStrip
from widgets.status_bar import ConsoleStatus, StatusBar

_DISK_MS = 30_000
_KEPT = 50


class StatusPresenter(QObject):
    """What the console itself needs, and what it has to say."""

    def __init__(self, bar: StatusBar, strip: MessageStrip, core: Core, wording: Wording, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._strip = strip
        self._core = core
        self._wording = wording
        self._links: dict[LinkName, LinkChanged] = {}
        self._messages: list[Message] = []
        self._about: dict[UUID, Message] = {}
        self._losses: dict[LinkName, str] = {}  # what was said of links that are away
        self._status = ConsoleStatus(mode=core.workplace.mode, headquarters_set=bool(core.settings.hq.url))
        strip.dismiss_asked.connect(self._dismiss)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look_at_disk)
        self._timer.start(_DISK_MS)
        self._look_at_disk()

    def show_operator(self, operator: Operator | None) -> None:
        """Show who sits here."""
        self._change(operator=operator)

    def show_link(self, link: LinkChanged) -> None:
        """Show that a link or helper came up or went away; going away is said aloud until it is back.

        What is severe stands before what is newer, so a loss that is over must go by itself.
        """
        before = self._links.get(link.name)
        self._links[link.name] = link
        self._change(links=tuple(self._links.values()))
        was_up = before.up if before is not None else _heard_of_when_lost(link)
        if was_up is not None and was_up != link.up:
            state = "back" if link.up else "lost"
            detail = self._wording.render(Text(link.detail)) if link.detail else ""
            said = self._wording.render(Text(f"link.{link.name}.{state}", {"detail": detail}))
            over = self._losses.pop(link.name, None)
            self._messages = [message for message in self._messages if message.said != over]
            if not link.up:
                self._losses[link.name] = said
            self._say(said, severe=not link.up)

    def show_progress(self, progress: SyncProgress) -> None:
        """Show how far headquarters knows us."""
        self._change(sync=progress)

    def show_pictures(self, faces: Mapping[int, Face]) -> None:
        """Show how many of the cameras on the wall are live."""
        self._change(cameras_live=sum(face is Face.LIVE for face in faces.values()), cameras_wanted=len(faces))

    def say(self, text: Text, *, severe: bool = False, about: UUID | None = None) -> None:
        """Put a sentence into the message strip; `about` names what it is about, so that `settle` can take it away."""
        self._say(self._wording.render(text), severe=severe)
        if about is not None:
            self._about[about] = self._messages[-1]

    def settle(self, still: Container[UUID]) -> None:
        """Take away what was said about things that need nobody any more; `still` are those that do."""
        for about, message in list(self._about.items()):
            if about not in still:
                del self._about[about]
                self._dismiss(message)

    @Slot(object)
    def say_error(self, error: Exception) -> None:
        """Tell of something that failed."""
        said = str(error) if isinstance(error, WatchroomError) else f"{type(error).__name__}: {error}"
        self._say(self._wording.render(Text("work_failed", {"why": said})), severe=True)

    def _say(self, said: str, *, severe: bool) -> None:
        if self._messages and self._messages[-1].said == said:
            self._messages.pop()
        self._messages = [*self._messages, Message(self._core.clock.now(), said, severe)][-_KEPT:]
        self._strip.show_messages(self._messages)

    @Slot(object)
    def _dismiss(self, message: Message) -> None:
        self._messages = [kept for kept in self._messages if kept is not message]
        self._strip.show_messages(self._messages)

    @Slot()
    def _look_at_disk(self) -> None:
        free_gb = shutil.disk_usage(self._core.home.path).free / 1e9
        self._change(disk_free_gb=free_gb, recorder=self._core.footage.archive.forecast())

    def _change(self, **changes: object) -> None:
        changed = replace(self._status, **changes)  # type: ignore[arg-type]  # names are those of ConsoleStatus
        if changed != self._status:
            self._status = changed
            self._bar.show_status(changed)


def _heard_of_when_lost(link: LinkChanged) -> bool | None:
    """Return whether a link that nothing was known of was there: the disk is told of only when it fails."""
    return True if link.name is LinkName.DISK else None
