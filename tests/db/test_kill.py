import random
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

WRITER = """
    import sys
    from pathlib import Path
    from uuid import UUID

    from conftest import Desks
    from domain.clock import SystemClock
    from domain.incident import Status

    desk = Desks(Path(sys.argv[1]), SystemClock(), UUID(int=1))
    while True:
        alarm = desk.raise_sos()
        desk.alarms.acknowledge(alarm.id, "kim", desk.clock.now())
        incident = desk.incidents.open_from(alarm.id, "kim", "L-1")
        desk.incidents.note(incident.id, "on the way", "kim")
        desk.incidents.move(incident.id, Status.RESOLVED, None, "kim")
        print(incident.id, flush=True)
"""
FACTS = (
    "SELECT id, hlc FROM event UNION ALL SELECT id, hlc FROM alarm_event UNION ALL SELECT id, hlc FROM incident_event"
)


def rows(desk, statement: str) -> list[tuple[object, ...]]:
    with desk.db.reading() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def write_and_kill(path: Path, lines: int) -> list[str]:
    """Let a process write until it said so many lines, kill it with -9 and return what it had said was saved."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": f"{root}:{Path(__file__).parent}"},
        cwd=root,
    )
    with process:
        try:
            said = [process.stdout.readline().strip() for _ in range(lines)]
            threading.Event().wait(random.uniform(0, 0.1))  # no condition: the kill is to come anywhere in a write
        finally:
            process.send_signal(signal.SIGKILL)
        said += [line.strip() for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    assert process.returncode == -signal.SIGKILL
    return said


@pytest.mark.system
def test_killed_at_any_moment_every_fact_has_its_line_and_projections_are_what_facts_make(desks, tmp_path):
    path = tmp_path / "here" / "watchroom.db"
    said: list[str] = []
    for _ in range(5):
        said += write_and_kill(path, random.randint(1, 5))
    desk = desks("here")
    assert desk.db.problems() == ()
    assert sorted(rows(desk, FACTS)) == sorted(rows(desk, "SELECT pk, hlc FROM change_log"))
    seqs = [seq for (seq,) in rows(desk, "SELECT seq FROM change_log ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))
    standing = rows(desk, "SELECT * FROM alarm ORDER BY id"), rows(desk, "SELECT * FROM incident ORDER BY id")
    desk.db.rebuild()
    assert (rows(desk, "SELECT * FROM alarm ORDER BY id"), rows(desk, "SELECT * FROM incident ORDER BY id")) == standing
    saved = {str(incident.id): incident for incident in desk.incidents.open()}
    assert len(said) >= 5
    assert {saved[number].status.value for number in said} == {"resolved"}
