"""The Parents' Classroom and the guidance for an age, as a mother finds them in the menu."""

import pytest

from care.services import Services
from knowledge import courses, guidance
from tests.bot import homework_family
from tests.fixtures.talk import Talker


@pytest.fixture
def mother(services: Services) -> Talker:
    return Talker(services, "mother")


def test_guidance_asks_for_the_age_first_and_then_fits_it(mother: Talker) -> None:
    mother.commands("menu").presses("这个月的指导")
    assert "先告诉我孩子多大" in mother.text
    mother.says("八个月").presses("先不说").presses("足月生的")
    assert mother.kinds == ["child_saved", "guidance"]


def test_the_first_courses_are_for_every_family(services: Services, mother: Talker) -> None:
    hard = {course.zh.title for course in courses.courses() if course.audiences[0] in ("guardianship_risk", "special_needs")}
    assert hard.isdisjoint(mother.commands("courses").labels)
    assert hard.isdisjoint(homework_family.mother(services, months=8, address="other").commands("courses").labels)


def test_guidance_for_a_month_is_said_whole(services: Services) -> None:
    mother = homework_family.mother(services, months=8)
    mother.commands("guide")
    package = guidance.package_for(8)
    assert package is not None
    assert all(guide.zh in mother.text for guide in package.guides)
    assert "待本地专家审核" in mother.text
    mother.presses("蜂蜜")
    assert "一岁前" in mother.text


def test_a_course_leads_from_scene_to_scene_and_to_its_card(mother: Talker) -> None:
    course = next(course for course in courses.courses() if course.slug == "waiting-for-the-baby")
    mother.commands("courses").presses(course.zh.title)
    assert course.zh.intro in mother.text
    mother.presses(course.zh.scenes[0].title)
    assert course.zh.scenes[0].text in mother.text
    mother.presses("下一个场面")
    assert course.zh.scenes[1].text in mother.text
    mother.presses("回到这门课").presses(course.zh.tool.title)
    assert all(line in mother.text for line in course.zh.tool.lines)


@pytest.mark.parametrize(
    "pressed", ["course:of-long-ago", "scene:of-long-ago:0", "scene:{}:99", "scene:{}:-1", "scene:{}:y", "tool:"]
)
def test_a_button_that_no_longer_fits_says_so(mother: Talker, pressed: str) -> None:
    mother.presses_data(pressed.format(courses.courses()[0].slug))
    assert mother.kinds == ["stale_button"]
