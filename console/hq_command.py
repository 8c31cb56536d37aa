"""`hq init`, `hq status` and `hq sync --once`."""

import argparse
from uuid import UUID

from console.options import home_of, settings_of
from console.owner import request, say
from console.passwords import holds_password
from db.sync.setup import enrol, initialise
from domain.errors import BadInputError


def run_hq(options: argparse.Namespace) -> int:
    """Make headquarters' schema and enrol this workstation, tell how far it knows us, or exchange once."""
    if options.verb == "init":
        return _init(options)
    answer = request(options, {"do": f"hq.{options.verb}"})
    said = answer if isinstance(answer, dict) else {}
    say(options, answer, lambda: [f"{key}: {'–' if value is None else value}" for key, value in said.items()])
    return 0


def _init(options: argparse.Namespace) -> int:
    if holds_password(options.admin_url):
        raise BadInputError(
            "--admin-url: holds a password, which others can read; put it into PGPASSFILE or PGPASSWORD"
        )
    for path in (options.ca, options.ca_key):
        if not path.is_file():
            raise BadInputError(f"{path}: no such file")
    allowed = request(options, {"do": "hq.allow"})
    origin = UUID(str(allowed["origin"] if isinstance(allowed, dict) else ""))
    home = home_of(options)
    settings = settings_of(options, home)
    initialise(options.admin_url)
    address = enrol(options.admin_url, options.ca, options.ca_key, origin, settings.centre.id, home.path / "hq")
    keys = {"url": address.url, "ca": str(address.ca), "cert": str(address.cert), "key": str(address.key)}
    say(
        options,
        dict(keys),
        lambda: ["put this into console.toml:", "[hq]", *(f'{key} = "{value}"' for key, value in keys.items())],
    )
    return 0
