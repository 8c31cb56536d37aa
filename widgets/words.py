"""Words and numbers as the screens write them: times, ages, durations, and the names of what the domain lists."""

import math
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from domain.alarm import Desk, Priority
from domain.incident import Disposition, Status
from domain.motion import MotionPhase
from domain.picture import LossReason
from domain.reading import Quantity
from domain.record import Mode

NO_VALUE = "–"


def clock_time(at: datetime | None) -> str:
    """Return a moment as 14:02:25 in the workstation's own time zone, a dash for none."""
    return NO_VALUE if at is None else at.astimezone().strftime("%H:%M:%S")


def short_time(at: datetime) -> str:
    """Return a moment as 14:02 in the workstation's own time zone."""
    return at.astimezone().strftime("%H:%M")


def duration(seconds: float | None) -> str:
    """Return how long something lasts as 2:06 or 1:02:06, `–:–` for unknown; a negative one counts as 0."""
    if seconds is None:
        return "–:–"
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def age(seconds: float) -> str:
    """Return how old something is, as `4 s`, `3 min`, `2 h`, `5 d`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return QCoreApplication.translate("Words", "{n} s").format(n=whole)
    if whole < 3600:
        return QCoreApplication.translate("Words", "{n} min").format(n=whole // 60)
    if whole < 86400:
        return QCoreApplication.translate("Words", "{n} h").format(n=whole // 3600)
    return QCoreApplication.translate("Words", "{n} d").format(n=whole // 86400)


def camera_no(number: int) -> str:
    """Return a camera's number as it is printed everywhere: 0417."""
    return f"{number:04d}"


def priority_word(priority: Priority) -> str:
    """Return the word that goes with the priority's shape."""
    return {
        Priority.CRITICAL: QCoreApplication.translate("Words", "Critical"),
        Priority.HIGH: QCoreApplication.translate("Words", "High"),
        Priority.MEDIUM: QCoreApplication.translate("Words", "Medium"),
        Priority.LOW: QCoreApplication.translate("Words", "Low"),
    }[priority]


def desk_word(desk: Desk) -> str:
    """Return the desk's name."""
    return {
        Desk.CRIME: QCoreApplication.translate("Words", "Crime"),
        Desk.TRAFFIC: QCoreApplication.translate("Words", "Traffic"),
        Desk.DISASTER: QCoreApplication.translate("Words", "Disaster"),
        Desk.FACILITY: QCoreApplication.translate("Words", "Facility"),
    }[desk]


def status_word(status: Status) -> str:
    """Return where an incident stands, in words."""
    return {
        Status.NEW: QCoreApplication.translate("Words", "New"),
        Status.IN_PROGRESS: QCoreApplication.translate("Words", "In progress"),
        Status.RESOLVED: QCoreApplication.translate("Words", "Resolved"),
        Status.CLOSED: QCoreApplication.translate("Words", "Closed"),
    }[status]


def disposition_word(disposition: Disposition) -> str:
    """Return what an incident turned out to be, in words."""
    return {
        Disposition.FOUNDED: QCoreApplication.translate("Words", "Founded"),
        Disposition.UNFOUNDED: QCoreApplication.translate("Words", "Unfounded"),
        Disposition.FALSE_ALARM: QCoreApplication.translate("Words", "False alarm"),
        Disposition.TEST: QCoreApplication.translate("Words", "Test"),
        Disposition.DUPLICATE: QCoreApplication.translate("Words", "Duplicate"),
    }[disposition]


def mode_word(mode: Mode) -> str:
    """Return the mark of a record that is not in earnest, nothing for one that is."""
    return {
        Mode.ACTUAL: "",
        Mode.EXERCISE: QCoreApplication.translate("Words", "exercise"),
        Mode.TEST: QCoreApplication.translate("Words", "test"),
    }[mode]


def loss_words(reason: LossReason | None) -> str:
    """Return why there is no picture, short enough for a tile."""
    if reason is None:
        return QCoreApplication.translate("Words", "No picture")
    return {
        LossReason.NO_ANSWER: QCoreApplication.translate("Words", "No answer"),
        LossReason.WRONG_PASSWORD: QCoreApplication.translate("Words", "Wrong password"),
        LossReason.NO_SIGNAL: QCoreApplication.translate("Words", "No signal"),
        LossReason.NOT_UNDERSTOOD: QCoreApplication.translate("Words", "Answer not understood"),
        LossReason.NO_STREAM: QCoreApplication.translate("Words", "No stream"),
        LossReason.WORKER_GONE: QCoreApplication.translate("Words", "Picture process gone"),
    }[reason]


def loss_advice(reason: LossReason | None) -> str:
    """Return what happens next or what to do about a lost picture."""
    trying = QCoreApplication.translate("Words", "The console keeps trying by itself.")
    if reason is None:
        return trying
    return {
        LossReason.NO_ANSWER: trying,
        LossReason.WRONG_PASSWORD: QCoreApplication.translate(
            "Words",
            "Not tried again by itself, or the camera may lock us out. Have an administrator correct its name and "
            "password; to try once more, call the camera up again.",
        ),
        LossReason.NO_SIGNAL: QCoreApplication.translate("Words", "The camera answers but sends no picture."),
        LossReason.NOT_UNDERSTOOD: QCoreApplication.translate(
            "Words", "The camera sends something this console can't read. Report its model."
        ),
        LossReason.NO_STREAM: QCoreApplication.translate(
            "Words", "The register has no stream address for this camera. Have an administrator add it."
        ),
        LossReason.WORKER_GONE: QCoreApplication.translate("Words", "The process is being restarted."),
    }[reason]


def replay_loss_words(reason: LossReason | None) -> str:
    """Return why a replay shows no picture, short enough for a tile."""
    if reason is LossReason.NO_SIGNAL:
        return QCoreApplication.translate("Words", "No recording")
    if reason is LossReason.NOT_UNDERSTOOD:
        return QCoreApplication.translate("Words", "Recording can't be shown")
    return loss_words(reason)


def replay_loss_advice(reason: LossReason | None) -> str:
    """Return what happens next or what to do about a replay without a picture."""
    if reason is LossReason.WORKER_GONE:
        return loss_advice(reason)
    return QCoreApplication.translate("Words", "Go to another moment, or back to live [Esc]. The reason is in the log.")


def motion_words(phase: MotionPhase) -> str:
    """Return what is known of a camera's movement; nothing while it is simply ready."""
    return {
        MotionPhase.READY: "",
        MotionPhase.MOVE_SENT: QCoreApplication.translate("Words", "move sent"),
        MotionPhase.MOVING: QCoreApplication.translate("Words", "moving, confirmed"),
        MotionPhase.STOP_SENT: QCoreApplication.translate("Words", "stop sent"),
        MotionPhase.STOPPED: QCoreApplication.translate("Words", "stopped, confirmed"),
        MotionPhase.MAY_BE_MOVING: QCoreApplication.translate("Words", "CAMERA MAY BE MOVING"),
        MotionPhase.DISABLED: QCoreApplication.translate("Words", "movement is off"),
    }[phase]


def quantity_word(quantity: Quantity) -> str:
    """Return the quantity's name."""
    return {
        Quantity.TEMPERATURE: QCoreApplication.translate("Words", "Temperature"),
        Quantity.HUMIDITY: QCoreApplication.translate("Words", "Humidity"),
        Quantity.WIND_SPEED: QCoreApplication.translate("Words", "Wind"),
        Quantity.WIND_DIRECTION: QCoreApplication.translate("Words", "Wind direction"),
        Quantity.SOLAR_RADIATION: QCoreApplication.translate("Words", "Sunlight"),
        Quantity.PM10: QCoreApplication.translate("Words", "Dust PM10"),
        Quantity.PM2_5: QCoreApplication.translate("Words", "Dust PM2.5"),
        Quantity.PRESSURE: QCoreApplication.translate("Words", "Pressure"),
        Quantity.PRECIPITATION: QCoreApplication.translate("Words", "Rain"),
        Quantity.WATER_LEVEL: QCoreApplication.translate("Words", "Water level"),
        Quantity.SMOKE: QCoreApplication.translate("Words", "Smoke"),
        Quantity.VISIBILITY: QCoreApplication.translate("Words", "Visibility"),
        Quantity.UV_INDEX: QCoreApplication.translate("Words", "UV index"),
        Quantity.ROAD_TEMPERATURE: QCoreApplication.translate("Words", "Road temperature"),
        Quantity.ROAD_STATE: QCoreApplication.translate("Words", "Road state"),
    }[quantity]


_SYMBOLS = {"Cel": "℃", "W/m2": "W/m²", "ug/m3": "µg/m³", "deg": "°", "1": ""}


def unit_symbol(ucum: str) -> str:
    """Return a UCUM unit as it is printed."""
    return _SYMBOLS.get(ucum, ucum)


def compass(degrees: float | None) -> str:
    """Return the point of the compass that the wind comes from, of eight; nothing for unknown."""
    if degrees is None or not math.isfinite(degrees):
        return ""
    points = (
        QCoreApplication.translate("Words", "N"),
        QCoreApplication.translate("Words", "NE"),
        QCoreApplication.translate("Words", "E"),
        QCoreApplication.translate("Words", "SE"),
        QCoreApplication.translate("Words", "S"),
        QCoreApplication.translate("Words", "SW"),
        QCoreApplication.translate("Words", "W"),
        QCoreApplication.translate("Words", "NW"),
    )
    return points[round(degrees / 45) % 8]
