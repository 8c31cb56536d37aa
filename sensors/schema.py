"""The schema of the MQTT contract, made from the code: `python -m sensors.schema` writes docs/mqtt.schema.json."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from domain.fact import Json
from domain.reading import SCALES
from sensors import messages
from sensors.topics import ROOT, Topic

FILE = Path(__file__).resolve().parent.parent / "docs" / "mqtt.schema.json"

_WRITTEN = "Made by `python -m sensors.schema`; do not edit. Fields that are not named here are ignored."


@dataclass(frozen=True, slots=True)
class Channel:
    """One line of the contract: who speaks under `<family>/<source>/<name>`, and what a message there is.

    `batch` means a list of such messages. `source` is what stands for the sender's id in the papers.
    """

    family: str
    source: str
    name: str
    message: type[msgspec.Struct]
    speaker: Literal["field", "console"] = "field"
    batch: bool = False

    @property
    def topic(self) -> Topic:
        """Return the topic, with names in angle brackets where a sender puts its own."""
        return Topic(f"{ROOT}/<centre>/{self.family}/{self.source}/{self.name}", self.family, self.source, self.name)


CHANNELS = (
    Channel("sensor", "<sensor_id>", "reading", messages.SensorReading),
    Channel("station", "<station_id>", "readings", messages.StationReading, batch=True),
    Channel("camera", "<camera_no>", "detection", messages.Detection),
    Channel("guardian", "<session_id>", "start", messages.SessionStart),
    Channel("guardian", "<session_id>", "fix", messages.Fix),
    Channel("guardian", "<session_id>", "sos", messages.Mark),
    Channel("guardian", "<session_id>", "cancel", messages.Mark),
    Channel("guardian", "<session_id>", "arrive", messages.Mark),
    Channel("guardian", "<session_id>", "state", messages.SessionState, speaker="console"),
    Channel("bell", "<bell_id>", "press", messages.Mark),
    Channel("unit", "<unit_id>", "fix", messages.Fix),
    Channel("unit", "<unit_id>", "status", messages.UnitStatus),
    Channel("partner", "<agency>", "reply", messages.PartnerReply),
)


def schema() -> dict[str, Json]:
    """Return the contract as a JSON Schema whose `topics` say which definition holds where, and its limits."""
    types = list(dict.fromkeys([*(channel.message for channel in CHANNELS), messages.Answer]))
    references, definitions = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    by_type = dict(zip(types, references, strict=True))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Watchroom: messages under {ROOT}",
        "description": _WRITTEN,
        "topics": [_line(channel, by_type[channel.message]) for channel in CHANNELS],
        "answers": {"topic": "<topic of the message>/ack", "message": by_type[messages.Answer], "from": "console"},
        "quantities": {
            quantity.value: {"unit": scale.unit, "minimum": scale.low, "maximum": scale.high}
            for quantity, scale in SCALES.items()
        },
        "$defs": definitions,
    }


def schema_text() -> str:
    """Return the schema as it stands in the file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the schema to the file that is named, or to the one in docs/."""
    file = Path(arguments[0]) if arguments else FILE
    file.write_text(schema_text(), encoding="utf-8")
    sys.stdout.write(f"{file} written\n")
    return 0


def _line(channel: Channel, message: dict[str, Json]) -> Json:
    batch: dict[str, Json] = {"type": "array", "maxItems": messages.READINGS_PER_BATCH, "items": message}
    return {
        "topic": channel.topic.text,
        "from": channel.speaker,
        "message": batch if channel.batch else message,
        "most_bytes": channel.topic.limit_bytes,
        "answered": bool(channel.topic.answer),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
