"""The command line."""

import sys


def main() -> int:
    """Run the command that the arguments name and return the exit code."""
    sys.stderr.write("not yet\n")
    return 1
