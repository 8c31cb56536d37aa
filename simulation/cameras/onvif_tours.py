"""Preset tours that the device itself runs (PTZ Service Specification, 5.6)."""

import asyncio
import html
from dataclasses import dataclass, field

from lxml import etree

from simulation.cameras.mount import Pose
from simulation.cameras.onvif_presets import PresetService
from simulation.cameras.onvif_unit import Handlers, Head, Unit, seconds_of
from simulation.cameras.soap import PTZ, Operation, SoapFaultError

_OPERATIONS = ("Start", "Stop", "Pause")
_STATES = {"Start": "Touring", "Stop": "Idle", "Pause": "Paused"}
_LONGEST_STAY_S = 3600.0
_SHORTEST_STAY_S = 1.0
_LOOKS_EVERY_S = 0.05
_INTERRUPTING = frozenset({"ContinuousMove", "RelativeMove", "AbsoluteMove", "GotoPreset", "GotoHomePosition", "Stop"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a tour: a preset's token, or "" for home; how fast to go there and how long to stay."""

    preset: str
    speed: float = 1.0
    stay_s: float = _SHORTEST_STAY_S


@dataclass(slots=True)
class Tour:
    """One tour and what it is doing."""

    token: str
    head: Head
    name: str = ""
    auto: bool = False
    times: int = 0  # 0 goes round for ever
    backward: bool = False
    spots: tuple[Spot, ...] = ()
    state: str = "Idle"
    at: int | None = None
    work: asyncio.Task[None] | None = field(default=None, compare=False)


class TourService:
    """Keeps the device's tours and runs them; needs the loop of the cameras."""

    def __init__(self, unit: Unit, presets: PresetService) -> None:
        self._unit = unit
        self._presets = presets
        self._tours: dict[str, Tour] = {}
        self._made = 0

    def handlers(self) -> Handlers:
        """Return what answers each operation; nothing where the device has no tours."""
        named = {
            "GetPresetTours": self._all,
            "GetPresetTour": self._one,
            "GetPresetTourOptions": self._options,
            "CreatePresetTour": self._create,
            "ModifyPresetTour": self._modify,
            "OperatePresetTour": self._operate,
            "RemovePresetTour": self._remove,
        }
        return {(PTZ, name): handler for name, handler in named.items()} if self._unit.kind.tours else {}

    def state(self) -> list[dict[str, object]]:
        """Return what each tour is doing."""
        return [{"token": tour.token, "state": tour.state, "spot": tour.at} for tour in self._tours.values()]

    def interrupt(self, operation: str, head: Head | None) -> None:
        """Stop the tour of a head that somebody else moves."""
        for tour in self._tours.values():
            if operation in _INTERRUPTING and tour.head is head and tour.state != "Idle":
                self._become(tour, "Stop")

    def close(self) -> None:
        """Stop all tours."""
        for tour in self._tours.values():
            self._become(tour, "Stop")

    def _all(self, asked: Operation) -> str:
        head = self._unit.head(asked)
        rows = "".join(self._tour_xml(tour) for tour in self._tours.values() if tour.head is head)
        return f"<tptz:GetPresetToursResponse>{rows}</tptz:GetPresetToursResponse>"

    def _one(self, asked: Operation) -> str:
        return f"<tptz:GetPresetTourResponse>{self._tour_xml(self._known(asked))}</tptz:GetPresetTourResponse>"

    def _options(self, asked: Operation) -> str:
        head = self._unit.head(asked)
        stay = f"<tt:Min>PT{_SHORTEST_STAY_S:g}S</tt:Min><tt:Max>PT{_LONGEST_STAY_S:g}S</tt:Max>"
        tokens = "".join(f"<tt:PresetToken>{token}</tt:PresetToken>" for token in self._presets.tokens(head))
        return (
            "<tptz:GetPresetTourOptionsResponse><tptz:Options><tt:AutoStart>false</tt:AutoStart><tt:StartingCondition>"
            "<tt:RecurringTime><tt:Min>0</tt:Min><tt:Max>1000</tt:Max></tt:RecurringTime>"
            "<tt:Direction>Forward</tt:Direction><tt:Direction>Backward</tt:Direction></tt:StartingCondition>"
            f"<tt:TourSpot><tt:PresetDetail>{tokens}<tt:Home>true</tt:Home></tt:PresetDetail>"
            f"<tt:StayTime>{stay}</tt:StayTime></tt:TourSpot></tptz:Options></tptz:GetPresetTourOptionsResponse>"
        )

    def _create(self, asked: Operation) -> str:
        head = self._unit.head(asked)
        if len(self._tours) >= self._unit.kind.tours:
            raise SoapFaultError("Action", "TooManyPresetTours", reason="no more tours can be kept", status=500)
        self._made += 1
        token = f"tour_{self._made}"
        self._tours[token] = Tour(token, head)
        inner = f"<tptz:PresetTourToken>{token}</tptz:PresetTourToken>"
        return f"<tptz:CreatePresetTourResponse>{inner}</tptz:CreatePresetTourResponse>"

    def _modify(self, asked: Operation) -> str:
        said = asked.find("PresetTour")
        tour = self._tours.get("" if said is None else said.get("token", ""))
        if said is None or tour is None or tour.head is not self._unit.head(asked):
            raise SoapFaultError("InvalidArgVal", "NoToken", reason="no such tour")
        spots = tuple(self._spot(one, tour.head) for one in said.iterfind("{*}TourSpot"))
        self._become(tour, "Stop")
        tour.name = (said.findtext("{*}Name") or "").strip()
        tour.auto = (said.findtext("{*}AutoStart") or "").strip() in {"true", "1"}
        tour.times = int(said.findtext("{*}StartingCondition/{*}RecurringTime") or 0)
        tour.backward = (said.findtext("{*}StartingCondition/{*}Direction") or "").strip() == "Backward"
        tour.spots = spots
        return "<tptz:ModifyPresetTourResponse/>"

    def _spot(self, said: etree._Element, head: Head) -> Spot:
        """Read a spot; SoapFaultError where it leads nowhere or stays for a time that can't be kept."""
        token = (said.findtext("{*}PresetDetail/{*}PresetToken") or "").strip()
        home = (said.findtext("{*}PresetDetail/{*}Home") or "").strip() in {"true", "1"}
        if token:
            self._presets.pose_of(head, token)
        elif not home:
            raise SoapFaultError("InvalidArgVal", "InvalidPresetTour", reason="a spot is a preset or home")
        duration = (said.findtext("{*}StayTime") or "").strip()
        stay_s = seconds_of(duration) if duration else _SHORTEST_STAY_S
        if stay_s is None or not 0 < stay_s <= _LONGEST_STAY_S:
            raise SoapFaultError("InvalidArgVal", "InvalidPresetTour", reason=f"no time to stay: {duration[:40]!r}")
        turn = said.find("{*}Speed/{*}PanTilt")
        most = self._unit.kind.ranges.speed[1] or 1.0
        speed = 1.0 if turn is None else max(float(turn.get("x", "0")), float(turn.get("y", "0"))) / most
        return Spot(token, speed or 1.0, stay_s)

    def _operate(self, asked: Operation) -> str:
        tour, operation = self._known(asked), asked.text("Operation")
        if operation not in _OPERATIONS:
            raise SoapFaultError("InvalidArgVal", "InvalidPresetTour", reason=f"no operation {operation[:40]!r}")
        if operation == "Start" and not tour.spots:
            raise SoapFaultError("Action", "ActivationFailed", reason="the tour has no spots", status=500)
        self._become(tour, operation)
        return "<tptz:OperatePresetTourResponse/>"

    def _remove(self, asked: Operation) -> str:
        tour = self._known(asked)
        self._become(tour, "Stop")
        del self._tours[tour.token]
        return "<tptz:RemovePresetTourResponse/>"

    def _known(self, asked: Operation) -> Tour:
        self._unit.head(asked)
        token = asked.text("PresetTourToken")
        if token not in self._tours:
            raise SoapFaultError("InvalidArgVal", "NoToken", reason=f"no tour {token!r}")
        return self._tours[token]

    def _become(self, tour: Tour, operation: str) -> None:
        """Start, pause or stop a tour; a start after a pause goes on where it was."""
        if tour.work is not None:
            tour.work.cancel()
            tour.work = None
        tour.state = _STATES[operation]
        if operation == "Stop":
            tour.at = None
        if operation == "Start":
            for other in self._tours.values():
                if other is not tour and other.head is tour.head and other.state != "Idle":
                    self._become(other, "Stop")
            tour.work = asyncio.create_task(self._run(tour), name=f"tour {tour.token}")

    async def _run(self, tour: Tour) -> None:
        step, count = (-1 if tour.backward else 1), len(tour.spots)
        at = (tour.at if tour.at is not None else (count - 1 if tour.backward else 0)) % count
        rounds = 0
        while not tour.times or rounds < tour.times:
            tour.at, spot = at, tour.spots[at]
            tour.head.mount.go(self._unit.monotonic(), self._pose(tour.head, spot), spot.speed, spot.speed)
            while any(tour.head.mount.moving(self._unit.monotonic())):
                await asyncio.sleep(_LOOKS_EVERY_S)
            await asyncio.sleep(spot.stay_s)
            at = (at + step) % count
            rounds += at == (count - 1 if tour.backward else 0)
        tour.state, tour.at, tour.work = "Idle", None, None

    def _pose(self, head: Head, spot: Spot) -> Pose:
        """Return where a spot is; one whose preset has been removed since is where the head is now."""
        if not spot.preset:
            return self._presets.home(head)
        if spot.preset not in self._presets.tokens(head):
            return head.mount.pose(self._unit.monotonic())
        return self._presets.pose_of(head, spot.preset)

    def _tour_xml(self, tour: Tour) -> str:
        spots = "".join(self._spot_xml("TourSpot", spot) for spot in tour.spots)
        current = "" if tour.at is None else self._spot_xml("CurrentTourSpot", tour.spots[tour.at])
        direction = "Backward" if tour.backward else "Forward"
        return (
            f'<tptz:PresetTour token="{tour.token}"><tt:Name>{html.escape(tour.name)}</tt:Name>'
            f"<tt:Status><tt:State>{tour.state}</tt:State>{current}</tt:Status>"
            f"<tt:AutoStart>{str(tour.auto).lower()}</tt:AutoStart><tt:StartingCondition>"
            f"<tt:RecurringTime>{tour.times}</tt:RecurringTime><tt:Direction>{direction}</tt:Direction>"
            f"</tt:StartingCondition>{spots}</tptz:PresetTour>"
        )

    def _spot_xml(self, tag: str, spot: Spot) -> str:
        detail = f"<tt:PresetToken>{spot.preset}</tt:PresetToken>" if spot.preset else "<tt:Home>true</tt:Home>"
        speed = spot.speed * (self._unit.kind.ranges.speed[1] or 1.0)
        return (
            f"<tt:{tag}><tt:PresetDetail>{detail}</tt:PresetDetail>"
            f'<tt:Speed><tt:PanTilt x="{speed:g}" y="{speed:g}"/></tt:Speed>'
            f"<tt:StayTime>PT{spot.stay_s:g}S</tt:StayTime></tt:{tag}>"
        )


def tour_support_xml(most: int) -> str:
    """Return what a PTZ node says of tours, nothing where there are none."""
    if not most:
        return ""
    operations = "".join(f"<tt:PTZPresetTourOperation>{one}</tt:PTZPresetTourOperation>" for one in _OPERATIONS)
    return (
        f"<tt:Extension><tt:SupportedPresetTour><tt:MaximumNumberOfPresetTours>{most}</tt:MaximumNumberOfPresetTours>"
        f"{operations}</tt:SupportedPresetTour></tt:Extension>"
    )
