"""What can go wrong with a family's record."""

from kit.errors import NotFound


class UnknownReturnCode(NotFound):
    """No family has this return code, or it is out of date."""
