"""The one QApplication, made after the platform and the map's address scheme are settled."""

import sys

from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from console.platform import prepare_platform
from console.resources import RESOURCES
from console.settings import DeskSettings
from widgets.theme import ThemeName, apply_theme

# Every Qt call gives the interpreter lock away. Getting it back from a busy thread takes up to one switch interval, so
# with Python's 5 ms a paint of a hundred calls takes half a second while a library is being loaded elsewhere.
_SWITCH_S = 0.0005


def make_application(desk: DeskSettings, *, demo: bool) -> QApplication:
    """Return the application in the desk's look and language; tell the terminal what is out of the ordinary."""
    for notice in prepare_platform(demo=demo):
        sys.stderr.write(f"{notice}\n")
    sys.setswitchinterval(_SWITCH_S)
    from widgets.map_scheme import register_scheme  # noqa: PLC0415 - the platform must be settled first

    register_scheme()
    application = QApplication(["watchroom"])
    application.setApplicationName("Watchroom")
    if desk.language == "ko":
        translator = QTranslator(application)
        if translator.load(str(RESOURCES / "i18n" / "watchroom_ko.qm")):
            application.installTranslator(translator)
    apply_theme(application, ThemeName(desk.theme), desk.scale)
    return application
