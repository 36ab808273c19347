"""Whether screening can do its work at all: asked before a server starts, since a broken rule file makes every message urgent."""

from care.safety.errors import BrokenRules
from care.safety.first_lines import chosen_line, first_lines
from care.safety.models import Level
from care.safety.rules import rule_book
from care.safety.screening import by_rules
from care.safety.second_net import second_net

_WELL_KNOWN = ("宝宝没有呼吸了", "my baby is not breathing")


def check() -> None:
    """Raises care.safety.errors.BrokenRules naming what is wrong in the rules, the first lines or the second net."""
    try:
        rule_book()
        first_lines()
        second_net()
        for words in _WELL_KNOWN:
            said = by_rules(words)
            if said.level is not Level.EMERGENCY or chosen_line(said) is None:
                raise BrokenRules(f"{words!r} is not recognised")
    except BrokenRules:
        raise
    except Exception as error:  # any mistake an editor can make in a file
        raise BrokenRules(f"{type(error).__name__}: {error}") from error
