"""What console and watchdog say to each other: one JSON object a line, over the watchdog's stdin and stdout.

console -> watchdog: `{"do":"beat"}`, `{"do":"arm", ...Arming}`, `{"do":"disarm","camera","id"}`
watchdog -> console: `{"said":"ready"}`, `{"said":"beat"}`, `{"said":"lapsed","camera","id"}`,
`{"said":"armed","id","camera","endpoint","profile","deadline_s"}`, `{"said":"fired","why","cameras"}`
Credentials go through the pipe only. Lines of an unknown kind are passed over.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from domain.camera import Credentials
from domain.errors import ProtocolError
from ptz.signing import AuthMode

BEAT_EVERY_S = 0.1
SILENCE_S = 0.4
STOP_AT_S = (0.0, 0.1, 0.3, 0.9)  # when a Stop is sent and, unanswered, sent again
MAX_LINE = 4096  # a pipe takes up to this much whole or not at all (PIPE_BUF)


@dataclass(frozen=True, slots=True)
class Arming:
    """What the watchdog must know to stop a camera alone.

    `id` grows with each arming, so that a late disarming cannot undo a newer one. Unless armed again, the watchdog
    stops the camera `deadline_s` after it heard of it. `offset_s` is how far the camera's clock is ahead.
    """

    id: int
    camera: int
    endpoint: str
    profile: str
    deadline_s: float
    offset_s: float
    credentials: Credentials | None
    zero: tuple[bool, bool] = (False, False)  # whether a move of zero after Stop speaks of turning, of zooming
    auth: AuthMode = AuthMode.TOKEN
    pin: str = ""  # the fingerprint that its certificate must have
    basic_allowed: bool = False

    @property
    def confirmed(self) -> dict[str, object]:
        """Return what the watchdog says when it is ready to stop this camera."""
        return {
            "said": "armed",
            "id": self.id,
            "camera": self.camera,
            "endpoint": self.endpoint,
            "profile": self.profile,
            "deadline_s": self.deadline_s,
        }

    def line(self) -> bytes:
        """Return the line that asks for it; ProtocolError where it is too long to be written at once."""
        line = encoded({"do": "arm"} | asdict(self))
        if len(line) > MAX_LINE:
            raise ProtocolError("the camera's addresses are too long")
        return line

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "Arming":
        """Return the arming that a line asks for; LookupError, TypeError or ValueError where it asks for none."""
        secret = fields["credentials"]
        return cls(
            id=int(fields["id"]),
            camera=int(fields["camera"]),
            endpoint=str(fields["endpoint"]),
            profile=str(fields["profile"]),
            deadline_s=float(fields["deadline_s"]),
            offset_s=float(fields["offset_s"]),
            credentials=Credentials(str(secret["user"]), str(secret["password"])) if secret else None,
            zero=(bool(fields["zero"][0]), bool(fields["zero"][1])),
            auth=AuthMode(fields["auth"]),
            pin=str(fields["pin"]),
            basic_allowed=fields["basic_allowed"] is True,
        )


def encoded(fields: Mapping[str, object]) -> bytes:
    """Return one line."""
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def decoded(line: bytes) -> dict[str, Any]:
    """Return the fields of a line; empty where it is not one."""
    try:
        fields = json.loads(line)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
