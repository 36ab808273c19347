"""`peiban evaluate` and `peiban index evaluate` on small sets: figures, misses, reports, and what is said when asked wrongly."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Peiban

DANGER = [
    {"text": "宝宝喊不醒 嘴巴乌了", "level": "emergency", "category": "medical", "lang": "zh", "voice": "mother"},
    {"text": "娃儿遭狗咬了", "level": "urgent_human", "category": "medical", "lang": "zh", "voice": "grandparent"},
    {"text": "we baked bread today", "level": "emergency", "category": "fire", "lang": "en", "voice": "father"},
]
LOOKALIKES = [{"text": "累死了", "level": "normal", "kind": "idiom", "lang": "zh", "voice": "mother"}]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    for half in ("reporting", "tuning"):
        _write(tmp_path / "danger" / half / "danger.jsonl", DANGER)
        _write(tmp_path / "danger" / half / "lookalikes.jsonl", LOOKALIKES)
    _write(tmp_path / "questions" / "zh.jsonl", [{"id": f"zh{n:03}", "text": f"第{n}周玩什么", "lang": "zh"} for n in range(8)])
    (tmp_path / "danger" / "reporting" / "LOOKS.md").write_text("## Looks\n\n2026-11-22, the first.\n", encoding="utf-8")
    return tmp_path


def _write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")


def test_figures_and_misses(bare: Peiban, sets: Path) -> None:
    ran = bare("evaluate", "--danger", "--sets", str(sets), "--json")
    assert ran.code == 0, ran.err
    (told,) = ran.rows
    assert told["missed"] == ["we baked bread today"]
    assert told["alarms"] == []
    assert told["figures"]["emergencies"]["hits"] == 1
    assert told["figures"]["emergencies"]["share"] == 0.5
    low, high = told["figures"]["emergencies"]["interval"]
    assert low < 0.5 < high
    assert told["figures"]["urgent"]["share"] == 1.0


def test_the_report_names_bars_parts_misses_and_looks(bare: Peiban, sets: Path, tmp_path: Path) -> None:
    ran = bare("evaluate", "--danger", "--sets", str(sets), "--report", str(tmp_path / "danger.md"))
    assert ran.code == 0, ran.err
    assert "we baked bread today" in ran.out
    report = (tmp_path / "danger.md").read_text(encoding="utf-8")
    assert "| emergencies recognised as emergencies | 0.500 | 1 of 2 |" in report
    assert "2026-11-22, the first." in report
    for part in ("| fire | 0 of 1 |", "| grandparent |  | 1 of 1 |", "| en | 0 of 1 |", "| idiom |  |  | 0 of 1 |"):
        assert part in report


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("evaluate",), "--danger"),
        (("evaluate", "--danger", "--half", "third"), "reporting"),
        (("evaluate", "--danger", "--sets", "/nowhere"), "/nowhere"),
    ],
)
def test_a_wrong_call_is_answered_with_a_sentence(bare: Peiban, given: tuple[str, ...], said: str) -> None:
    ran = bare(*given)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_anybodys_corpus_is_measured(bare: Peiban, tmp_path: Path) -> None:
    corpus, queries = tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl"
    _write(corpus, [{"id": "honey", "text": "一岁前不吃蜂蜜"}, {"id": "bath", "text": "洗澡水先用手肘试"}])
    asked = {"八个月能吃蜂蜜吗": ["honey"], "洗澡水多烫": ["bath"], "股票涨不涨": []}
    _write(queries, [{"text": text, "relevant": right} for text, right in asked.items()])
    assert bare("index", "build", "--corpus", corpus, "--out", tmp_path / "bundle").code == 0
    ran = bare("index", "evaluate", "--bundle", tmp_path / "bundle", "--queries", queries, "--json")
    assert ran.code == 0, ran.err
    assert (ran.rows[0]["queries"], ran.rows[0]["answerable"], ran.rows[0]["recall_at_1"]) == (3, 2, 1.0)
    assert "recall_at_1" in bare("index", "evaluate", "--bundle", tmp_path / "bundle", "--queries", queries).out
