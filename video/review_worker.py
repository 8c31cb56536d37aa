"""The review worker: `python -m video.review_worker PARENT_PID`, started by the review player.

libVLC plays recorded files here, away from the console: what a file of unknown origin breaks is this process alone. Its
standard input is a SOCK_SEQPACKET socket (review_wire). It ends with its input, and is killed with its parent.
"""

import select
import signal
import socket
import sys
from typing import TYPE_CHECKING

from domain.errors import BadInputError, UnreachableError
from video.leash import die_with_parent
from video.packets import Channel
from video.review_wire import Failed, Join, Load, Run, Save, Seek, Step, read_order

if TYPE_CHECKING:
    from video.review_deck import Deck, Say

_TICK_S = 0.05


def _new_deck(say: "Say") -> "Deck":
    """Return a player; UnreachableError where libVLC is not installed: python-vlc says so in many ways."""
    try:
        from video.review_deck import Deck  # noqa: PLC0415 - only here can it be said that it is missing
    except (ImportError, OSError, NameError, AttributeError, SystemExit) as error:
        raise UnreachableError(f"libVLC can't be loaded ({error}): apt install libvlc5 vlc-plugin-base") from error
    return Deck(say)


class ReviewWorker:
    """Serves one player at the other end of a channel until it is gone."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._deck: Deck | None = None

    def run(self) -> None:
        """Obey, and say where the player stands, until the console goes."""
        while True:
            ready, _, _ = select.select([self._channel], [], [], _TICK_S)
            if ready:
                heard = self._channel.hear()
                if heard is None:
                    return
                self._obey(heard[0])
            if self._deck is not None:
                self._deck.tell()

    def _obey(self, packet: bytes) -> None:
        order = read_order(packet)
        if self._deck is None:
            try:
                self._deck = _new_deck(self._channel.say)
            except (BadInputError, UnreachableError) as error:
                self._channel.say(Failed("no_player", str(error)))
                return
        match order:
            case Load(path, masks):
                self._deck.load(path, masks)
            case Join():
                self._deck.join(order)
            case Save(path):
                self._deck.save(path)
            case Run(rate):
                self._deck.run(rate)
            case Step(later):
                self._deck.step(later=later)
            case Seek(at_s):
                self._deck.seek(at_s)


def main(arguments: list[str]) -> int:
    """Run a worker; 2 where it was not started by the console."""
    if len(arguments) != 1 or not arguments[0].isdigit():
        sys.stderr.write("a review worker is started by the console\n")
        return 2
    if not die_with_parent(int(arguments[0])):
        return 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the console's to obey
    orders = socket.socket(fileno=0)
    with orders:
        ReviewWorker(Channel(orders)).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
