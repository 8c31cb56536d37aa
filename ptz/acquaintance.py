"""Contacts written down, so that a camera that was met once is known again after a restart."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

from domain.abilities import Abilities, Span, TurnSpace, ZoomSpace
from domain.fact import Json
from ptz.contact import AuthMode, Contact, HeadContact, Quirk

VERSION = 1
_TURNS = ("continuous_turn", "relative_turn", "view_turn", "absolute_turn")
_ZOOMS = ("continuous_zoom", "relative_zoom", "absolute_zoom")
_FLAGS = ("together", "tells_position", "tells_movement", "home", "home_fixed", "focus", "iris")
_TEXTS = (
    "url",
    "ptz_url",
    "media_url",
    "media2_url",
    "imaging_url",
    "events_url",
    "serial",
    "fingerprint",
    "manufacturer",
    "model",
    "firmware",
)


class Acquaintances(Protocol):
    """Keeps what is known of cameras, by their numbers. Safe from any thread; StorageError where it can't."""

    def find(self, camera_no: int) -> Mapping[str, Json] | None:
        """Return what is known of a camera, None where it was never met."""
        ...

    def keep(self, camera_no: int, known: Mapping[str, Json]) -> None:
        """Keep this in place of what was known."""
        ...

    def forget(self, camera_no: int) -> None:
        """Know nothing of this camera any more."""
        ...


class Remembered:
    """Acquaintances for as long as the program runs."""

    def __init__(self) -> None:
        self._known: dict[int, Mapping[str, Json]] = {}

    def find(self, camera_no: int) -> Mapping[str, Json] | None:
        """Return what is known of a camera."""
        return self._known.get(camera_no)

    def keep(self, camera_no: int, known: Mapping[str, Json]) -> None:
        """Keep this in place of what was known."""
        self._known[camera_no] = known

    def forget(self, camera_no: int) -> None:
        """Know nothing of this camera any more."""
        self._known.pop(camera_no, None)


def written(contact: Contact) -> dict[str, Json]:
    """Return a contact as JSON, without the number of the head, which the register has."""
    fields: dict[str, Json] = {name: getattr(contact, name) for name in _TEXTS}
    fields["version"] = VERSION
    fields["auth"] = contact.auth.value
    fields["clock_offset_s"] = contact.clock_offset_s
    fields["quirks"] = [one.value for one in sorted(contact.quirks)]
    fields["heads"] = [_head_written(head) for head in contact.heads]
    return fields


def read(known: Mapping[str, Any], chosen: int) -> Contact | None:
    """Return the contact that was written, None where this program does not understand it."""
    try:
        if known["version"] != VERSION:
            return None
        texts = {name: str(known[name]) for name in _TEXTS}
        return Contact(
            **texts,
            heads=tuple(_head(row) for row in known["heads"]),
            chosen=chosen,
            auth=AuthMode(known["auth"]),
            clock_offset_s=float(known["clock_offset_s"]),
            quirks=frozenset(Quirk(one) for one in known["quirks"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _head_written(head: HeadContact) -> dict[str, Json]:
    abilities = asdict(head.abilities)
    abilities["timeouts_s"] = list(head.abilities.timeouts_s)
    abilities["auxiliary"] = list(head.abilities.auxiliary)
    return {
        "profile": head.profile,
        "node": head.node,
        "configuration": head.configuration,
        "source": head.source,
        "abilities": abilities,
    }


def _head(row: Mapping[str, Any]) -> HeadContact:
    words = {name: str(row[name]) for name in ("profile", "node", "configuration", "source")}
    return HeadContact(**words, abilities=_abilities(row["abilities"]))


def _abilities(row: Mapping[str, Any]) -> Abilities:
    shortest, longest = row["timeouts_s"]
    fields: dict[str, Any] = {name: _turn(row[name]) for name in _TURNS}
    fields |= {name: _zoom(row[name]) for name in _ZOOMS}
    fields |= {name: bool(row[name]) for name in _FLAGS}
    return Abilities(
        **fields,
        timeouts_s=(float(shortest), float(longest)),
        presets=int(row["presets"]),
        tours=int(row["tours"]),
        auxiliary=tuple(str(one) for one in row["auxiliary"]),
    )


def _turn(row: Mapping[str, Any] | None) -> TurnSpace | None:
    return None if row is None else TurnSpace(str(row["uri"]), _span(row["pan"]), _span(row["tilt"]))


def _zoom(row: Mapping[str, Any] | None) -> ZoomSpace | None:
    return None if row is None else ZoomSpace(str(row["uri"]), _span(row["zoom"]))


def _span(row: Mapping[str, Any]) -> Span:
    return Span(float(row["low"]), float(row["high"]))


def pins(known: Mapping[str, Any]) -> tuple[str, str]:
    """Return the serial number and the fingerprint that were written, by whatever version of this program."""
    return str(known.get("serial") or ""), str(known.get("fingerprint") or "")
