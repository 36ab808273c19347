"""The words a parent would read, from an edition alone: the conversation's own wordings with no database and no case behind them."""

from typing import Any

from sqlmodel import Session

from bot.dialogue import ages
from bot.dialogue.events import Rendered
from bot.dialogue.hearing import Heard, heard
from bot.dialogue.several import MOST_ANSWERED
from bot.wording.rendering import WORDINGS, View
from care.cases.hours import DutyHours
from care.editions.bundles import Held, OpenEdition
from care.families.models import Channel
from care.messages.models import Message, MessageState
from care.questions.considering import Considered
from care.questions.models import Outcome
from care.questions.understanding import Understood
from care.safety.child_writing import sounds_like_a_child
from care.safety.first_lines import chosen_line
from care.safety.models import Category, Level
from care.services import Services
from kit import clock
from knowledge.content import Lang
from knowledge.models import ReviewState, Revision

_NOBODY_ASKED = 0
_SAID_TO = {
    Heard.GREETING: "welcome",
    Heard.WHO_ARE_YOU: "welcome",
    Heard.PRICE: "free_of_charge",
    Heard.THANKS: "you_are_welcome",
    Heard.OWN_DATA: "help",  # what we hold of somebody cannot be told to nobody
    Heard.COMPLAINT: "sorry_no_help",
    Heard.JOY: "glad_of_news",
    Heard.DELETE: "help",
    Heard.MY_HOMEWORK: "homework_needs_age",
    Heard.RETURN_CODE: "about_return_code",
    Heard.PHONE: "about_phone",
    Heard.TELLING: "about_telling",
    Heard.ITSELF: "about_itself",
}


def reply_to(considered: Considered, edition: OpenEdition, services: Services, *, lang: Lang) -> Rendered:
    """What the conversation would say. Nobody is paged and no case opens, so a promise in it is what would be promised now."""
    kind, facts = _notice(considered, services)
    return _worded(kind, facts, services, lang=lang, session=_Revisions(edition))


def replies_to(understood: Understood, edition: OpenEdition, services: Services, *, lang: Lang) -> list[Rendered]:
    """What it would say to a whole message, in order: several questions get several messages, as `bot.dialogue.several` sends them."""
    if len(understood.questions) == 1:
        return [reply_to(understood.first, edition, services, lang=lang)]
    found = [one for one in understood.questions if one.outcome in (Outcome.ANSWER, Outcome.CHOOSE)][:MOST_ANSWERED]
    said = [reply_to(one, edition, services, lang=lang) for one in found]
    if len(found) < len(understood.questions):
        facts = {**_by(services), "question_ids": []}
        said.append(_worded("relay_parts", facts, services, lang=lang, session=_Revisions(edition)))
    return said


def talk_to(text: str, services: Services, *, lang: Lang) -> tuple[Outcome, Rendered] | None:
    """What the conversation would say to words that are no question: a greeting, an age, a child who writes. None for all others."""
    kind, facts = _talk(text, services)
    if not kind:
        return None
    outcome = Outcome.RELAY if kind in ("child_here", "ask_person_words") else Outcome.DECLINE
    return outcome, _worded(kind, facts, services, lang=lang, session=Session())


def _talk(text: str, services: Services) -> tuple[str, dict[str, Any]]:
    if sounds_like_a_child(text):
        return "child_here", _by(services)
    match heard(text):
        case Heard.PERSON:
            return "ask_person_words", {"version": 0}
        case Heard.OFFICE_HOURS:
            return "office_hours", _by(services)
        case Heard() as what if what in _SAID_TO:
            return _SAID_TO[what], {}
    months = ages.stated(text)
    return ("age_told", {"age_months": months, "kept": True}) if months is not None else ("", {})


def _by(services: Services) -> dict[str, Any]:
    return {"by": services.hours.promised(clock.now()).isoformat()}


def _worded(kind: str, facts: dict[str, Any], services: Services, *, lang: Lang, session: Session) -> Rendered:
    now = clock.now()
    message = Message(
        key="", channel=Channel.WEB, address="", kind=kind, facts=facts, state=MessageState.QUEUED, due_at=now, created_at=now
    )
    blocks, buttons = WORDINGS[kind](View(session, services, message, lang))
    return Rendered(lang, blocks, buttons)


def as_text(rendered: Rendered) -> str:
    """Paragraphs, and under them the titles that a parent would choose between."""
    titles = [f"· {button.label}" for row in rendered.buttons for button in row if button.press.startswith("show:")]
    return "\n\n".join([*(block.text for block in rendered.blocks), *(["\n".join(titles)] if titles else [])])


def _notice(considered: Considered, services: Services) -> tuple[str, dict[str, Any]]:
    said = considered.screened
    line = chosen_line(said)
    act = {"act": line.act if line else "", "category": said.category.value}
    by = _by(services)
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
