"""All stream workers' posts: which camera is at which, and what is done with all of them."""

import time
from collections.abc import Iterator, Sequence

from video.post import Post

_PARTING_S = 1.0  # for all together to end by themselves


class Crew:
    """Used on the engine's thread; only `processes` may be asked from any other."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self._posts = tuple(posts)

    def __iter__(self) -> Iterator[Post]:
        return iter(self._posts)

    def __len__(self) -> int:
        return len(self._posts)

    @property
    def all_up(self) -> bool:
        """Whether every worker runs and has said so."""
        return all(post.up for post in self._posts)

    def with_camera(self, camera_no: int) -> Post | None:
        """Return the post that has this camera, or None."""
        return next((post for post in self._posts if post.of_camera(camera_no)), None)

    def for_camera(self, camera_no: int) -> Post:
        """Return the post that has this camera already, else the one with the fewest clients."""
        return self.with_camera(camera_no) or min(self._posts, key=lambda post: len(post.clients))

    def start_when_due(self) -> None:
        """Start every worker whose time has come."""
        for post in self._posts:
            post.start_when_due()

    def restart_if_hung(self) -> None:
        """Replace workers that have said nothing for long."""
        for post in self._posts:
            post.restart_if_hung()

    def end(self) -> None:
        """End all workers, together, and give back what their clients hold."""
        for post in self._posts:
            if post.helper is not None:
                post.helper.ask_to_end()
        until = time.monotonic() + _PARTING_S
        for post in self._posts:
            post.drop(patience_s=max(0.0, until - time.monotonic()))
            for client in post.clients.values():
                client.release()

    def processes(self) -> list[tuple[str, int]]:
        """Return name and process number of every running worker."""
        helpers = [(post.number, post.helper) for post in self._posts]
        return [(f"video worker {number + 1}", helper.pid) for number, helper in helpers if helper is not None]
