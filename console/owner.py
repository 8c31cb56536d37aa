"""Reaches whoever owns a home: the running console over its socket, or this very process after taking the lock."""

import argparse
import json
import sys
from collections.abc import Callable

from console.app import build_core
from console.command_socket import ask
from console.commands import Commands
from console.core import Core
from console.heart import Heart
from console.options import home_of, settings_of
from console.ptz_requests import Request
from domain.clock import SystemClock
from domain.fact import Json
from domain.record import Mode


def request(options: argparse.Namespace, asked: Request, ready: Callable[[Core], None] = lambda _core: None) -> Json:
    """Have something done in a home and return the answer.

    `ready` starts what the request needs where no console runs. HomeError where the home can't be used.
    """
    home = home_of(options)
    settings = settings_of(options, home)
    home.prepare()
    asked = {**asked, "as": options.actor or ""}
    if home.socket.exists() and home.owned():
        return ask(home.socket, asked)
    with home:
        core = build_core(home, settings, SystemClock(), Mode.ACTUAL)
        try:
            ready(core)
            with Heart(core.watchdog):
                return Commands(core, core.write_audit).answer(asked)
        finally:
            core.close()


def say(options: argparse.Namespace, answer: Json, lines: Callable[[], list[str]]) -> None:
    """Print an answer, as JSON or as lines for a person."""
    if options.json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines()))
