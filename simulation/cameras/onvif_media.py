"""ONVIF's media services of a PTZ camera: Media (ver10) and Media2 (ver20)."""

import html

from simulation.cameras.config import Codec
from simulation.cameras.onvif_lies import told
from simulation.cameras.onvif_unit import Handlers, Head, MediaProfile, Unit, not_supported
from simulation.cameras.soap import MEDIA, MEDIA2, Operation

_ENCODINGS = {Codec.H264: "H264", Codec.H265: "H265", Codec.MJPEG: "JPEG"}  # H265 is no word of ver10, but is said
_MULTICAST = (
    "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>"
    "<tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>"
)


def ptz_configuration_xml(tag: str, head: Head, unit: Unit) -> str:
    """Return a head's PTZ configuration as an element of this name."""
    return (
        f'<{tag} token="{head.configuration}"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount>'
        f"<tt:NodeToken>{head.node}</tt:NodeToken>{unit.spaces.defaults()}</{tag}>"
    )


class MediaService:
    """Says what streams and stills the camera has."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def handlers(self) -> Handlers:
        """Return what answers each operation of the media services that the device has."""
        found: Handlers = {}
        if self._unit.kind.media in {"1", "both"}:
            found |= {
                (MEDIA, "GetProfiles"): self._profiles,
                (MEDIA, "GetProfile"): self._profile,
                (MEDIA, "GetStreamUri"): self._stream,
                (MEDIA, "GetSnapshotUri"): self._snapshot,
                (MEDIA, "GetVideoSources"): self._sources,
            }
        if self._unit.kind.media in {"2", "both"}:
            found |= {
                (MEDIA2, "GetProfiles"): self._profiles2,
                (MEDIA2, "GetStreamUri"): self._stream2,
                (MEDIA2, "GetSnapshotUri"): self._snapshot2,
            }
        return found

    def _profiles(self, _: Operation) -> str:
        rows = "".join(self._profile_xml("trt:Profiles", profile) for profile in self._unit.profiles.values())
        return f"<trt:GetProfilesResponse>{rows}</trt:GetProfilesResponse>"

    def _profile(self, asked: Operation) -> str:
        row = self._profile_xml("trt:Profile", self._unit.profile(asked))
        return f"<trt:GetProfileResponse>{row}</trt:GetProfileResponse>"

    def _stream(self, asked: Operation) -> str:
        uri = _media_uri(self._stream_url(self._unit.profile(asked)))
        return f"<trt:GetStreamUriResponse>{uri}</trt:GetStreamUriResponse>"

    def _snapshot(self, asked: Operation) -> str:
        uri = _media_uri(self._snapshot_url(asked))
        return f"<trt:GetSnapshotUriResponse>{uri}</trt:GetSnapshotUriResponse>"

    def _sources(self, _: Operation) -> str:
        rows = "".join(
            f'<trt:VideoSources token="{source}"><tt:Framerate>25</tt:Framerate>'
            "<tt:Resolution><tt:Width>1280</tt:Width><tt:Height>720</tt:Height></tt:Resolution></trt:VideoSources>"
            for source in self._unit.sources()
        )
        return f"<trt:GetVideoSourcesResponse>{rows}</trt:GetVideoSourcesResponse>"

    def _profiles2(self, asked: Operation) -> str:
        """Tell the profiles, or the one that is asked for, with the kinds of configuration that are asked for."""
        wanted = {child.text for child in asked.element.iterfind("{*}Type")}
        chosen = [self._unit.profile(asked, "Token")] if asked.text("Token") else self._unit.profiles.values()
        rows = "".join(self._profile2_xml(profile, wanted) for profile in chosen)
        return f"<tr2:GetProfilesResponse>{rows}</tr2:GetProfilesResponse>"

    def _stream2(self, asked: Operation) -> str:
        url = self._stream_url(self._unit.profile(asked))
        return f"<tr2:GetStreamUriResponse><tr2:Uri>{url}</tr2:Uri></tr2:GetStreamUriResponse>"

    def _snapshot2(self, asked: Operation) -> str:
        url = self._snapshot_url(asked)
        return f"<tr2:GetSnapshotUriResponse><tr2:Uri>{url}</tr2:Uri></tr2:GetSnapshotUriResponse>"

    def _stream_url(self, profile: MediaProfile) -> str:
        true = self._unit.address.stream(self._unit.camera.no, profile.form.name)
        return told(true, "stream", self._unit.fault().onvif)

    def _snapshot_url(self, asked: Operation) -> str:
        if not self._unit.kind.snapshot:
            raise not_supported(asked.name)
        profile = self._unit.profile(asked)
        true = f"{self._unit.address.services}/snapshot?profile={profile.token}"
        return told(true, "snapshot", self._unit.fault().onvif)

    def _profile_xml(self, tag: str, profile: MediaProfile) -> str:
        ptz = "" if profile.head is None else ptz_configuration_xml("tt:PTZConfiguration", profile.head, self._unit)
        return (
            f'<{tag} token="{profile.token}" fixed="true"><tt:Name>{profile.token}</tt:Name>'
            f"{self._source_xml('tt:VideoSourceConfiguration', profile)}{self._coder_xml(profile)}{ptz}</{tag}>"
        )

    def _profile2_xml(self, profile: MediaProfile, wanted: set[str | None]) -> str:
        parts = ""
        if wanted & {"All", "VideoSource"}:
            parts += self._source_xml("tr2:VideoSource", profile)
        if wanted & {"All", "VideoEncoder"}:
            parts += self._coder2_xml(profile)
        if wanted & {"All", "PTZ"} and profile.head is not None:
            parts += ptz_configuration_xml("tr2:PTZ", profile.head, self._unit)
        inner = f"<tr2:Configurations>{parts}</tr2:Configurations>" if parts else ""
        return (
            f'<tr2:Profiles token="{profile.token}" fixed="true"><tr2:Name>{profile.token}</tr2:Name>{inner}'
            "</tr2:Profiles>"
        )

    def _source_xml(self, tag: str, profile: MediaProfile) -> str:
        view = profile.source.replace("source", "view")
        return (
            f'<{tag} token="{view}"><tt:Name>{html.escape(self._unit.camera.name)}</tt:Name>'
            f"<tt:UseCount>2</tt:UseCount><tt:SourceToken>{profile.source}</tt:SourceToken>"
            f'<tt:Bounds x="0" y="0" width="1280" height="720"/></{tag}>'
        )

    def _coder_xml(self, profile: MediaProfile) -> str:
        form, codec = profile.form, self._unit.camera.codec
        h264 = f"<tt:H264><tt:GovLength>{form.fps}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>"
        return (
            f'<tt:VideoEncoderConfiguration token="coder_{profile.token}"><tt:Name>{profile.token}</tt:Name>'
            f"<tt:UseCount>1</tt:UseCount><tt:Encoding>{_ENCODINGS[codec]}</tt:Encoding>{_size(profile)}"
            f"<tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>{form.fps}</tt:FrameRateLimit>"
            f"<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>{form.kbps}</tt:BitrateLimit></tt:RateControl>"
            f"{h264 if codec is Codec.H264 else ''}{_MULTICAST}"
            "<tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration>"
        )

    def _coder2_xml(self, profile: MediaProfile) -> str:
        """Return tt:VideoEncoder2Configuration."""
        form = profile.form
        return (
            f'<tr2:VideoEncoder token="coder_{profile.token}" GovLength="{form.fps}" Profile="Main">'
            f"<tt:Name>{profile.token}</tt:Name><tt:UseCount>1</tt:UseCount>"
            f"<tt:Encoding>{_ENCODINGS[self._unit.camera.codec]}</tt:Encoding>{_size(profile)}"
            f'<tt:RateControl ConstantBitRate="false"><tt:FrameRateLimit>{form.fps}</tt:FrameRateLimit>'
            f"<tt:BitrateLimit>{form.kbps}</tt:BitrateLimit></tt:RateControl>{_MULTICAST}<tt:Quality>5</tt:Quality>"
            "</tr2:VideoEncoder>"
        )


def _media_uri(url: str) -> str:
    return (
        f"<trt:MediaUri><tt:Uri>{html.escape(url)}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
        "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>"
    )


def _size(profile: MediaProfile) -> str:
    form = profile.form
    return f"<tt:Resolution><tt:Width>{form.width}</tt:Width><tt:Height>{form.height}</tt:Height></tt:Resolution>"
