"""Small checks and cleaning of what comes from outside, so that every store downstream can hold it."""

from datetime import UTC, datetime, timedelta

from domain.fact import Json
from sensors.messages import Message

AHEAD_LIMIT = timedelta(minutes=5)  # a sender whose clock is further ahead than this is wrong
_NOT_SET = datetime(2020, 1, 1, tzinfo=UTC)  # before this a receiver's clock was never set


class RefusedMessageError(ValueError):
    """A message goes to quarantine; the text says why. It does not leave this folder."""


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC; RefusedMessageError where the calendar ends before that."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise RefusedMessageError("the moment lies outside the calendar") from error


def why_not_now(at: datetime, received_at: datetime) -> str:
    """Return why the sender's moment can't be right, or nothing; being late is no fault."""
    if at < _NOT_SET:
        return "the sender's clock is not set"
    if at - received_at > AHEAD_LIMIT:
        return f"the sender's clock is {(at - received_at).total_seconds():.0f} s ahead"
    return ""


def moment_of(message: Message, received_at: datetime) -> datetime:
    """Return when the sender says it was, in UTC; RefusedMessageError where its clock is wrong."""
    at = utc(message.at)
    wrong = why_not_now(at, received_at)
    if wrong:
        raise RefusedMessageError(wrong)
    return at


def cleaned(text: str) -> str:
    """Return the text without NUL, which PostgreSQL's jsonb refuses."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def said(**fields: Json) -> dict[str, Json]:
    """Return the fields that were given (not None), their text cleaned."""
    return {
        name: cleaned(value) if isinstance(value, str) else value for name, value in fields.items() if value is not None
    }


def as_text(body: bytes, limit: int) -> str:
    """Return a body as readable text, cut at so many bytes."""
    return cleaned(body[:limit].decode("utf-8", "replace"))


def printable(source: str, limit: int) -> str:
    """Return a name fit for a screen, `unknown` where nothing is left of it."""
    return "".join(sign for sign in source[:limit] if sign.isprintable()) or "unknown"
