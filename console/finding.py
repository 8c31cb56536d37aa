"""One thing that `doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, what is so, and what to do where it is not."""

    what: str
    well: bool
    state: str
    advice: str = ""
