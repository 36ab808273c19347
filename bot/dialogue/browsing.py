"""Looking around without a question: the menu of topics, a topic's passages, the children on record."""

from bot.dialogue import ages, flows
from bot.dialogue.turn import Turn
from care.editions.bundles import Held
from care.editions.errors import NoEdition
from care.families import queries as families
from index.ages import age_fit
from knowledge import topics

MOST_TITLES = 8


def group(turn: Turn, slug: str) -> None:
    """Titles of a group, those that fit the child's age first."""
    try:
        edition = turn.services.library.current()
    except NoEdition:
        turn.say("nothing_here", group=slug)
        return
    of_group = topics.group_of()
    held = [one for one in edition.passages.values() if of_group[one.content.topics[0]].slug == slug]
    age = ages.known(turn)
    held.sort(key=lambda one: -age_fit(age, one.content.age_months))
    _titles(turn, slug, held, age)


def _titles(turn: Turn, slug: str, held: list[Held], age: int | None) -> None:
    if held:
        shown = [one.revision_id for one in held]
        turn.say("titles", group=slug, revision_ids=shown[:MOST_TITLES], rest=shown[MOST_TITLES:], age_months=age)
    else:
        turn.say("nothing_here", group=slug)


def children(turn: Turn) -> None:
    known = families.children(turn.session, turn.who)
    if not known:
        flows.begin(turn, "child", "year")
        return
    turn.say("children", child_ids=[child.key for child in known], current=turn.who.current_child_id)
