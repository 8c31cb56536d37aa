"""What the console and its helper processes say to each other: frozen dataclasses, as JSON that names their kind."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from domain.errors import ProtocolError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Message = DataclassInstance

_M = TypeVar("_M")


def encode(message: "Message") -> bytes:
    """Return the message as one line of JSON without its end."""
    return json.dumps({"is": type(message).__name__, **asdict(message)}, separators=(",", ":")).encode()


def decode(text: bytes, kinds: Mapping[str, type[_M]]) -> _M:
    """Read a message; ProtocolError where it is none of these kinds.

    Its text is not repeated there: it may hold a password.
    """
    try:
        fields = json.loads(text)
        return kinds[fields.pop("is")](**fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError("a message between the console and a helper process can't be understood") from None
