"""Documents carried out side by side, so that what the journal learns of them costs one commit and not one each.

A *flow* is the carrying out of one record, written down in order: it yields a step of the journal where it may not go
on before that step is committed (an intent before its write), and ``Later`` where what has happened can be committed
with whatever comes next (a link, an end). All flows go to their next such point, one after the other; then everything
they ask for is one transaction. A program that dies before it finds again what happened by looking, as it does for one
document (architecture, state machine 6).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, TypeVar

from brygga.store.database import Step
from brygga.store.history import RunEnded
from brygga.store.journal.journal import Journal, JournalError

Answer = TypeVar("Answer")


@dataclass
class Later:
    """A step to be committed with the flow's next one; its answer is not waited for, its refusal comes there."""

    step: Step[Any]
    answer: Any = None
    """Once it is committed."""


Flow = Generator[Step[Any] | Later, Any, Answer]


def known(result: Answer) -> Flow[Answer]:
    """The flow of a record of which there is nothing to do."""
    return result
    yield


@dataclass
class _Track:
    """One flow and how far it is."""

    flow: Flow[Any]
    happened: list[Later] = field(default_factory=list)
    """To be committed with the next step."""
    asked: Step[Any] | None = None
    ended: bool = False
    result: Any = None
    answer: Any = None
    refusal: Exception | None = None

    def advance(self) -> None:
        """Go on to the next step that must be committed first, or to the end."""
        self.asked, refusal, self.refusal = None, self.refusal, None
        try:
            said = self.flow.send(self.answer) if refusal is None else self.flow.throw(refusal)
            while isinstance(said, Later):
                self.happened.append(said)
                said = self.flow.send(None)
            self.asked = said
        except StopIteration as end:
            self.ended, self.result = True, end.value

    @property
    def steps(self) -> list[Step[Any]]:
        """What is to be committed for it now."""
        happened = [later.step for later in self.happened]
        return happened if self.asked is None else [*happened, self.asked]

    def committed(self, answers: list[Any]) -> None:
        """Its steps are committed."""
        for later, answer in zip(self.happened, answers, strict=False):
            later.answer = answer
        self.answer = answers[-1] if self.asked is not None else None
        self.happened = []

    def refused(self, refusal: Exception) -> None:
        """One of its steps was refused, and those behind it were not taken: the flow is told."""
        self.refusal, self.happened = refusal, []


Ending = Callable[[Sequence[Answer]], Step[Any]]
"""The step that notes how records ended, in their order: one for all that end at the same time."""


def side_by_side(
    journal: Journal,
    flows: Iterable[Flow[Answer]],
    *,
    before: Callable[[], None] = lambda: None,
    ending: Ending[Answer] | None = None,
) -> list[Answer]:
    """Carry the flows out and answer their results, in order; ``ending`` gives a last step for the results.

    ``before`` is called before each stretch of a flow; what it raises, and what a flow raises, ends them all, after
    what has happened by then was committed.
    """
    tracks = [_Track(flow) for flow in flows]
    going = tracks
    while going:
        try:
            for track in going:
                if not track.ended:
                    before()
                    track.advance()
        except BaseException:
            happened = [later.step for track in going for later in track.happened]
            journal.together([*happened, *_ends([track for track in going if track.ended], ending)])
            raise
        # The ends are noted in the order of the records, so one may have to wait for those before it.
        concluded = list(takewhile(lambda track: track.ended, going))
        _commit(journal, going, concluded, ending)
        going = going[len(concluded) :]
    return [track.result for track in tracks]


def _ends(tracks: list[_Track], ending: Ending[Any] | None) -> list[Step[Any]]:
    return [] if ending is None or not tracks else [ending([track.result for track in tracks])]


def _commit(journal: Journal, tracks: list[_Track], concluded: list[_Track], ending: Ending[Any] | None) -> None:
    """Everything in one transaction; where one step is refused, each in a transaction of its own, as far as it goes."""
    try:
        answers = journal.together([step for track in tracks for step in track.steps] + _ends(concluded, ending))
    except (JournalError, RunEnded):
        for track in concluded:
            track.happened += map(Later, _ends([track], ending))
        _one_by_one(journal, tracks)
        return
    for track in tracks:
        count = len(track.steps)
        mine, answers = answers[:count], answers[count:]
        track.committed(mine)


def _one_by_one(journal: Journal, tracks: list[_Track]) -> None:
    """A flow that goes on is told of its refusal; that of one which has ended is everybody's, when all are through."""
    for track in tracks:
        try:
            track.committed([journal.take(step) for step in track.steps])
        except (JournalError, RunEnded) as refusal:
            track.refused(refusal)
    for track in tracks:
        if track.ended and track.refusal is not None:
            raise track.refusal
