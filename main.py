"""Starts Watchroom; everything else is in console/."""

import console.clockwork  # noqa: F401 - before all others: figures count from here
from console.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
