"""One row of a camera list: what each field may hold, and what is said of one that is wrong."""

import math
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from domain.camera import Camera, RecordingPlan, SiteKind, Transport
from domain.errors import Problem
from domain.place import Place

STREAM_SCHEMES = ("rtsp",)
ONVIF_SCHEMES = ("http", "https")
LONGEST_NUMBER = 9  # digits that an operator can be asked to type
LONGEST_TEXT = 200  # characters that a caption can hold
MOST_HEADS = 16  # moving heads that one device can have
MOST_HEIGHT_M = 600
YES, NO = "yes", "no"

_NUMBER = re.compile(r"[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_SECRET_NAME = re.compile(r"[\w.-]{1,64}")
_SECRET_QUERY = frozenset({"user", "username", "usr", "login", "password", "passwd", "passw", "pass", "pwd"})

Choice = TypeVar("Choice", bound=StrEnum)


class ListRow:
    """One row being read: every field is judged, so that all that is wrong is known at once.

    A column that is optional and missing gives the default.
    """

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
        transport = self._one_of("transport", Transport, Transport.TCP)
        recording = self._one_of("recording", RecordingPlan, RecordingPlan.EVENTS)
        basic_allowed = self._yes_or_no("basic_allowed")
        head, height_m = self._head(), self._optional("height_m", 0, MOST_HEIGHT_M)
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
            transport=transport,
            basic_allowed=basic_allowed,
            recording=recording,
            head=head,
            height_m=height_m,
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

    def _one_of(self, field: str, choices: type[Choice], otherwise: Choice) -> Choice:
        text = self._values.get(field, "").lower()
        try:
            return choices(text) if text else otherwise
        except ValueError:
            self._wrong(field, f"{_short(text)} is unknown; known are {', '.join(choices)}")
            return otherwise

    def _yes_or_no(self, field: str) -> bool:
        text = self._values.get(field, "").lower()
        if text not in ("", YES, NO):
            self._wrong(field, f"{_short(text)} is neither {YES} nor {NO}")
        return text == YES

    def _place(self) -> Place | None:
        lat, lon = self._number("lat", -90, 90), self._number("lon", -180, 180)
        if lat is None or lon is None:
            return None
        place = Place.checked(lat, lon)
        if place is None:
            self._wrong("lat", "0,0 is the place of an unset receiver, not of a camera")
        return place

    def _bearing(self) -> float | None:
        bearing = self._optional("bearing_deg", 0, 360)
        return None if bearing is None else bearing % 360

    def _head(self) -> int:
        text = self._values.get("head", "")
        if not text:
            return 0
        if not _NUMBER.fullmatch(text) or len(text) > LONGEST_NUMBER or not 1 <= int(text) <= MOST_HEADS:
            self._wrong("head", f"{_short(text)} is not a whole number from 1 to {MOST_HEADS}")
            return 0
        return int(text) - 1

    def _optional(self, field: str, low: float, high: float) -> float | None:
        return self._number(field, low, high) if self._values.get(field) else None

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
