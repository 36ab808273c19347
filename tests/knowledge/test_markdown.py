"""Passage files: every bad line is named, nothing of a bad batch is taken in, and a round trip loses nothing."""

from pathlib import Path

import pytest

from knowledge.errors import BadBatch
from knowledge.markdown import parse, parse_folder, write

CURRICULUM = Path(__file__).parents[2] / "knowledge" / "curriculum"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "passages"


def honey() -> str:
    return (FIXTURES / "honey-under-1.md").read_text(encoding="utf-8")


def findings(text: str, name: str = "honey-under-1.md") -> list[str]:
    with pytest.raises(BadBatch) as caught:
        parse(text, name=name)
    return [str(finding) for finding in caught.value.findings]


def test_the_starter_curriculum_is_whole() -> None:
    assert len(parse_folder(CURRICULUM)) >= 60


def test_writing_and_reading_back_loses_nothing() -> None:
    for parsed in parse_folder(CURRICULUM):
        assert parse(write(parsed), name=f"{parsed.content.slug}.md") == parsed


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (lambda text: text.replace("topics: [honey_under_1", "topics: [money_under_1"), "honey-under-1.md:3: unknown topic"),
        (lambda text: text.replace("age_months: [0, 12]", "age_months: [12, 0]"), "age_months"),
        (lambda text: text.replace("# en:", "# fr:"), "the heading '# en: …' is missing"),
        (lambda text: text.replace("review:", "revue:"), "unknown key 'revue'"),
        (lambda text: text.replace("year: 2023", "year: soon"), "sources.0.year"),
        (lambda text: text.replace("---\nslug", "slug", 1), "front matter"),
        (lambda text: text.replace("topics: [", "topics: [["), "not valid YAML"),
    ],
)
def test_a_bad_line_is_named_with_file_and_line(broken: "object", expected: str) -> None:
    assert callable(broken)
    found = findings(broken(honey()))
    assert any(expected in finding for finding in found), found
    assert all(finding.startswith("honey-under-1.md:") for finding in found)


def test_the_slug_must_be_the_files_name() -> None:
    assert "must be the file's name" in findings(honey(), name="other.md")[0]


def test_a_bad_batch_reports_every_file(tmp_path: Path) -> None:
    (tmp_path / "honey-under-1.md").write_text(honey().replace("zh:", "cn:", 1), encoding="utf-8")
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadBatch) as caught:
        parse_folder(tmp_path)
    assert {finding.file for finding in caught.value.findings} == {"honey-under-1.md", "binary.md"}


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadBatch, match="no passage files"):
        parse_folder(tmp_path)


def test_a_review_without_a_reviewer_is_none() -> None:
    assert any("who was it" in found for found in findings(honey().replace("{state: unreviewed}", "{state: reviewed}")))
