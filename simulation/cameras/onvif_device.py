"""ONVIF's device and media services of a PTZ camera (Core Specification, Media Service Specification)."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from simulation.cameras.config import PROFILES, CameraSpec, Codec, Profile
from simulation.cameras.soap import DEVICE, MEDIA, PTZ, Operation, SoapFaultError

Handler = Callable[[Operation], str]

SOURCE = "source_1"
NODE = "node_1"
PTZ_CONFIGURATION = "ptz_1"
_ENCODINGS = {Codec.H264: "H264", Codec.H265: "H265", Codec.MJPEG: "JPEG"}  # H265 is no word of ver10, but is said
_SPACES = "http://www.onvif.org/ver10/tptz"
POSITION_SPACE = f"{_SPACES}/PanTiltSpaces/PositionGenericSpace"
TRANSLATION_SPACE = f"{_SPACES}/PanTiltSpaces/TranslationGenericSpace"
VELOCITY_SPACE = f"{_SPACES}/PanTiltSpaces/VelocityGenericSpace"
SPEED_SPACE = f"{_SPACES}/PanTiltSpaces/GenericSpeedSpace"
ZOOM_POSITION_SPACE = f"{_SPACES}/ZoomSpaces/PositionGenericSpace"
ZOOM_TRANSLATION_SPACE = f"{_SPACES}/ZoomSpaces/TranslationGenericSpace"
ZOOM_VELOCITY_SPACE = f"{_SPACES}/ZoomSpaces/VelocityGenericSpace"
ZOOM_SPEED_SPACE = f"{_SPACES}/ZoomSpaces/ZoomGenericSpeedSpace"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the camera's services and streams are."""

    services: str
    stream: Callable[[int, str], str]

    def of(self, service: str) -> str:
        """Return the address of a service."""
        return f"{self.services}/{service}_service"


def range_xml(name: str, low: float, high: float) -> str:
    """Return a range element of ONVIF's schema."""
    return f"<tt:{name}><tt:Min>{low:g}</tt:Min><tt:Max>{high:g}</tt:Max></tt:{name}>"


def space_xml(name: str, uri: str, x: tuple[float, float], y: tuple[float, float] | None = None) -> str:
    """Return a space description of one or two axes."""
    ranges = range_xml("XRange", *x) + (range_xml("YRange", *y) if y else "")
    return f"<tt:{name}><tt:URI>{uri}</tt:URI>{ranges}</tt:{name}>"


def ptz_configuration_xml(tag: str) -> str:
    """Return the camera's PTZ configuration as an element of this name."""
    whole = (-1.0, 1.0)
    return (
        f'<{tag} token="{PTZ_CONFIGURATION}"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount>'
        f"<tt:NodeToken>{NODE}</tt:NodeToken>"
        f"<tt:DefaultAbsolutePantTiltPositionSpace>{POSITION_SPACE}</tt:DefaultAbsolutePantTiltPositionSpace>"
        f"<tt:DefaultAbsoluteZoomPositionSpace>{ZOOM_POSITION_SPACE}</tt:DefaultAbsoluteZoomPositionSpace>"
        f"<tt:DefaultRelativePanTiltTranslationSpace>{TRANSLATION_SPACE}</tt:DefaultRelativePanTiltTranslationSpace>"
        f"<tt:DefaultRelativeZoomTranslationSpace>{ZOOM_TRANSLATION_SPACE}</tt:DefaultRelativeZoomTranslationSpace>"
        f"<tt:DefaultContinuousPanTiltVelocitySpace>{VELOCITY_SPACE}</tt:DefaultContinuousPanTiltVelocitySpace>"
        f"<tt:DefaultContinuousZoomVelocitySpace>{ZOOM_VELOCITY_SPACE}</tt:DefaultContinuousZoomVelocitySpace>"
        f'<tt:DefaultPTZSpeed><tt:PanTilt x="1" y="1" space="{SPEED_SPACE}"/>'
        f'<tt:Zoom x="1" space="{ZOOM_SPEED_SPACE}"/></tt:DefaultPTZSpeed>'
        "<tt:DefaultPTZTimeout>PT5S</tt:DefaultPTZTimeout>"
        f"<tt:PanTiltLimits>{space_xml('Range', POSITION_SPACE, whole, whole)}</tt:PanTiltLimits>"
        f"<tt:ZoomLimits>{space_xml('Range', ZOOM_POSITION_SPACE, (0, 1))}</tt:ZoomLimits></{tag}>"
    )


class DeviceService:
    """Says what the camera is and where its services are."""

    def __init__(self, camera: CameraSpec, address: Address, now: Callable[[], datetime]) -> None:
        self._camera = camera
        self._address = address
        self._now = now

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """Return what answers each operation."""
        return {
            (DEVICE, "GetSystemDateAndTime"): self._time,
            (DEVICE, "GetDeviceInformation"): self._information,
            (DEVICE, "GetCapabilities"): self._capabilities,
            (DEVICE, "GetServices"): self._services,
            (DEVICE, "GetScopes"): self._scopes,
        }

    def _time(self, _: Operation) -> str:
        now = self._now()
        clock = (
            f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
            f"<tt:Second>{now.second}</tt:Second></tt:Time>"
            f"<tt:Date><tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date>"
        )
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
            "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>KST-9</tt:TZ></tt:TimeZone>"
            f"<tt:UTCDateTime>{clock}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )

    def _information(self, _: Operation) -> str:
        return (
            "<tds:GetDeviceInformationResponse><tds:Manufacturer>Watchroom practice city</tds:Manufacturer>"
            "<tds:Model>PTZ 8x</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion>"
            f"<tds:SerialNumber>PRACTICE-{self._camera.no:05d}</tds:SerialNumber>"
            "<tds:HardwareId>simulation</tds:HardwareId></tds:GetDeviceInformationResponse>"
        )

    def _capabilities(self, _: Operation) -> str:
        at = self._address.of
        transports = "<tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>false</tt:RTP_TCP>"
        return (
            "<tds:GetCapabilitiesResponse><tds:Capabilities>"
            f"<tt:Device><tt:XAddr>{at('device')}</tt:XAddr></tt:Device>"
            f"<tt:Media><tt:XAddr>{at('media')}</tt:XAddr><tt:StreamingCapabilities>{transports}"
            "<tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media>"
            f"<tt:PTZ><tt:XAddr>{at('ptz')}</tt:XAddr></tt:PTZ>"
            "</tds:Capabilities></tds:GetCapabilitiesResponse>"
        )

    def _services(self, _: Operation) -> str:
        rows = "".join(
            f"<tds:Service><tds:Namespace>{namespace}</tds:Namespace><tds:XAddr>{self._address.of(name)}</tds:XAddr>"
            "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>"
            for namespace, name in ((DEVICE, "device"), (MEDIA, "media"), (PTZ, "ptz"))
        )
        return f"<tds:GetServicesResponse>{rows}</tds:GetServicesResponse>"

    def _scopes(self, _: Operation) -> str:
        rows = "".join(
            f"<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>onvif://www.onvif.org/{item}</tt:ScopeItem></tds:Scopes>"
            for item in ("type/ptz", "type/video_encoder", "Profile/Streaming", f"name/practice-{self._camera.no}")
        )
        return f"<tds:GetScopesResponse>{rows}</tds:GetScopesResponse>"


class MediaService:
    """Says what streams the camera has; the profiles' tokens are `main` and `sub`."""

    def __init__(self, camera: CameraSpec, address: Address) -> None:
        self._camera = camera
        self._address = address

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """Return what answers each operation."""
        return {
            (MEDIA, "GetProfiles"): self._profiles,
            (MEDIA, "GetProfile"): self._profile,
            (MEDIA, "GetStreamUri"): self._stream,
            (MEDIA, "GetVideoSources"): self._sources,
        }

    def _profiles(self, _: Operation) -> str:
        rows = "".join(_profile_xml("trt:Profiles", profile, self._camera) for profile in PROFILES.values())
        return f"<trt:GetProfilesResponse>{rows}</trt:GetProfilesResponse>"

    def _profile(self, asked: Operation) -> str:
        row = _profile_xml("trt:Profile", known_profile(asked), self._camera)
        return f"<trt:GetProfileResponse>{row}</trt:GetProfileResponse>"

    def _stream(self, asked: Operation) -> str:
        url = self._address.stream(self._camera.no, known_profile(asked).name)
        return (
            f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>{url}</tt:Uri>"
            "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot>"
            "<tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>"
        )

    def _sources(self, _: Operation) -> str:
        return (
            f'<trt:GetVideoSourcesResponse><trt:VideoSources token="{SOURCE}"><tt:Framerate>25</tt:Framerate>'
            "<tt:Resolution><tt:Width>1280</tt:Width><tt:Height>720</tt:Height></tt:Resolution>"
            "</trt:VideoSources></trt:GetVideoSourcesResponse>"
        )


def known_profile(asked: Operation) -> Profile:
    """Return the profile that is asked about; SoapFaultError where there is none of that token."""
    token = asked.text("ProfileToken")
    if token not in PROFILES:
        raise SoapFaultError("InvalidArgVal", "NoProfile", reason=f"no profile {token!r}")
    return PROFILES[token]


def _profile_xml(tag: str, profile: Profile, camera: CameraSpec) -> str:
    multicast = (
        "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>"
        "<tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>"
    )
    h264 = f"<tt:H264><tt:GovLength>{profile.fps}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>"
    return (
        f'<{tag} token="{profile.name}" fixed="true"><tt:Name>{profile.name}</tt:Name>'
        f'<tt:VideoSourceConfiguration token="view_1"><tt:Name>{html.escape(camera.name)}</tt:Name>'
        f"<tt:UseCount>2</tt:UseCount><tt:SourceToken>{SOURCE}</tt:SourceToken>"
        '<tt:Bounds x="0" y="0" width="1280" height="720"/></tt:VideoSourceConfiguration>'
        f'<tt:VideoEncoderConfiguration token="coder_{profile.name}"><tt:Name>{profile.name}</tt:Name>'
        f"<tt:UseCount>1</tt:UseCount><tt:Encoding>{_ENCODINGS[camera.codec]}</tt:Encoding>"
        f"<tt:Resolution><tt:Width>{profile.width}</tt:Width><tt:Height>{profile.height}</tt:Height></tt:Resolution>"
        f"<tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>{profile.fps}</tt:FrameRateLimit>"
        f"<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>{profile.kbps}</tt:BitrateLimit></tt:RateControl>"
        f"{h264 if camera.codec is Codec.H264 else ''}{multicast}"
        f"<tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration>"
        f"{ptz_configuration_xml('tt:PTZConfiguration')}</{tag}>"
    )
