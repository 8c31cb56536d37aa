"""A camera with every column of the register filled."""

from domain.camera import Camera, RecordingPlan, SiteKind, Transport
from domain.place import Place

CAMERA = Camera(
    no=417,
    name="청라 Park",
    site="A-12",
    site_kind=SiteKind.PARK,
    district="cheongna",
    place=Place(37.53, 126.64, 3.0),
    bearing_deg=90.5,
    main_url="rtsp://10.0.0.7/main",
    sub_url="rtsp://10.0.0.7/sub",
    onvif_url="http://10.0.0.7/onvif",
    credentials="practice",
    transport=Transport.UDP,
    basic_allowed=True,
    masks=(((0.0, 0.0), (0.5, 0.0), (0.25, 0.125)),),
    recording=RecordingPlan.CONTINUOUS,
)
