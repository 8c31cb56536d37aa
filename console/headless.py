"""`headless`: everything but windows, until SIGTERM."""

import argparse
import logging
import signal
import threading

from console.app import build_core
from console.command_socket import CommandServer
from console.commands import Commands
from console.options import home_of, settings_of
from domain.clock import SystemClock
from domain.news import LinkChanged, News, Notice
from domain.record import Mode

_log = logging.getLogger("watchroom")
_BEAT_S = 0.1


def run_headless(options: argparse.Namespace) -> int:
    """Take in, alarm, and exchange with headquarters until told to end."""
    home = home_of(options)
    settings = settings_of(options, home)
    home.prepare()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # how it sets itself up helps nobody
    with home:
        core = build_core(home, settings, SystemClock(), Mode.ACTUAL)
        core.bulletin.listen(_write_down)
        try:
            core.start()
            server = CommandServer(home.socket, Commands(core, core.write_audit).answer)
            try:
                _log.info("running in %s", home.path)
                while not ended.wait(_BEAT_S):
                    core.watchdog.beat()
            finally:
                server.close()
        finally:
            core.close()
    _log.info("ended")
    return 0


def _write_down(news: News) -> None:
    match news:
        case LinkChanged():
            _log.info("%s %s %s", news.name, "up" if news.up else "away", news.detail)
        case Notice():
            _log.warning("%s %s", news.text.code, dict(news.text.params))
        case _:
            pass
