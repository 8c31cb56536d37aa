"""The change log: what this workstation owes headquarters, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.fact import Json


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change log. `kind` is a fact family or a kind that a newer program knows."""

    seq: int
    kind: str
    pk: UUID
    hlc: int
    payload: Mapping[str, Json]
    schema_version: int


@dataclass(frozen=True, slots=True)
class PulledChange:
    """One line that another workstation (or, after a restore, we ourselves) gave to headquarters."""

    origin: UUID
    kind: str
    pk: UUID
    hlc: int
    payload: Mapping[str, Json]
    schema_version: int


@dataclass(frozen=True, slots=True)
class Greeting:
    """Headquarters' answer to hello."""

    hq_epoch: UUID
    acked_seq: int
    now: datetime
