"""ONVIF's PTZ service (PTZ Service Specification): moves, status, and what the heads can do."""

from simulation.cameras.mount import Pose
from simulation.cameras.onvif_kind import Home, Status
from simulation.cameras.onvif_media import ptz_configuration_xml
from simulation.cameras.onvif_tours import tour_support_xml
from simulation.cameras.onvif_unit import Handlers, Head, Unit, not_supported, seconds_of, stamp
from simulation.cameras.soap import PTZ, Operation, SoapFaultError

_DEFAULT_TIMEOUT_S = 5.0
_TRUE = {"true", "1"}
MOVES = frozenset({"ContinuousMove", "RelativeMove", "AbsoluteMove", "GotoPreset", "GotoHomePosition"})


class PtzService:
    """Moves the heads of one device."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._stops_since = 0  # how many Stops came since the fault began that ignores the first

    def handlers(self) -> Handlers:
        """Return what answers each operation."""
        named = {
            "GetNodes": self._nodes,
            "GetNode": self._node,
            "GetConfigurations": self._configurations,
            "GetConfiguration": self._configuration,
            "GetConfigurationOptions": self._options,
            "GetStatus": self._status,
            "ContinuousMove": self._continuous,
            "RelativeMove": self._relative,
            "AbsoluteMove": self._absolute,
            "Stop": self._stop,
        }
        return {(PTZ, name): handler for name, handler in named.items()}

    def forget(self) -> None:
        """Count the Stops anew: a fault has just begun."""
        self._stops_since = 0

    def _continuous(self, asked: Operation) -> str:
        head = self._head_for(asked, "continuous")
        wish, lasts_s = self._unit.spaces.velocity(asked), self._lasts(asked)
        fault = self._unit.fault()
        if fault.onvif.deaf_to_zero and not any((*(wish.turn or ()), wish.zoom or 0.0)):
            self._unit.fired["zero_move_ignored"] += 1
        else:
            now = self._unit.monotonic()
            head.mount.run(now, wish.turn, wish.zoom, None if fault.deaf_to_timeout else now + lasts_s)
        return "<tptz:ContinuousMoveResponse/>"

    def _relative(self, asked: Operation) -> str:
        head = self._head_for(asked, "relative", "fov")
        here = head.mount.pose(self._unit.monotonic())
        self._go(asked, head, self._unit.spaces.translated(asked, here))
        return "<tptz:RelativeMoveResponse/>"

    def _absolute(self, asked: Operation) -> str:
        head = self._head_for(asked, "absolute")
        here = head.mount.pose(self._unit.monotonic())
        self._go(asked, head, self._unit.spaces.position(asked, here))
        return "<tptz:AbsoluteMoveResponse/>"

    def _go(self, asked: Operation, head: Head, wanted: Pose) -> None:
        turn_speed, zoom_speed = self._unit.spaces.speed(asked)
        head.mount.go(self._unit.monotonic(), wanted, turn_speed, zoom_speed)

    def _head_for(self, asked: Operation, *moves: str) -> Head:
        """Return the head to move; SoapFaultError where the device has none of these moves."""
        head = self._unit.head(asked)
        if not self._unit.kind.moves & set(moves):
            raise not_supported(asked.name)
        return head

    def _lasts(self, asked: Operation) -> float:
        """Return for how many seconds a move may go on; SoapFaultError where the device can't keep that."""
        said, (shortest, longest) = asked.text("Timeout"), self._unit.kind.timeout
        if not said:
            return min(_DEFAULT_TIMEOUT_S, longest)
        total = seconds_of(said)
        if total is None or not total > 0 or not shortest <= total <= longest:
            raise SoapFaultError("InvalidArgVal", "TimeoutNotSupported", reason=f"{said[:40]!r} is not supported")
        return total

    def _stop(self, asked: Operation) -> str:
        head = self._unit.head(asked)
        flags = [asked.text(name) for name in ("PanTilt", "Zoom")]
        if self._ignored(flags):
            self._unit.stops_ignored += 1
            return "<tptz:StopResponse/>"
        now, late_s = self._unit.monotonic(), self._unit.fault().onvif.stop_late_s
        if late_s:
            self._unit.fired["moves_on_after_stop"] += 1
            head.mount.coast(now, now + late_s)
        else:
            turn, zoom = ((said or "true") in _TRUE for said in flags)
            head.mount.stop(now, turn=turn, zoom=zoom)
        return "<tptz:StopResponse/>"

    def _ignored(self, flags: list[str]) -> bool:
        """Return whether a fault makes the device say yes to this Stop and do nothing."""
        fault, fired = self._unit.fault(), self._unit.fired
        self._stops_since += 1
        if fault.deaf_to_stop:
            fired["ignores_stop"] += 1
        elif fault.onvif.stop_needs_flags and not all(said in _TRUE for said in flags):
            fired["stop_needs_flags"] += 1
        elif self._stops_since <= fault.onvif.deaf_stops:
            fired["ignores_first_stops"] += 1
        else:
            return False
        return True

    def _status(self, asked: Operation) -> str:
        head, status = self._unit.head(asked), self._unit.kind.status
        if status is Status.NONE:
            raise not_supported(asked.name)
        now = self._unit.monotonic()
        pose, moving = head.mount.pose(now), head.mount.moving(now)
        position = f"<tt:Position>{self._unit.spaces.pose_xml(pose)}</tt:Position>"
        said = ["UNKNOWN" if status is Status.UNKNOWN else "MOVING" if moves else "IDLE" for moves in moving]
        motion = f"<tt:MoveStatus><tt:PanTilt>{said[0]}</tt:PanTilt><tt:Zoom>{said[1]}</tt:Zoom></tt:MoveStatus>"
        return (
            f"<tptz:GetStatusResponse><tptz:PTZStatus>{'' if status is Status.NO_POSITION else position}"
            f"{'' if status is Status.NO_MOVE_STATUS else motion}<tt:UtcTime>{stamp(self._unit.wall())}</tt:UtcTime>"
            "</tptz:PTZStatus></tptz:GetStatusResponse>"
        )

    def _nodes(self, _: Operation) -> str:
        rows = "".join(self._node_xml(head) for head in self._unit.heads)
        return f"<tptz:GetNodesResponse>{rows}</tptz:GetNodesResponse>"

    def _node(self, asked: Operation) -> str:
        head = next((head for head in self._unit.heads if head.node == asked.text("NodeToken")), None)
        if head is None:
            raise SoapFaultError("InvalidArgVal", "NoEntity", reason="no such node")
        return f"<tptz:GetNodeResponse>{self._node_xml(head)}</tptz:GetNodeResponse>"

    def _configurations(self, _: Operation) -> str:
        rows = "".join(ptz_configuration_xml("tptz:PTZConfiguration", head, self._unit) for head in self._unit.heads)
        return f"<tptz:GetConfigurationsResponse>{rows}</tptz:GetConfigurationsResponse>"

    def _configuration(self, asked: Operation) -> str:
        head = self._configured(asked, "PTZConfigurationToken")
        row = ptz_configuration_xml("tptz:PTZConfiguration", head, self._unit)
        return f"<tptz:GetConfigurationResponse>{row}</tptz:GetConfigurationResponse>"

    def _options(self, asked: Operation) -> str:
        self._configured(asked, "ConfigurationToken")
        shortest, longest = self._unit.kind.timeout
        timeouts = f"<tt:Min>PT{shortest:g}S</tt:Min><tt:Max>PT{longest:g}S</tt:Max>"
        return (
            f"<tptz:GetConfigurationOptionsResponse><tptz:PTZConfigurationOptions>"
            f"{self._unit.spaces.advertised('Spaces')}<tt:PTZTimeout>{timeouts}</tt:PTZTimeout>"
            "</tptz:PTZConfigurationOptions></tptz:GetConfigurationOptionsResponse>"
        )

    def _configured(self, asked: Operation, name: str) -> Head:
        head = next((head for head in self._unit.heads if head.configuration == asked.text(name)), None)
        if head is None:
            raise SoapFaultError("InvalidArgVal", "NoConfig", reason="no such configuration")
        return head

    def _node_xml(self, head: Head) -> str:
        kind = self._unit.kind
        auxiliary = "".join(f"<tt:AuxiliaryCommands>{one}</tt:AuxiliaryCommands>" for one in kind.auxiliary)
        return (
            f'<tptz:PTZNode token="{head.node}" FixedHomePosition="{str(kind.home is Home.FIXED).lower()}">'
            f"<tt:Name>head</tt:Name>{self._unit.spaces.advertised('SupportedPTZSpaces')}"
            f"<tt:MaximumNumberOfPresets>{kind.presets.most}</tt:MaximumNumberOfPresets>"
            f"<tt:HomeSupported>{str(kind.home is not Home.NONE).lower()}</tt:HomeSupported>{auxiliary}"
            f"{tour_support_xml(kind.tours)}</tptz:PTZNode>"
        )
