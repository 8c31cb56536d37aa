"""`cameras list` and `cameras import`."""

import argparse
import getpass
import sys
from collections.abc import Mapping

from console.owner import request, say
from domain.errors import BadInputError


def list_cameras(options: argparse.Namespace) -> int:
    """Print the register, one camera a line."""
    answer = request(options, {"do": "cameras.list"})
    rows = answer if isinstance(answer, list) else []
    say(options, answer, lambda: [_line(row) for row in rows if isinstance(row, dict)] or ["no cameras yet"])
    return 0


def import_cameras(options: argparse.Namespace) -> int:
    """Take a camera list; what is wrong in it is said row by row, and nothing is taken unless all is well."""
    try:
        content = options.file.read_bytes()
    except OSError as error:
        raise BadInputError(f"{options.file}: {error.strerror}") from None
    answer = request(
        options,
        {
            "do": "cameras.import",
            "file": str(options.file),
            "content": content.decode("latin-1"),
            "dry_run": options.dry_run,
            "skip_bad": options.skip_bad,
        },
    )
    said = answer if isinstance(answer, dict) else {}
    say(options, answer, lambda: _summary(said, dry=options.dry_run))
    return 0


def accept_camera(options: argparse.Namespace) -> int:
    """Take the device that answers at a camera's address for the camera from now on, after it was exchanged."""
    answer = request(options, {"do": "cameras.accept", "camera": options.camera})
    say(options, answer, lambda: [f"camera {options.camera}: whatever answers at its address next is the camera"])
    return 0


def keep_credentials(options: argparse.Namespace) -> int:
    """Keep a user and a password under a name; they go into the secret store and nowhere else."""
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password of {options.user}: ")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if not password:
        raise BadInputError("no password was given; nothing was kept")
    answer = request(
        options,
        {"do": "cameras.credentials", "name": options.name, "user": options.user, "password": password},
    )
    where = answer.get("kept in") if isinstance(answer, dict) else ""
    say(options, answer, lambda: [f"kept under {options.name} ({where})"])
    return 0


def _line(row: Mapping[str, object]) -> str:
    ptz = "PTZ" if row["onvif_url"] else ""
    live = "live" if row["main_url"] or row["sub_url"] else "-"
    return f"{row['no']:>5}  {live:4} {ptz:3}  {row['district']}  {row['name']}"


def _summary(said: Mapping[str, object], *, dry: bool) -> list[str]:
    added, changed, skipped = (
        value if isinstance(value, list) else [] for value in map(said.get, ("added", "changed", "skipped"))
    )
    would = "would be " if dry else ""
    lines = [
        f"{len(added)} camera{'' if len(added) == 1 else 's'} {would}added" + _numbers(added),
        f"{len(changed)} {would}changed" + _numbers(changed),
    ]
    return lines + [f"left out: {problem}" for problem in skipped]


def _numbers(numbers: list[object]) -> str:
    if not numbers:
        return ""
    shown = ", ".join(str(number) for number in numbers[:20])
    return f": {shown}" + (f" and {len(numbers) - 20} more" if len(numbers) > 20 else "")
