"""`doctor`: what is found, what is not, and what to do."""

import argparse
from collections.abc import Mapping

from console.owner import request, say


def run_doctor(options: argparse.Namespace) -> int:
    """Print what is found; exit code 1 where something is not well."""
    answer = request(options, {"do": "doctor"})
    rows = [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []
    say(options, answer, lambda: [_line(row) for row in rows])
    return 0 if all(row["well"] for row in rows) else 1


def _line(row: Mapping[str, object]) -> str:
    head = f"{'ok  ' if row['well'] else 'LOOK'}  {row['what']}: {row['state']}"
    return head + (f" - {row['advice']}" if row["advice"] else "")
