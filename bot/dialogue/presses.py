"""Buttons under messages: `verb:argument:…`, at most 64 bytes. A button that no longer fits says so and leads on."""

from collections.abc import Callable

import sqlalchemy as sa

from bot.dialogue import browsing, calling, classroom, danger, flows, following, handing, homework, placing, privacy
from bot.dialogue.turn import Turn
from care.cases import actions as cases
from care.cases.models import Case, CaseKind, CaseState
from care.families import queries as families
from care.messages import actions as messages
from care.messages.models import Message
from care.privacy.models import ConsentPurpose
from care.questions import actions as questions
from care.questions import queries as reading
from care.questions.models import Question
from care.safety.screening import screen
from kit.accounts.models import Staff
from kit.errors import NotFound, PeibanError
from knowledge.models import Revision


def answer(turn: Turn, data: str) -> None:
    verb, *arguments = data.split(":")
    handler = _VERBS.get(verb)
    try:
        if handler is None:
            raise NotFound
        with turn.session.begin_nested():
            handler(turn, *arguments)
    except (PeibanError, ValueError, TypeError, sa.exc.DataError):  # the last: a number that no row can have
        turn.say("stale_button")


def _menu(turn: Turn) -> None:
    turn.say("menu")


def _group(turn: Turn, slug: str) -> None:
    browsing.group(turn, slug)


def _more_titles(turn: Turn, message_id: str) -> None:
    message = _own_message(turn, message_id, kind="titles")
    rest = list(message.facts.get("rest", []))
    facts = {**message.facts, "revision_ids": rest[: browsing.MOST_TITLES], "rest": rest[browsing.MOST_TITLES :]}
    turn.say("titles", **facts)


def _show(turn: Turn, question_id: str, revision_id: str) -> None:
    """A passage chosen by its title; question 0 means that she browsed."""
    question = questions.own(turn.session, turn.who, int(question_id)) if question_id != "0" else None
    revision = turn.session.get(Revision, int(revision_id))
    if revision is None:
        raise NotFound
    turn.say("answer", question_id=question.key if question else None, revision_id=revision.key, reviewed=revision.reviewed)


def _read_on(turn: Turn, question_id: str, revision_id: str) -> None:
    revision = turn.session.get(Revision, int(revision_id))
    if revision is None:
        raise NotFound
    turn.say("read_on", question_id=int(question_id) or None, revision_id=revision.key)


def _related(turn: Turn, question_id: str, revision_id: str) -> None:
    """The next best of the question, or of the same topic when she browsed."""
    question = questions.own(turn.session, turn.who, int(question_id)) if question_id != "0" else None
    others = [row["revision_id"] for row in question.shown] if question else _same_topic(turn, int(revision_id))
    others = [other for other in others if other != int(revision_id)][:3]
    if not others:
        turn.say("nothing_related")
        return
    turn.say("choices", question_id=question.key if question else None, revision_ids=others, related=True)


def _same_topic(turn: Turn, revision_id: int) -> list[int]:
    revision = turn.session.get_one(Revision, revision_id)
    topics = set(revision.says().topics)
    held = turn.services.library.current().passages.values()
    return [one.revision_id for one in held if topics & set(one.content.topics)]


def _helped(turn: Turn, question_id: str, revision_id: str, helped: str) -> None:
    feedback = questions.give_feedback(
        turn.session, turn.who, question_id=int(question_id) or None, revision_id=int(revision_id), helped=helped == "1"
    )
    if feedback.helped:
        turn.say("glad_it_helped")
    else:
        flows.begin(turn, "why", "reason", feedback_id=feedback.id, question_id=int(question_id))


def _person(turn: Turn, question_id: str = "0") -> None:
    """With a question that one is handed on; without, or when its words were not kept, she is asked for them."""
    question = questions.own(turn.session, turn.who, int(question_id)) if question_id != "0" else None
    if question is None or not question.text:
        flows.begin(turn, "person", "words")
        return
    said = screen(reading.in_context(turn.session, turn.who, question), age_months=question.age_months)
    slugs = [row["slug"] for row in question.shown]
    handing.hand_over(turn, said, kind=CaseKind.ASKED_FOR_PERSON, topic=_topic_of(turn, question), nearest=slugs[:3])
    flows.ask_place_once(turn)


def _topic_of(turn: Turn, question: Question) -> str:
    revision = turn.session.get(Revision, question.shown[0]["revision_id"]) if question.shown else None
    return revision.says().topics[0] if revision else ""


def _open(turn: Turn, message_id: str) -> None:
    """A neutral notice is opened by a tap."""
    message = _own_message(turn, message_id, kind="case_reply")
    turn.say("case_reply_opened", case_id=message.case_id, **{key: message.facts[key] for key in ("text", "name")})


def _rate(turn: Turn, case_id: str, rating: str) -> None:
    case = _own_case(turn, case_id)
    cases.rate(turn.session, case, who=turn.who, rating=int(rating))
    turn.say("thanks_for_rating", case_id=case.key, rating=int(rating))
    owner = turn.session.get(Staff, case.owner_id) if case.owner_id else None
    if owner:
        facts = {"case_id": case.key, "rating": int(rating)}
        messages.tell_staff(turn.session, owner, kind="rated", key=f"rated:{case.key}", facts=facts, case_id=case.key)


def _say_more(turn: Turn, case_id: str) -> None:
    flows.begin(turn, "person", "words", case_id=_own_case(turn, case_id).key)


def _not_emergency(turn: Turn, case_id: str) -> None:
    danger.not_emergency(turn, _own_danger(turn, case_id))


def _asks_other(turn: Turn, case_id: str) -> None:
    case = _own_case(turn, case_id)
    if not case.first or case.state is CaseState.CLOSED:
        raise NotFound
    danger.asks_other(turn, case)


def _leave_number(turn: Turn, case_id: str) -> None:
    """In danger, and for somebody to protect."""
    case = _own_case(turn, case_id)
    if not case.needs_outcome or case.state is CaseState.CLOSED:
        raise NotFound
    calling.ask(turn, case)


def _own_danger(turn: Turn, case_id: str) -> Case:
    case = _own_case(turn, case_id)
    if case.kind is not CaseKind.DANGER or case.state is CaseState.CLOSED:
        raise NotFound
    return case


def _children(turn: Turn) -> None:
    browsing.children(turn)


def _add_child(turn: Turn) -> None:
    flows.begin(turn, "child", "year")


def _choose_child(turn: Turn, child_id: str) -> None:
    child = next((one for one in families.children(turn.session, turn.who) if one.key == int(child_id)), None)
    if child is None:
        raise NotFound
    turn.who.current_child_id = child.key
    turn.session.add(turn.who)
    turn.say("child_saved", child_id=child.key, chosen=True)


def _place(turn: Turn) -> None:
    placing.ask(turn)


def _flow(turn: Turn, version: str, value: str) -> None:
    flows.take_press(turn, int(version), value)


def _help(turn: Turn) -> None:
    turn.say("help")


def _ask(turn: Turn) -> None:
    turn.say("ask_away")


def _consent(turn: Turn, purpose: str, given: str) -> None:
    """Where it was asked for in the middle of homework, homework goes on; after that of photos they are what is said next."""
    photos = purpose == ConsentPurpose.PHOTOS and given == "1" and homework.goes_on(turn)
    privacy.decide(turn, purpose, given, alone=photos)
    homework.ask_again(turn, photos=photos)


def _own_message(turn: Turn, message_id: str, *, kind: str) -> Message:
    message = turn.session.get(Message, int(message_id))
    if message is None or message.caregiver_id != turn.who.key or message.kind != kind:
        raise NotFound
    return message


def _own_case(turn: Turn, case_id: str) -> Case:
    case = turn.session.get(Case, int(case_id))
    if case is None or case.caregiver_id != turn.who.key:
        raise NotFound
    return case


_VERBS: dict[str, Callable[..., None]] = {
    "ask": _ask,
    "menu": _menu,
    "group": _group,
    "titles": _more_titles,
    "show": _show,
    "more": _read_on,
    "related": _related,
    "helped": _helped,
    "person": _person,
    "open": _open,
    "rate": _rate,
    "say": _say_more,
    "calm": _not_emergency,
    "other": _asks_other,
    "phone": _leave_number,
    "follow": following.press,
    "child": _children,
    "addchild": _add_child,
    "pick": _choose_child,
    "place": _place,
    "f": _flow,
    "help": _help,
    "privacy": privacy.panel,
    "consent": _consent,
    "hw": homework.press,
    "guide": classroom.guide,
    "courses": classroom.all_courses,
    "course": classroom.course,
    "scene": classroom.scene,
    "tool": classroom.tool,
    "export": privacy.hand_out,
    "forget": privacy.forget,
    "clear": privacy.clear,
    "leave": privacy.leave,
    "share": privacy.share,
    "unshare": privacy.unshare,
}
