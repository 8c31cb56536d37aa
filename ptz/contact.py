"""How a camera is reached and what it is: found out once, kept over restarts, used by every connection to it."""

from dataclasses import dataclass, replace

from domain.abilities import Abilities
from domain.errors import ProtocolError
from ptz.quirks import Quirk
from ptz.signing import AuthMode

__all__ = ["AuthMode", "Contact", "HeadContact", "Quirk"]

_NOTHING = Abilities()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadContact:
    """One moving head: the media profile that it is moved by, and what it can do.

    `source` is the video source that shows what it sees.
    """

    profile: str
    node: str = ""
    configuration: str = ""
    source: str = ""
    abilities: Abilities = _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """All that has to be known to speak to a camera.

    `url` is the address of its device service; an address that is empty stands for a service that it does not have.
    `chosen` is the number of the head that the register entry means. `fingerprint` is that of its certificate, empty
    without HTTPS. `clock_offset_s` is how far its clock is ahead of ours.
    """

    url: str
    ptz_url: str
    media_url: str = ""
    media2_url: str = ""
    imaging_url: str = ""
    events_url: str = ""
    heads: tuple[HeadContact, ...]
    chosen: int = 0
    auth: AuthMode = AuthMode.NONE
    clock_offset_s: float = 0.0
    serial: str = ""
    fingerprint: str = ""
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    quirks: frozenset[Quirk] = frozenset()

    @property
    def head(self) -> HeadContact:
        """Return the head that the register entry means; ProtocolError where the camera has no such one."""
        if not 0 <= self.chosen < len(self.heads):
            raise ProtocolError(
                f"the camera has {len(self.heads)} moving heads, and none with the number {self.chosen}"
            )
        return self.heads[self.chosen]

    @property
    def profile(self) -> str:
        """Return the profile by which that head is moved."""
        return self.head.profile

    def with_quirks(self, quirks: frozenset[Quirk]) -> "Contact":
        """Return the contact with these quirks besides, heeded in the abilities of its heads."""
        all_quirks = self.quirks | quirks
        together = Quirk.MOVES_APART not in all_quirks
        heads = tuple(
            replace(head, abilities=replace(head.abilities, together=head.abilities.together and together))
            for head in self.heads
        )
        return replace(self, quirks=all_quirks, heads=heads)
