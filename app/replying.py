"""The words a parent would read, from an edition alone: the conversation's own wordings with no database and no case behind them."""

from typing import Any

from sqlmodel import Session

from bot.dialogue.events import Rendered
from bot.wording.rendering import WORDINGS, View
from care.cases.hours import DutyHours
from care.editions.bundles import Held, OpenEdition
from care.families.models import Channel
from care.messages.models import Message, MessageState
from care.questions.considering import Considered
from care.questions.models import Outcome
from care.safety.first_lines import chosen_line
from care.safety.models import Category, Level
from care.services import Services
from kit import clock
from knowledge.content import Lang
from knowledge.models import ReviewState, Revision

_NOBODY_ASKED = 0


def reply_to(considered: Considered, edition: OpenEdition, services: Services, *, lang: Lang) -> Rendered:
    """What the conversation would say. Nobody is paged and no case opens, so a promise in it is what would be promised now."""
    kind, facts = _notice(considered, services)
    now = clock.now()
    message = Message(
        key="", channel=Channel.WEB, address="", kind=kind, facts=facts, state=MessageState.QUEUED, due_at=now, created_at=now
    )
    blocks, buttons = WORDINGS[kind](View(_Revisions(edition), services, message, lang))
    return Rendered(lang, blocks, buttons)


def as_text(rendered: Rendered) -> str:
    """Paragraphs, and under them the titles that a parent would choose between."""
    titles = [f"· {button.label}" for row in rendered.buttons for button in row if button.press.startswith("show:")]
    return "\n\n".join([*(block.text for block in rendered.blocks), *(["\n".join(titles)] if titles else [])])


def _notice(considered: Considered, services: Services) -> tuple[str, dict[str, Any]]:
    said = considered.screened
    line = chosen_line(said)
    act = {"act": line.act if line else "", "category": said.category.value}
    by = {"by": services.hours.promised(clock.now()).isoformat()}
    if said.level is Level.EMERGENCY:
        return "emergency", {**act, "nobody": _nobody_there(services.hours, addresses=_addresses(services))}
    if said.level is Level.URGENT:
        return ("unreadable" if said.category is Category.UNREADABLE else "urgent"), {**act, **by}
    match considered.outcome:
        case Outcome.ANSWER:
            held = considered.best.held
            return "answer", {"question_id": _NOBODY_ASKED, "revision_id": held.revision_id, "reviewed": held.reviewed}
        case Outcome.CHOOSE:
            ids = {found.held.content.slug: found.held.revision_id for found in considered.found}
            return "choices", {"question_id": _NOBODY_ASKED, "revision_ids": [ids[slug] for slug in considered.choices]}
        case Outcome.DECLINE:
            return "decline", {"question_id": _NOBODY_ASKED}
        case _:
            return "relay", by


def _addresses(services: Services) -> int:
    """Those that are manned at any hour, and the one behind them all."""
    return len(services.settings.duty_addresses) + bool(services.settings.duty_last)


def _nobody_there(hours: DutyHours, *, addresses: int) -> bool:
    return addresses == 0 and not hours.open_at(clock.now())


class _Revisions(Session):
    """The passages of an edition where the wordings look for revisions. It is tied to no database and reads nothing else."""

    def __init__(self, edition: OpenEdition) -> None:
        super().__init__()
        self._by_id = {held.revision_id: held for held in edition.passages.values()}

    def get_one(self, entity: Any, ident: Any, **_: Any) -> Any:
        return _revision(self._by_id[ident]) if entity is Revision else super().get_one(entity, ident)


def _revision(held: Held) -> Revision:
    return Revision(
        id=held.revision_id,
        passage_id=0,
        number=1,
        state=ReviewState.APPROVED,
        reviewed=held.reviewed,
        content=held.content.model_dump(mode="json"),
        fingerprint="",
        created_at=clock.now(),
    )
