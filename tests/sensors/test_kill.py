"""A console that is killed in the middle of its work loses nothing that was sent to it."""

import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AT_FIRST, LATER = 600, 20

# Keeps each event as a line in a file. `stall` has received and never keeps; `keep` keeps and never says so; `work`
# does both. The first two tell when it is time to kill them: long enough for an acknowledgement to leave, if one did.
CONSOLE = textwrap.dedent("""
    import os, sys, threading
    from uuid import UUID
    from domain.clock import SystemClock
    from domain.record import Mode
    from sensors.address import BrokerAddress
    from sensors.link import FieldLink

    class Sink:
        def take_reports(self, reports, committed):
            if how != "stall":
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                for report in reports:
                    os.write(file, f"{report.event.id}\\n".encode())
                os.fsync(file)
                os.close(file)
            if how == "work":
                committed()
                return
            threading.Event().wait(0.3)
            print("kill me", flush=True)
            threading.Event().wait(60)

    how, url, workstation, path = sys.argv[1:]
    link = FieldLink(
        BrokerAddress(url), "anyang", UUID(workstation), Sink(), lambda news: None, SystemClock(), mode=Mode.TEST
    )
    link.start()
    sys.stdin.read()
""")


@pytest.mark.system
def test_a_console_killed_again_and_again_loses_nothing(broker, field, console, at, wait, tmp_path, workstation):
    console.link.close()  # it has subscribed: from now on the broker keeps what comes
    kept = tmp_path / "kept"
    kept.touch()
    sent = set()

    def send(count):
        for _ in range(count):
            message = at()
            sent.add(message["id"])
            field.publish("guardian/s1/arrive", json.dumps(message).encode())

    send(AT_FIRST)
    for how in ("stall", "keep", "stall", "keep", "work"):
        command = [sys.executable, "-c", CONSOLE, how, broker.address.url, str(workstation), str(kept)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            if how == "work":
                wait(lambda: sent <= set(kept.read_text().split()), "all are kept")
                wait(lambda: sent == {str(body["id"]) for _, body in field.heard}, "all are answered")
                child.stdin.close()
            else:
                assert child.stdout.readline()
                child.send_signal(signal.SIGKILL)
                answered = {str(body["id"]) for _, body in field.heard}
                assert not answered  # nobody was told anything was stored
                send(LATER)
            child.wait(10)
    lines = kept.read_text().split()
    assert set(lines) == sent
    assert len(lines) > len(sent)  # what was kept and not acknowledged came again
