"""`peiban ask`: a contract that other tools rely on."""

import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from app.serving import CURRICULUM
from care.services import Services
from tests.cli.conftest import Peiban
from tests.fixtures.talk import Talker

HONEY = "八个月的娃可以吃蜂蜜不"


def counts(services: Services) -> dict[str, int]:
    with services.database.transaction() as session:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables}


def test_one_question(peiban: Peiban, services: Services) -> None:
    before = counts(services)
    ran = peiban("ask", HONEY, "--age-months", 8, "--json")
    assert (ran.code, len(ran.rows)) == (0, 1)
    row = ran.rows[0]
    assert list(row) == ["id", "decision", "triage", "confidence", "passages", "reply", "edition"]
    assert (row["id"], row["decision"]) == (None, "answer")
    assert row["triage"] == {"level": "normal", "category": "none"}
    assert 0.5 <= row["confidence"] <= 1
    best = row["passages"][0]
    assert list(best) == ["slug", "title", "score", "topics", "age_months"]
    assert (best["slug"], best["topics"][0], best["age_months"]) == ("honey-under-1", "honey_under_1", [0, 12])
    assert row["edition"] == services.library.current().number
    assert counts(services) == before


def test_the_reply_is_what_a_parent_reads(peiban: Peiban, services: Services) -> None:
    asked = Talker(services, "mother").says(HONEY)
    read = "\n\n".join(block.text for block in asked.shown[0].blocks)
    assert peiban("ask", HONEY, "--json").rows[0]["reply"] == read


def test_a_batch_comes_back_in_order(peiban: Peiban, tmp_path: Path) -> None:
    lines = [
        {"id": "x", "text": "宝宝喊不醒 嘴巴乌了", "expected": "ignored"},
        {"id": 7, "text": HONEY, "age_months": 8},
        {"id": "en", "text": "Can my eight month old have honey?", "lang": "en"},
        {"id": "none", "text": "？！"},
        {"id": "off", "text": "股票明天涨不涨", "lang": None, "age_months": None},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n", encoding="utf-8")
    ran = peiban("ask", "--batch", file)
    assert (ran.code, [row["id"] for row in ran.rows]) == (0, ["x", 7, "en", "none", "off"])
    danger, honey, english, empty, off = ran.rows
    assert (danger["decision"], danger["triage"]["level"]) == ("emergency", "emergency")
    assert "120" in danger["reply"].splitlines()[0]
    assert danger["passages"], "the nearest passages are shown whatever is decided"
    assert (honey["passages"][0]["slug"], english["passages"][0]["slug"]) == ("honey-under-1", "honey-under-1")
    assert english["reply"].isascii() or "。" not in english["reply"]
    assert (empty["decision"], empty["passages"]) == ("decline", [])
    assert off["decision"] == "decline"


def test_a_batch_decides_as_the_chat_does(peiban: Peiban, services: Services, tmp_path: Path) -> None:
    """What the chat says first to a single message, and what the batch calls it."""
    said = {
        HONEY: "answer",
        f"{HONEY} 另外宝宝晚上老是醒怎么办": "answer",
        "股票明天涨不涨": "decline",
        "谢谢老师": "decline",
        "周末有没有人": "decline",
        "一岁半": "decline",
        "娃儿学走路要不要穿鞋": "relay",
        "我要找老师": "relay",
        "宝宝喊不醒 嘴巴乌了": "emergency",
    }
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps({"id": text, "text": text}, ensure_ascii=False) for text in said), encoding="utf-8")
    rows = peiban("ask", "--batch", file).rows
    assert {row["id"]: row["decision"] for row in rows} == said
    for number, row in enumerate(rows):
        chat = Talker(services, f"mother-{number}").says(row["id"])
        first = chat.shown[0].blocks[0].text
        assert row["reply"].startswith(first), row["id"]
    assert [one["decision"] for one in rows[1]["questions"]] == ["answer", "answer"]


def test_danger_that_can_wait_a_day_goes_to_a_person(peiban: Peiban) -> None:
    row = peiban("ask", "我不想活了，可是孩子还要吃奶", "--json").rows[0]
    if row["triage"]["level"] == "urgent_human":
        assert row["decision"] == "relay"
    else:
        assert (row["triage"]["level"], row["decision"]) == ("emergency", "emergency")


def test_for_people_it_prints_the_reply_alone(peiban: Peiban) -> None:
    ran = peiban("ask", HONEY)
    assert ran.out.startswith("一岁前，蜂蜜一口都不要给")
    assert "待本地专家审核" in ran.out
    assert "{" not in ran.out


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        '{"id": "a"}',
        '{"text": "x"}',
        '{"id": "a", "text": "x", "lang": "fr"}',
        '{"id": "a", "text": "x", "age_months": 999}',
    ],
)
def test_a_bad_line_is_named_and_nothing_is_answered(bare: Peiban, tmp_path: Path, bad: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f'{{"id": "good", "text": "{HONEY}"}}\n{bad}\n', encoding="utf-8")
    ran = bare("ask", "--batch", file)
    assert (ran.code, ran.out) == (2, "")
    assert "questions.jsonl:2" in ran.err


def test_mistakes_of_the_asker(bare: Peiban, tmp_path: Path) -> None:
    assert bare("ask").code == 2
    assert bare("ask", "x", "--batch", tmp_path / "f").code == 2
    assert bare("ask", "--batch", tmp_path / "missing.jsonl").code == 2
    assert bare("ask", "   ").code == 2
    assert bare("ask", "x", "--lang", "fr").code == 2
    assert bare("ask", "x", "--age-months", "900").code == 2


def test_in_production_unpublished_passages_answer_nobody(bare: Peiban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    ran = bare("ask", HONEY)
    assert ran.code == 1
    assert "peiban index build --publish" in ran.err


@pytest.mark.slow
def test_before_anything_was_published_the_starter_files_answer(
    bare: Peiban, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = tmp_path_factory.mktemp("some")  # of the starter files; all of them take half a minute
    for file in [*sorted(CURRICULUM.glob("*.md"))[:30], CURRICULUM / "honey-under-1.md"]:
        shutil.copy(file, some)
    monkeypatch.setattr("app.starter.CURRICULUM", some)
    row = bare("ask", HONEY, "--age-months", 8, "--json").rows[0]
    assert (row["edition"], row["passages"][0]["topics"][0], len(row["passages"])) == (0, "honey_under_1", 10)
    assert list(tmp_path.iterdir()) == [], "asking keeps nothing"
