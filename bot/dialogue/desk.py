"""What a step of the talk with staff works with: who writes, what she wrote, and a way to answer her. No step lives here."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from bot.dialogue.events import Incoming
from care.messages import actions as messages
from care.services import Services
from kit.accounts.models import Staff


@dataclass(slots=True)
class Desk:
    services: Services
    session: Session
    incoming: Incoming
    staff: Staff
    _said: int = field(default=0)

    def say(self, kind: str, *, case_id: int | None = None, **facts: Any) -> None:
        self._said += 1
        key = f"{self.incoming.key}:{self._said}"
        messages.tell_staff(self.session, self.staff, kind=kind, key=key, facts=facts, case_id=case_id)
