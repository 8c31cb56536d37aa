"""From one session's packets to pictures in the slots of whoever subscribed. Runs in a stream worker."""

import mmap
import time
from collections.abc import Iterable
from dataclasses import dataclass

from av.video.frame import VideoFrame

from video.decode import Decoder, Scaler
from video.rtp import AccessUnit, Depacketiser, Punctuality, SenderReport, parse_sender_report
from video.sdp import VideoTrack
from video.slot import SlotWriter, Stamp, picture_bytes
from video.wire import Subscribe

LATE_S = 1.0  # a picture older than this never looks live: drop to the next keyframe
_SMALL = 0.8  # of the stream's width: scaled down so far, nobody sees the deblocking filter (PSNR >= 41 dB without)
_LATE_FOR_S = 3.0  # late for so long: the backlog is at the camera, or its clock jumped; only a new session helps


@dataclass(frozen=True, slots=True)
class Picture:
    """The newest decoded picture, in the stream's own size and format."""

    frame: VideoFrame
    stamp: Stamp


class Output:
    """One subscription: scales what is due into its slot."""

    def __init__(self, order: Subscribe, memory: mmap.mmap) -> None:
        self.delivered = 0
        self.width = order.width
        size = picture_bytes(order.width, order.height, order.pixel_format)
        self._slot = SlotWriter(memory, size)
        self._scaler = Scaler(order.width, order.height, order.pixel_format)
        self._spacing_s = 0.9 / order.max_fps  # a camera at exactly this rate, with jitter, loses nothing
        self._due_at = 0.0

    @property
    def sent_before(self) -> int:
        """Return the count of the newest picture that is in the slot."""
        return self._slot.sent_before

    def show(self, picture: Picture) -> None:
        """Make this the newest picture, unless the subscriber wants fewer."""
        stamp = picture.stamp
        if stamp.arrived_at < self._due_at:
            return
        self._due_at = stamp.arrived_at + self._spacing_s
        self._scaler.scale_into(picture.frame, self._slot.begin())
        self._slot.publish(stamp)
        self.delivered += 1


class Stream:
    """One session's pictures: at most the newest one of each gulp comes out."""

    def __init__(self, track: VideoTrack, sent_before: int) -> None:
        self.depacketiser = Depacketiser(track.codec, track.payload_type, sent_before=sent_before)
        self.decoder = Decoder(track.codec, track.parameter_sets)
        self.decoded = 0
        self.widest = 0
        self.late = 0
        self.hopeless = False
        self._track = track
        self._width = 0
        self._punctuality = Punctuality(track.clock_rate)
        self._late_since: float | None = None
        self._report: SenderReport | None = None

    def take(self, packets: Iterable[tuple[bool, bytes]], now: float) -> Picture | None:
        """Decode all that the packets complete and return the newest picture; ProtocolError for what is no RTP."""
        newest: Picture | None = None
        for is_rtcp, packet in packets:
            if is_rtcp:
                self._report = parse_sender_report(packet) or self._report
                continue
            for unit in self.depacketiser.push(packet):
                newest = self._decode(unit, now) or newest
        return newest

    def _decode(self, unit: AccessUnit, now: float) -> Picture | None:
        if self._punctuality.late_s(unit.timestamp, now) > LATE_S:
            self.late += 1
            if self._late_since is None:
                self._late_since = now
            self.hopeless = now - self._late_since > _LATE_FOR_S
            self.depacketiser.wait_for_key()
            return None
        self._late_since = None
        if unit.key:
            self._choose_decoder()
        undecodable = self.decoder.undecodable
        frame = self.decoder.decode(unit.data, unit.sent_no)
        if self.decoder.undecodable > undecodable and self.decoded:
            # Before the first whole picture, streams without IDR pictures are still gathering themselves.
            self.depacketiser.wait_for_key()
        if frame is None:
            return None
        self.decoded += 1
        self._width = frame.width
        camera_at = 0.0 if self._report is None else self._report.moment(unit.timestamp, self._track.clock_rate)
        sent_no = unit.sent_no if frame.pts is None else frame.pts
        return Picture(frame, Stamp(sent_no, now, time.monotonic(), camera_at))

    def _choose_decoder(self) -> None:
        """At a keyframe, decode as finely as the widest subscriber needs: 15 % cheaper for small tiles."""
        coarse = self._width > 0 and self.widest <= _SMALL * self._width
        if coarse != self.decoder.coarse:
            undecodable = self.decoder.undecodable
            self.decoder = Decoder(self._track.codec, self._track.parameter_sets, coarse=coarse)
            self.decoder.undecodable = undecodable
