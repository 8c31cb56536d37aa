"""Starts the practice city as processes of its own; nothing else of the program knows that it is practice."""

import argparse
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.camera import Credentials
from domain.errors import UnreachableError

_ROOT = Path(__file__).resolve().parent.parent
_END_S = 10.0
NO_STORY = "none"


def story_names() -> tuple[str, ...]:
    """Return the stories that the practice city can play."""
    return tuple(sorted(path.stem for path in (_ROOT / "simulation" / "profiles" / "stories").glob("*.toml")))


@dataclass(frozen=True, slots=True)
class PracticeHeadquarters:
    """A private PostgreSQL, and what is needed to enrol a workstation there."""

    url: str
    ca: Path
    ca_key: Path
    admin_url: str


@dataclass(frozen=True, slots=True)
class PracticeAddresses:
    """Where the practice city answers."""

    centre: str
    mqtt: str
    register: Path
    credentials: dict[str, Credentials]
    control: str
    headquarters: PracticeHeadquarters | None


class PracticeCity:
    """The city's process; ends with us however we end (its standard input closes)."""

    def __init__(self, options: argparse.Namespace, *, headquarters: Path | None) -> None:
        arguments = ["--city", options.city, "--cameras", str(options.cameras), "--seed", str(options.seed)]
        if options.scenario != NO_STORY:
            arguments += ["--scenario", options.scenario]
        if headquarters is not None:
            arguments += ["--headquarters", str(headquarters)]
        self._arguments = arguments
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int | None:
        """Return its process id, or None before `start`."""
        return self._process.pid if self._process else None

    def start(self) -> PracticeAddresses:
        """Start it and wait until it is ready (half a minute where its clips have to be made first)."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulation", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = self._process.stdout.readline()
        if not line:
            raise UnreachableError(f"the practice city did not start (exit code {self._process.wait()}); see above")
        return _addresses(json.loads(line))

    def close(self) -> None:
        """End it and all that it started."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _addresses(said: dict[str, object]) -> PracticeAddresses:
    credentials = said["credentials"]
    headquarters = said["headquarters"]
    return PracticeAddresses(
        centre=str(said["centre"]),
        mqtt=str(said["mqtt"]),
        register=Path(str(said["cameras"])),
        credentials={
            name: Credentials(str(value["user"]), str(value["password"]))
            for name, value in (credentials.items() if isinstance(credentials, dict) else ())
        },
        control=str(said["control"]),
        headquarters=PracticeHeadquarters(
            url=str(headquarters["url"]),
            ca=Path(str(headquarters["ca"])),
            ca_key=Path(str(headquarters["ca_key"])),
            admin_url=str(headquarters["admin_url"]),
        )
        if isinstance(headquarters, dict)
        else None,
    )


def run_simulate(options: argparse.Namespace) -> int:
    """Become the practice city: its one JSON line, then its running until it is ended."""
    arguments = ["--city", options.city, "--cameras", str(options.cameras), "--seed", str(options.seed)]
    arguments += ["--speed", str(options.speed)]
    if options.scenario != NO_STORY:
        arguments += ["--scenario", options.scenario]
    os.environ["PYTHONPATH"] = str(_ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "simulation", *arguments])  # noqa: S606 - no shell is wanted
