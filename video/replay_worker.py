"""The replay worker: `python -m video.replay_worker PARENT_PID RING [ARCHIVE]`, started by the replay engine.

Its standard input is a SOCK_SEQPACKET socket (replay_wire). One thread hears orders; one thread a tile decodes. It ends
with its input, and is killed with its parent.
"""

import mmap
import os
import signal
import socket
import sys
from pathlib import Path

from video.leash import die_with_parent
from video.packets import Channel
from video.replay_position import ReplayPosition
from video.replay_reel import Reel
from video.replay_screening import Screening
from video.replay_still import StillTaker
from video.replay_wire import Close, Open, Ready, Steer, Take, read_order
from video.slot import slot_bytes

NICE = 5  # after the screen, before what nobody looks at


class ReplayWorker:
    """Serves the engine at the other end of a channel until it is gone."""

    def __init__(self, channel: Channel, folders: tuple[Path, ...]) -> None:
        self._channel = channel
        self._folders = folders
        self._screenings: dict[int, Screening] = {}

    def run(self) -> None:
        """Obey until the engine goes."""
        self._channel.say(Ready())
        while (heard := self._channel.hear()) is not None:
            self._obey(*heard)
        for screening in self._screenings.values():
            screening.end()

    def _obey(self, packet: bytes, files: list[int]) -> None:
        match read_order(packet):
            case Open() as order:
                self._open(order, files)
            case Steer(sources, at, since, rate):
                for source in sources:
                    if source in self._screenings:
                        self._screenings[source].steer(ReplayPosition(at, since, rate))
            case Close(source):
                screening = self._screenings.pop(source, None)
                if screening is not None:
                    screening.end()
            case Take() as order:
                StillTaker(order, Reel(self._folders, order.camera), self._channel.say).start()

    def _open(self, order: Open, files: list[int]) -> None:
        (file,) = files
        memory = mmap.mmap(file, slot_bytes(order.width, order.height, "bgrx"))
        os.close(file)
        screening = Screening(order, memory, Reel(self._folders, order.camera), self._channel.say)
        self._screenings[order.source] = screening
        screening.start()


def main(arguments: list[str]) -> int:
    """Run a worker; 2 where it was not started by an engine."""
    if len(arguments) not in {2, 3} or not arguments[0].isdigit():
        sys.stderr.write("a replay worker is started by the console\n")
        return 2
    if not die_with_parent(int(arguments[0])):
        return 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the console's to obey
    os.setpriority(os.PRIO_PROCESS, 0, NICE)
    try:
        orders = socket.socket(fileno=os.dup(0))
    except OSError:
        sys.stderr.write("a replay worker is started by the console\n")
        return 2
    with orders:
        ReplayWorker(Channel(orders), tuple(Path(folder) for folder in arguments[1:])).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
