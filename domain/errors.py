"""Every error of ours, in one tree; adapters turn outside exceptions into these at the edge."""

from dataclasses import dataclass


class WatchroomError(Exception):
    """Parent of all; its text is one clear line that an operator can act on."""


class BadInputError(WatchroomError):
    """What was given can't be taken; nothing was changed."""

    def __init__(self, message: str, problems: "tuple[Problem, ...]" = ()) -> None:
        super().__init__(message)
        self.problems = problems


class SettingsError(BadInputError):
    """A settings file or variable is wrong; the text names file and key."""


class IllegalStepError(WatchroomError):
    """A record was asked to move to a state that it cannot reach from where it is."""


class RefusedError(WatchroomError):
    """The actor lacks a right, or a second person's approval; the text names it."""


class UnreachableError(WatchroomError):
    """A camera, broker, database or helper process does not answer."""


class CredentialsError(UnreachableError):
    """It answers but refuses our name and password; not to be tried again by a machine."""


class ProtocolError(UnreachableError):
    """It answers with something that can't be understood."""


class StorageError(WatchroomError):
    """The local store can't be read or written."""


class HomeError(WatchroomError):
    """The home folder is in use, read-only, or not ours."""


class SequenceGapError(WatchroomError):
    """Headquarters refused rows because earlier ones are missing there (SQLSTATE WR001)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field of one row of an input; rows count from 1, the heading being row 1."""

    row: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.field}: {self.message}"
