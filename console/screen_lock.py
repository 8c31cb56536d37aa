"""Hears from the workstation that its screen is locked, or that it goes to sleep."""

import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")
_SYSTEM_BUS = Path("/run/dbus/system_bus_socket")


class ScreenLock(QObject):
    """Says when nobody can be seen to be at the desk any more; silent where the workstation has no message bus.

    `address` names the session's bus where it is not the usual one.
    """

    locked = Signal()

    def __init__(self, parent: QObject | None = None, address: str | None = None) -> None:
        super().__init__(parent)
        session = _session(address)
        if session is not None and session.isConnected():
            for saver in _SAVERS:
                session.connect("", "", saver, "ActiveChanged", self, _slot("take_active(bool)"))
        if _SYSTEM_BUS.exists() and (system := QDBusConnection.systemBus()).isConnected():
            login = "org.freedesktop.login1"
            system.connect("", "", f"{login}.Session", "Lock", self, _slot("take_lock()"))
            system.connect("", "", f"{login}.Manager", "PrepareForSleep", self, _slot("take_active(bool)"))

    @Slot(bool)
    def take_active(self, active: bool) -> None:  # noqa: FBT001 - a slot
        """Take that the screen saver, or sleep, begins or ends."""
        if active:
            self.locked.emit()

    @Slot()
    def take_lock(self) -> None:
        """Take that the session is locked."""
        self.locked.emit()


def _session(address: str | None) -> QDBusConnection | None:
    """Return the session's bus where there is one; looking for it otherwise would start one."""
    if address is not None:
        return QDBusConnection.connectToBus(address, "watchroom-lock")
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / "bus"
    told = os.environ.get("DBUS_SESSION_BUS_ADDRESS") or runtime.exists()
    return QDBusConnection.sessionBus() if told else None


def _slot(signature: str) -> Any:
    """Return a slot as this library takes it: a str, where its stubs ask for bytes (PySide6 6.11)."""
    return SLOT(signature)
