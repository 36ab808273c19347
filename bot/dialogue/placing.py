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
_LOOKS_LIKE_ONE = re.compile(r".{1,10}(?:镇|乡|街道|村|社区|区|县|市|坝|场)")


def ask(turn: Turn) -> None:
    flows.begin(turn, "place", "name")


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
