import json
import threading
from pathlib import Path

import pytest

from index.build import build
from index.corpus import Document
from index.encoders import Encoder
from index.manifest import read_manifest
from index.search import Result, Searcher
from kit.errors import Invalid, WrongState
from tests.index.letters import LetterEncoder

DOCUMENTS = (
    Document(
        doc_id="honey:zh", group="honey", lang="zh", title="一岁前不吃蜂蜜", text="蜂蜜里可能有毒，一岁前一口都不给。",
        questions=("八个月能吃蜂蜜吗",), age_months=(0, 12), topics=("honey_under_1",),
    ),
    Document(
        doc_id="honey:en", group="honey", lang="en", title="No honey before one", text="Honey may hold a poison for babies.",
        questions=("can my baby have honey",), age_months=(0, 12), topics=("honey_under_1",),
    ),
    Document(
        doc_id="sleep-baby:zh", group="sleep-baby", lang="zh", title="小月龄夜醒", text="头半年夜里醒几次很平常。",
        questions=("晚上老是醒怎么办",), age_months=(0, 6),
    ),
    Document(
        doc_id="sleep-big:zh", group="sleep-big", lang="zh", title="大孩子夜醒", text="三岁以后夜里醒，先看白天睡多久。",
        questions=("晚上老是醒怎么办",), age_months=(36, 72),
    ),
    Document(doc_id="abroad:en", lang="en", title="Car seats", text="Use a child car seat on every trip."),
)  # fmt: skip


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Searcher:
    bundle = tmp_path_factory.mktemp("search") / "bundle"
    build(DOCUMENTS, bundle, encoder=encoder)
    return Searcher.open(bundle, encoder)


def _keys(result: Result) -> list[str]:
    return [hit.key for hit in result.hits]


@pytest.mark.parametrize("asked", ["八个月的娃儿可以吃蜂糖不", "can babies eat honey?", "嬰兒能吃蜂蜜嗎"])
def test_the_right_one_comes_first_once(searcher: Searcher, asked: str) -> None:
    result = searcher.search(asked)
    assert result.hits[0].key == "honey"
    assert result.hits[0].topics == ("honey_under_1",)
    assert len(set(_keys(result))) == len(result.hits)
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert 0.0 <= result.confidence <= 1.0


def test_the_age_decides_between_two_alike(searcher: Searcher) -> None:
    assert _keys(searcher.search("晚上老是醒怎么办", age_months=3))[0] == "sleep-baby"
    assert _keys(searcher.search("晚上老是醒怎么办", age_months=48))[0] == "sleep-big"


def test_an_age_far_outside_the_band_is_left_out(searcher: Searcher) -> None:
    assert "sleep-big" not in _keys(searcher.search("晚上老是醒怎么办", age_months=1))
    assert {"sleep-baby", "sleep-big"} <= set(_keys(searcher.search("晚上老是醒怎么办")))


def test_an_age_in_the_words_beats_the_given_one(searcher: Searcher) -> None:
    result = searcher.search("四岁了晚上老是醒怎么办", age_months=2)
    assert result.age_months == 48
    assert result.hits[0].key == "sleep-big"
    assert searcher.search("晚上老是醒", age_months=2).age_months == 2


def test_a_document_of_the_other_language_is_found_when_the_own_has_none(searcher: Searcher) -> None:
    assert _keys(searcher.search("汽车安全座椅"))[0] == "abroad:en"


def test_top_limits_the_hits(searcher: Searcher) -> None:
    assert len(searcher.search("晚上老是醒怎么办", top=1).hits) == 1


def test_what_is_ours_is_told_from_what_is_not(searcher: Searcher) -> None:
    assert searcher.search("八个月的娃可以吃蜂蜜不").subject > 0.9
    assert searcher.search("股票明天涨不涨").subject < 0.2


def test_an_empty_question_is_refused(searcher: Searcher) -> None:
    with pytest.raises(Invalid):
        searcher.search(" \n")


@pytest.mark.parametrize("asked", ["?", "🙂", "1", "啊" * 3000, "ok", "\u202e娃"])
def test_odd_questions_get_a_result(searcher: Searcher, asked: str) -> None:
    assert 0.0 <= searcher.search(asked, lang="en").subject <= 1.0


def test_threads_get_what_one_alone_gets(searcher: Searcher) -> None:
    asked = ["八个月能吃蜂蜜吗", "晚上老是醒怎么办", "car seat", "股票"] * 5
    alone = [searcher.search(text) for text in asked]
    together: dict[int, list[Result]] = {}

    def ask(number: int) -> None:
        together[number] = [searcher.search(text) for text in asked]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results == alone for results in together.values())
    assert len(together) == 4


def test_a_bundle_of_another_encoder_is_refused(tmp_path: Path) -> None:
    build(DOCUMENTS, tmp_path / "one", encoder=LetterEncoder())
    with pytest.raises(WrongState, match="letters"):
        Searcher.open(tmp_path / "one", LetterEncoder(fingerprint="other"))


@pytest.mark.parametrize(("field", "value"), [("format", 99), ("tokenizer", "other"), ("unknown", 1)])
def test_a_bundle_that_this_version_cannot_read_is_refused(tmp_path: Path, field: str, value: object) -> None:
    build(DOCUMENTS, tmp_path / "one", encoder=LetterEncoder())
    path = tmp_path / "one" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    with pytest.raises(Invalid):
        Searcher.open(tmp_path / "one", LetterEncoder())


def test_a_damaged_bundle_is_refused(tmp_path: Path) -> None:
    build(DOCUMENTS, tmp_path / "one", encoder=LetterEncoder())
    assert read_manifest(tmp_path / "one")
    (tmp_path / "one" / "entries.jsonl").unlink()
    with pytest.raises(Invalid, match=r"entries\.jsonl"):
        Searcher.open(tmp_path / "one", LetterEncoder())


def test_what_is_withdrawn_is_found_in_no_language_and_stays_in_the_bundle(searcher: Searcher) -> None:
    poorer = searcher.without({"honey"})
    assert "honey" not in _keys(poorer.search("八个月能吃蜂蜜吗")) + _keys(poorer.search("can my baby have honey"))
    assert poorer.search("八个月能吃蜂蜜吗").confidence < searcher.search("八个月能吃蜂蜜吗").confidence
    assert _keys(searcher.search("八个月能吃蜂蜜吗"))[0] == "honey"
