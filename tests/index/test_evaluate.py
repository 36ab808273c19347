from pathlib import Path

import pytest

from index.build import build
from index.corpus import Document
from index.evaluate import Query, evaluate, read_queries
from index.search import Searcher
from kit.errors import Invalid
from tests.index.letters import LetterEncoder


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    documents = [Document(doc_id=text, text=text, lang="en") for text in ("apple tree", "river boat", "stone house")]
    build(documents, tmp_path / "bundle", encoder=LetterEncoder())
    return Searcher.open(tmp_path / "bundle", LetterEncoder())


def test_figures_of_a_perfect_and_of_a_wrong_answer(searcher: Searcher) -> None:
    right = Query(text="apple tree", relevant=frozenset({"apple tree"}))
    wrong = Query(text="river boat", relevant=frozenset({"apple tree"}))
    none = Query(text="zzz", relevant=frozenset())
    report = evaluate(searcher, [right, none])
    assert (report.queries, report.answerable, report.recall_at_1, report.mrr, report.auroc, report.coverage) == (
        2,
        1,
        1,
        1,
        1,
        1,
    )
    report = evaluate(searcher, [right, wrong])
    assert (report.recall_at_1, report.recall_at_3, report.auroc) == (0.5, 1.0, None)


def test_without_an_answerable_query_nothing_can_be_said(searcher: Searcher) -> None:
    with pytest.raises(Invalid):
        evaluate(searcher, [Query(text="zzz", relevant=frozenset())])


def test_queries_are_read_and_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"id": "q", "text": "apple", "relevant": ["apple tree"], "lang": "en"}\n{"text": "x"}\n')
    with pytest.raises(Invalid, match=r"queries\.jsonl:2"):
        read_queries(path)
    path.write_text('{"id": "q", "text": "apple", "relevant": ["apple tree"], "lang": "en"}\n')
    assert read_queries(path) == [Query(text="apple", relevant=frozenset({"apple tree"}), lang="en")]


def test_the_figures_of_places_and_of_confidence(searcher: Searcher) -> None:
    first = Query(text="apple tree", relevant=frozenset({"apple tree"}))
    two = Query(text="apple tree", relevant=frozenset({"apple tree", "nowhere"}))
    report = evaluate(searcher, [first, two])
    assert report.ndcg_at_10 == pytest.approx((1 + 1 / (1 + 1 / 1.584962)) / 2, abs=1e-4)  # the second has half of what it should
    assert report.intervals["recall_at_1"][0] < report.recall_at_1 == 1.0
    assert sum(one.of for one in report.bins) == 2
    assert report.calibration_error == pytest.approx(1 - report.bins[-1].confidence, abs=1e-6)


def test_fewer_answers_are_given_where_more_of_them_must_be_right(searcher: Searcher) -> None:
    queries = [Query(text=text, relevant=frozenset({text})) for text in ("apple tree", "river boat", "stone house")]
    wrong = [Query(text=text, relevant=frozenset({"river boat"})) for text in ("apple tree", "stone house")]
    shares = [evaluate(searcher, [*queries, *wrong], precision=share).coverage for share in (0.5, 0.99)]
    assert shares[0] == 0.6
    assert shares[1] < 0.6
