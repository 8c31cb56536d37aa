"""Sockets whose whole answer has an end, not only each of its pieces: cameras exist that send a byte at a time."""

import functools
import socket
import ssl

from domain.clock import Clock

_NEVER = float("inf")
_TOO_LONG = "the answer took too long"


class HurriedSocket(socket.socket):
    """A connected socket, taken over from the one that connected it."""

    def __init__(self, taken: socket.socket, clock: Clock, silence_s: float) -> None:
        """Take a socket; `silence_s` is the longest silence inside an answer."""
        super().__init__(taken.family, taken.type, taken.proto, fileno=taken.detach())
        self._clock = clock
        self._silence_s = silence_s
        self._ends_at = _NEVER
        self.settimeout(silence_s)

    def hurry(self, ends_at: float) -> None:
        """Give up reading at this monotonic moment."""
        self._ends_at = ends_at
        self.settimeout(self._silence_s)

    def recv_into(self, *args: object, **kwargs: object) -> int:
        """Receive as a socket does, but never past the end."""
        left = self._ends_at - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError(_TOO_LONG)
        self.settimeout(min(left, self._silence_s))
        return super().recv_into(*args, **kwargs)  # type: ignore[arg-type]  # passed through as given


class HurriedTls(ssl.SSLSocket):
    """The same over TLS; made by the context below and then told its limits by `limit`."""

    _clock: Clock | None = None
    _silence_s = 0.0
    _ends_at = _NEVER

    def limit(self, clock: Clock, silence_s: float) -> None:
        """Take the clock and the longest silence inside an answer."""
        self._clock = clock
        self._silence_s = silence_s
        self.settimeout(silence_s)

    def hurry(self, ends_at: float) -> None:
        """Give up reading at this monotonic moment."""
        self._ends_at = ends_at
        self.settimeout(self._silence_s)

    def recv_into(self, *args: object, **kwargs: object) -> int:
        """Receive as a socket does, but never past the end."""
        if self._clock is not None:
            left = self._ends_at - self._clock.monotonic()
            if left <= 0:
                raise TimeoutError(_TOO_LONG)
            self.settimeout(min(left, self._silence_s))
        return super().recv_into(*args, **kwargs)  # type: ignore[arg-type]  # passed through as given

    def spoke(self) -> bool:
        """Whether the other side hung up, or spoke out of turn: the tickets that TLS 1.3 sends are no words."""
        self.settimeout(0)
        try:
            self.recv(1)
        except ssl.SSLWantReadError:
            return False
        except OSError:
            return True
        finally:
            self.settimeout(self._silence_s)
        return True


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Return what encrypts and asks no authority: whoever uses it compares the certificate's fingerprint.

    Security level 1 admits the keys of 1024 bits that older cameras have.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=1")
    context.sslsocket_class = HurriedTls
    return context
