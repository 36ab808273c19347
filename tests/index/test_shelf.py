from pathlib import Path

import pytest

from index.build import build
from index.corpus import Document
from index.shelf import Shelf
from kit.errors import NotFound, Unavailable
from tests.index.letters import LetterEncoder


def test_an_empty_shelf_says_so(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, LetterEncoder())
    assert shelf.edition is None
    with pytest.raises(Unavailable):
        shelf.current()


def test_a_swap_changes_the_answers_and_a_failed_one_changes_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, LetterEncoder())
    for number, text in ((1, "old"), (2, "new")):
        build([Document(doc_id=text, text=text, lang="en")], tmp_path / str(number), encoder=LetterEncoder())
    shelf.swap("1", edition=1)
    held = shelf.current()
    shelf.swap(tmp_path / "2", edition=2)
    with pytest.raises(NotFound):
        shelf.swap("3", edition=3)
    assert (shelf.edition, held.edition) == (2, 1)
    assert shelf.current().searcher.search("new").hits[0].key == "new"
    assert held.searcher.search("new").hits[0].key == "old"
