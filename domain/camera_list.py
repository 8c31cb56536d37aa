"""Camera lists: the CSV file in which a city hands over its cameras.

UTF-8 (with or without a byte order mark) or CP949, which Korean spreadsheets write. Columns in any order:
`no,name,site,site_kind,district,lat,lon,bearing_deg,main_url,sub_url,onvif_url,credentials`, and where a city has them
`transport` (`tcp` or `udp`), `basic_allowed` (`yes` or `no`: whether the camera may have the password unencrypted) and
`recording` (`nothing`, `events` or `continuous`), `head` (which of a device's moving heads, from 1) and `height_m` (how
high above the ground it hangs). `credentials` is the name under which the secret store keeps user
and password; neither may stand in the list.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from domain.camera import Camera
from domain.camera_row import NO, YES, ListRow
from domain.errors import Problem

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
    "transport",
    "basic_allowed",
    "recording",
    "head",
    "height_m",
)
OPTIONAL_COLUMNS = frozenset(COLUMNS[COLUMNS.index("transport") :])  # lists from before these were known

FILE = "file"  # what a problem names that belongs to no one column
ROW = "row"


@dataclass(frozen=True, slots=True)
class CameraList:
    """The cameras of all rows that are well, and everything that is wrong with the others or the heading.

    `unsaid` are the columns that the list has not; in its cameras they have their defaults.
    """

    cameras: tuple[Camera, ...]
    problems: tuple[Problem, ...] = ()
    unsaid: frozenset[str] = frozenset()

    def onto(self, register: Iterable[Camera]) -> tuple[Camera, ...]:
        """Return the cameras as they are to be in a register: what the list does not say stays as it is there.

        Masks are never in a list.
        """
        known = {camera.no: camera for camera in register}
        return tuple(self._completed(camera, known.get(camera.no)) for camera in self.cameras)

    def _completed(self, camera: Camera, known: Camera | None) -> Camera:
        if known is None:
            return camera
        return replace(camera, masks=known.masks, **{name: getattr(known, name) for name in self.unsaid})


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
    if not set(COLUMNS) - OPTIONAL_COLUMNS <= set(names):
        return CameraList((), tuple(problems))
    return replace(_read_rows(records, names, problems), unsaid=OPTIONAL_COLUMNS - set(names))


def write_camera_list(cameras: Iterable[Camera]) -> str:
    """Return the list as text that `read_camera_list` reads back the same but for masks; to be written as UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for camera in cameras:
        bearing = "" if camera.bearing_deg is None else repr(camera.bearing_deg)
        place = (repr(camera.place.lat), repr(camera.place.lon), bearing)
        addresses = (camera.main_url, camera.sub_url, camera.onvif_url, camera.credentials)
        height = "" if camera.height_m is None else repr(camera.height_m)
        how = (camera.transport, YES if camera.basic_allowed else NO, camera.recording, camera.head + 1, height)
        head = (camera.no, camera.name, camera.site, camera.site_kind, camera.district)
        writer.writerow((*head, *place, *addresses, *how))
    return buffer.getvalue()


def compare(old: Iterable[Camera], new: Iterable[Camera]) -> ListChanges:
    """Return what would change, by number, if the new list took the place of the old one.

    Masks are in no list and so are not compared.
    """
    before = {camera.no: camera for camera in old}
    after = {camera.no: camera for camera in new}
    both = [(before[no], replace(camera, masks=before[no].masks)) for no, camera in after.items() if no in before]
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
        if column not in names and column not in OPTIONAL_COLUMNS:
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
        row = ListRow(record.row, dict(zip(names, record.values, strict=True)))
        camera = row.camera(rows_of)
        problems.extend(row.problems)
        if camera is not None:
            cameras.append(camera)
    if not cameras and not problems:
        problems.append(Problem(1, FILE, "has a heading but no camera"))
    return CameraList(tuple(cameras), tuple(problems))
