"""The map's document: made by folium once, from a basemap and nothing else, without a single address outside.

Everything live is drawn by resources/map/driver.js; text of operations never enters this document.
"""

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path

from widgets.theme import Colours

SCHEME = b"watchroom-map"
BASE = f"{SCHEME.decode()}://app/"

_ATTRIBUTION = "법정경계 2023-09-15 공공데이터 · Leaflet"


@dataclass(frozen=True, slots=True)
class MapColours:
    """Colours of the map, taken from the theme."""

    field: str
    land: str
    border: str
    label: str
    text: str
    camera: str
    lost: str
    cone: str
    accent: str
    raised: str
    line: str
    dim: str


def map_colours(colours: Colours) -> MapColours:
    """Return the map's colours out of a theme's set."""
    return MapColours(
        field=colours.field,
        land=colours.pane,
        border=colours.line,
        label=colours.dim,
        text=colours.text,
        camera=colours.accent,
        lost=colours.high,
        cone=colours.accent + "40",
        accent=colours.text,
        raised=colours.raised,
        line=colours.line,
        dim=colours.dim,
    )


@dataclass(frozen=True, slots=True)
class MapDocument:
    """The page, its one script, and the names that the driver writes onto the basemap."""

    html: str
    script: str
    labels: tuple[dict[str, object], ...]


def make_document(boundaries: Path, colours: MapColours, centre: tuple[float, float], zoom: int) -> MapDocument:
    """Make the page over gzipped GeoJSON boundaries. Takes some hundred milliseconds: call it off the UI thread."""
    import folium  # noqa: PLC0415 - 0.3 s of import, wanted only when a map is shown

    class OfflineMap(folium.Map):
        default_js = [("leaflet", f"{BASE}leaflet.js")]  # noqa: RUF012 - folium's way
        default_css = [("leaflet_css", f"{BASE}leaflet.css"), ("page_css", f"{BASE}page.css")]  # noqa: RUF012

    shapes = json.loads(gzip.decompress(boundaries.read_bytes()))
    page = OfflineMap(
        location=centre, zoom_start=zoom, tiles=None, prefer_canvas=True, max_zoom=19, maxZoom=19, zoomSnap=0.5
    )
    folium.GeoJson(
        shapes,
        name="boundaries",
        smooth_factor=1,
        interactive=False,
        style_function=lambda feature: _style(feature, colours),
    ).add_to(page)
    html, script = _script_apart(page.get_root().render())
    name = page.get_name()
    script += (
        f"\nwindow.watchroomMap = () => {name};\n{name}.attributionControl.setPrefix({json.dumps(_ATTRIBUTION)});\n"
    )
    names = ";".join(f"--{name}:{getattr(colours, name)}" for name in ("field", "raised", "line", "text", "dim"))
    background = f"<style>:root{{{names}}}</style></head>"
    labels = tuple(
        {"name": f["properties"]["name"], "lat": f["properties"]["label"][0], "lon": f["properties"]["label"][1],
         "rank": f["properties"]["rank"]}
        for f in shapes["features"]
    )  # fmt: skip
    return MapDocument(html.replace("</head>", background, 1), script, labels)


def _style(feature: dict[str, dict[str, object]], colours: MapColours) -> dict[str, object]:
    if feature["properties"]["rank"] == 1:
        return {"color": colours.border, "weight": 2, "fill": False}
    return {"color": colours.border, "weight": 1, "fillColor": colours.land, "fillOpacity": 1}


def _script_apart(document: str) -> tuple[str, str]:
    """Take every inline script out of the page, so that its policy can forbid them all."""
    scripts: list[str] = []

    def take(match: "re.Match[str]") -> str:
        if "src=" in match.group(1):
            return match.group(0)
        scripts.append(match.group(2))
        return ""

    document = re.sub(r"<script([^>]*)>(.*?)</script>", take, document, flags=re.DOTALL)
    tags = "".join(f'<script src="{BASE}{name}"></script>' for name in ("boot.js", "qwebchannel.js", "driver.js"))
    return document.replace("</html>", f"{tags}</html>", 1), "\n".join(scripts)
