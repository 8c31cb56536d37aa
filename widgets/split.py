"""A splitter that shares its room out by a rule until somebody drags a handle."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from widgets.theme import STEP

Share = Callable[[QSize], Sequence[int]]


class Split(QSplitter):
    """Asks `share` for the parts' lengths whenever its size changes; a handle moved by hand is left where it is.

    `share` gets the splitter's size and returns one length a part, in pixels. After the hand has chosen, the part
    `elastic` takes what a larger window brings.
    """

    def __init__(self, direction: Qt.Orientation, share: Share, parts: Sequence[QWidget], elastic: int) -> None:
        super().__init__(direction)
        self._share = share
        self._by_hand = False
        self.setHandleWidth(STEP)
        self.setChildrenCollapsible(False)
        for index, part in enumerate(parts):
            self.addWidget(part)
            self.setStretchFactor(index, int(index == elastic))
        self.splitterMoved.connect(self._moved)

    def share_out(self) -> None:
        """Share the room out by the rule, whatever the hand chose before."""
        self._by_hand = False
        self.setSizes(list(self._share(self.size())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room out."""
        super().resizeEvent(event)
        if not self._by_hand:
            self.share_out()

    def _moved(self) -> None:
        self._by_hand = True
