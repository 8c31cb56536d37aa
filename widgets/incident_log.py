"""An incident's log, each step put into the reader's words."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from domain.fact import Json
from domain.incident import Disposition, IncidentStep, LogEntry, Status
from widgets import words


def log_line(entry: LogEntry) -> str:
    """Return one step as `14:02:32 kim  In progress`; an unknown step comes with its values as they are."""
    return f"{words.clock_time(entry.at)}  {entry.actor}  {step_words(entry)}"


def step_words(entry: LogEntry) -> str:
    """Return what happened, without time and actor."""
    fields = dict(entry.fields)
    match entry.step:
        case IncidentStep.OPENED:
            return QCoreApplication.translate("IncidentLog", "opened the incident")
        case IncidentStep.MOVED:
            return _moved(fields)
        case IncidentStep.NUMBERED:
            told = QCoreApplication.translate("IncidentLog", "number is now {number}")
            return told.format(number=fields.get("number", words.NO_VALUE))
        case IncidentStep.ASSIGNED:
            told = QCoreApplication.translate("IncidentLog", "given to {name}")
            return told.format(name=fields.get("owner", words.NO_VALUE))
        case IncidentStep.ALARM_LINKED:
            return QCoreApplication.translate("IncidentLog", "added another alarm")
        case IncidentStep.DISPATCHED:
            told = QCoreApplication.translate("IncidentLog", "asked {agency} to go")
            return _with_text(told.format(agency=agency_word(str(fields.get("agency", "")))), fields)
        case IncidentStep.NOTED:
            return _with_text(QCoreApplication.translate("IncidentLog", "note"), fields)
        case _:
            said = ", ".join(f"{key}={value}" for key, value in entry.fields)
            return f"{entry.step} ({said})" if said else entry.step


def agency_word(agency: str) -> str:
    """Return a partner agency's name; an unknown one as it is."""
    return {
        "police": QCoreApplication.translate("IncidentLog", "Police (112)"),
        "fire": QCoreApplication.translate("IncidentLog", "Fire and rescue (119)"),
        "city": QCoreApplication.translate("IncidentLog", "City duty office"),
    }.get(agency, agency or words.NO_VALUE)


def _moved(fields: dict[str, Json]) -> str:
    try:
        said = words.status_word(Status(str(fields.get("status"))))
        disposition = fields.get("disposition")
        return f"{said}: {words.disposition_word(Disposition(str(disposition)))}" if disposition else said
    except ValueError:  # a status of a newer program
        return str(fields.get("status", words.NO_VALUE))


def _with_text(said: str, fields: dict[str, Json]) -> str:
    text = str(fields.get("text") or "")
    return f"{said}: {text}" if text else said


class LogModel(QAbstractListModel):
    """The log's lines, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[LogEntry, ...] = ()

    def show_entries(self, entries: Sequence[LogEntry]) -> None:
        """Hold these entries."""
        if tuple(entries) == self._entries:
            return
        self.beginResetModel()
        self._entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Return the number of lines."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a line."""
        if not index.isValid() or role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        return log_line(self._entries[index.row()])
