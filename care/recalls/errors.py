"""What can go wrong with a recall."""

from kit.errors import Invalid, WrongState


class AlreadyRecalled(WrongState):
    """This revision was recalled before, perhaps a moment ago by somebody else; `name` is who did it."""


class CorrectionMissing(Invalid):
    """What parents are told must be a whole sentence in Chinese: what was wrong, and what is right."""


class NoSuchSince(Invalid):
    """The day from which receivers are told is no day, or is to come."""
