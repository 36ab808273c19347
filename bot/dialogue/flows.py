"""Small questions that we ask her: the child, the place, the reason, words for a person. The step lies in the database.

The places and the choice of a child are told in placing and whose.

Each can be skipped. Words that do not fit the step are no answer to it: they are treated as a question, and then the step is
asked again.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.dialogue import ages, handing, hearing, ongoing
from bot.dialogue.models import Dialog
from bot.dialogue.turn import Turn
from care.cases import actions as cases
from care.cases.models import Case, CaseKind
from care.families import actions as families
from care.families import queries as reading
from care.families.models import OLDEST_CORRECTED, Child
from care.messages import queries as messages
from care.questions import actions as questions
from care.questions.models import Why
from care.safety.models import Screened
from index.ages import age_in
from index.text import regular
from kit import clock

SKIP = "skip"
AGED, OTHER_AGE = "age-", "other-age"
"""Under the offer of an age she told: this many months, or not this one."""
MOST_REMINDERS = 2
_NO_MORE = re.compile(
    r"(?:先)?不(?:说|填|写|问|用)了?(?:嘛|吧|哈)?|算了.{0,4}|跳过|没得事.{0,2}|no|skip|never ?mind", re.IGNORECASE
)
_ASKING = re.compile(
    r"[?？]|吗|么$|不$|可以|能吃|要不|怎么|咋|啷个|为什么|为啥|可不可以|能不能|要不要|要得不|是不是"
    r"|\b(how|what|why|when|can|should|is|does|do)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"[\s\d,，。?？!！]|不(?!点|倒翁)|没|好久|多少|啥|嘛|什么|哪|几|老是|总是|发烧|咳|哭|睡|醒|我|[你您]|要|作业|老师|电话|手机|码|删|帮|第[一二三四]|最后|[上下]头"
)
_LATIN_NAME = re.compile(r"[A-Za-z'-]{1,12}")
_LONGEST_NAME = 6
_BEFORE_A_NAME = re.compile(r"(?:我们|平时|都|就|他|她)*(?:小名|[叫喊])+(?:他|她|做|是)?(?=..)")
_ANOTHER_TROUBLE = re.compile(
    r"^(?:那|还有|就是|我们?|我家|屋头)*(?:[他她]|娃儿?|孩子|宝宝|孙[儿子女]|幺儿|老[大二]).{0,8}(?:不|老是|总是|天天|发烧|哭|闹|打人|咬)"
)
_OF_THE_ANSWER = re.compile(r"试|教|方法|办法|没用|没得用|管用|有用|还是|照|按|说的|做不到|不听|不适合|太")
_OWN = frozenset({"since", "passing", "asked", "other_age", "then"})
"""What a dialog keeps for itself and no notice needs."""
_YES = re.compile(r"对[的头]?|是的?|没错|yes|yep|right", re.IGNORECASE)
_NO = re.compile(r"不是的?|不对|错了", re.IGNORECASE)


def sounds_like_question(text: str) -> bool:
    return bool(_ASKING.search(text))


def current(turn: Turn) -> Dialog | None:
    return turn.session.get(Dialog, turn.who.key)


def is_open(turn: Turn, flow: str) -> bool:
    dialog = current(turn)
    return dialog is not None and dialog.flow == flow


def begin(turn: Turn, flow: str, step: str, *, once: bool = False, **facts: Any) -> None:
    """Ask the first step; `once` never asks this of her again by itself."""
    key = f"asked-once:{flow}:{turn.who.key}" if once else ""
    if key and messages.queued(turn.session, key):
        return
    dialog = current(turn) or Dialog(caregiver_id=turn.who.key, flow=flow, step=step, version=0, changed_at=clock.now())
    dialog.flow, dialog.facts = flow, facts
    _go(turn, dialog, step, key=key)


def _free(turn: Turn) -> bool:
    """Nothing is open, or only something asked in passing that she has passed over; and no child writes alone."""
    dialog = current(turn)
    if ongoing.child_writes(turn):
        return False
    return dialog is None or bool(dialog.facts.get("passing") and dialog.facts.get("since") != turn.incoming.key)


def ask_place_once(turn: Turn) -> None:
    """After the first case: whose township's instructor it should reach."""
    if turn.who.place_id is None and _free(turn):
        begin(turn, "place", "name", once=True)


def ask_child_once(turn: Turn) -> None:
    """After the first answer: how old the child is."""
    if _free(turn) and not reading.children(turn.session, turn.who):
        begin(turn, "child", "year", once=True)


def end(turn: Turn) -> None:
    dialog = current(turn)
    if dialog:
        turn.session.delete(dialog)
        turn.session.flush()


def ask_again(turn: Turn) -> None:
    """After something else was answered in the middle of a flow, the flow goes on at the same step.

    A first step that we asked in passing and she passed over is not asked again.
    """
    dialog = current(turn)
    if dialog is None or dialog.facts.get("since") == turn.incoming.key:
        return
    asked = dialog.facts.get("asked", 0)
    if dialog.facts.get("passing") or asked >= MOST_REMINDERS:
        return  # it stays open for her buttons, and says no more of itself
    dialog.facts = {**dialog.facts, "asked": asked + 1}
    turn.session.add(dialog)
    _ask(turn, dialog)


def _go(turn: Turn, dialog: Dialog, step: str, *, key: str = "") -> None:
    dialog.step, dialog.version, dialog.changed_at = step, turn.incoming.update, clock.now()
    dialog.facts = {**dialog.facts, "since": turn.incoming.key, "passing": bool(key), "asked": 0}
    turn.session.add(dialog)
    turn.session.flush()
    _ask(turn, dialog, key=key)


def _ask(turn: Turn, dialog: Dialog, *, key: str = "") -> object:
    facts = {name: value for name, value in dialog.facts.items() if name not in _OWN}
    told = _told(turn, dialog)
    if told is not None:
        facts["told"] = told
    return turn.say(f"ask_{dialog.flow}_{dialog.step}", key=key, version=dialog.version, **facts)


def take_words(turn: Turn, said: Screened) -> bool:
    """True when her words answered the open step."""
    dialog = current(turn)
    if dialog is None:
        return False
    if _NO_MORE.fullmatch(said.text.strip(" 。.!！,，")):
        SKIPS.get((dialog.flow, dialog.step), _give_up)(turn, dialog)
        return True
    return STEPS[dialog.flow, dialog.step](turn, dialog, said)


def take_press(turn: Turn, version: int, value: str) -> None:
    """A button of a step; one of an older step, or pressed twice, asks what is open now."""
    dialog = current(turn)
    if dialog is None:
        turn.say("stale_button")
    elif dialog.version != version:
        _ask(turn, dialog)
    elif value == SKIP:
        SKIPS.get((dialog.flow, dialog.step), _give_up)(turn, dialog)
    elif not PRESSES[dialog.flow, dialog.step](turn, dialog, value):
        _ask(turn, dialog)


# The child: year and month of birth, nickname, prematurity.


def _year_said(turn: Turn, dialog: Dialog, said: Screened) -> bool:
    """An age in the middle of a question is none: the question is answered, and the age offered with the next asking."""
    text, told = said.text.strip(" 。.!！,，"), _told(turn, dialog)
    if told is not None and _YES.fullmatch(text):
        return _year_pressed(turn, dialog, f"{AGED}{told}")
    if told is not None and _NO.fullmatch(text):
        _other_age(turn, dialog)
        _ask(turn, dialog)
        return True
    month = ages.birth_month_stated(text)
    if month is None:
        return False
    _keep_child(turn, dialog, birth_month=month, expected=month > clock.today())
    return True


def _told(turn: Turn, dialog: Dialog) -> int | None:
    """The age that her words told lately, to be confirmed instead of asked for; not for a second child."""
    if (dialog.flow, dialog.step) != ("child", "year") or dialog.facts.get("other_age"):
        return None
    return None if reading.children(turn.session, turn.who) else ages.lately(turn)


def _other_age(turn: Turn, dialog: Dialog) -> None:
    dialog.facts = {**dialog.facts, "other_age": True}
    turn.session.add(dialog)


def _year_pressed(turn: Turn, dialog: Dialog, value: str) -> bool:
    months = value.removeprefix(AGED)
    if months != value and months.isdecimal() and int(months) <= ages.OLDEST:
        _keep_child(turn, dialog, birth_month=ages.born(int(months)), expected=False)
        return True
    if value == OTHER_AGE:
        _other_age(turn, dialog)
        return False
    if not (value == "expected" or (value.isdecimal() and 0 <= clock.today().year - int(value) <= 18)):
        return False
    dialog.facts = {**dialog.facts, "year": value}
    _go(turn, dialog, "month")
    return True


def _month_said(turn: Turn, dialog: Dialog, said: Screened) -> bool:
    found = re.fullmatch(r"(1[0-2]|0?[1-9])\s*(月份?)?", said.text.strip())
    return bool(found) and _month_pressed(turn, dialog, found[1]) if found else _year_said(turn, dialog, said)


def _month_pressed(turn: Turn, dialog: Dialog, value: str) -> bool:
    if not value.isdecimal() or not 1 <= int(value) <= 12:
        return False
    today, year = clock.today(), dialog.facts["year"]
    expected = year == "expected"
    month = date(today.year if expected else int(year), int(value), 1)
    if expected and month < today.replace(day=1):
        month += relativedelta(years=1)
    if not expected and month > today:
        return False
    _keep_child(turn, dialog, birth_month=month, expected=expected)
    return True


def _keep_child(turn: Turn, dialog: Dialog, *, birth_month: date, expected: bool) -> None:
    child = families.add_child(turn.session, turn.who, birth_month=birth_month, expected=expected)
    dialog.facts = {"child_id": child.key, "then": dialog.facts.get("then", "")}
    _go(turn, dialog, "name")


def _name_said(turn: Turn, dialog: Dialog, said: Screened) -> bool:
    name = _BEFORE_A_NAME.sub("", said.text.strip(" 。.!！,，"), count=1)
    if not _is_name(name):
        return False
    child = turn.session.get_one(Child, dialog.facts["child_id"])
    child.nickname = name
    turn.session.add(child)
    _after_name(turn, dialog)
    return True


def _is_name(text: str) -> bool:
    """Short, and nothing that sounds like a question, an age or talk."""
    if not 0 < len(text) <= _LONGEST_NAME and not _LATIN_NAME.fullmatch(text):
        return False
    asks = _NO_NAME.search(text) or _ASKING.search(text)
    return not asks and age_in(regular(text)) is None and hearing.heard(text) is None


def _after_name(turn: Turn, dialog: Dialog) -> None:
    child = turn.session.get_one(Child, dialog.facts["child_id"])
    age = child.age_months(clock.today())
    if child.expected or age is None or age >= OLDEST_CORRECTED:
        _child_done(turn, dialog)
    else:
        _go(turn, dialog, "early")


def _early_pressed(turn: Turn, dialog: Dialog, value: str) -> bool:
    if not value.isdecimal() or int(value) > 16:
        return False
    child = turn.session.get_one(Child, dialog.facts["child_id"])
    child.weeks_early = int(value)
    turn.session.add(child)
    _child_done(turn, dialog)
    return True


def _child_done(turn: Turn, dialog: Dialog) -> None:
    """What she had asked for before the age goes on by itself."""
    goes_on = AFTER_CHILD.get(dialog.facts.get("then", ""))
    turn.say("child_saved", child_id=dialog.facts["child_id"])
    end(turn)
    if goes_on:
        goes_on(turn)


# Why an answer did not help, and words for a person.


def _why_said(turn: Turn, dialog: Dialog, said: Screened) -> bool:
    tells_on = _ANOTHER_TROUBLE.search(said.text) and not _OF_THE_ANSWER.search(said.text)
    if _ASKING.search(said.text) or len(said.text) > 120 or tells_on:
        end(turn)
        return False
    questions.say_why(turn.session, turn.who, feedback_id=dialog.facts["feedback_id"], why=None, said=said)
    return _thanked(turn, dialog)


def _why_pressed(turn: Turn, dialog: Dialog, value: str) -> bool:
    if value not in set(Why):
        return False
    questions.say_why(turn.session, turn.who, feedback_id=dialog.facts["feedback_id"], why=Why(value))
    return _thanked(turn, dialog)


def _thanked(turn: Turn, dialog: Dialog) -> bool:
    turn.say("thanks_for_why", question_id=dialog.facts.get("question_id"))
    end(turn)
    return True


def _person_said(turn: Turn, dialog: Dialog, said: Screened) -> bool:
    case_id = dialog.facts.get("case_id")
    end(turn)
    case = turn.session.get(Case, case_id) if case_id else None
    if case and case.caregiver_id == turn.who.key and case.state != "closed":
        cases.add_words(turn.session, case, said=said, media=turn.incoming.media)
        handing.let_staff_know(turn, case, joined=True)
        turn.say("relay", case_id=case.key, joined=True, asked=True, **handing.when(turn, case))
    else:
        handing.hand_over(turn, said, kind=CaseKind.ASKED_FOR_PERSON)
        ask_place_once(turn)
    return True


def _nothing_said(turn: Turn, dialog: Dialog, said: Screened) -> bool:  # noqa: ARG001 - this step has buttons only
    return False


def _nothing_pressed(turn: Turn, dialog: Dialog, value: str) -> bool:  # noqa: ARG001 - this step takes words only
    return False


def _give_up(turn: Turn, dialog: Dialog) -> None:
    turn.say("skipped", flow=dialog.flow)
    end(turn)


# Steps that are told elsewhere (placing, whose) are entered into these tables there.

STEPS: dict[tuple[str, str], Callable[[Turn, Dialog, Screened], bool]] = {
    ("child", "year"): _year_said,
    ("child", "month"): _month_said,
    ("child", "name"): _name_said,
    ("child", "early"): _nothing_said,
    ("why", "reason"): _why_said,
    ("person", "words"): _person_said,
    ("phone", "number"): _nothing_said,  # calling.py has taken every number before
}
PRESSES: dict[tuple[str, str], Callable[[Turn, Dialog, str], bool]] = {
    ("child", "year"): _year_pressed,
    ("child", "month"): _month_pressed,
    ("child", "name"): _nothing_pressed,
    ("child", "early"): _early_pressed,
    ("why", "reason"): _why_pressed,
    ("person", "words"): _nothing_pressed,
    ("phone", "number"): _nothing_pressed,
}
SKIPS: dict[tuple[str, str], Callable[[Turn, Dialog], None]] = {
    ("child", "name"): _after_name,
    ("child", "early"): _child_done,
}
AFTER_CHILD: dict[str, Callable[[Turn], None]] = {}
"""By the fact `then`: what was waiting for the child's age."""
