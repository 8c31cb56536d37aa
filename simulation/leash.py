"""Becomes another program that dies with its parent.

Called as `python leash.py PARENT_PID THREAD_ID SIGNAL_NO -- PROGRAM ARGUMENT...`.

Run as a script in its own small interpreter, because code between fork and exec is not safe in a process with
threads. Standard library only, and nothing of this package, so that it starts in milliseconds.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def set_death_signal(number: int) -> None:
    """Ask the kernel to send this process a signal when the thread that started it ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) was refused")


def main(arguments: list[str]) -> None:
    """Replace this process by the program; return only where the parent, or its thread, is already gone."""
    parent, thread, number, program = int(arguments[0]), int(arguments[1]), int(arguments[2]), arguments[4:]
    set_death_signal(number)
    # Whoever died before the signal was set will send none.
    if os.getppid() == parent and os.path.exists(f"/proc/{parent}/task/{thread}"):  # noqa: PTH110 - starts in milliseconds
        os.execvp(program[0], program)  # noqa: S606 - an argument list, never a shell


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.exit(1)
