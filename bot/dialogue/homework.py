"""Homework in the conversation: a task is shown, things are handed in, comments are read. What she is handing in lies in the
database, so that a question in between, or a restart, changes nothing about it.
"""

import re
from collections.abc import Callable

from bot.dialogue import ages, browsing, flows, handing
from bot.dialogue.turn import Turn
from care.cases.models import Case
from care.families import actions as keeping
from care.families import queries as families
from care.families.models import Child
from care.homework import actions, moving, queries
from care.homework.errors import NoMoreTasks
from care.homework.models import HandingIn, Homework, HomeworkComment
from care.privacy.models import ConsentPurpose
from care.privacy.queries import allows
from care.safety.models import Category, Level, Screened
from kit import clock
from kit.errors import NotFound

_ASKED_IN_DIALECT = re.compile(r"(不|没|没得|没有)[。!！~～ ]*$")


def door(turn: Turn) -> None:
    """`/homework`, and the button in menus: the task under way or the next one for the child she asks about."""
    child = families.current_child(turn.session, turn.who) or _as_she_told(turn)
    if child is None and families.children(turn.session, turn.who):
        browsing.children(turn)
    elif child is None or child.birth_month is None:
        turn.say("homework_needs_age")
        flows.begin(turn, "child", "year", then="homework")
    else:
        try:
            homework = actions.give(turn.session, child)
        except NoMoreTasks:
            waiting = [row.key for row in queries.handed_in(turn.session, child)]
            turn.say("homework_none", child_id=child.key, waiting=waiting)
        else:
            turn.say("homework_task", homework_id=homework.key)


def _as_she_told(turn: Turn) -> Child | None:
    """The child whose age she told a moment ago: who was told that it is noted is not asked for it again."""
    months = None if families.children(turn.session, turn.who) else ages.stated_lately(turn)
    if months is None:
        return None
    return keeping.add_child(turn.session, turn.who, birth_month=ages.born(months), expected=False)


def status(turn: Turn) -> bool:
    """She asks what became of what she handed in: the newest of it. False when nothing ever was."""
    known = families.children(turn.session, turn.who)
    rows = [row for child in known for row in queries.of_child(turn.session, child) if row.handed_in_at]
    if rows:
        newest = max(rows, key=lambda row: row.handed_in_at or row.given_at)
        turn.say("homework_said", homework_id=newest.key)
    return bool(rows)


def press(turn: Turn, verb: str = "", number: str = "") -> None:
    """`hw:<verb>:<number>`. Raises NotFound for what is not hers, KeyError never."""
    if not verb:
        door(turn)
    elif verb in _VERBS:
        _VERBS[verb](turn, int(number))
    else:
        raise NotFound


def _own(turn: Turn, homework_id: int, *, lock: bool = False) -> Homework:
    found = queries.own(turn.session, turn.who, homework_id, lock=lock)
    if found is None:
        raise NotFound
    return found


def _how(turn: Turn, homework_id: int) -> None:
    turn.say("homework_how", homework_id=_own(turn, homework_id).key)


def _another(turn: Turn, homework_id: int) -> None:
    homework = _own(turn, homework_id, lock=True)
    child = next(one for one in families.children(turn.session, turn.who) if one.key == homework.child_id)
    try:
        other = actions.give_another(turn.session, homework, child)
    except NoMoreTasks:
        turn.say("homework_only_one", homework_id=homework.key)
    else:
        turn.say("homework_task", homework_id=other.key)


def _later(turn: Turn, homework_id: int) -> None:
    _own(turn, homework_id)
    actions.end_handing_in(turn.session, turn.who)
    turn.say("homework_later")


def _give(turn: Turn, homework_id: int) -> None:
    homework = _own(turn, homework_id, lock=True)
    actions.begin_handing_in(turn.session, turn.who, homework)
    _ask_for_it(turn, homework)


def _ask_for_it(turn: Turn, homework: Homework) -> None:
    turn.say("homework_hand_in", homework_id=homework.key, photos=_photos_allowed(turn))


def _photos_allowed(turn: Turn) -> bool:
    return allows(turn.session, turn.who, ConsentPurpose.PHOTOS)


def _that_is_all(turn: Turn, homework_id: int) -> None:
    """She has sent everything: it is settled with the next tick. With nothing sent, she is asked for it."""
    homework = _own(turn, homework_id, lock=True)
    if homework.settle_at is None:
        _ask_for_it(turn, homework)
    else:
        homework.settle_at = clock.now()
        turn.session.add(homework)


def _read(turn: Turn, homework_id: int) -> None:
    turn.say("homework_said", homework_id=_own(turn, homework_id).key)


def _open(turn: Turn, comment_id: int) -> None:
    """A neutral notice is opened by a tap."""
    comment = turn.session.get(HomeworkComment, comment_id)
    if comment is None:
        raise NotFound
    turn.say("homework_comment", homework_id=_own(turn, comment.homework_id).key, comment_id=comment.number)


def _not_homework(turn: Turn, homework_id: int) -> None:
    """What she handed in last was meant for a person."""
    homework = _own(turn, homework_id, lock=True)
    opened = moving.out_of_homework(turn.session, homework, who=turn.who, hours=turn.services.hours)
    if opened is None:
        raise NotFound
    case, joined = opened
    actions.end_handing_in(turn.session, turn.who)
    handing.let_staff_know(turn, case, joined=joined)
    turn.say("relay", case_id=case.key, joined=joined, asked=True, **handing.when(turn, case))


def _is_homework(turn: Turn, case_id: int) -> None:
    """A picture that opened a case was homework: it goes into the open task, with all that came with it."""
    case = turn.session.get(Case, case_id, with_for_update=True)
    homework = open_task(turn)
    if case is None or case.caregiver_id != turn.who.key or homework is None:
        raise NotFound
    if not _photos_allowed(turn):
        turn.say("homework_ask_photos", homework_id=homework.key, case_id=case.key)
        return
    moving.into_homework(turn.session, case, homework, who=turn.who)


def open_task(turn: Turn) -> Homework | None:
    """Where a picture that comes by itself could belong: what waits for her, else what waits for the trainer."""
    child = families.current_child(turn.session, turn.who)
    if child is None:
        return None
    return queries.under_way(turn.session, child) or next(iter(queries.handed_in(turn.session, child)), None)


# What comes while she is handing in.


def take_media(turn: Turn, said: Screened) -> bool:
    """True when a picture, recording or film was handed in. Never one whose caption tells of danger: a person looks at that now."""
    media = turn.incoming.media
    here = _handing_in(turn)
    if media is None or here is None or said.category is not Category.UNREADABLE or said.level is Level.EMERGENCY:
        return False
    homework = here[1]
    task = queries.task_of(homework)
    if not _photos_allowed(turn):
        turn.services.blobs.delete(media.key)
        turn.say("homework_ask_photos", homework_id=homework.key)
    elif media.kind == "photo" and task and task.photos == "none":
        turn.services.blobs.delete(media.key)
        turn.say("homework_no_photo", homework_id=homework.key)
    elif not actions.hand_in(turn.session, homework, turn.who, media=media, said=said, update_key=turn.incoming.key):
        turn.services.blobs.delete(media.key)
    return True


def take_unusable(turn: Turn) -> bool:
    """Something came that could not be fetched or read: one item of an album, perhaps. The others do not suffer."""
    here = _handing_in(turn)
    if here is None or turn.incoming.unsupported not in ("file", "video"):
        return False
    actions.hand_in_failed(turn.session, here[1], turn.who, kind="file", update_key=turn.incoming.key)
    return True


def take_words(turn: Turn, said: Screened) -> bool:
    """True when her words were handed in; a question is none, and is answered first."""
    here = _handing_in(turn)
    if here is None or not here[0].words or flows.sounds_like_question(said.text) or _ASKED_IN_DIALECT.search(said.text):
        return False
    actions.hand_in_words(turn.session, here[1], turn.who, said=said, update_key=turn.incoming.key)
    return True


def goes_on(turn: Turn) -> bool:
    """She is handing something in, and no other question of ours stands between."""
    here = _handing_in(turn)
    return bool(here and here[0].words and flows.current(turn) is None)


def ask_again(turn: Turn, *, photos: bool = False) -> None:
    """After something else was answered in between: homework goes on at the same step. `photos`: she has just agreed to them."""
    here = _handing_in(turn)
    if here and here[0].words and flows.current(turn) is None:
        turn.say("homework_goes_on", homework_id=here[1].key, photos=photos)


def _handing_in(turn: Turn) -> tuple[HandingIn, Homework] | None:
    here = queries.handing_in(turn.session, turn.who)
    if here:
        turn.session.refresh(here[1], with_for_update=True)  # the tick may be settling it at this moment
    return here


_VERBS: dict[str, Callable[[Turn, int], None]] = {
    "how": _how,
    "other": _another,
    "later": _later,
    "give": _give,
    "all": _that_is_all,
    "read": _read,
    "open": _open,
    "not": _not_homework,
    "move": _is_homework,
}
flows.AFTER_CHILD["homework"] = door
