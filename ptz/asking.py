"""Asking one camera something, over a connection of its own; its refusal of our password is heeded everywhere."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from domain.camera import Camera
from domain.errors import CredentialsError
from ptz.contacts import Contacts
from ptz.device import Device


@contextmanager
def asked(contacts: Contacts, camera: Camera) -> Iterator[Device]:
    """Give the camera, connected, for a few questions; whoever asks waits.

    Raises UnreachableError, ProtocolError, or CredentialsError (at once where it refused us before).
    """
    with closing(contacts.device(camera)) as device:
        try:
            yield device
        except CredentialsError as error:
            contacts.refused(camera, device.contact(), error)
            raise
