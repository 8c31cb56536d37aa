"""One worker's post, with a worker that says what a test wants."""

import os
import selectors

import pytest

from video.post import Post
from video.wire import Alive, Ask


class Worker:
    """A worker that has said something."""

    def __init__(self, answers):
        self.answers_fd, self._said = os.pipe()
        self.orders_fd = os.dup(self._said)
        self.pid, self.ended = 1, False
        self._answers = answers
        os.write(self._said, b"\n")

    def hear(self):
        return self._answers

    def end(self, _patience_s):
        for fd in (self.answers_fd, self._said, self.orders_fd):
            os.close(fd)
        self.ended = True


class Owner:
    """An engine that lets go of a worker at its first word."""

    def __init__(self):
        self.heard, self.lost = [], []

    def started(self, post):
        pass

    def gone(self, post, why):
        self.lost.append(why)

    def answered(self, post, answer):
        self.heard.append(answer)
        post.restart("it takes no orders")


@pytest.fixture
def selector():
    with selectors.DefaultSelector() as selector:
        yield selector


def test_what_a_worker_said_before_it_was_let_go_of_holds_no_more(selector):
    owner, worker = Owner(), Worker([Alive(), Ask(3)])
    post = Post(0, lambda: worker, selector, owner)
    post.start_when_due()
    for key, events in selector.select(0):
        key.data.serve(events)
    assert owner.heard == [Alive()]  # answering the question would let nobody else sign in to camera 3
    assert owner.lost == ["it takes no orders"]
    assert worker.ended
    assert post.helper is None
