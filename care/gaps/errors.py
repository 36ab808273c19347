"""What can go wrong with a draft that is begun from questions."""

from kit.errors import WrongState


class BegunAlready(WrongState):
    """Somebody has begun to write from all of these questions meanwhile."""
