"""What can go wrong with the curriculum."""

from dataclasses import dataclass

from kit.errors import Invalid, NotAllowed, NotFound, WrongState


@dataclass(frozen=True, slots=True)
class BadLine:
    """One finding of an import; `line` counts from 1."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class BadBatch(Invalid):
    """A batch of passages with at least one bad line; nothing of it was imported."""

    def __init__(self, findings: tuple[BadLine, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class UnknownEdition(NotFound):
    """No edition has this number."""


class EmptyCurriculum(WrongState):
    """There is no approved passage to freeze."""


class UnreviewedPassages(WrongState):
    """Outside development an edition with passages that no local expert has reviewed is refused."""


class NotBuilt(WrongState):
    """The edition has no finished bundle."""


class NoEarlierEdition(WrongState):
    """There is nothing to roll back to."""


class UnknownPassage(NotFound):
    """No passage has this number, or no revision of it that one."""


class SavedMeanwhile(WrongState):
    """Somebody saved a newer revision than the one this one began from; `newest` is its number."""

    def __init__(self, newest: int) -> None:
        super().__init__(newest=newest)
        self.newest = newest


class NotNewest(WrongState):
    """The step was meant for a revision that is no longer the newest of its passage."""


class OwnRevision(NotAllowed):
    """Nobody approves or sends back what she wrote herself."""


class SameExpert(NotAllowed):
    """One expert counts once for a passage, whoever entered it for her."""


class NoSuchDay(Invalid):
    """The day for looking again is to come, and no later than the topics allow; `latest` is the last one."""


class NotScrap(WrongState):
    """Only one's own drafts that were never submitted, of a passage that parents never had, can be dropped."""


class Unfinished(Invalid):
    """The draft has holes, so it cannot be submitted."""


class ReasonMissing(Invalid):
    """Sending back and retiring need a sentence of why, a comment its words."""


class EmptyDraft(Invalid):
    """Nothing was written in either language."""
