"""A stream worker's loop with one link, for tests of what happens on the wire."""

import select
import time

from domain.camera import Credentials
from video.link import Link
from video.sign_ins import SignIns
from video.wire import Ask, SessionSaid

WHO = Credentials("practice", "a secret of the tests")


class Desk:
    """One link, whose clock is turned by hand (`turn`, `until`) or is the real one (`live`, `live_until`)."""

    def __init__(self):
        self.now = 1000.0
        self.said = []
        self.permits = True
        self.sign_ins = SignIns(self._permit)
        self._epoll = select.epoll()
        self._watched = {}
        self.link = None

    def connect(self, url, *, credentials=WHO, output=None, **more):
        self.link = Link(
            1,
            "sub",
            url,
            credentials,
            basic_allowed=more.pop("basic_allowed", False),
            poller=self,
            say=self.said.append,
            sign_ins=self.sign_ins,
            **more,
        )
        self.link.add(1, output)

    def watch(self, fd, events, ready):
        if fd in self._watched:
            self._epoll.modify(fd, events)
        else:
            self._epoll.register(fd, events)
        self._watched[fd] = ready

    def forget(self, fd):
        if self._watched.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def turn(self, seconds=0.1, *, wait_s=0.002):
        """Let time pass and take what comes."""
        self.now += seconds
        self.link.tick(self.now)
        while ready := self._epoll.poll(wait_s):
            for fd, events in ready:
                if fd in self._watched:
                    self._watched[fd](events, self.now)

    def live(self, seconds):
        """Let so much real time pass."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.live_until(lambda: True)

    def live_until(self, condition, timeout_s=15.0):
        """Let real time pass until something is true, and return how long it took."""
        began = time.monotonic()
        while True:
            self.now = time.monotonic()
            self.link.tick(self.now)
            end = self.now + 0.1
            while (wait_s := end - time.monotonic()) > 0:
                for fd, events in self._epoll.poll(wait_s):
                    if fd in self._watched:
                        self._watched[fd](events, time.monotonic())
            if condition():
                return time.monotonic() - began
            assert time.monotonic() - began < timeout_s, f"it did not come to pass: {self.newest}"

    def until(self, condition, *, turns=400):
        for _ in range(turns):
            if condition():
                return
            self.turn()
        raise AssertionError("it did not come to pass")

    @property
    def newest(self):
        return [said for said in self.said if isinstance(said, SessionSaid)][-1]

    @property
    def reason(self):
        return self.newest.reason

    @property
    def watched(self):
        return len(self._watched)

    def _permit(self, message):
        self.said.append(message)
        if isinstance(message, Ask) and self.permits:
            self.sign_ins.permit(message.camera)

    def close(self):
        if self.link is not None:
            self.link.close()
        self._epoll.close()
