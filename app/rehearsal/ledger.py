"""The ledger of calls: what the bot asked, when, and what it was told. A test reads it to count and to find refusals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.rehearsal.faults import Fault
from app.rehearsal.shapes import JsonObject

SENDING = frozenset({"sendMessage", "sendPhoto", "sendVoice", "sendDocument", "sendMediaGroup", "copyMessage"})


@dataclass(slots=True, eq=False)
class Call:
    """One call. `at` is the time of the house, `tick` the loop's own seconds, which nobody moves; `status` 0 means no answer."""

    method: str
    parameters: JsonObject
    at: datetime
    tick: float
    status: int = 0
    description: str = ""
    fault: Fault | None = None
    effect: bool = False
    result: object = None
    files: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return self.status == 200

    def wire(self) -> JsonObject:
        return {
            "method": self.method,
            "parameters": self.parameters,
            "at": self.at.isoformat(),
            "tick": self.tick,
            "status": self.status,
            "description": self.description,
            "fault": self.fault,
            "effect": self.effect,
            "files": list(self.files),
        }


class Ledger(Sequence[Call]):
    """All calls so far, oldest first."""

    def __init__(self) -> None:
        self._calls: list[Call] = []

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, index: int) -> Call:  # type: ignore[override] # slices are not needed
        return self._calls[index]

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls))

    def write(self, call: Call) -> None:
        self._calls.append(call)

    def of(self, *methods: str) -> list[Call]:
        return [call for call in self._calls if call.method in methods]

    @property
    def refused(self) -> list[Call]:
        """Calls that broke a rule of the Bot API (400, 404, 413); faults on order and 403, 409, 429 are not the bot's mistakes."""
        return [call for call in self._calls if call.status in {400, 404, 413} and call.fault is None]

    def peak_per_second(self, *methods: str) -> int:
        """Most calls within any one second; without names, of the methods that send."""
        ticks = sorted(call.tick for call in self.of(*(methods or SENDING)))
        peak = first = 0
        for last, tick in enumerate(ticks):
            while tick - ticks[first] >= 1:
                first += 1
            peak = max(peak, last - first + 1)
        return peak
