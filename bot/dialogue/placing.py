"""Where she lives: by a button, by a name, or by the first characters or letters of one."""

import re

from bot.dialogue import flows
from bot.dialogue.models import Dialog
from bot.dialogue.turn import Turn
from care.families import actions as families
from care.places import queries as places
from care.places.models import Place
from care.safety.models import Screened

LONGEST = 16
MOST_OFFERED = 6
_I_AM_FROM = re.compile(
    r"(?:我|咱)们?(?:家|屋头)?(?:现在)?(?:是|在|住在?|的?家在)(?:重庆市?)?(?P<name>[\u4e00-\u9fff]{2,14}?)(?:的|人|这边|这里|那边|那里|住|嘛|哈|哦|啊)*"
)
_LOOKS_LIKE_ONE = re.compile(r".{1,10}(?:镇|乡|街道|村|社区|区|县|市|坝|场)")


def ask(turn: Turn) -> None:
    flows.begin(turn, "place", "name")


def told(turn: Turn, said: Screened) -> bool:
    """True when she said where she is without being asked, or in the middle of something else; that waits on."""
    words = said.text.strip(" 。.!！,，")
    sentence = _I_AM_FROM.fullmatch(words)
    if not sentence and (flows.is_open(turn, "child") or flows.is_open(turn, "place")):
        return False
    place = places.told(turn.session, sentence["name"] if sentence else words)
    if place is None:
        return False
    if flows.is_open(turn, "place"):
        flows.end(turn)
    families.set_place(turn.session, turn.who, place_id=place.key)
    turn.say("place_saved", place=place.name)
    return True


def _said(turn: Turn, dialog: Dialog, said: Screened) -> bool:
    name = said.text.strip(" 。.!！,，")
    if len(name) > LONGEST or flows.sounds_like_question(name):
        return False
    found = places.named(turn.session, name)
    near = [] if found else places.like(turn.session, name, limit=MOST_OFFERED)
    if found:
        return _pressed(turn, dialog, str(found.key))
    if near:
        turn.say("place_choose", version=dialog.version, place_ids=[place.key for place in near])
        return True
    if _LOOKS_LIKE_ONE.fullmatch(name):
        turn.say("place_unknown", version=dialog.version)
        return True
    return False


def _pressed(turn: Turn, _: Dialog, value: str) -> bool:
    place = turn.session.get(Place, int(value)) if value.isdecimal() else None
    if place is None:
        return False
    families.set_place(turn.session, turn.who, place_id=place.key)
    turn.say("place_saved", place=place.name)
    flows.end(turn)
    return True


flows.STEPS["place", "name"] = _said
flows.PRESSES["place", "name"] = _pressed
