"""`cameras discover`: looks for cameras that nobody registered yet. Never signs in, and changes nothing."""

import argparse
import math
import socket
from collections.abc import Sequence
from dataclasses import asdict

import psutil

from console.owner import say
from domain.clock import SystemClock
from domain.errors import BadInputError
from domain.fact import Json
from ptz.discovery import discover
from ptz.probe_match import Found

USUAL_S = 3.0
LONGEST_S = 60.0


def discover_cameras(options: argparse.Namespace) -> int:
    """Ask on the interfaces and the addresses that were named, and print who answers."""
    if not 0 < options.timeout_s <= LONGEST_S or not math.isfinite(options.timeout_s):
        raise BadInputError(f"--timeout must be above 0 and at most {LONGEST_S:.0f} seconds")
    if not options.interface and not options.address:
        raise BadInputError(f"name what to ask: --address, or --interface, one of {_shown(_interfaces())}")
    interfaces = [_address_of(told) for told in options.interface]
    found = discover(interfaces, options.timeout_s, options.address, clock=SystemClock())
    say(options, [_row(one) for one in found], lambda: _lines(found))
    return 0


def _interfaces() -> dict[str, str]:
    """Return the IPv4 addresses of this workstation's interfaces that are up, by name."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    return {
        name: one.address
        for name, addresses in psutil.net_if_addrs().items()
        for one in addresses
        if one.family == socket.AF_INET and name in up
    }


def _address_of(told: str) -> str:
    """Return the address of an interface that is named, or what was told where that is an address."""
    interfaces = _interfaces()
    if told in interfaces.values():
        return told
    if told not in interfaces:
        raise BadInputError(f"{told!r} is no interface of this workstation: {_shown(interfaces)}")
    return interfaces[told]


def _shown(interfaces: dict[str, str]) -> str:
    return ", ".join(f"{name} ({address})" for name, address in sorted(interfaces.items())) or "none is up"


def _row(found: Found) -> Json:
    return asdict(found) | {"told": list(found.told), "also_from": list(found.also_from)}


def _lines(found: Sequence[Found]) -> list[str]:
    return [line for one in found for line in _camera(one)] or ["no camera answered"]


def _camera(found: Found) -> list[str]:
    """Return what is printed of one camera: where it is, what it calls itself, and what is odd about it."""
    said = [found.name, found.hardware, found.location]
    lines = ["  ".join([found.address, *(word for word in said if word)])]
    if found.mismatch:
        lines.append(f"    tells other addresses than the one it answers from: {' '.join(found.told)}")
    if found.also_from:
        lines.append(f"    answered from {found.sender} and {' '.join(found.also_from)}: one device, or two as one")
    return lines
