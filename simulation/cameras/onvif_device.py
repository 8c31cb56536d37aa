"""ONVIF's device service of a PTZ camera (Core Specification)."""

import html
from datetime import datetime
from urllib.parse import quote

from simulation.cameras.onvif_lies import told
from simulation.cameras.onvif_unit import Handlers, Unit
from simulation.cameras.soap import DEVICE, EVENTS, IMAGING, MEDIA, MEDIA2, PTZ, Operation, SoapFaultError

_CATEGORIES = {"Device": DEVICE, "Events": EVENTS, "Imaging": IMAGING, "Media": MEDIA, "PTZ": PTZ}
_WORDS = {DEVICE: "device", MEDIA: "media", MEDIA2: "media2", PTZ: "ptz", IMAGING: "imaging", EVENTS: "events"}
_CAPABILITIES = {
    DEVICE: '<tds:Capabilities><tds:Network/><tds:Security UsernameToken="true" HttpDigest="true"/><tds:System/>'
    "</tds:Capabilities>",
    MEDIA: '<trt:Capabilities SnapshotUri="{snapshot}"><trt:ProfileCapabilities MaximumNumberOfProfiles="{profiles}"/>'
    '<trt:StreamingCapabilities RTPMulticast="false" RTP_TCP="false" RTP_RTSP_TCP="true"/></trt:Capabilities>',
    MEDIA2: '<tr2:Capabilities SnapshotUri="{snapshot}">'
    '<tr2:ProfileCapabilities MaximumNumberOfProfiles="{profiles}" '
    'ConfigurationsSupported="VideoSource VideoEncoder PTZ"/>'
    '<tr2:StreamingCapabilities RTSPStreaming="true" RTPMulticast="false"/></tr2:Capabilities>',
    PTZ: '<tptz:Capabilities EFlip="false" Reverse="false" MoveStatus="{moving}" StatusPosition="{position}"/>',
    IMAGING: '<timg:Capabilities ImageStabilization="false"/>',
    EVENTS: '<tev:Capabilities WSSubscriptionPolicySupport="false" WSPullPointSupport="true" '
    'WSPausableSubscriptionManagerInterfaceSupport="false" MaxPullPoints="{pull_points}"/>',
}
_PREFIXES = {DEVICE: "tds", MEDIA: "trt", MEDIA2: "tr2", PTZ: "tptz", IMAGING: "timg", EVENTS: "tev"}


def services_of(unit: Unit) -> tuple[str, ...]:
    """Return the namespaces of the services that this device has."""
    kind = unit.kind
    return (
        DEVICE,
        *((MEDIA,) if kind.media in {"1", "both"} else ()),
        *((MEDIA2,) if kind.media in {"2", "both"} else ()),
        PTZ,
        *((IMAGING,) if kind.imaging else ()),
        *((EVENTS,) if kind.events else ()),
    )


def scopes_of(unit: Unit) -> tuple[str, ...]:
    """Return the scopes by which the device is found."""
    items = ("type/ptz", "type/video_encoder", "Profile/Streaming", f"name/practice-{unit.camera.no}")
    place = quote(unit.camera.name)
    more = f"hardware/{quote(unit.identity.model)}", f"location/{place}"
    return tuple(f"onvif://www.onvif.org/{item}" for item in (*items, *more))


class DeviceService:
    """Says what the camera is, what time it has and where its services are."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def handlers(self) -> Handlers:
        """Return what answers each operation; every service of the device tells its own capabilities."""
        named = {
            "GetSystemDateAndTime": self._time,
            "GetDeviceInformation": self._information,
            "GetCapabilities": self._capabilities,
            "GetServices": self._services,
            "GetScopes": self._scopes,
        }
        capable = {(namespace, "GetServiceCapabilities"): self._service for namespace in services_of(self._unit)}
        return {(DEVICE, name): handler for name, handler in named.items()} | capable

    def _time(self, _: Operation) -> str:
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
            "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>KST-9</tt:TZ></tt:TimeZone>"
            f"<tt:UTCDateTime>{_clock_xml(self._unit.wall())}</tt:UTCDateTime></tds:SystemDateAndTime>"
            "</tds:GetSystemDateAndTimeResponse>"
        )

    def _information(self, _: Operation) -> str:
        identity = self._unit.identity
        rows = "".join(
            f"<tds:{name}>{html.escape(value)}</tds:{name}>"
            for name, value in (
                ("Manufacturer", identity.manufacturer),
                ("Model", identity.model),
                ("FirmwareVersion", identity.firmware),
                ("SerialNumber", identity.serial),
                ("HardwareId", identity.hardware),
            )
        )
        return f"<tds:GetDeviceInformationResponse>{rows}</tds:GetDeviceInformationResponse>"

    def _capabilities(self, asked: Operation) -> str:
        wanted = {(one.text or "").strip() for one in asked.element.iterfind("{*}Category")} or {"All"}
        for category in wanted - {"All"}:
            if _CATEGORIES.get(category) not in services_of(self._unit):
                raise SoapFaultError("ActionNotSupported", "NoSuchService", reason=f"no {category!r}", status=500)
        rows = ""
        for category, namespace in _CATEGORIES.items():  # in the schema's order
            if namespace in services_of(self._unit) and wanted & {"All", category}:
                at = self._at(namespace, "capabilities")
                rows += f"<tt:{category}><tt:XAddr>{at}</tt:XAddr>{_more(category)}</tt:{category}>"
        return f"<tds:GetCapabilitiesResponse><tds:Capabilities>{rows}</tds:Capabilities></tds:GetCapabilitiesResponse>"

    def _services(self, asked: Operation) -> str:
        with_capabilities = asked.text("IncludeCapability") in {"true", "1"}
        rows = ""
        for namespace in services_of(self._unit):
            inner = f"<tds:Capabilities>{self._capable(namespace)}</tds:Capabilities>" if with_capabilities else ""
            rows += (
                f"<tds:Service><tds:Namespace>{namespace}</tds:Namespace><tds:XAddr>{self._at(namespace, 'services')}"
                f"</tds:XAddr>{inner}<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>"
            )
        return f"<tds:GetServicesResponse>{rows}</tds:GetServicesResponse>"

    def _service(self, asked: Operation) -> str:
        tag = f"{_PREFIXES[asked.service]}:GetServiceCapabilitiesResponse"
        return f"<{tag}>{self._capable(asked.service)}</{tag}>"

    def _scopes(self, _: Operation) -> str:
        rows = "".join(
            f"<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>{item}</tt:ScopeItem></tds:Scopes>"
            for item in scopes_of(self._unit)
        )
        return f"<tds:GetScopesResponse>{rows}</tds:GetScopesResponse>"

    def _capable(self, namespace: str) -> str:
        kind = self._unit.kind
        moving, position = kind.status in {"full", "no_position"}, kind.status in {"full", "no_move_status", "unknown"}
        return _CAPABILITIES[namespace].format(
            snapshot=str(kind.snapshot).lower(),
            profiles=len(self._unit.profiles),
            moving=str(moving).lower(),
            position=str(position).lower(),
            pull_points=kind.most_subscriptions,
        )

    def _at(self, namespace: str, where: str) -> str:
        return told(self._unit.address.of(_WORDS[namespace]), where, self._unit.fault().onvif)


def _more(category: str) -> str:
    """Return what a service's capabilities say besides its address."""
    if category == "Media":
        transports = "<tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>false</tt:RTP_TCP>"
        return (
            f"<tt:StreamingCapabilities>{transports}<tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities>"
        )
    if category == "Events":
        return (
            "<tt:WSSubscriptionPolicySupport>false</tt:WSSubscriptionPolicySupport>"
            "<tt:WSPullPointSupport>true</tt:WSPullPointSupport>"
            "<tt:WSPausableSubscriptionManagerInterfaceSupport>false</tt:WSPausableSubscriptionManagerInterfaceSupport>"
        )
    return ""


def _clock_xml(now: datetime) -> str:
    return (
        f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
        f"<tt:Second>{now.second}</tt:Second></tt:Time>"
        f"<tt:Date><tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date>"
    )
