"""Faults on order: what the next calls of a method shall suffer instead of, or after, having their effect."""

from dataclasses import dataclass
from enum import StrEnum

from app.rehearsal.refusals import Refusal, forbidden, too_many_requests

ANY_METHOD = "*"


class Fault(StrEnum):
    TOO_MANY = "429"
    BLOCKED = "403"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    TIMEOUT_BEFORE = "timeout_before"  # nothing happens and no answer comes
    TIMEOUT_AFTER = "timeout_after"  # the effect happens, the answer never comes
    RESET = "reset"  # nothing happens, the connection breaks
    RESET_AFTER = "reset_after"  # the effect happens, the connection breaks

    @property
    def after_effect(self) -> bool:
        return self in {Fault.TIMEOUT_AFTER, Fault.RESET_AFTER}

    @property
    def silent(self) -> bool:
        """No answer at all: the caller waits in vain."""
        return self in {Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER}

    @property
    def breaks(self) -> bool:
        return self in {Fault.RESET, Fault.RESET_AFTER}


@dataclass(slots=True)
class Order:
    """One order: `times` calls are left to suffer; `chat_id` narrows it to calls that name that chat."""

    method: str
    fault: Fault
    times: int = 1
    retry_after: int = 1
    chat_id: int | None = None

    def refusal(self) -> Refusal | None:
        """The answer of the faults that answer."""
        if self.fault is Fault.TOO_MANY:
            return too_many_requests(self.retry_after)
        if self.fault is Fault.BLOCKED:
            return forbidden("bot was blocked by the user")
        if self.fault is Fault.SERVER_ERROR:
            return Refusal(500, "Internal Server Error")
        return None


class FaultPlan:
    """Orders in the order they were given; the first that fits a call is used up by it."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def add(self, order: Order) -> None:
        self.orders.append(order)

    def take(self, method: str, chat_id: object) -> Order | None:
        for order in self.orders:
            if order.method.lower() not in {method.lower(), ANY_METHOD}:
                continue
            if order.chat_id is not None and str(order.chat_id) != str(chat_id):
                continue
            order.times -= 1
            if order.times <= 0:
                self.orders.remove(order)
            return order
        return None
