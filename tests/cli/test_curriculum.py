"""`peiban knowledge`, `index` and `editions`: from a changed file to the next answer."""

import json
import shutil
from pathlib import Path

import pytest

from app.workers.tick import look
from care.services import Services
from knowledge import queries
from knowledge.content import PassageContent
from tests.cli.conftest import Peiban

PASSAGES = Path(__file__).parents[1] / "fixtures" / "passages"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PASSAGES, tmp_path / "passages"))


def edit(files: Path, slug: str, old: str, new: str) -> None:
    path = files / f"{slug}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_an_edited_file_goes_live_when_it_is_published_and_back_again(peiban: Peiban, services: Services, files: Path) -> None:
    first = services.library.current().number
    edit(files, "honey-under-1", "# zh: 一岁前，蜂蜜一口都不要给", "# zh: 满一岁再吃蜂蜜")
    taken = peiban("knowledge", "import", files)
    assert (taken.code, "1 changed" in taken.err) == (0, True)
    assert "index build --publish" in taken.err
    built = peiban("index", "build", "--publish")
    assert built.code == 0, built.err
    served(services)
    assert peiban("ask", "八个月的娃可以吃蜂蜜不").out.startswith("满一岁再吃蜂蜜")
    assert peiban("editions", "rollback").code == 0
    served(services)
    row = peiban("ask", "八个月的娃可以吃蜂蜜不", "--json").rows[0]
    assert (row["edition"], row["passages"][0]["title"]) == (first, "一岁前，蜂蜜一口都不要给")
    listed = peiban("editions", "list").out
    assert listed.index("built") > 0
    assert "●" in listed


def served(services: Services) -> None:
    """What a running server's tick does: hold the published edition ready in the cache."""
    look(services)


def test_an_unchanged_curriculum_is_not_built_again(peiban: Peiban) -> None:
    ran = peiban("index", "build")
    assert ran.code == 0
    assert "nothing to build" in ran.err


def test_a_batch_with_a_bad_line_names_it_and_changes_nothing(peiban: Peiban, services: Services, files: Path) -> None:
    with services.database.transaction() as session:
        before = [revision.id for revision in queries.approved(session)]
    edit(files, "honey-under-1", "# zh: 一岁前，蜂蜜一口都不要给", "# zh: 满一岁再吃蜂蜜")
    edit(files, "picky-eating", "topics:", "topic:")
    ran = peiban("knowledge", "import", files)
    assert ran.code == 1
    assert "picky-eating.md:3: unknown key 'topic'" in ran.err
    with services.database.transaction() as session:
        assert [revision.id for revision in queries.approved(session)] == before


def test_check_finds_the_same_without_a_database(bare: Peiban, files: Path) -> None:
    ran = bare("knowledge", "check", files, "--json")
    assert (ran.code, ran.rows[0]["slug"], ran.rows[0]["rule"]) == (1, "honey-under-1", "length")
    edit(files, "picky-eating", "topics:", "topic:")
    ran = bare("knowledge", "check", files)
    assert (ran.code, "picky-eating.md:3" in ran.err) == (1, True)
    assert bare("knowledge", "check", files / "nowhere").code == 2


def test_export_as_json_is_one_passage_a_line(peiban: Peiban) -> None:
    rows = peiban("knowledge", "export", "--json").rows
    assert [row["slug"] for row in rows] == ["honey-under-1", "night-waking", "picky-eating", "tantrums-1-to-3"]
    fields = {*PassageContent.model_fields, "reviewed", "reviewed_by"}
    assert all(set(row) == fields for row in rows)


def test_exported_files_are_the_imported_ones(peiban: Peiban, tmp_path: Path) -> None:
    assert peiban("knowledge", "export", tmp_path / "out").code == 0
    again = peiban("knowledge", "import", tmp_path / "out")
    assert "0 new, 0 changed, 0 retired, 4 unchanged" in again.err
    assert peiban("knowledge", "export").code == 2


def test_a_passage_whose_file_is_gone_is_retired_only_when_asked(peiban: Peiban, files: Path) -> None:
    (files / "night-waking.md").unlink()
    assert "0 retired" in peiban("knowledge", "import", files).err
    assert "1 retired" in peiban("knowledge", "import", files, "--retire-missing").err
    assert "night-waking" not in peiban("knowledge", "export", "--json").out


def test_editions_that_are_not_there(peiban: Peiban) -> None:
    assert peiban("editions", "publish", 999).code == 2
    assert peiban("editions", "rollback").code == 1
    assert peiban("editions", "build", 0).code == 2


def test_anybodys_corpus(bare: Peiban, tmp_path: Path) -> None:
    corpus, queries_file = tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl"
    documents = [
        {"id": "d1", "title": "长江", "text": "长江发源于青藏高原，在上海附近流入东海。", "lang": "zh"},
        {"id": "d2", "text": "The Great Wall was built over many centuries by several dynasties."},
        {"id": "d3", "text": "熊猫主要吃竹子，住在四川、陕西和甘肃的山里。", "more": 1},
    ]
    corpus.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in documents), encoding="utf-8")
    asked = [{"id": "q1", "text": "大熊猫吃什么"}, {"id": "q2", "text": "Who built the Great Wall?", "lang": "en"}]
    queries_file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in asked), encoding="utf-8")
    bundle = tmp_path / "bundle"
    assert bare("index", "build", "--corpus", corpus, "--out", bundle).code == 0
    ran = bare("index", "search", "--bundle", bundle, "--queries", queries_file, "--top", 2)
    assert [(row["id"], row["hits"][0]["id"]) for row in ran.rows] == [("q1", "d3"), ("q2", "d2")]
    assert all(list(row) == ["id", "hits", "confidence"] and len(row["hits"]) <= 2 for row in ran.rows)
    assert list(ran.rows[0]["hits"][0]) == ["id", "score"]
    assert bare("index", "build", "--corpus", corpus, "--out", bundle).code == 1, "a bundle is never overwritten"


def test_mistakes_with_a_corpus(bare: Peiban, tmp_path: Path) -> None:
    assert bare("index", "build", "--corpus", tmp_path / "c").code == 2
    assert bare("index", "build", "--out", tmp_path / "o").code == 2
    assert bare("index", "build", "--corpus", tmp_path / "missing", "--out", tmp_path / "o").code == 2
    assert bare("index", "search", "--bundle", tmp_path, "--queries", tmp_path / "missing").code == 2


@pytest.mark.parametrize("kind", ["course", "package", "passage", "task"])
def test_every_kind_of_file_has_a_schema(bare: Peiban, kind: str) -> None:
    schema = bare("knowledge", "schema", kind).rows[0]
    assert {"slug", "age_months"} <= set(schema["required"])
