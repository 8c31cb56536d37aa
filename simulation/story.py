"""Stories: timed sequences of things that go wrong in the city, kept as files in `simulation/profiles/stories/`."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from domain.clock import Clock
from domain.errors import BadInputError
from domain.fact import Json
from simulation.agenda import Agenda
from simulation.journal import Journal
from simulation.profile import FOLDER
from simulation.story_steps import STEPS, Cast

_STORIES = FOLDER / "stories"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens, `at_s` seconds after the story's start."""

    at_s: float
    do: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """A named sequence of steps in rising order of their time."""

    name: str
    title: str
    agency_kind: str
    steps: tuple[Step, ...]


def story_names() -> tuple[str, ...]:
    """Return the names of the stories there are."""
    return tuple(sorted(path.stem for path in _STORIES.glob("*.toml")))


def load_story(name: str) -> Story:
    """Read a story; BadInputError where there is none of this name or it names a step that is not known."""
    if name not in story_names():
        raise BadInputError(f"no story {name!r}; known are {', '.join(story_names())}")
    with (_STORIES / f"{name}.toml").open("rb") as file:
        table = tomllib.load(file)
    steps = tuple(_step(row) for row in table["steps"])
    unknown = [step.do for step in steps if step.do not in STEPS]
    if unknown:
        raise BadInputError(f"story {name} has the step {unknown[0]!r}; known are {', '.join(sorted(STEPS))}")
    ordered = tuple(sorted(steps, key=lambda step: step.at_s))
    return Story(name, table["title"], table["agency_kind"], ordered)


class StoryTeller:
    """Lets one story happen at a time; used in the agenda's thread."""

    def __init__(self, cast: Callable[[Story], Cast], agenda: Agenda, clock: Clock, journal: Journal) -> None:
        self._cast = cast
        self._agenda = agenda
        self._clock = clock
        self._journal = journal
        self._story: Story | None = None
        self._began = 0.0
        self._done: list[Json] = []

    def begin(self, name: str) -> None:
        """Begin a story; BadInputError where one is still going on or this one is unknown."""
        if self._going_on():
            raise BadInputError("a story is still going on")
        story = load_story(name)
        cast = self._cast(story)
        self._story, self._done, self._began = story, [], self._clock.monotonic()
        for step in story.steps:
            self._agenda.after(step.at_s, partial(self._take, story, step, cast))

    def state(self) -> Json:
        """Return its name, the steps done with their seconds, and how many are to come; None before the first."""
        if self._story is None:
            return None
        return {
            "name": self._story.name,
            "done": list(self._done),
            "to_come": len(self._story.steps) - len(self._done),
        }

    def _going_on(self) -> bool:
        return self._story is not None and len(self._done) < len(self._story.steps)

    def _take(self, story: Story, step: Step, cast: Cast) -> None:
        after_s = round(self._clock.monotonic() - self._began, 2)
        try:
            STEPS[step.do](cast, step.details)
        finally:  # a step that went wrong must not make the story endless
            self._done.append({"step": step.do, "after_s": after_s})
            self._journal.say("story", story=story.name, step=step.do, after_s=after_s)


def _step(row: Mapping[str, Any]) -> Step:
    details = {name: value for name, value in row.items() if name not in ("at_s", "do")}
    return Step(float(row["at_s"]), row["do"], details)
