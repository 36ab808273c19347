"""The five meanings an error can have. A concept's own errors subclass one; their docstring is for logs, never shown to a person."""


class PeibanError(Exception):
    """Something Peiban refuses or cannot do; `facts` are named values for the catalogue sentence an edge shows."""

    def __init__(self, message: str = "", /, **facts: object) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.facts = facts


class NotFound(PeibanError):
    """The thing named does not exist, or not for this person."""


class NotAllowed(PeibanError):
    """This person may not do this."""


class WrongState(PeibanError):
    """The thing exists, but the move is not open from where it stands."""


class Invalid(PeibanError):
    """What was given cannot be understood or breaks a rule."""


class Unavailable(PeibanError):
    """A part that is needed does not answer at the moment; trying later may help."""
