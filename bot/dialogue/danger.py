"""The reply to danger: the first line with its number, a case, a page to whoever is on duty, and the truth about that."""

from typing import Any

from bot.dialogue import flows, handing, homework, ongoing
from bot.dialogue.turn import Turn
from care.cases import actions as cases
from care.cases.models import Case, CaseKind
from care.duty import calming, following
from care.safety.first_lines import chosen_line
from care.safety.models import Category, Level, Screened


def answer(turn: Turn, said: Screened) -> None:
    if said.level is Level.EMERGENCY:
        _emergency(turn, said)
    elif said.category is Category.UNREADABLE:
        _unreadable(turn, said)
    else:
        _urgent(turn, said)


def _emergency(turn: Turn, said: Screened) -> None:
    session = turn.session
    case, joined = cases.open_case(
        session, turn.who, kind=CaseKind.DANGER, said=said, hours=turn.services.hours, topic=f"danger:{said.category}",
        media=turn.incoming.media,
    )  # fmt: skip
    there = handing.let_staff_know(turn, case, joined=joined)
    following.plan(session, case, child_writing=said.child_writing)
    turn.say("emergency", case_id=case.key, nobody=not there, **line_facts(said))


def _urgent(turn: Turn, said: Screened) -> None:
    case, joined = cases.open_case(
        turn.session, turn.who, kind=CaseKind.URGENT, said=said, hours=turn.services.hours, topic=f"urgent:{said.category}",
        media=turn.incoming.media,
    )  # fmt: skip
    there = handing.let_staff_know(turn, case, joined=joined)
    turn.say("urgent", case_id=case.key, nobody=not there, **line_facts(said), **handing.when(turn, case))


def _unreadable(turn: Turn, said: Screened) -> None:
    under_way = ongoing.open_danger(turn)
    if under_way:
        ongoing.add(turn, under_way, said)
        return
    case, joined = cases.open_case(
        turn.session, turn.who, kind=CaseKind.UNREADABLE, said=said, hours=turn.services.hours, media=turn.incoming.media
    )
    handing.let_staff_know(turn, case, joined=joined)
    media, task = turn.incoming.media, homework.open_task(turn)
    facts: dict[str, Any] = {"media": media.kind if media else "", "task": task.key if task else None}
    turn.say("unreadable", case_id=case.key, **facts, **line_facts(said), **handing.when(turn, case))
    flows.ask_place_once(turn)


def not_emergency(turn: Turn, case: Case) -> None:
    """Her press under the reply. What she says next is answered as usual again; it is screened as ever."""
    calming.note(turn.session, case, key=turn.incoming.key)
    ongoing.go_on_to_others(turn)
    turn.say("calm_noted", case_id=case.key)


def line_facts(said: Screened) -> dict[str, Any]:
    """What names the first line when it is worded: one act stands in several lines."""
    line = chosen_line(said)
    return {"act": line.act if line else "", "category": said.category.value, "child_writing": said.child_writing}


def asks_other(turn: Turn, case: Case) -> None:
    """Her press in the middle of it: the case goes on without her, and what she says next is answered as usual."""
    calming.note_other(turn.session, case)
    ongoing.go_on_to_others(turn)
    turn.say("asks_other", case_id=case.key)
