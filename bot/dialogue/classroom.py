"""The Parents' Classroom and the guidance for a child's age, looked up from the menu. Sending guidance unasked is not here."""

from bot.dialogue import ages, browsing, flows
from bot.dialogue.turn import Turn
from care.editions.errors import NoEdition
from care.families import queries as families
from index.ages import age_fit
from kit.errors import NotFound
from knowledge import courses, guidance
from knowledge.content import Audience

MOST_COURSES = 8
_HARD_LOT = (Audience.GUARDIANSHIP_RISK, Audience.SPECIAL_NEEDS)
"""Courses that are first of all for them are theirs; nobody else is to meet them as the first thing in the room."""


def guide(turn: Turn) -> None:
    """The package for the age of the child she asks about; without an age that is asked first."""
    child = families.current_child(turn.session, turn.who)
    if child is None and families.children(turn.session, turn.who):
        browsing.children(turn)
        return
    age = ages.known(turn)
    if age is None:
        turn.say("guidance_needs_age")
        flows.begin(turn, "child", "year", then="guide")
        return
    package = guidance.package_for(age)
    if package is None:
        turn.say("guidance_none", age_months=age)
    else:
        turn.say("guidance", package=package.slug, age_months=age, revisions=_revisions(turn, _passages(package)))


def _passages(package: guidance.Package) -> list[str]:
    return [one.passage for one in package.guides if one.passage]


def all_courses(turn: Turn, start: str = "0") -> None:
    """Titles of courses: those for every family that fit the child's age, then those for a hard lot, then what does not fit."""
    age = ages.known(turn)
    ordered = sorted(courses.courses(), key=lambda course: _rank(course, age))
    first = max(0, int(start))
    shown = [course.slug for course in ordered[first : first + MOST_COURSES]]
    if not shown:
        turn.say("courses_none")
        return
    following = first + MOST_COURSES if first + MOST_COURSES < len(ordered) else None
    turn.say("courses", courses=shown, following=following, age_months=age)


def _rank(course: courses.Course, age: int | None) -> tuple[bool, bool, float, int]:
    fit = age_fit(age, course.age_months)
    return fit < 1, course.audiences[0] in _HARD_LOT, -fit, course.age_months[0]


def course(turn: Turn, slug: str) -> None:
    turn.say("course", course=_known(slug).slug)


def scene(turn: Turn, slug: str, number: str) -> None:
    """A scene of a course with the titles of its passages that parents can be shown now."""
    found, index = _known(slug), int(number)
    if not 0 <= index < len(found.passages):
        raise NotFound
    turn.say("course_scene", course=found.slug, scene=index, revision_ids=list(_revisions(turn, found.passages[index]).values()))


def tool(turn: Turn, slug: str) -> None:
    turn.say("course_tool", course=_known(slug).slug)


def _known(slug: str) -> courses.Course:
    found = courses.course(slug)
    if found is None:
        raise NotFound
    return found


def _revisions(turn: Turn, slugs: list[str] | tuple[str, ...]) -> dict[str, int]:
    """The revision of each passage in the edition that parents are answered from; those that it does not hold are left out."""
    try:
        held = turn.services.library.current().passages
    except NoEdition:
        return {}
    by_slug = {one.content.slug: one.revision_id for one in held.values()}
    return {slug: by_slug[slug] for slug in slugs if slug in by_slug}


flows.AFTER_CHILD["guide"] = guide
