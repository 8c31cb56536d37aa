"""Places on the ground."""

import math
from dataclasses import dataclass

_EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Place:
    """A point in WGS 84 degrees, with the radius within which the truth lies, if known."""

    lat: float
    lon: float
    accuracy_m: float | None = None

    @classmethod
    def checked(cls, lat: float, lon: float, accuracy_m: float | None = None) -> "Place | None":
        """Return the place, or None where the numbers are no place on earth (or 0,0, an unset receiver)."""
        if not (math.isfinite(lat) and math.isfinite(lon)):
            return None
        if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
            return None
        return cls(lat, lon, accuracy_m)

    def distance_m(self, other: "Place") -> float:
        """Return the great-circle distance in metres (haversine)."""
        lat1, lat2 = math.radians(self.lat), math.radians(other.lat)
        half_lat = (lat2 - lat1) / 2
        half_lon = math.radians(other.lon - self.lon) / 2
        h = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
        return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))
