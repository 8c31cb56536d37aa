"""Proving to a camera who we are where request and answer are apart."""

from domain.errors import CredentialsError
from ptz.pull_line import PullLine
from ptz.signing import AuthMode, Signer
from ptz.soap import refused, with_header
from ptz.wire import Answer

_MOST_TURNS = 5  # bare, digest, a newer nonce, token besides, a newer nonce


class PullSigner(Signer):
    """Signs what is sent over a PullLine; one message at a time: `send`, the answer, `admitted`."""

    _way = AuthMode.NONE
    _turns = 0

    def send(self, line: PullLine, url: str, envelope: bytes) -> None:
        """Send an unsigned SOAP message, signed as the camera took it last."""
        self._way = self._sent()
        body = with_header(envelope, self._token(self._way))
        line.send(url, body, self._authorization(self._way, url, body))

    def admitted(self, answer: Answer) -> bool:
        """Whether the camera let in what was sent; if not, it is to be sent once more, and is signed otherwise.

        CredentialsError where there is no other way. What was refused was not carried out.
        """
        if not refused(answer):
            self._turns = 0
            self._note(self._way)
            return True
        self._turns += 1
        if self._turns >= _MOST_TURNS or not self._turned(self._way, answer):
            raise CredentialsError("the camera refuses this name and password")
        return False
