"""Where headquarters is and how this workstation signs in there."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HqAddress:
    """Headquarters' address (a PostgreSQL URL naming role and database) and the files for TLS in both directions.

    `ca` is the authority that signed headquarters' certificate; `cert` and `key` (0600) are this workstation's own.
    """

    url: str
    ca: Path
    cert: Path
    key: Path
