"""How a moment is stored, as whole microseconds since 1970, and what a hybrid clock's number says of it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(at: datetime) -> int:
    """Return an aware moment as whole microseconds since 1970, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(value: int) -> datetime:
    """Return microseconds since 1970 as an aware moment in UTC."""
    return _EPOCH + timedelta(microseconds=value)


class Moment(TypeDecorator[datetime]):
    """A moment as whole microseconds since 1970: exact, short, and in order of time."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the hook's signature
        """Return what is stored."""
        return None if value is None else to_us(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the hook's signature
        """Return what was meant."""
        return None if value is None else from_us(value)


def hlc_moment(hlc: int) -> datetime:
    """Return the wall time in a hybrid clock's number, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=hlc >> 16)


def hlc_from(moment: datetime) -> int:
    """Return the first number that a hybrid clock gives at this moment."""
    return int(moment.timestamp() * 1000) << 16
