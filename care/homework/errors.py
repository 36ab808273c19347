"""What can go wrong with homework."""

from kit.errors import Invalid, WrongState


class NoMoreTasks(WrongState):
    """Every task of this age has been done or is under way."""


class MoveNotOpen(WrongState):
    """The homework cannot go from its state to that one."""


class IncompleteComment(Invalid):
    """A comment needs all four parts in words, or a recording."""


class PartTooLong(Invalid):
    """A part of a comment has more than `most` characters, by `over`."""


class NotMine(WrongState):
    """The homework must be taken over by this trainer first."""


class LinkExpired(Invalid):
    """The signed link to a picture is old, or was made for somebody else."""
