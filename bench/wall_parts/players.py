"""Ours beside what others use, on the same cameras in the same run: one row each, sixteen tiles of 480x270."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.children import ROOT, Figures, RoleError, x_display
from bench.common import Table
from bench.practice import Practice
from bench.wall_parts.setting import Setting, medians

TILES = 16
_HEADING = (
    "what", "cores", "x decode-only", "shown", "latency p50 / p95 ms", "UI late p99 / max ms", "PSS MB", "remarks",
)  # fmt: skip
_TS = "fed as MPEG-TS over UDP (Debian's libVLC has no RTSP), 500 ms cache"


@dataclass(frozen=True, slots=True)
class Player:
    """One row: a role, how it is told apart, and what must be said of it."""

    name: str
    role: str
    mode: str = ""
    remark: str = ""


PLAYERS = (
    Player("decode-only (PyAV threads)", "decode"),
    Player("Watchroom", "shown"),
    Player("libVLC, set_xwindow", "player_vlc", "window", f"{_TS}; shown is libVLC's own count"),
    Player("libVLC, vmem, painted by Qt", "player_vlc", "memory", _TS),
    Player("QMediaPlayer, QVideoWidget", "player_qt", "", "shown: frames that reached the widget"),
    Player("cv2.VideoCapture threads, painted by Qt", "player_cv2"),
)


def run(setting: Setting) -> Table:
    """Measure all in turns on one X server without a screen; who fails says why in its row."""
    seen: dict[str, list[Figures]] = {player.name: [] for player in PLAYERS}
    failed: dict[str, str] = {}
    with x_display() as display, transport_streams(setting.practice) as feeds:
        for _ in range(setting.runs):
            for player in PLAYERS:
                if player.name in failed:
                    continue
                try:
                    found = setting.role(player.role, TILES, display=display, mode=player.mode, feeds=feeds)
                except RoleError as error:
                    failed[player.name] = str(error)
                else:
                    seen[player.name].append(found)
    alone = medians(seen[PLAYERS[0].name])["cores"] if seen[PLAYERS[0].name] else float("nan")
    rows = []
    for player in PLAYERS:
        if player.name in failed or not seen[player.name]:
            rows.append([player.name, *["-"] * (len(_HEADING) - 2), failed.get(player.name, "not measured")])
        else:
            figures = medians(seen[player.name]) | {"ratio": medians(seen[player.name])["cores"] / alone}
            setting.enter(f"player_{player.role.removeprefix('player_')}{player.mode and '_' + player.mode}", figures)
            rows.append(_row(player, figures))
    return Table(f"Side by side: {TILES} tiles of 480x270 on Xvfb, no GPU", _HEADING, rows)


def _row(player: Player, figures: Figures) -> list[str]:
    def said(*names: str, form: str) -> str:
        return " / ".join(format(figures[name], form) for name in names) if names[0] in figures else "-"

    remarks = [player.remark] if player.remark else []
    if not figures["ready"]:
        remarks.append("not all pictures had come after 30 s")
    return [
        player.name,
        said("cores", form=".2f"),
        said("ratio", form=".2f"),
        said("shown", form=".1%"),
        said("latency_p50_ms", "latency_p95_ms", form=".0f"),
        said("ui_late_p99_ms", "ui_late_max_ms", form=".1f"),
        said("pss_mb", form=".0f"),
        "; ".join(remarks) or "-",
    ]


@contextmanager
def transport_streams(practice: Practice) -> Iterator[list[str]]:
    """Give addresses at which libVLC finds the cameras."""
    command = [sys.executable, "-m", "bench.wall_roles.ts_feed"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            if process.stdin is None or process.stdout is None:
                raise AssertionError("started with pipes")
            process.stdin.write(json.dumps(practice.ordered(TILES) | {"window_s": 0}) + "\n")
            process.stdin.flush()
            yield [f"udp://@127.0.0.1:{port}" for port in process.stdout.readline().split()]
        finally:
            process.kill()
