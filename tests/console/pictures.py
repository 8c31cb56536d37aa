"""Cameras' pictures without cameras: a source gives what a test has it give, and may give nothing or die."""

from dataclasses import dataclass, field, replace

from domain.camera import Camera
from domain.picture import Frame, LossReason, PictureState, Subscription


@dataclass
class Picture:
    """A grey frame."""

    width: int
    height: int
    arrived_at: float
    sent_no: int = 1
    pixels: memoryview = field(init=False)

    def __post_init__(self) -> None:
        self.pixels = memoryview(bytes([90, 90, 90, 255]) * (self.width * self.height))

    def intact(self) -> bool:
        return True


@dataclass(eq=False)
class Source:
    """One subscription. It has no picture until `give`."""

    camera: Camera
    wish: Subscription
    ended: int = 0
    adjusted: int = 0
    told: PictureState = field(default_factory=lambda: PictureState(since=0.0))
    waiting: Picture | None = None

    def give(self, now: float) -> None:
        """Have one frame come now."""
        self.waiting = Picture(self.wish.width, self.wish.height, now)
        self.told = PictureState(since=0.0, picture_at=now)

    def die(self) -> None:
        """Have the camera answer no more."""
        self.told = PictureState(since=-100.0, picture_at=None, reason=LossReason.NO_ANSWER)

    def newest(self) -> Frame | None:
        assert not self.ended, "a source was used after it was given back"
        given, self.waiting = self.waiting, None
        return given

    def state(self) -> PictureState:
        return self.told


@dataclass
class Engine:
    """Gives sources, and keeps account of them."""

    made: list[Source] = field(default_factory=list)
    retried: list[int] = field(default_factory=list)

    def subscribe(self, camera: Camera, wish: Subscription) -> Source:
        assert camera.no == wish.camera_no
        assert wish.width >= 16
        assert wish.height >= 8
        assert wish.width % 4 == 0
        assert wish.height % 2 == 0
        self.made.append(Source(camera, wish))
        return self.made[-1]

    def unsubscribe(self, source: object) -> None:
        assert isinstance(source, Source)
        source.ended += 1
        assert source.ended == 1, "a source was given back twice"

    def adjust(self, source: object, *, keyframes_only: bool, rank: int) -> None:
        assert isinstance(source, Source)
        assert not source.ended, "a source was adjusted after it was given back"
        changed = replace(source.wish, keyframes_only=keyframes_only, rank=rank)
        assert changed != source.wish, "nothing was changed"
        source.wish, source.adjusted = changed, source.adjusted + 1

    def retry(self, camera_no: int) -> None:
        self.retried.append(camera_no)

    @property
    def open(self) -> list[Source]:
        return [source for source in self.made if not source.ended]

    @property
    def cameras(self) -> list[int]:
        return sorted(source.wish.camera_no for source in self.open)

    def of(self, camera_no: int) -> list[Source]:
        return [source for source in self.open if source.wish.camera_no == camera_no]
