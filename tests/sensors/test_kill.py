"""A console that is killed in the middle of its work loses nothing that a sender was told is stored."""

import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MESSAGES = 600
KILLS = 4

# Keeps each event as a line in a file; says committed only when the next ones come, so that every kill finds some
# that are kept and not yet acknowledged.
CONSOLE = textwrap.dedent("""
    import os, sys, threading
    from uuid import UUID
    from domain.clock import SystemClock
    from domain.record import Mode
    from sensors.address import BrokerAddress
    from sensors.link import FieldLink

    class Sink:
        def __init__(self, path):
            self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            self.before = lambda: None

        def take_reports(self, reports, committed):
            for report in reports:
                os.write(self.file, f"{report.event.id}\\n".encode())
            os.fsync(self.file)
            self.before()
            self.before = committed
            print(len(reports), flush=True)

    url, workstation, path = sys.argv[1:]
    link = FieldLink(
        BrokerAddress(url), "anyang", UUID(workstation), Sink(path), lambda news: None, SystemClock(), mode=Mode.TEST
    )
    link.start()
    sys.stdin.read()
""")


@pytest.mark.system
def test_a_console_killed_again_and_again_loses_nothing(broker, field, console, at, wait, tmp_path, workstation):
    console.link.close()  # it has subscribed: from now on the broker keeps what comes
    kept = tmp_path / "kept"
    kept.touch()
    sent = []
    for _ in range(MESSAGES):
        message = at()
        sent.append(message["id"])
        field.publish("guardian/s1/arrive", json.dumps(message).encode())
    for life in range(KILLS + 1):
        command = [sys.executable, "-c", CONSOLE, broker.address.url, str(workstation), str(kept)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            if life < KILLS:
                assert child.stdout.readline()  # it has committed some
                child.send_signal(signal.SIGKILL)
                child.wait(10)
                for _ in range(20):
                    message = at()
                    sent.append(message["id"])
                    field.publish("guardian/s1/arrive", json.dumps(message).encode())
            else:
                wait(lambda: set(sent) <= set(kept.read_text().split()), "all are kept")
                child.stdin.close()
                child.wait(10)
    lines = kept.read_text().split()
    assert len(lines) > len(set(lines)), "what was not acknowledged came again"
    answered = {str(body["id"]) for _, body in field.heard}
    assert answered
    assert answered <= set(lines)
