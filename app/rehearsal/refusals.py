"""What the stand-in says no with: a refused call in Telegram's own form, and an expectation of a rehearsal that was not met."""

from collections.abc import Mapping

from app.rehearsal.shapes import JsonObject
from kit.errors import Invalid, WrongState


class Refusal(Invalid):
    """A Bot API call that Telegram would refuse."""

    def __init__(self, status: int, description: str, *, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = dict(parameters or {})

    def wire(self) -> JsonObject:
        answer: JsonObject = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class Unmet(WrongState, AssertionError):
    """Something a rehearsal waited for did not happen; it reads as a failed assertion in a test."""


def bad(reason: str) -> Refusal:
    """The common refusal: 400 with the reason, worded as Telegram words it."""
    return Refusal(400, f"Bad Request: {reason}")


def not_found() -> Refusal:
    """Unknown method, malformed token or missing file: all look the same on the wire."""
    return Refusal(404, "Not Found")


def unauthorized() -> Refusal:
    return Refusal(401, "Unauthorized")


def forbidden(reason: str) -> Refusal:
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    return Refusal(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", parameters={"retry_after": retry_after})
