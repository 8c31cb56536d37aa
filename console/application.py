"""The one QApplication, made after the platform and the map's address scheme are settled."""

import sys

from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from console.platform import prepare_platform
from console.resources import RESOURCES
from console.settings import DeskSettings
from widgets.theme import ThemeName, apply_theme


def make_application(desk: DeskSettings, *, demo: bool) -> QApplication:
    """Return the application in the desk's look and language; tell the terminal what is out of the ordinary."""
    for notice in prepare_platform(demo=demo):
        sys.stderr.write(f"{notice}\n")
    from widgets.map_scheme import register_scheme  # noqa: PLC0415 - the platform must be settled first

    register_scheme()
    application = QApplication(["watchroom"])
    application.setApplicationName("Watchroom")
    if desk.language == "ko":
        for path in (RESOURCES / "i18n" / "watchroom_ko.qm",):
            translator = QTranslator(application)
            if translator.load(str(path)):
                application.installTranslator(translator)
    apply_theme(application, ThemeName(desk.theme), desk.scale)
    return application
