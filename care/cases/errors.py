"""What can go wrong with a case."""

from kit.errors import Invalid, WrongState


class AlreadyTaken(WrongState):
    """Somebody else holds the case; `name` says who."""


class NotHeld(WrongState):
    """The case must be taken by this staff member first."""


class MoveNotOpen(WrongState):
    """The case cannot go from its state to that one."""


class AnotherOpen(WrongState):
    """A closed case cannot be opened again while a newer one of the same family and topic is open; `case_id` names it."""


class TooLateToUndo(WrongState):
    """The reply has been sent already."""


class Unanswered(WrongState):
    """She wrote something that nobody has answered: whoever ends the case must have seen it; `entry_id` names the newest of it."""


class OutcomeMissing(Invalid):
    """Danger is closed only with an outcome of the list and a sentence of at most 500 characters."""


class EmptyReply(Invalid):
    """A reply needs words."""


class ReplyTooLong(Invalid):
    """More than `most` characters, by `over`."""
