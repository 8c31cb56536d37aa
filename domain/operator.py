"""People at the desks and what they may do."""

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import RefusedError


class Role(StrEnum):
    """What a person is in the room."""

    OPERATOR = "operator"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    POLICE_LIAISON = "police_liaison"


class Action(StrEnum):
    """What can be asked of the one door."""

    SIGN_IN = "sign_in"
    VIEW_CAMERA = "view_camera"
    MOVE_CAMERA = "move_camera"
    SET_PRESET = "set_preset"
    REPLAY = "replay"
    SET_BOOKMARK = "set_bookmark"
    TAKE_SNAPSHOT = "take_snapshot"
    RECORD = "record"
    EXPORT_CLIP = "export_clip"
    LIFT_MASKS = "lift_masks"
    EDIT_MASKS = "edit_masks"
    ARRANGE_WALLS = "arrange_walls"
    SHARE_WALLS = "share_walls"
    DRIVE_WALL = "drive_wall"
    ACKNOWLEDGE = "acknowledge"
    OPEN_INCIDENT = "open_incident"
    WORK_INCIDENT = "work_incident"
    DISPATCH = "dispatch"
    CLOSE_INCIDENT = "close_incident"
    IMPORT_CAMERAS = "import_cameras"
    MANAGE_OPERATORS = "manage_operators"
    MANAGE_HEADQUARTERS = "manage_headquarters"


_DESK = frozenset(
    {
        Action.SIGN_IN,
        Action.VIEW_CAMERA,
        Action.MOVE_CAMERA,
        Action.REPLAY,
        Action.SET_BOOKMARK,
        Action.TAKE_SNAPSHOT,
        Action.RECORD,
        Action.ARRANGE_WALLS,
        Action.ACKNOWLEDGE,
        Action.OPEN_INCIDENT,
        Action.WORK_INCIDENT,
        Action.DISPATCH,
        Action.CLOSE_INCIDENT,
    }
)

RIGHTS: dict[Role, frozenset[Action]] = {
    Role.OPERATOR: _DESK,
    Role.DISPATCHER: _DESK,
    Role.SUPERVISOR: _DESK
    | {Action.SET_PRESET, Action.EXPORT_CLIP, Action.LIFT_MASKS, Action.SHARE_WALLS, Action.DRIVE_WALL},
    Role.ADMINISTRATOR: frozenset(Action),
    Role.POLICE_LIAISON: frozenset({Action.SIGN_IN, Action.VIEW_CAMERA}),
}


@dataclass(frozen=True, slots=True)
class Operator:
    """A person with a name of their own."""

    name: str
    display_name: str
    role: Role
    desk: str = ""
    must_change_password: bool = False


def require(operator: Operator | None, action: Action) -> None:
    """Raise RefusedError, naming the right and who has it, unless the operator may do this."""
    if operator is not None and action in RIGHTS[operator.role]:
        return
    holders = ", ".join(role.value for role in Role if action in RIGHTS[role])
    who = operator.name if operator else "nobody signed in"
    raise RefusedError(f"{who} may not {action.value} (roles that may: {holders})")
