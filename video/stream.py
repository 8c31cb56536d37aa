"""From one session's packets to pictures in the slots of whoever subscribed. Runs in a stream worker."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from av.video.frame import VideoFrame

from video.audience import Audience, Picture
from video.decode import Decoder, begins_anew
from video.rtp import AccessUnit, Depacketiser, Punctuality, SenderReport, parse_sender_report
from video.sdp import VideoTrack
from video.slot import Stamp
from video.stillness import Stillness

LATE_S = 1.0  # a picture older than this never looks live: drop to the next keyframe
_SMALL = 0.8  # of the stream's width: scaled down so far, nobody sees the deblocking filter (PSNR >= 41 dB without)
_LATE_FOR_S = 3.0  # late for so long: the backlog is at the camera, or its clock jumped; only a new session helps
_UNSEEN_EVERY_S = 1.9  # a keyframe of what nobody sees: enough to be there at once
_MOST_HELD_BACK = 300  # pictures since a keyframe, kept while only keyframes are decoded, to go on from at once


class Keeper(Protocol):
    """Where the ring takes what was received, before anything is decoded."""

    def write(self, unit: AccessUnit, arrived_at_unix: float, camera_at: float) -> None:
        """Keep one unit; returns at once."""
        ...

    def end(self) -> None:
        """Note that the session is over."""
        ...


@dataclass(frozen=True, slots=True)
class _Held:
    """A unit that nobody needed when it came."""

    unit: AccessUnit
    arrived_at: float
    camera_at: float


class Stream:
    """One session's pictures: at most the newest one of each gulp comes out."""

    def __init__(
        self, track: VideoTrack, sent_before: int, audience: Audience | None = None, ring: Keeper | None = None
    ) -> None:
        self.depacketiser = Depacketiser(track.codec, track.payload_type, sent_before=sent_before)
        self.decoder = Decoder(track.codec, track.parameter_sets)
        self.stillness = Stillness()
        self.decoded = 0
        self.late = 0
        self.octets = 0
        self.understood = 0  # units that could be decoded, or need not be
        self.cpu_s = 0.0
        self.hopeless = False
        self._track = track
        self._audience = audience if audience is not None else Audience()
        self._ring = ring
        self._width = 0
        self._punctuality = Punctuality(track.clock_rate)
        self._late_since: float | None = None
        self._report: SenderReport | None = None
        self._leaps = 0
        self._now = 0.0
        self._key_at = float("-inf")
        self._held_back: list[_Held] = []
        self._gap = False
        self._baseless = False

    def take(self, packets: Iterable[tuple[bool, bytes]], now: float) -> Picture | None:
        """Decode all that the packets complete, show the newest picture and return it.

        ProtocolError for what is no RTP.
        """
        began, self._now = time.thread_time(), now
        newest: Picture | None = None
        if self._held_back:
            newest = self._catch_up()
        for is_rtcp, packet in packets:
            self.octets += len(packet)
            if is_rtcp:
                self._report = parse_sender_report(packet) or self._report
                continue
            for unit in self.depacketiser.push(packet):
                newest = self._take_unit(unit, now) or newest
        if newest is not None:
            self._audience.show(newest)
        self.cpu_s += time.thread_time() - began
        return newest

    def close(self) -> None:
        """Tell the ring that the session is over."""
        if self._ring is not None:
            self._ring.end()

    def _take_unit(self, unit: AccessUnit, now: float) -> Picture | None:
        late_s = self._punctuality.late_s(unit.timestamp, now)
        if self._punctuality.leaps != self._leaps:  # the report's timestamp is of the clock before
            self._leaps, self._report = self._punctuality.leaps, None
        camera_at = 0.0 if self._report is None else self._report.moment(unit.timestamp, self._track.clock_rate)
        if self._ring is not None:
            self._ring.write(unit, time.time() - max(0.0, late_s), camera_at)
        if late_s > LATE_S:
            self._note_late(now)
            return None
        self._late_since = None
        if unit.key:
            self._held_back.clear()
            self._gap = False
        elif self._gap:
            if not self._needs(unit, now):
                self.understood += 1  # of a long run without keyframes, not all is held back
            return None
        if not self._needs(unit, now):
            self._hold_back(_Held(unit, now, camera_at))
            return None
        return self._decode(unit, now, camera_at)

    def _needs(self, unit: AccessUnit, now: float) -> bool:
        """Return whether anybody needs this picture now."""
        audience = self._audience
        if not audience.looks or (audience.keyframes_only and not unit.key):
            return False
        if unit.key and audience.unseen and now - self._key_at < _UNSEEN_EVERY_S:
            return False
        if unit.key:
            self._key_at = now
        return True

    def _note_late(self, now: float) -> None:
        self.late += 1
        if self._late_since is None:
            self._late_since = now
        self.hopeless = now - self._late_since > _LATE_FOR_S
        self.depacketiser.wait_for_key()

    def _hold_back(self, unit: "_Held") -> None:
        """Keep what nobody looks at since the last keyframe: who looks then need not wait for the next one."""
        if len(self._held_back) >= _MOST_HELD_BACK:
            self._held_back.clear()
            self._gap = True
        else:
            self._held_back.append(unit)
            self.understood += 1

    def _catch_up(self) -> Picture | None:
        """Decode what was held back, as far as it is wanted now."""
        audience = self._audience
        if not audience.looks or audience.unseen:
            return None
        newest: Picture | None = None
        while self._held_back and (self._held_back[0].unit.key or not audience.keyframes_only):
            held = self._held_back.pop(0)
            newest = self._decode(held.unit, held.arrived_at, held.camera_at) or newest
        return newest

    def _decode(self, unit: AccessUnit, now: float, camera_at: float) -> Picture | None:
        if unit.key:
            self._choose_decoder()
        undecodable = self.decoder.undecodable
        frame = self.decoder.decode(unit.data, unit.sent_no)
        if self.decoder.undecodable > undecodable:
            self._note_undecodable(unit)
        if frame is None or (self._baseless and not unit.key):
            return None
        self._baseless = False
        self.decoded += 1
        self.understood += 1
        self._width = frame.width
        if self.stillness.wants(now, key=unit.key):
            self._compare(frame, now)
        sent_no = unit.sent_no if frame.pts is None else frame.pts
        decoded_at = time.monotonic() if now == self._now else now  # one that was held back is as old as it is
        return Picture(frame, Stamp(sent_no, now, decoded_at, camera_at), unit.key)

    def _note_undecodable(self, unit: AccessUnit) -> None:
        """Show nothing until a keyframe that can be decoded: what follows builds on this one."""
        if self.decoded:
            self.depacketiser.wait_for_key()
        elif unit.key:  # before the first whole picture, streams without IDR pictures are still gathering themselves
            self._baseless = begins_anew(self._track.codec, unit.data)

    def _compare(self, frame: VideoFrame, now: float) -> None:
        if frame.planes:
            self.stillness.look(memoryview(frame.planes[0]), now)

    def _choose_decoder(self) -> None:
        """At a keyframe, decode as finely as the widest subscriber needs: 15 % cheaper for small tiles."""
        coarse = self._width > 0 and self._audience.widest <= _SMALL * self._width
        if coarse != self.decoder.coarse:
            undecodable = self.decoder.undecodable
            self.decoder = Decoder(self._track.codec, self._track.parameter_sets, coarse=coarse)
            self.decoder.undecodable = undecodable
