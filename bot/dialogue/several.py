"""Several questions in one message: each that has an answer is answered, in her order; what has none goes to a person together."""

from dataclasses import replace

from bot.dialogue import handing, ongoing
from bot.dialogue.turn import Turn
from care.cases import actions as cases
from care.cases.models import CaseKind
from care.questions import actions as questions
from care.questions.considering import Considered
from care.questions.models import Outcome, Question
from care.safety.models import Screened

MOST_ANSWERED = 3
LEFT = "➜"
"""In the words of a case, before what is left for a person to answer of a longer message."""


def reply(turn: Turn, said: Screened, whole: Question, understood: tuple[Considered, ...]) -> bool:
    """Each question gets a row of its own, so that each has its own buttons; the first takes that of the message.

    True when some of them went to a person.
    """
    answered, left = 0, list[tuple[Question, Considered]]()
    for place, considered in enumerate(understood):
        question = _record(turn, whole, considered, place=place)
        questions.settle(turn.session, question, considered)
        if answered < MOST_ANSWERED and considered.outcome in (Outcome.ANSWER, Outcome.CHOOSE):
            answered += 1
            _answer(turn, question, considered)
        else:
            left.append((question, considered))
    if left:
        _hand_over(turn, said, left)
    return bool(left)


def _record(turn: Turn, whole: Question, considered: Considered, *, place: int) -> Question:
    if place == 0:
        whole.text = considered.screened.text
        return whole
    key = f"{turn.incoming.key}:{place + 1}"
    question = questions.record(turn.session, turn.who, update_key=key, said=considered.screened, lang=turn.who.lang)
    question.child_id, question.age_months = whole.child_id, whole.age_months
    turn.session.add(question)
    return question


def _answer(turn: Turn, question: Question, considered: Considered) -> None:
    if considered.outcome is Outcome.ANSWER:
        held = considered.best.held
        turn.say("answer", question_id=question.key, revision_id=held.revision_id, reviewed=held.reviewed)
    else:
        turn.say("choices", question_id=question.key, revision_ids=questions.offered(question, considered), part=True)


def _hand_over(turn: Turn, said: Screened, left: list[tuple[Question, Considered]]) -> None:
    """One case for all of it. It holds her whole message, so that it goes from the screen with the case, and what is left of it."""
    parts = [considered.screened.text for _, considered in left]
    words = replace(said, text="\n".join((said.text, *(f"{LEFT} {part}" for part in parts))))
    if ongoing.goes_on(turn, words):
        return
    found = left[0][1].found
    case, joined = cases.open_case(
        turn.session, turn.who, kind=CaseKind.NO_ANSWER, said=words, hours=turn.services.hours,
        topic=found[0].topic if found else "", nearest=[one.slug for one in found[:3]],
    )  # fmt: skip
    handing.let_staff_know(turn, case, joined=joined)
    which = [question.key for question, _ in left]
    turn.say("relay_parts", case_id=case.key, question_ids=which, **handing.when(turn, case))
