"""What can go wrong with an account."""

from kit.errors import Invalid, NotAllowed, WrongState


class SignInRefused(NotAllowed):
    """Unknown login, wrong password, expired one-time password or revoked account; which of them is not told."""


class LoginTaken(Invalid):
    """Another account has this login."""


class WeakPassword(Invalid):
    """Shorter than ten characters, or the same as the login."""


class LastAdministrator(WrongState):
    """The last administrator cannot be revoked."""
