"""What can go wrong between a frozen edition and its publication."""

from kit.errors import Unavailable, WrongState


class NoEdition(Unavailable):
    """No edition is published yet."""


class BundleBroken(Unavailable):
    """The bundle does not have the checksum the database names."""


class GateClosed(WrongState):
    """The gate refused the edition; `reason` is a catalogue key."""
