"""The outermost loop of a thread: what nobody expected ends one turn and not the thread."""

import logging
from collections.abc import Callable

_LOG = logging.getLogger(__name__)


def broken_by(work: Callable[[], None]) -> str:
    """Do it; return nothing where it went well, else what nobody expected, which is in the log besides."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the outermost loop of a thread: logged here, told by who asks
        _LOG.exception("a part of recording broke")
        return repr(error)
    return ""
