"""What can go wrong with a protected case."""

from kit.errors import Invalid, WrongState


class ReasonNeeded(WrongState):
    """She has not said lately why she reads this case."""


class ReasonMissing(Invalid):
    """A reason is 2 to 200 characters."""
