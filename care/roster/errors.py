"""What can be wrong with a shift or a leave."""

from kit.errors import Invalid


class NoTime(Invalid):
    """A shift needs days of the week or one date, and from when to when."""


class DayIsPast(Invalid):
    """A date that has gone by, or a last day before the first one."""


class NotOnDuty(Invalid):
    """Only instructors and administrators with an account stand on duty."""


class OwnSubstitute(Invalid):
    """Nobody stands in for herself."""


class StandsAlready(Invalid):
    """The same person stands on duty for the same area at that time; `name` says who."""
