"""What can go wrong between a frozen edition and its publication."""

from care.editions.verdict import Verdict
from kit.errors import Unavailable, WrongState


class NoEdition(Unavailable):
    """No edition is published yet."""


class BundleBroken(Unavailable):
    """The bundle does not have the checksum the database names."""


class PublishedMeanwhile(WrongState):
    """Another edition went live while this one was being compared with the one before."""


class GateClosed(WrongState):
    """The gate refused the edition; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(number=verdict.number)
        self.verdict = verdict
