"""A camera that speaks ONVIF and misbehaves on request, in this process, with a log of what reached it."""

import base64
import hashlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from domain.camera import Camera, Credentials, SiteKind
from domain.clock import SystemClock
from domain.motion import MotionPhase, MotionState
from domain.place import Place

_OPERATION = re.compile(rb"Body[^>]*>\s*<(?:\w+:)?(\w+)")
_DECLARATIONS = (
    ' xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"'
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
)
RIGHT = Credentials("operator", "steer & <zoom>")


@dataclass(frozen=True)
class Request:
    at: float
    operation: str
    signed: bool
    body: str


@dataclass
class Faults:
    """What is wrong with the camera; all may be changed while it runs."""

    slow_s: float = 0.0
    slow_moves_s: float = 0.0  # takes so long to begin a move, while a Stop is carried out at once
    needs_both_flags: bool = False
    undeclared_prefixes: bool = False
    huge: bool = False
    entity_bomb: bool = False
    clock_ahead: timedelta = timedelta(0)
    refuses_time: bool = False
    no_position: bool = False
    no_status: bool = False
    no_options: bool = False
    no_profile: bool = False
    stuck: bool = False  # answers Stop and turns on
    told_address: str = "http://10.9.8.7:81"
    silent: set[str] = field(default_factory=set)  # operations that are never answered
    refused: set[str] = field(default_factory=set)  # operations answered with a fault


class FaultyCamera:
    """One PTZ camera on 127.0.0.1; `requests` is the wire as the camera saw it."""

    def __init__(self, port: int = 0) -> None:
        self.faults = Faults()
        self.requests: list[Request] = []
        self.password = RIGHT.password
        self.presets = {"1": "gate"}
        self._lock = threading.Condition()
        self._velocity = (0.0, 0.0, 0.0)
        self._position = (0.0, 0.0, 0.0)
        self._as_of = time.monotonic()
        self._ending = threading.Event()
        self._connections: set[socket.socket] = set()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                camera._connections.add(self.connection)

            def finish(self) -> None:
                camera._connections.discard(self.connection)
                super().finish()

            def log_message(self, *args: Any) -> None:
                pass

            def do_POST(self) -> None:
                camera._take(self)

        class Server(ThreadingHTTPServer):
            daemon_threads = False

            def handle_error(self, *args: Any) -> None:
                pass  # the console hung up, which is its right

        self._server = Server(("127.0.0.1", port), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/onvif/device_service"

    @property
    def turning(self) -> bool:
        with self._lock:
            return self._velocity != (0.0, 0.0, 0.0)

    def asked(self, operation: str) -> list[Request]:
        with self._lock:
            return [one for one in self.requests if one.operation == operation]

    def order(self) -> list[str]:
        with self._lock:
            return [one.operation for one in self.requests if one.operation in {"ContinuousMove", "Stop"}]

    def wait_for(self, met: Callable[[], bool], for_s: float = 10.0) -> None:
        """Wait until the condition is met; it is looked at after each request and every 10 ms."""
        ends = time.monotonic() + for_s
        with self._lock:
            while not met():
                assert time.monotonic() < ends, f"not within {for_s} s; the camera saw {self.order()}"
                self._lock.wait(0.01)

    def close(self) -> None:
        self._ending.set()
        self._server.shutdown()
        self._thread.join()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        at = time.monotonic()
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        operation = _OPERATION.search(body)[1].decode()  # type: ignore[index]
        with self._lock:
            self.requests.append(Request(at, operation, b"UsernameToken" in body, body.decode()))
            self._lock.notify_all()
        slow_s = self.faults.slow_moves_s if operation == "ContinuousMove" else 0.0
        self._ending.wait(slow_s or self.faults.slow_s)
        while operation in self.faults.silent and not self._ending.wait(0.02):
            pass
        status, text = self._answer(operation, body.decode())
        content = self._envelope(text)
        handler.send_response_only(status)
        handler.send_header("Date", format_datetime(self._now(), usegmt=True))
        handler.send_header("Content-Type", "application/soap+xml")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.faults.clock_ahead

    def _envelope(self, text: str) -> bytes:
        soap = ' xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        declared = soap if self.faults.undeclared_prefixes else soap + _DECLARATIONS
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' if self.faults.entity_bomb else ""
        padding = "<!--" + " " * 3_000_000 + "-->" if self.faults.huge else ""
        return (
            f'<?xml version="1.0"?>{bomb}<s:Envelope{declared}><s:Body>{text}</s:Body>{padding}</s:Envelope>'.encode()
        )

    def _answer(self, operation: str, body: str) -> tuple[int, str]:
        open_to_all = operation == "GetSystemDateAndTime" and not self.faults.refuses_time
        if not (open_to_all or self._signed(body)):
            return 400, _fault("Sender", "ter:NotAuthorized", "not authorised")
        if operation in self.faults.refused:
            return 400, _fault("Receiver", "ter:ActionNotSupported", "not here")
        answer = getattr(self, re.sub("(?=[A-Z])", "_", operation).lower(), None)
        if answer is None:
            return 400, _fault("Receiver", "ter:ActionNotSupported", "not here")
        return 200, answer(body)

    def _signed(self, body: str) -> bool:
        found = re.search(r"Digest\">([^<]+)<.*?Base64Binary\">([^<]+)<.*?Created>([^<]+)<", body, re.DOTALL)
        if not found or f"Username>{RIGHT.user}<" not in body:
            return False
        digest, nonce, created = found.groups()
        secret = base64.b64decode(nonce) + created.encode() + self.password.encode()
        skew = abs(datetime.fromisoformat(created) - self._now())
        return base64.b64encode(hashlib.sha1(secret).digest()).decode() == digest and skew < timedelta(seconds=30)

    def _get_system_date_and_time(self, body: str) -> str:
        now = self._now()
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
            "<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime>"
            f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
            f"<tt:Second>{now.second}</tt:Second></tt:Time><tt:Date><tt:Year>{now.year}</tt:Year>"
            f"<tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date></tt:UTCDateTime>"
            "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )

    def _get_capabilities(self, body: str) -> str:
        told = self.faults.told_address
        return (
            "<tds:GetCapabilitiesResponse><tds:Capabilities>"
            f"<tt:Media><tt:XAddr>{told}/onvif/media</tt:XAddr><tt:StreamingCapabilities/></tt:Media>"
            f"<tt:PTZ><tt:XAddr>{told}/onvif/ptz?a=1</tt:XAddr></tt:PTZ>"
            "</tds:Capabilities></tds:GetCapabilitiesResponse>"
        )

    def _get_services(self, body: str) -> str:
        version = "<tds:Version><tt:Major>2</tt:Major><tt:Minor>0</tt:Minor></tds:Version>"
        told = self.faults.told_address
        return (
            "<tds:GetServicesResponse>"
            + "".join(
                f"<tds:Service><tds:Namespace>http://www.onvif.org/{name}/wsdl</tds:Namespace>"
                f"<tds:XAddr>{told}/onvif/{name[6:]}</tds:XAddr>{version}</tds:Service>"
                for name in ("ver10/media", "ver20/ptz")
            )
            + "</tds:GetServicesResponse>"
        )

    def _get_profiles(self, body: str) -> str:
        ptz = (
            '<tt:PTZConfiguration token="cfg"><tt:Name>c</tt:Name><tt:UseCount>1</tt:UseCount>'
            "<tt:NodeToken>node</tt:NodeToken></tt:PTZConfiguration>"
        )
        return (
            '<trt:GetProfilesResponse><trt:Profiles token="fixed" fixed="true"><tt:Name>f</tt:Name></trt:Profiles>'
            f'<trt:Profiles token="dome" fixed="true"><tt:Name>d</tt:Name>{"" if self.faults.no_profile else ptz}'
            "</trt:Profiles></trt:GetProfilesResponse>"
        )

    def _get_configuration_options(self, body: str) -> str:
        if self.faults.no_options:
            return "<tptz:GetConfigurationOptionsResponse/>"
        ends = "<tt:Min>-1</tt:Min><tt:Max>1</tt:Max>"
        return (
            "<tptz:GetConfigurationOptionsResponse><tptz:PTZConfigurationOptions><tt:Spaces>"
            f"<tt:ContinuousPanTiltVelocitySpace><tt:URI>u</tt:URI><tt:XRange>{ends}</tt:XRange>"
            f"<tt:YRange>{ends}</tt:YRange></tt:ContinuousPanTiltVelocitySpace></tt:Spaces>"
            "<tt:PTZTimeout><tt:Min>PT0.5S</tt:Min><tt:Max>PT1S</tt:Max></tt:PTZTimeout>"
            "</tptz:PTZConfigurationOptions></tptz:GetConfigurationOptionsResponse>"
        )

    def _continuous_move(self, body: str) -> str:
        turn = re.search(r'PanTilt[^>]* x="([^"]+)" y="([^"]+)"', body)
        zoom = re.search(r'Zoom[^>]* x="([^"]+)"', body)
        with self._lock:
            self._settle()
            self._velocity = (
                float(turn[1]) if turn else 0.0,
                float(turn[2]) if turn else 0.0,
                float(zoom[1]) if zoom else 0.0,
            )
        return "<tptz:ContinuousMoveResponse/>"

    def _stop(self, body: str) -> str:
        both = ">true</p:PanTilt" in body and ">true</p:Zoom" in body
        with self._lock:
            self._settle()
            if (both or not self.faults.needs_both_flags) and not self.faults.stuck:
                self._velocity = (0.0, 0.0, 0.0)
        return "<tptz:StopResponse/>"

    def _get_status(self, body: str) -> str:
        with self._lock:
            self._settle()
            word = "MOVING" if any(self._velocity) else "IDLE"
            pan, tilt, zoom = self._position
        where = f'<tt:PanTilt x="{pan:.5f}" y="{tilt:.5f}"/><tt:Zoom x="{zoom:.5f}"/>'
        position = "" if self.faults.no_position else f"<tt:Position>{where}</tt:Position>"
        status = (
            ""
            if self.faults.no_status
            else (f"<tt:MoveStatus><tt:PanTilt>{word}</tt:PanTilt><tt:Zoom>{word}</tt:Zoom></tt:MoveStatus>")
        )
        return (
            f"<tptz:GetStatusResponse><tptz:PTZStatus>{position}{status}"
            "<tt:UtcTime>2024-01-01T00:00:00Z</tt:UtcTime></tptz:PTZStatus></tptz:GetStatusResponse>"
        )

    def _get_presets(self, body: str) -> str:
        return (
            "<tptz:GetPresetsResponse>"
            + "".join(
                f'<tptz:Preset token="{token}"><tt:Name>{name}</tt:Name></tptz:Preset>'
                for token, name in self.presets.items()
            )
            + "</tptz:GetPresetsResponse>"
        )

    def _set_preset(self, body: str) -> str:
        token = str(len(self.presets) + 1)
        self.presets[token] = re.search(r"PresetName>([^<]+)<", body)[1]  # type: ignore[index]
        return f"<tptz:SetPresetResponse><tptz:PresetToken>{token}</tptz:PresetToken></tptz:SetPresetResponse>"

    def _remove_preset(self, body: str) -> str:
        del self.presets[re.search(r"PresetToken>([^<]+)<", body)[1]]  # type: ignore[index]
        return "<tptz:RemovePresetResponse/>"

    def _goto_preset(self, body: str) -> str:
        return "<tptz:GotoPresetResponse/>"

    def _goto_home_position(self, body: str) -> str:
        return "<tptz:GotoHomePositionResponse/>"

    def _settle(self) -> None:
        now = time.monotonic()
        elapsed, self._as_of = now - self._as_of, now
        pan, tilt, zoom = (
            max(-1.0, min(1.0, at + speed * elapsed * 0.2))
            for at, speed in zip(self._position, self._velocity, strict=True)
        )
        self._position = (pan, tilt, zoom)


def _fault(code: str, subcode: str, reason: str) -> str:
    return (
        f'<s:Fault xmlns:ter="http://www.onvif.org/ver10/error"><s:Code><s:Value>s:{code}</s:Value><s:Subcode>'
        f"<s:Value>{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{reason}</s:Text></s:Reason></s:Fault>'
    )


class Told:
    """Collects what the control reports."""

    def __init__(self) -> None:
        self.states: list[MotionState] = []
        self._told = threading.Condition()

    def __call__(self, state: MotionState) -> None:
        with self._told:
            self.states.append(state)
            self._told.notify_all()

    def phases(self) -> list[MotionPhase]:
        with self._told:
            return [state.phase for state in self.states]

    def wait_for(self, phase: MotionPhase, for_s: float = 10.0) -> MotionState:
        """Wait until this is the last reported phase."""
        with self._told:
            met = self._told.wait_for(lambda: bool(self.states) and self.states[-1].phase is phase, for_s)
            assert met, f"{phase} was not told within {for_s} s, but {self.states}"
            return self.states[-1]


def register_entry(url: str, no: int = 7) -> Camera:
    return Camera(
        no=no,
        name="Practice dome",
        site="S-1",
        site_kind=SiteKind.PARK,
        district="Manan",
        place=Place(37.4, 126.9),
        onvif_url=url,
        credentials="practice",
    )


@pytest.fixture
def faulty() -> Iterator[FaultyCamera]:
    with closing(FaultyCamera()) as camera:
        yield camera


@pytest.fixture
def right() -> Credentials:
    return RIGHT


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def entry() -> Callable[..., Camera]:
    return register_entry


@pytest.fixture
def camera(faulty: FaultyCamera) -> Camera:
    return register_entry(faulty.url)
