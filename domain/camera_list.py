"""Camera lists: the CSV file in which a city hands over its cameras.

UTF-8 (with or without a byte order mark) or CP949, which Korean spreadsheets write. Columns in any order:
`no,name,site,site_kind,district,lat,lon,bearing_deg,main_url,sub_url,onvif_url,credentials`. `credentials` is the
name under which the secret store keeps user and password; neither may stand in the list.
"""

import codecs
import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, urlsplit

from domain.camera import Camera, SiteKind
from domain.errors import Problem
from domain.place import Place

COLUMNS = (
    "no",
    "name",
    "site",
    "site_kind",
    "district",
    "lat",
    "lon",
    "bearing_deg",
    "main_url",
    "sub_url",
    "onvif_url",
    "credentials",
)
STREAM_SCHEMES = ("rtsp",)
ONVIF_SCHEMES = ("http", "https")
LONGEST_NUMBER = 9  # digits that an operator can be asked to type
LONGEST_TEXT = 200  # characters that a caption can hold

FILE = "file"  # what a problem names that belongs to no one column
ROW = "row"

_NUMBER = re.compile(r"[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_SECRET_NAME = re.compile(r"[\w.-]{1,64}")
_SECRET_QUERY = frozenset({"user", "username", "usr", "login", "password", "passwd", "passw", "pass", "pwd"})


@dataclass(frozen=True, slots=True)
class CameraList:
    """The cameras of all rows that are well, and everything that is wrong with the others or the heading."""

    cameras: tuple[Camera, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class CameraChange:
    """One camera as it was and as it is to be."""

    before: Camera
    after: Camera

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the fields that differ."""
        names = (field.name for field in fields(Camera))
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What taking a new list would do: `removed` are in the old one alone, `kept` the same in both."""

    added: tuple[Camera, ...]
    changed: tuple[CameraChange, ...]
    removed: tuple[Camera, ...]
    kept: tuple[Camera, ...]


def read_camera_list(content: bytes) -> CameraList:
    """Read a list; a row with any problem gives no camera, the other rows do.

    Problems name row and field and never repeat an address or a secret. Of two rows with the same number the
    first stands. Where a column is missing no row is read.
    """
    text = _decoded(content)
    if text is None:
        return CameraList((), (Problem(1, FILE, "is neither UTF-8 nor CP949 text; save it as CSV UTF-8"),))
    if not text.strip():
        return CameraList((), (Problem(1, FILE, "is empty"),))
    records = _records(text)
    heading = next(records)
    if isinstance(heading, Problem):
        return CameraList((), (heading,))
    names = [name.strip() for name in heading.values]
    problems = list(_heading_problems(names))
    if not set(COLUMNS) <= set(names):
        return CameraList((), tuple(problems))
    return _read_rows(records, names, problems)


def write_camera_list(cameras: Iterable[Camera]) -> str:
    """Return the list as text that `read_camera_list` reads back the same; to be written as UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for camera in cameras:
        bearing = "" if camera.bearing_deg is None else repr(camera.bearing_deg)
        place = (repr(camera.place.lat), repr(camera.place.lon), bearing)
        addresses = (camera.main_url, camera.sub_url, camera.onvif_url, camera.credentials)
        writer.writerow((camera.no, camera.name, camera.site, camera.site_kind, camera.district, *place, *addresses))
    return buffer.getvalue()


def compare(old: Iterable[Camera], new: Iterable[Camera]) -> ListChanges:
    """Return what would change, by number, if the new list took the place of the old one."""
    before = {camera.no: camera for camera in old}
    after = {camera.no: camera for camera in new}
    both = [(before[no], camera) for no, camera in after.items() if no in before]
    return ListChanges(
        added=tuple(camera for no, camera in after.items() if no not in before),
        changed=tuple(CameraChange(was, becomes) for was, becomes in both if was != becomes),
        removed=tuple(camera for no, camera in before.items() if no not in after),
        kept=tuple(becomes for was, becomes in both if was == becomes),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    row: int
    values: Sequence[str]


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig",) if content.startswith(codecs.BOM_UTF8) else ("utf-8", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _records(text: str) -> Iterator[_Record | Problem]:
    """Give every row that is not blank, or what is wrong with its quoting."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 0
    while True:
        row += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(row, ROW, f"can't be split into fields: {error}")
            continue
        if any(value.strip() for value in values):
            yield _Record(row, values)


def _heading_problems(names: Sequence[str]) -> Iterator[Problem]:
    for column in COLUMNS:
        if column not in names:
            yield Problem(1, column, "column is missing")
    for position, name in enumerate(names):
        if name not in COLUMNS:
            yield Problem(1, name or f"column {position + 1}", f"unknown column; known are {', '.join(COLUMNS)}")
        elif name in names[:position]:
            yield Problem(1, name, "column appears twice")


def _read_rows(records: Iterator[_Record | Problem], names: Sequence[str], problems: list[Problem]) -> CameraList:
    cameras: list[Camera] = []
    rows_of: dict[int, int] = {}
    for record in records:
        if isinstance(record, Problem):
            problems.append(record)
            continue
        if len(record.values) != len(names):
            found, wanted = len(record.values), len(names)
            problems.append(Problem(record.row, ROW, f"has {found} fields where the heading has {wanted}"))
            continue
        row = _Row(record.row, dict(zip(names, record.values, strict=True)))
        camera = row.camera(rows_of)
        problems.extend(row.problems)
        if camera is not None:
            cameras.append(camera)
    if not cameras and not problems:
        problems.append(Problem(1, FILE, "has a heading but no camera"))
    return CameraList(tuple(cameras), tuple(problems))


class _Row:
    """One row being read: every field is judged, so that all that is wrong is known at once."""

    def __init__(self, row: int, values: dict[str, str]) -> None:
        self._row = row
        self._values = {name: value.strip() for name, value in values.items()}
        self.problems: list[Problem] = []

    def camera(self, rows_of: dict[int, int]) -> Camera | None:
        """Return the camera, or None with `problems` filled; the number is entered into `rows_of`."""
        no = self._new_number(rows_of)
        kind = self._site_kind()
        place = self._place()
        name, site = self._text("name", needed=True), self._text("site", needed=True)
        district = self._text("district", needed=False)
        bearing = self._bearing()
        main_url, sub_url = self._url("main_url", STREAM_SCHEMES), self._url("sub_url", STREAM_SCHEMES)
        onvif_url = self._url("onvif_url", ONVIF_SCHEMES)
        credentials = self._secret_name()
        if self.problems or no is None or kind is None or place is None:
            return None
        return Camera(
            no=no,
            name=name,
            site=site,
            site_kind=kind,
            district=district,
            place=place,
            bearing_deg=bearing,
            main_url=main_url,
            sub_url=sub_url,
            onvif_url=onvif_url,
            credentials=credentials,
        )

    def _wrong(self, field: str, message: str) -> None:
        self.problems.append(Problem(self._row, field, message))

    def _new_number(self, rows_of: dict[int, int]) -> int | None:
        text = self._values["no"]
        if not _NUMBER.fullmatch(text) or len(text) > LONGEST_NUMBER or int(text) == 0:
            self._wrong("no", f"{_short(text)} is not a whole number from 1 to {'9' * LONGEST_NUMBER}")
            return None
        no = int(text)
        if no in rows_of:
            self._wrong("no", f"number {no} is already used in row {rows_of[no]}")
            return None
        rows_of[no] = self._row
        return no

    def _text(self, field: str, *, needed: bool) -> str:
        text = self._values[field]
        if needed and not text:
            self._wrong(field, "is empty")
        if len(text) > LONGEST_TEXT:
            self._wrong(field, f"is longer than {LONGEST_TEXT} characters")
        if not text.isprintable():
            self._wrong(field, "holds control characters")
        return text

    def _site_kind(self) -> SiteKind | None:
        text = self._values["site_kind"]
        try:
            return SiteKind(text)
        except ValueError:
            self._wrong("site_kind", f"{_short(text)} is unknown; known are {', '.join(SiteKind)}")
            return None

    def _place(self) -> Place | None:
        lat, lon = self._number("lat", -90, 90), self._number("lon", -180, 180)
        if lat is None or lon is None:
            return None
        place = Place.checked(lat, lon)
        if place is None:
            self._wrong("lat", "0,0 is the place of an unset receiver, not of a camera")
        return place

    def _bearing(self) -> float | None:
        if not self._values["bearing_deg"]:
            return None
        bearing = self._number("bearing_deg", 0, 360)
        return None if bearing is None else bearing % 360

    def _number(self, field: str, low: float, high: float) -> float | None:
        text = self._values[field]
        if _NOT_FINITE.fullmatch(text):
            self._wrong(field, f"{_short(text)} is not finite")
        elif not _DECIMAL.fullmatch(text):
            self._wrong(field, f"{_short(text)} is not a number (digits with a point)")
        elif not math.isfinite(float(text)):
            self._wrong(field, f"{_short(text)} is not finite")
        elif not low <= float(text) <= high:
            self._wrong(field, f"{_short(text)} is outside {low:g}..{high:g}")
        else:
            return float(text)
        return None

    def _url(self, field: str, schemes: Sequence[str]) -> str:
        text = self._values[field]
        why = _why_no_url(text, schemes) if text else None
        if why is not None:
            self._wrong(field, why)
        return text

    def _secret_name(self) -> str:
        text = self._values["credentials"]
        if text and not _SECRET_NAME.fullmatch(text):
            self._wrong("credentials", "is not the name of a kept secret (letters, digits, '.', '_', '-')")
        return text


def _why_no_url(text: str, schemes: Sequence[str]) -> str | None:
    """Return what is wrong with an address, without repeating it: it may hold a password."""
    if not text.isprintable() or " " in text:
        return "holds spaces or control characters"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is not an address"
    if "@" in parts.netloc or _SECRET_QUERY & {
        key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)
    }:
        return "holds a user or password; keep it under a name and write that name into credentials"
    if parts.scheme not in schemes:
        return f"does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    if not host or port == 0:
        return "names no host or no port"
    return None


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
