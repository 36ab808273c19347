"""Commands of parents: /start /help /menu /guide /courses /homework /child /person /privacy /clear /delete."""

from collections.abc import Callable

from bot.dialogue import browsing, classroom, flows, homework, privacy
from bot.dialogue.staff_desk import STAFF_LINK
from bot.dialogue.turn import Turn
from care.families import linking
from care.places import queries as places
from kit.tokens import TokenInvalid

FAMILY_LINK = "f_"
SITE_LINK = "site_"


def answer(turn: Turn) -> None:
    _COMMANDS.get(turn.incoming.command, _help)(turn)


def _start(turn: Turn) -> None:
    argument = turn.incoming.argument
    if argument.startswith(FAMILY_LINK):
        _move_here(turn, argument.removeprefix(FAMILY_LINK))
        return
    if argument.startswith(STAFF_LINK):
        turn.say("link_expired")
        return
    site = places.site(turn.session, argument.removeprefix(SITE_LINK)) if argument else None
    if site and turn.who.place_id is None:
        turn.who.place_id = site.place_id
        turn.session.add(turn.who)
    turn.say("welcome", site=site.name if site else "")


def _move_here(turn: Turn, token: str) -> None:
    try:
        linking.move_family(turn.session, token, to=turn.who)
    except TokenInvalid:
        turn.say("link_expired")
    else:
        turn.say("moved_here")


def _help(turn: Turn) -> None:
    turn.say("help")


def _privacy(turn: Turn) -> None:
    privacy.panel(turn)


def _delete(turn: Turn) -> None:
    privacy.forget(turn)


def _clear(turn: Turn) -> None:
    privacy.clear(turn)


def _child(turn: Turn) -> None:
    browsing.children(turn)


def _menu(turn: Turn) -> None:
    turn.say("menu")


def _person(turn: Turn) -> None:
    flows.begin(turn, "person", "words")


_COMMANDS: dict[str, Callable[[Turn], None]] = {
    "start": _start,
    "help": _help,
    "menu": _menu,
    "guide": classroom.guide,
    "courses": classroom.all_courses,
    "homework": homework.door,
    "child": _child,
    "person": _person,
    "privacy": _privacy,
    "clear": _clear,
    "delete": _delete,
}
KNOWN = frozenset(_COMMANDS)
"""What a channel that has no commands of its own takes for one when it is typed."""
