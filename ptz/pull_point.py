"""One camera's pull point: where it keeps what it notices until somebody asks (ONVIF Core Specification, 9.2).

It is made with a duration that is said, renewed at half of it, and ended when nobody listens any more: cameras have
few, and keep one that is forgotten for as long as they like. No filter is sent: cameras refuse those that name a topic
which they lack, and some crash.
"""

from contextlib import suppress
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from domain.clock import Clock
from domain.errors import ProtocolError, UnreachableError
from ptz.pull_line import PullLine
from ptz.pull_signing import PullSigner
from ptz.topics import first_text, has, lease_s, named, read
from ptz.wire import Answer, reached

LASTS_S = 60.0  # what we ask for; a console that is killed leaves nothing behind for longer
LASTS_LESS_S = 10.0  # of a camera that finds that too long
PULL_S = 20.0  # how long the camera may keep silent
MOST_AT_ONCE = 100
_GRACE_S = 5.0  # how late it may answer
_CALL_S = 3.0
_GOODBYE_S = 0.8
_SHORTEST_S = 5.0  # a camera that grants less is asked as if it had granted this
_LONGEST_REFERENCE = 4096

_EVENTS = "http://www.onvif.org/ver10/events/wsdl"
_PULLING = f"{_EVENTS}/PullPointSubscription"
_NOTIFICATION = "http://docs.oasis-open.org/wsn/b-2"
_MANAGER = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager"
_ADDRESSING = "http://www.w3.org/2005/08/addressing"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"


class _TooLongError(ProtocolError):
    """The camera has no pull points that live for so long (WS-BaseNotification 1.3, 4.2)."""


class PullPoint:
    """A pull point over a connection of its own; used by one thread at a time.

    What asks the camera raises UnreachableError (it is worth another try as it stands), ProtocolError (this pull point
    is lost) or CredentialsError.
    """

    def __init__(self, url: str, line: PullLine, signer: PullSigner, clock: Clock) -> None:
        self.line = line
        self.answer_by = 0.0  # monotonic: when the answer to what was asked is overdue
        self._url = url
        self._signer = signer
        self._clock = clock
        self._at = ""
        self._told = ""  # the address as the camera told it, and what it wants said with it
        self._reference = ""
        self._wished_s = self._lease_s = LASTS_S
        self._ends_at = 0.0
        self._renewable = True
        self._asked = ""

    @property
    def lives(self) -> bool:
        """Whether the camera should still have it."""
        return bool(self._at) and self._clock.monotonic() < self._ends_at

    @property
    def admitted(self) -> bool:
        """Whether the camera let us in with name and password."""
        return self._signer.proven

    def subscribe(self) -> None:
        """Have the camera make it, and tell how everything stands."""
        try:
            self._subscribe()
        except _TooLongError:
            if self._wished_s == LASTS_LESS_S:
                raise
            self._wished_s = LASTS_LESS_S
            self._subscribe()

    def _subscribe(self) -> None:
        began = self._clock.monotonic()
        body = (
            f'<e:CreatePullPointSubscription xmlns:e="{_EVENTS}">'
            f"<e:InitialTerminationTime>PT{self._wished_s:.0f}S</e:InitialTerminationTime></e:CreatePullPointSubscription>"
        )
        self._at = self._reference = ""
        answer = self._call(f"{_EVENTS}/EventPortType/CreatePullPointSubscriptionRequest", body)
        if not has(answer, "CreatePullPointSubscriptionResponse"):
            raise ProtocolError("the camera made no pull point")
        told = next((first_text(one, "Address") for one in named(answer, "SubscriptionReference")), "")
        self._told = told or self._url
        self._at = reached(self._told, self._url)
        self._reference = _reference(answer)
        self._leased(answer, began)
        self._synchronise()

    def renew_if_due(self) -> None:
        """Have it live on where half of its time is over; made anew where the camera can't do that."""
        left_s = self._ends_at - self._clock.monotonic()
        if left_s > self._lease_s / 2:
            return
        if self._renewable and left_s > 0:
            try:
                self._renew()
            except ProtocolError:
                self._renewable = False
            return
        if left_s < self._lease_s / 4:
            self.unsubscribe()
            self.subscribe()

    def pull(self) -> None:
        """Ask for what there is to tell; the answer comes when it comes, `answer_by` at the latest."""
        left_s = self._ends_at - self._clock.monotonic()
        wait_s = max(1.0, min(PULL_S, self._lease_s / 3, left_s - 1.0))
        self._asked = (
            f'<e:PullMessages xmlns:e="{_EVENTS}"><e:Timeout>PT{wait_s:.0f}S</e:Timeout>'
            f"<e:MessageLimit>{MOST_AT_ONCE}</e:MessageLimit></e:PullMessages>"
        )
        self._send(f"{_PULLING}/PullMessagesRequest", self._asked)
        self.answer_by = self._clock.monotonic() + wait_s + _GRACE_S

    def take(self) -> Any:
        """Return the answer to `pull` as XML; None where it has not come yet, or the pull had to be sent again."""
        began = self._clock.monotonic()
        answer = self.line.take()
        if answer is None:
            return None
        if not self._signer.admitted(answer):
            self._send(f"{_PULLING}/PullMessagesRequest", self._asked)
            return None
        root = _checked(answer)
        if not has(root, "PullMessagesResponse"):
            raise ProtocolError("PullMessages: the camera answers something else")
        left_s = lease_s(root)
        if left_s is not None:  # some cameras have it live on with each pull, and can't renew
            self._ends_at = max(self._ends_at, began + left_s)
        return root

    def unsubscribe(self) -> None:
        """Have the camera end it, where it should still have it; what it says to that is of no importance."""
        lives, self._ends_at = self.lives, 0.0
        self.line.close()  # an answer that is awaited on it would have to come first
        if not lives:
            return
        try:
            self._call(f"{_MANAGER}/UnsubscribeRequest", f'<n:Unsubscribe xmlns:n="{_NOTIFICATION}"/>', _GOODBYE_S)
        except UnreachableError:
            return  # it ends by itself within a minute
        finally:
            self.line.close()

    def _renew(self) -> None:
        began = self._clock.monotonic()
        until = f"<n:TerminationTime>PT{self._wished_s:.0f}S</n:TerminationTime>"
        body = f'<n:Renew xmlns:n="{_NOTIFICATION}">{until}</n:Renew>'
        answer = self._call(f"{_MANAGER}/RenewRequest", body)
        if not has(answer, "RenewResponse"):
            raise ProtocolError("Renew: the camera answers something else")
        self._leased(answer, began)

    def _synchronise(self) -> None:
        """Have the camera tell how everything stands; one that can't is none the worse for it."""
        body = f'<e:SetSynchronizationPoint xmlns:e="{_EVENTS}"/>'
        with suppress(ProtocolError):
            self._call(f"{_PULLING}/SetSynchronizationPointRequest", body)

    def _leased(self, answer: Any, began: float) -> None:
        self._lease_s = max(_SHORTEST_S, lease_s(answer) or self._wished_s)
        self._ends_at = began + self._lease_s

    def _call(self, action: str, body: str, within_s: float = _CALL_S) -> Any:
        """Ask, and wait for the answer; ask again where the camera wants another proof."""
        while True:
            self._send(action, body)
            answer = self.line.take(within_s)
            if answer is None:
                self.line.close()
                raise UnreachableError(f"the camera has not answered within {within_s} s")
            if self._signer.admitted(answer):
                return _checked(answer)

    def _send(self, action: str, body: str) -> None:
        """Send to the pull point, or to the service where there is none yet."""
        url, to = (self._at, self._told) if self._at else (self._url, self._url)
        envelope = (
            f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{_SOAP}" xmlns:a="{_ADDRESSING}">'
            f"<s:Header><a:Action>{action}</a:Action><a:MessageID>urn:uuid:{uuid4()}</a:MessageID>"
            f"<a:ReplyTo><a:Address>{_ADDRESSING}/anonymous</a:Address></a:ReplyTo><a:To>{escape(to)}</a:To>"
            f"{self._reference}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
        )
        self._signer.send(self.line, url, envelope.encode())


def _checked(answer: Answer) -> Any:
    """Return an answer's root; ProtocolError where it is a refusal, or nothing that can be read."""
    root = read(answer.content)
    for fault in named(root, "Fault"):
        said = first_text(fault, "Text") or first_text(fault, "faultstring") or "without a word"
        too_long = b"UnacceptableInitialTerminationTime" in answer.content
        raise (_TooLongError if too_long else ProtocolError)(f"the camera refuses: {said[:200]}")
    return root


def _reference(answer: Any) -> str:
    """Return what the camera wants said with each word to the pull point (WS-Addressing SOAP Binding, 3.3)."""
    from lxml import etree  # noqa: PLC0415 - comes with zeep, off the start-up path

    parts = []
    for parameters in named(answer, "ReferenceParameters"):
        for part in parameters.iterchildren(etree.Element):
            part.tail = None
            part.set(f"{{{_ADDRESSING}}}IsReferenceParameter", "true")
            parts.append(etree.tostring(part, encoding="unicode"))
    reference = "".join(parts)
    return reference if len(reference) <= _LONGEST_REFERENCE else ""
