import shutil
from pathlib import Path

import numpy as np
import pytest

from index.build import build
from index.corpus import Document
from index.manifest import checksums, read_manifest, verify
from index.search import Searcher
from index.vectors import VectorIndex
from kit.errors import Invalid, NotFound, WrongState
from tests.index.letters import LetterEncoder

HONEY = Document(
    doc_id="honey:zh", group="honey", lang="zh", title="蜂蜜", text="一岁前不给", questions=("能吃蜂蜜吗", "蜂蜜水行吗")
)
HONEY_EN = Document(
    doc_id="honey:en", group="honey", lang="en", title="Honey", text="none before one", questions=("is honey safe",)
)
FEVER = Document(doc_id="fever:zh", group="fever", lang="zh", title="发烧", text="多喝水多看人", questions=("发烧怎么办",))
ALL = (HONEY, HONEY_EN, FEVER)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_manifest_tells_what_was_built(tmp_path: Path) -> None:
    manifest = build(ALL, tmp_path / "one", encoder=LetterEncoder(), meta={"edition": 7})
    assert (manifest.documents, manifest.entries, manifest.dimensions) == (3, 7, 64)
    assert manifest.vectors == {"zh": "IndexFlatIP", "en": "IndexFlatIP"}
    assert (manifest.model, manifest.fingerprint, manifest.meta) == ("letters", "letters-1", {"edition": 7})
    assert read_manifest(tmp_path / "one") == manifest
    assert manifest.files == checksums(tmp_path / "one")


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    build(ALL, tmp_path / "one", encoder=LetterEncoder())
    build(ALL, tmp_path / "two", encoder=LetterEncoder(), exact_up_to=100)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_a_graph_is_the_same_byte_for_byte_too(tmp_path: Path) -> None:
    for name in ("one", "two"):
        manifest = build(ALL, tmp_path / name, encoder=LetterEncoder(), exact_up_to=2)
        assert manifest.vectors == {"zh": "IndexHNSWFlat", "en": "IndexFlatIP"}
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")
    assert Searcher.open(tmp_path / "one", LetterEncoder()).search("发烧怎么办").hits[0].key == "fever"


def test_only_new_texts_are_embedded(tmp_path: Path) -> None:
    build(ALL, tmp_path / "one", encoder=LetterEncoder())
    encoder, seen = LetterEncoder(), list[tuple[int, int]]()
    changed = Document(doc_id="fever:zh", group="fever", lang="zh", title="发烧", text="多看人", questions=FEVER.questions)
    build(
        (HONEY, HONEY_EN, changed),
        tmp_path / "two",
        encoder=encoder,
        previous=tmp_path / "one",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert encoder.texts == ["发烧 多看人"]
    assert seen == [(1, 1)]
    fresh = build((HONEY, HONEY_EN, changed), tmp_path / "three", encoder=LetterEncoder())
    assert fresh.files == read_manifest(tmp_path / "two").files


def test_a_text_that_stands_twice_is_embedded_once(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    twin = Document(doc_id="other:zh", lang="zh", text="另一篇", questions=("发烧怎么办", "发烧怎么办"))
    build((FEVER, twin), tmp_path / "one", encoder=encoder)
    assert encoder.texts.count("发烧怎么办") == 1


def test_nothing_is_taken_from_another_model_or_a_damaged_bundle(tmp_path: Path) -> None:
    build(ALL, tmp_path / "one", encoder=LetterEncoder())
    other = LetterEncoder(fingerprint="letters-2")
    build(ALL, tmp_path / "two", encoder=other, previous=tmp_path / "one")
    assert len(other.texts) == 7
    (tmp_path / "one" / "vectors-zh.faiss").write_bytes(b"")
    again = LetterEncoder()
    build(ALL, tmp_path / "three", encoder=again, previous=tmp_path / "one")
    assert len(again.texts) == 7


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        build(ALL, tmp_path / "one", encoder=LetterEncoder(), meta={"built": object()})  # type: ignore[dict-item]
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_is_never_overwritten(tmp_path: Path) -> None:
    build(ALL, tmp_path / "one", encoder=LetterEncoder())
    with pytest.raises(WrongState):
        build(ALL, tmp_path / "one", encoder=LetterEncoder())


def test_documents_that_cannot_be_indexed(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no document"):
        build([], tmp_path / "one", encoder=LetterEncoder())
    with pytest.raises(Invalid, match="share their id"):
        build([HONEY, HONEY], tmp_path / "one", encoder=LetterEncoder())


def test_a_corpus_without_one_word_still_builds(tmp_path: Path) -> None:
    build([Document(doc_id="a", lang="zh", text="!?")], tmp_path / "one", encoder=LetterEncoder())
    assert Searcher.open(tmp_path / "one", LetterEncoder()).search("!?").hits[0].key == "a"


def test_damage_is_noticed(tmp_path: Path) -> None:
    manifest = build(ALL, tmp_path / "one", encoder=LetterEncoder())
    (tmp_path / "one" / "stray").write_text("x")
    with pytest.raises(Invalid, match="stray"):
        verify(tmp_path / "one", manifest)
    shutil.rmtree(tmp_path / "one")
    with pytest.raises(NotFound):
        read_manifest(tmp_path / "one")


def test_stored_vectors_come_back(tmp_path: Path) -> None:
    vectors = LetterEncoder().encode(["abc", "xyz"])
    VectorIndex.build(vectors).save(tmp_path / "v.faiss")
    loaded = VectorIndex.load(tmp_path / "v.faiss")
    assert np.array_equal(loaded.vectors([1]), vectors[1:])
    rows, cosines = loaded.nearest(vectors[:1], 5)
    assert rows.tolist() == [0, 1]
    assert cosines[0] == pytest.approx(1.0)
