"""How a camera is carried from the tree to a tile."""

from PySide6.QtCore import QMimeData

CAMERA_MIME = "application/x-watchroom-camera"


def camera_to_drag(number: int) -> QMimeData:
    """Return the camera's number as something that can be dragged."""
    carried = QMimeData()
    carried.setData(CAMERA_MIME, str(number).encode("ascii"))
    return carried


def dragged_camera(carried: QMimeData) -> int | None:
    """Return the number of the dragged camera, None where something else is dragged."""
    digits = bytes(carried.data(CAMERA_MIME).data()).decode("ascii", "replace")
    return int(digits) if digits.isascii() and digits.isdigit() else None
