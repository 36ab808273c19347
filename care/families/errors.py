"""What can go wrong with a family's record."""

from kit.errors import NotFound


class UnknownReturnCode(NotFound):
    """No family has this return code, or it is out of date."""


class UnknownShareCode(NotFound):
    """No child is shared under this code, or it was used, or it is out of date."""


class NotHerChild(NotFound):
    """This caregiver does not look after the child, or may not do this with it."""
