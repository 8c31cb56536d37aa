"""What every command takes from the command line: the home and the settings."""

import argparse

from console.home import Home, default_home
from console.settings import Settings, load_settings


def settings_of(options: argparse.Namespace, home: Home) -> Settings:
    """Read the settings that the command line names, or those in the home."""
    return load_settings(options.config or home.settings)


def home_of(options: argparse.Namespace) -> Home:
    """Return the home that the command line names, or the usual one."""
    return Home((options.home or default_home()).resolve())
