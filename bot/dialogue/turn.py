"""One event being answered in one transaction: who speaks, what she is told, and the end of the inbox row."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from bot.dialogue.events import Incoming
from bot.inbox import actions as inbox
from care.families import actions as families
from care.families.models import Caregiver
from care.messages import actions as messages
from care.messages.models import Message
from care.privacy import erasing
from care.privacy import queries as consents
from care.privacy.models import ConsentPurpose
from care.services import Services
from care.text import lang_of
from kit import clock


@dataclass(slots=True)
class Turn:
    """`asked` is the question of hers that is to be answered once this transaction is over, if there is one."""

    services: Services
    session: Session
    incoming: Incoming
    who: Caregiver
    asked: int | None = None
    _said: int = field(default=0)

    def say(self, kind: str, *, key: str = "", case_id: int | None = None, **facts: Any) -> Message | None:
        """Queue a notice on the channel she spoke on; with a `key` of its own it is said once in her life."""
        self._said += 1
        return messages.tell(
            self.session,
            self.who,
            kind=kind,
            key=key or f"{self.incoming.key}:{self._said}",
            facts=facts,
            channel=self.incoming.channel,
            case_id=case_id,
        )

    def finish(self) -> None:
        """The last thing in the last transaction of an event. Who refused has nothing kept but what a person was asked to read."""
        if self.incoming.text and self.incoming.unsupported:
            self.say("not_taken")
        inbox.finish(self.session, self.incoming.update)
        if consents.refuses(self.session, self.who, ConsentPurpose.ANSWERING):
            erasing.erase_words(self.session, erasing.hers(self.who), before=clock.now())


def open_turn(services: Services, session: Session, incoming: Incoming) -> Turn:
    """The caregiver at this address, met on first sight; she is spoken to in the language she last wrote."""
    who = families.meet(
        session, incoming.channel, address=incoming.address, lang=incoming.lang_hint, site_code=incoming.site_code
    )
    who.lang = lang_of(incoming.text, otherwise=who.lang)
    session.add(who)
    return Turn(services, session, incoming, who)
