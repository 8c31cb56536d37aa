"""The command line: the same names in `main.py` and in the installed `watchroom`."""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from console.practice import NO_STORY, story_names
from domain.errors import BadInputError, WatchroomError
from domain.purpose import Purpose

Command = Callable[[argparse.Namespace], int]

DONE, FAILED, WRONG_USE = 0, 1, 2
_WHY = f"what a crime-prevention camera is turned for: {', '.join(Purpose)}"
_NOT_YET = ("publish", "anpr", "smoke", "evidence", "verify", "backup", "restore")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name and return the exit code: 0 done, 1 failed, 2 wrong use.

    A failure is one clear line on standard error (a bad list: one line for each wrong field).
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and _command_of(given) in _NOT_YET:
        sys.stderr.write(f"watchroom {_command_of(given)}: not yet\n")
        return FAILED
    options = _parser().parse_args(given)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING, format="%(asctime)s %(name)s: %(message)s"
    )
    command: Command = options.run
    try:
        return command(options)
    except BadInputError as error:
        _fail(options, str(error), [str(problem) for problem in error.problems])
        return FAILED
    except WatchroomError as error:
        _fail(options, str(error), [])
        return FAILED
    except KeyboardInterrupt:
        return FAILED


def _command_of(given: Sequence[str]) -> str:
    takes_value = {"--home", "--config", "--as", "--wall", "--layout"}
    words = iter(given)
    for word in words:
        if word in takes_value:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


def _fail(options: argparse.Namespace, message: str, problems: list[str]) -> None:
    if options.json:
        sys.stdout.write(json.dumps({"error": message, "problems": problems}, ensure_ascii=False) + "\n")
    sys.stderr.write("".join(f"{line}\n" for line in [message.strip(), *problems]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="watchroom", description="Situation-room console of a city's operations centre."
    )
    parser.set_defaults(run=_console, wall=None, layout="")
    _common(parser, default=None)
    parser.add_argument("--wall", type=int, metavar="N", help="open the window of monitor N")
    parser.add_argument("--layout", default="", metavar="NAME", help="show the saved wall, or the layout, NAME on it")
    commands = parser.add_subparsers(metavar="COMMAND")
    _demo(commands.add_parser("demo", help="practice city and a console signed in to it"))
    _simulate(commands.add_parser("simulate", help="the practice city alone"))
    _headless(commands.add_parser("headless", help="everything but windows"))
    _cameras(commands.add_parser("cameras", help="the camera register"))
    _ptz(commands.add_parser("ptz", help="move one camera"))
    _hq(commands.add_parser("hq", help="headquarters"))
    doctor = commands.add_parser("doctor", help="what is found, what is not, and what to do")
    _common(doctor)
    doctor.set_defaults(run=_run_doctor)
    for name in _NOT_YET:
        commands.add_parser(name, help="not yet")
    return parser


def _common(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    """Let the options that stand before a command also stand after it."""
    parser.add_argument("--home", type=Path, default=default, metavar="DIR", help="this workstation's folder")
    parser.add_argument(
        "--config", type=Path, default=default, metavar="FILE", help="settings (else console.toml in the home)"
    )
    parser.add_argument("--as", dest="actor", default=default, metavar="NAME", help="who acts, where a right is needed")
    off = False if default is None else default
    parser.add_argument("--json", action="store_true", default=off, help="answer in JSON")
    parser.add_argument("--verbose", action="store_true", default=off, help="log what happens")


def _city(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--city", choices=("anyang", "ifez"), default="anyang", help="which practice city")
    parser.add_argument("--cameras", type=_cameras_count, default=16, metavar="N", help="how many really stream (16)")
    parser.add_argument("--scenario", default=NO_STORY, choices=(NO_STORY, *story_names()), help="a timed story")
    parser.add_argument("--seed", type=int, default=7, help="of the story and the weather (7)")


def _cameras_count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 801:
        raise argparse.ArgumentTypeError("must be 1 to 801")
    return count


def _demo(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    _city(parser)
    parser.add_argument("--monitors", type=int, default=1, metavar="N", help="how many walls (1)")
    parser.add_argument(
        "--for", dest="for_s", type=float, default=0.0, metavar="S", help="end by itself after S seconds"
    )
    parser.add_argument("--shot", type=Path, default=None, metavar="DIR", help="write a PNG of every window into DIR")
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the screens")
    parser.set_defaults(run=_run_demo, scenario="sos")


def _simulate(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    _city(parser)
    parser.add_argument("--speed", type=float, default=1.0, help="seconds of the story in one of the world's (1)")
    parser.set_defaults(run=_run_simulate)


def _headless(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.set_defaults(run=_run_headless)


def _cameras(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="print the register")
    _common(listing)
    listing.set_defaults(run=_run_cameras_list)
    taking = verbs.add_parser("import", help="take a camera list (docs/cameras.sample.csv)")
    _common(taking)
    taking.add_argument("file", type=Path)
    taking.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
    taking.add_argument("--skip-bad", action="store_true", help="take the good rows, leave the wrong ones")
    taking.set_defaults(run=_run_cameras_import)
    keeping = verbs.add_parser("credentials", help="keep the name and password that cameras are signed in to with")
    _common(keeping)
    keeping.add_argument("name", help="the name in the list's column `credentials`")
    keeping.add_argument("--user", required=True, help="their user; the password is asked for, or read from a pipe")
    keeping.set_defaults(run=_run_cameras_credentials)
    taking_up = verbs.add_parser("accept", help="take the device at a camera's address for the camera from now on")
    _common(taking_up)
    taking_up.add_argument("camera", type=int, help="its number")
    taking_up.set_defaults(run=_run_cameras_accept)
    finding = verbs.add_parser("discover", help="look for cameras on the network; signs in to none")
    _common(finding)
    finding.add_argument(
        "--interface", action="append", default=[], metavar="A", help="ask by multicast on it: its name or IPv4 address"
    )
    finding.add_argument(
        "--address", action="append", default=[], metavar="A", help="ask it alone: 10.0.0.7[:PORT], 10.0.0.0/24"
    )
    finding.add_argument(
        "--timeout", dest="timeout_s", type=float, default=3.0, metavar="S", help="how long to wait for answers (3)"
    )
    finding.set_defaults(run=_run_cameras_discover)


def _ptz(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("camera", type=int, help="the camera's number")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb, does in (("status", "where it points"), ("stop", "stop it"), ("presets", "its stored views")):
        _common(verbs.add_parser(verb, help=does))
    move = verbs.add_parser("move", help="turn it for some seconds, then stop it")
    _common(move)
    for axis in ("pan", "tilt", "zoom"):
        move.add_argument(f"--{axis}", type=float, default=0.0, metavar="-1..1")
    move.add_argument("--for", dest="for_s", type=float, default=1.0, metavar="S")
    move.add_argument("--purpose", default="", metavar="WHY", help=_WHY)
    for verb, does in (("goto", "turn to"), ("set", "store"), ("remove", "forget")):
        named = verbs.add_parser(verb, help=f"{does} a stored view by name")
        _common(named)
        named.add_argument("name")
        if verb == "goto":
            named.add_argument("--purpose", default="", metavar="WHY", help=_WHY)
    parser.set_defaults(run=_run_ptz)


def _hq(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    init = verbs.add_parser("init", help="make headquarters' schema and enrol this workstation")
    _common(init)
    init.add_argument("--admin-url", required=True, help="PostgreSQL address of the database's owner, without password")
    init.add_argument("--ca", type=Path, required=True, help="certificate of the authority that signs workstations")
    init.add_argument("--ca-key", type=Path, required=True, help="its key")
    _common(verbs.add_parser("status", help="what was sent and what waits"))
    sync = verbs.add_parser("sync", help="exchange with headquarters")
    _common(sync)
    sync.add_argument("--once", action="store_true", required=True)
    parser.set_defaults(run=_run_hq)


# Each command's module is imported when it runs: the console loads Qt, `ptz` loads SOAP, neither needs the other.


def _console(options: argparse.Namespace) -> int:
    from console.start import run_desk  # noqa: PLC0415 - see above

    return run_desk(options)


def _run_demo(options: argparse.Namespace) -> int:
    from console.demo import run_demo  # noqa: PLC0415 - see above

    return run_demo(options)


def _run_simulate(options: argparse.Namespace) -> int:
    from console.practice import run_simulate  # noqa: PLC0415 - see above

    return run_simulate(options)


def _run_headless(options: argparse.Namespace) -> int:
    from console.headless import run_headless  # noqa: PLC0415 - see above

    return run_headless(options)


def _run_cameras_list(options: argparse.Namespace) -> int:
    from console.camera_commands import list_cameras  # noqa: PLC0415 - see above

    return list_cameras(options)


def _run_cameras_import(options: argparse.Namespace) -> int:
    from console.camera_commands import import_cameras  # noqa: PLC0415 - see above

    return import_cameras(options)


def _run_cameras_credentials(options: argparse.Namespace) -> int:
    from console.camera_commands import keep_credentials  # noqa: PLC0415 - see above

    return keep_credentials(options)


def _run_cameras_accept(options: argparse.Namespace) -> int:
    from console.camera_commands import accept_camera  # noqa: PLC0415 - see above

    return accept_camera(options)


def _run_cameras_discover(options: argparse.Namespace) -> int:
    from console.discovery_command import discover_cameras  # noqa: PLC0415 - see above

    return discover_cameras(options)


def _run_ptz(options: argparse.Namespace) -> int:
    from console.ptz_command import run_ptz  # noqa: PLC0415 - see above

    return run_ptz(options)


def _run_hq(options: argparse.Namespace) -> int:
    from console.hq_command import run_hq  # noqa: PLC0415 - see above

    return run_hq(options)


def _run_doctor(options: argparse.Namespace) -> int:
    from console.doctor import run_doctor  # noqa: PLC0415 - see above

    return run_doctor(options)
