"""One recorded file that is played: libVLC while it runs, the very picture while it stands. In the review worker."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import vlc

from domain.errors import BadInputError, ProtocolError, StorageError
from video.joined_file import JoinedFile
from video.joining import NothingRecordedError
from video.packets import MaskLists, masks_from_lists
from video.review_file import checked_recording
from video.review_reel import FileReel, Found
from video.review_screen import Screen
from video.review_span import ReviewSpan
from video.review_wire import Answer, Failed, Join, Saved, Sized, Stands, Together

_OPTIONS = (
    "--intf=dummy",
    "--no-audio",
    "--no-osd",
    "--no-spu",
    "--no-lua",
    "--no-video-title-show",
    "--no-media-library",
    "--no-auto-preparse",
    "--no-drop-late-frames",
    "--no-skip-frames",
    "--quiet",
)
_SLOWEST, _FASTEST = 0.25, 4.0
_SAY_S = 0.1
_STALLS_S = 3.0

_MOST_TOLD = 300  # gaps and names that fit into one message
_AT_A_GAP_S = 0.05

Say = Callable[..., None]


class Deck:
    """Holds at most one file; BadInputError where libVLC can't start."""

    def __init__(self, say: Say) -> None:
        self._say = say
        instance = vlc.Instance(*_OPTIONS)
        if instance is None:
            raise BadInputError("libVLC does not start: are its plugins installed (vlc-plugin-base)?")
        self._instance: Any = instance
        self._player: Any = None
        self._path = ""
        self._reel: FileReel | None = None
        self._screen: Screen | None = None
        self._at_s = 0.0
        self._rate = 0.0
        self._ended = False
        self._clock = (0.0, 0.0)  # what libVLC last said, and when
        self._say_at = 0.0
        self._said: Answer | None = None
        self._joined: JoinedFile | None = None
        self._gaps: Sequence[tuple[float, float]] = ()
        self._leaping: float | None = None  # where libVLC was sent to, behind a gap
        self._saving: threading.Thread | None = None

    def load(self, path: str, masks: MaskLists) -> None:
        """Open a file and stand at its first picture; `Failed` says why not."""
        self._close()
        try:
            checked = checked_recording(path)
        except BadInputError as error:
            self._say(Failed("not_playable", str(error)))
            return
        self._show_first(checked, masks)

    def join(self, order: Join) -> None:
        """Put a span together and stand at its first picture; `Failed` says why not."""
        self._close()
        roots, shelves = (tuple(Path(each) for each in paths) for paths in (order.roots, order.shelves))
        span = ReviewSpan(order.camera_no, order.begins, order.ends, roots, Path(order.workspace), shelves)
        try:
            self._joined = JoinedFile(span)
        except NothingRecordedError as error:
            self._say(Failed("nothing_recorded", str(error)))
            return
        except StorageError as error:
            self._say(Failed("no_room", str(error)))
            return
        joined = self._joined.joined
        gaps = [list(gap) for gap in joined.gaps[:_MOST_TOLD]]
        self._gaps = joined.gaps
        self._say(Together(joined.begins, joined.ends, joined.profile, gaps, list(joined.left_out[:_MOST_TOLD])))
        self._show_first(self._joined.path, order.masks)

    def save(self, path: str) -> None:
        """Write what was put together to a file, while it may go on playing; `Saved` says what became of it."""
        joined = self._joined
        if joined is None:
            self._say(Saved(path, "", "nothing is open"))
            return
        self._wait_for_saving()
        self._saving = threading.Thread(target=self._save, args=(joined, path), name="saving")
        self._saving.start()

    def _save(self, joined: JoinedFile, path: str) -> None:
        try:
            sha256 = joined.save(Path(path))
        except StorageError as error:
            self._say(Saved(path, "", str(error)))
        else:
            self._say(Saved(path, sha256))

    def _wait_for_saving(self) -> None:
        if self._saving is not None:
            self._saving.join()
            self._saving = None

    def _show_first(self, path: Path, masks: MaskLists) -> None:
        try:
            reel = FileReel(path)
        except BadInputError as error:
            self._say(Failed("not_playable", str(error)))
            return
        size = Sized(reel.width, reel.height)
        self._reel, self._path = reel, str(path)
        self._screen = Screen(reel.width, reel.height, masks_from_lists(masks), lambda file: self._say(size, file))
        self._show(reel.at(0.0))

    def run(self, rate: float) -> None:
        """Run at this rate from where it stands, or stand at 0."""
        if self._reel is None or self._screen is None:
            return
        if rate == 0:
            self._stand()
            return
        self._rate = max(_SLOWEST, min(_FASTEST, rate))
        if self._player is None:
            self._start(0.0 if self._ended else self._at_s)
        self._player.set_rate(self._rate)

    def step(self, *, later: bool) -> None:
        """Stand, and show the next picture or the one before."""
        if self._reel is None:
            return
        if self._player is not None:
            self._stand()
            return
        self._show(self._reel.after(self._at_s) if later else self._reel.before(self._at_s))

    def seek(self, at_s: float) -> None:
        """Go to a place, running on if it runs."""
        if self._reel is None:
            return
        at_s = max(0.0, min(at_s, self._reel.length_s or at_s))
        at_s = self._behind_gap(at_s)
        self._ended, self._leaping = False, None
        if self._player is None:
            self._show(self._reel.at(at_s))
            return
        self._send_to(at_s)

    def tell(self) -> None:
        """Say where it stands, when that is new."""
        now = time.monotonic()
        if self._reel is None or now < self._say_at:
            return
        self._say_at = now + _SAY_S
        self._follow()
        stands = Stands(self._at_s, self._reel.length_s, self._rate, self._reel.fps, self._ended)
        if stands != self._said:
            self._said = stands
            self._say(stands)

    def _send_to(self, at_s: float) -> None:
        self._player.set_time(round(at_s * 1000))
        self._clock = (at_s, time.monotonic())

    def _behind_gap(self, at_s: float) -> float:
        """Return the place itself, or the end of the gap that it lies in: a still must not pass for what was."""
        for begins, ends in self._gaps:
            if begins + _AT_A_GAP_S < at_s < ends:
                return ends
        return at_s

    def _leap(self, at_s: float) -> float:
        """Have libVLC pass over a gap, once for each; return where it is then."""
        behind = self._behind_gap(at_s)
        if behind == at_s:
            self._leaping = None if self._leaping is None or at_s >= self._leaping else self._leaping
            return at_s if self._leaping is None else self._leaping
        if behind != self._leaping:
            self._leaping = behind
            self._send_to(behind)
        return behind

    def _start(self, at_s: float) -> None:
        player = self._instance.media_player_new()
        media = self._instance.media_new_path(self._path)
        media.add_option(f":start-time={at_s:.3f}")
        if self._screen is not None:
            self._screen.join(player)
        player.set_media(media)
        self._player, self._ended = player, False
        self._clock = (at_s, time.monotonic())
        if player.play() != 0:
            self._say(Failed("not_playable", self._path))
            self._stop()

    def _stand(self) -> None:
        """Stop libVLC, and show the very picture where it was."""
        self._follow()
        self._stop()
        if self._reel is not None:
            self._show(self._reel.at(self._at_s))

    def _follow(self) -> None:
        """Learn from libVLC, which tells the time only every 0.3 s, where it is."""
        if self._player is None or self._reel is None:
            return
        told_s, now = self._player.get_time() / 1000, time.monotonic()
        state = self._player.get_state()
        if state in {vlc.State.Ended, vlc.State.Error}:
            self._stop()
            self._ended = state == vlc.State.Ended
            self._at_s = self._reel.length_s or self._at_s
            if not self._ended:
                self._say(Failed("not_playable", self._path))
            return
        if told_s > 0 and told_s != self._clock[0]:
            self._clock = (told_s, now)
        since_s = min(now - self._clock[1], _STALLS_S) if state == vlc.State.Playing else 0.0
        at_s = self._leap(self._clock[0] + since_s * self._rate)
        self._at_s = min(at_s, self._reel.length_s) if self._reel.length_s else at_s

    def _stop(self) -> None:
        player, self._player, self._rate, self._leaping = self._player, None, 0.0, None
        if player is not None:
            player.stop()
            player.release()

    def _show(self, found: Found | None) -> None:
        if found is None or self._screen is None:
            return
        self._at_s, self._ended = found.at_s, False
        try:
            self._screen.show(found.frame)
        except ProtocolError as error:
            self._say(Failed("not_playable", str(error)))

    def _close(self) -> None:
        self._stop()
        if self._reel is not None:
            self._reel.close()
        self._reel = self._screen = self._said = None
        self._at_s, self._ended = 0.0, False
        self._gaps, self._leaping = (), None
        self._wait_for_saving()
        if self._joined is not None:
            self._joined.close()
            self._joined = None
