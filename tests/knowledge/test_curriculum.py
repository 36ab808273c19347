"""What the starter content promises its reader: `peiban knowledge check` finds nothing to mend in it."""

from pathlib import Path

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


def test_a_family_finds_two_tasks_a_week_in_the_first_three_years() -> None:
    found = {month: sum(task.fits(month) for task in tasks().values()) for month in range(36)}
    assert {month: count for month, count in found.items() if count < 5} == {}
