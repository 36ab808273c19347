"""What the starter content promises its reader: `peiban knowledge check` finds nothing to mend in it."""

from pathlib import Path

import pytest

from knowledge import guidance, lint, topics
from knowledge.homework import tasks
from knowledge.markdown import parse_folder

CURRICULUM = Path(__file__).parents[2] / "knowledge" / "curriculum"
PASSAGES = [parsed.content for parsed in parse_folder(CURRICULUM)]


def test_there_is_nothing_to_mend() -> None:
    assert [f"{finding.slug}: {finding.en}" for finding in lint.check(PASSAGES)] == []


def test_every_topic_leads_a_passage() -> None:
    led = {passage.topics[0] for passage in PASSAGES}
    assert sorted(topics.by_slug().keys() - led) == []


def test_a_package_fits_every_month_from_before_birth_to_school() -> None:
    assert [month for month in range(-9, 73) if guidance.package_for(month) is None] == []


def test_what_packages_and_courses_name_exists() -> None:
    assert [f"{finding.slug}: {finding.en}" for finding in lint.unknown_names(PASSAGES)] == []


WEEKS = 156


@pytest.mark.parametrize("joined", range(0, WEEKS, 13))
def test_a_family_finds_two_tasks_a_week_to_the_third_birthday_and_none_twice(joined: int) -> None:
    """Given as they are given to families: the first that fits and that she has not had."""
    had: set[str] = set()
    for week in range(joined, WEEKS):
        fresh = [slug for slug, task in tasks().items() if task.fits(week * 12 // 52) and slug not in had]
        assert len(fresh) >= 2, week
        had.update(fresh[:2])
