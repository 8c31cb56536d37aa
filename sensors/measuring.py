"""Readings off the wire, one by one and in a station's batches."""

from datetime import datetime

import msgspec

from domain.event import Quarantined
from domain.reading import SCALES, Reading, why_impossible
from sensors.cleaning import RefusedMessageError, cleaned, moment_of
from sensors.incoming import Incoming, Parsed, kept
from sensors.messages import READINGS_PER_BATCH, SensorReading, StationReading
from sensors.topics import Topic

_ONE = msgspec.json.Decoder(SensorReading)
_ELEMENT = msgspec.json.Decoder(StationReading)
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_BATCH = msgspec.json.Decoder(list[StationReading])


def read_one(topic: Topic, incoming: Incoming) -> Parsed:
    """Return the reading of `sensor/<sensor_id>/reading`; ValueError says why it can't be true."""
    return Parsed(readings=(_checked(_ONE.decode(incoming.body), topic.source, incoming.received_at),))


def read_batch(_topic: Topic, incoming: Incoming) -> Parsed:
    """Return the readings of `station/<station_id>/readings`; a bad one goes to quarantine without the others.

    ValueError where it is not a list of at most 500.
    """
    try:
        batch = _BATCH.decode(incoming.body)
        readings = tuple(_checked(reading, reading.sensor, incoming.received_at) for reading in batch)
    except ValueError:
        return _one_by_one(incoming)
    _check_length(len(readings))
    return Parsed(readings=readings)


def _one_by_one(incoming: Incoming) -> Parsed:
    parts = _ELEMENTS.decode(incoming.body)
    _check_length(len(parts))
    readings: list[Reading] = []
    refused: list[Quarantined] = []
    for part in parts:
        try:
            found = _ELEMENT.decode(part)
            readings.append(_checked(found, found.sensor, incoming.received_at))
        except ValueError as error:
            refused.append(kept(incoming, str(error), bytes(part)))
    return Parsed(readings=tuple(readings), quarantined=tuple(refused))


def _check_length(length: int) -> None:
    if length > READINGS_PER_BATCH:
        raise RefusedMessageError(f"too large: {length} readings, at most {READINGS_PER_BATCH}")


def _checked(found: SensorReading, sensor: str, received_at: datetime) -> Reading:
    if found.unit != SCALES[found.quantity].unit:
        raise RefusedMessageError(f"{found.quantity} comes in {SCALES[found.quantity].unit}, not in {found.unit[:20]}")
    impossible = why_impossible(found.quantity, found.value)
    if impossible:
        raise RefusedMessageError(impossible)
    return Reading(str(found.id), cleaned(sensor), moment_of(found, received_at), found.quantity, found.value)
