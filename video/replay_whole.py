"""What was recorded, decoded as strictly as live: no picture that builds on a broken one. In the replay worker."""

from av.video.frame import VideoFrame

from video.decode import Decoder, begins_anew
from video.segment_reader import StoredUnit


class WholePictures:
    """Decodes units in their order, from a keyframe on; after a broken one nothing comes until the next keyframe.

    Before the first whole picture a broken one counts only where it should have begun everything anew: streams without
    such pictures are still gathering themselves (video.stream does the same).
    """

    def __init__(self, codec: str) -> None:
        self._codec = codec
        self._decoder = Decoder(codec, ())
        self._any = False
        self._waits = False

    def decode(self, unit: StoredUnit, number: int) -> VideoFrame | None:
        """Return the newest picture that this unit completes, its `pts` the number of its own unit; None for none."""
        if self._waits and not unit.key:
            return None
        undecodable = self._decoder.undecodable
        frame = self._decoder.decode(unit.data, number)
        broken = self._decoder.undecodable > undecodable
        self._waits = broken and (self._any or (unit.key and begins_anew(self._codec, unit.data)))
        self._any = self._any or frame is not None
        return frame
