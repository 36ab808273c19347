from pathlib import Path

import pytest

from index.corpus import from_passages, read_corpus
from kit.errors import Invalid, NotFound
from knowledge.content import Audience, PassageContent, Source, Wording


def _corpus(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "corpus.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_needs_id_and_text_only(tmp_path: Path) -> None:
    documents = read_corpus(
        _corpus(tmp_path, '{"id": "a", "text": "宝宝发烧", "other": 1}\n\n{"id":"b","text":"Fever","title":"T"}\n')
    )
    assert [(d.key, d.lang, d.title) for d in documents] == [("a", "zh", ""), ("b", "en", "T")]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "corpus.jsonl:2: not JSON"),
        ("[]", "corpus.jsonl:2: expected an object"),
        ('{"id": "b"}', 'corpus.jsonl:2: "text" must be a text'),
        ('{"id": 7, "text": "x"}', 'corpus.jsonl:2: "id" must be a text'),
        ('{"id": "b", "text": "x", "lang": "fr"}', 'corpus.jsonl:2: "lang" must be zh or en'),
        ('{"id": "b", "text": "x", "title": 3}', 'corpus.jsonl:2: "title" must be a text'),
        ('{"id": "a", "text": "x"}', "the id 'a' stands there twice"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = _corpus(tmp_path, f'{{"id": "a", "text": "x"}}\n{line}\n')
    with pytest.raises(Invalid, match=complaint):
        read_corpus(path)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_corpus(tmp_path / "none.jsonl")
    path = tmp_path / "bytes.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Invalid, match="not UTF-8"):
        read_corpus(path)


def test_a_passage_is_two_documents_of_one_key() -> None:
    zh = Wording(title="蜂蜜", text="一岁以前一口蜂蜜都不要给孩子，会中毒的。", more="煮过也不行。", questions=("一", "二", "三"))
    en = Wording(title="Honey", text="Not a spoon of honey before one year.", questions=("a", "b", "c"))
    passage = PassageContent(
        slug="honey-under-1",
        topics=("honey_under_1",),
        age_months=(0, 12),
        audiences=(Audience.NEW_PARENTS,),
        zh=zh,
        en=en,
        sources=(Source(organisation="WHO", title="Guideline", year=2023),),
    )
    first, second = from_passages([passage])
    assert (first.doc_id, first.lang, second.doc_id, second.lang) == ("honey-under-1:zh", "zh", "honey-under-1:en", "en")
    assert first.key == second.key == "honey-under-1"
    assert (first.questions, first.age_months, first.more) == (("一", "二", "三"), (0, 12), "煮过也不行。")
