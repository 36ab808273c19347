"""Words: one BM25 index a language, whose scores are shares of the question and so comparable between questions."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import bm25s  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt

from index.text import Lang, words

Scores = npt.NDArray[np.float32]


class Lexical:
    """BM25 over the documents of one language; row n is the n-th text it was built from."""

    def __init__(self, bm25: bm25s.BM25, *, lang: Lang) -> None:
        self.lang = lang
        self._bm25 = bm25
        self._rarity = _rarities(bm25)

    @classmethod
    def build(cls, texts: Sequence[str], *, lang: Lang) -> Self:
        """`texts` are regular and at least one of them has a word."""
        cut = [words(text, lang) for text in texts]
        # Sorted, because the library's own numbering of words changes from run to run and bundles must not.
        numbers = {word: number for number, word in enumerate(sorted({word for row in cut for word in row}))}
        bm25 = bm25s.BM25()
        corpus = bm25s.tokenization.Tokenized(ids=[[numbers[word] for word in row] for row in cut], vocab=numbers)
        bm25.index(corpus, show_progress=False)
        return cls(bm25, lang=lang)

    @classmethod
    def load(cls, folder: Path, *, lang: Lang) -> Self:
        return cls(bm25s.BM25.load(folder, mmap=True), lang=lang)

    def save(self, folder: Path) -> None:
        self._bm25.save(folder, show_progress=False)

    def scores(self, text: str) -> Scores:
        """For each row the share, 0 to about 1, of the question's weight of words that the row carries.

        A word that no row knows counts with the weight of the rarest: a question full of strange words scores low.
        """
        asked = set(words(text, self.lang))
        vocabulary = self._bm25.vocab_dict
        known = sorted(vocabulary[word] for word in asked if word in vocabulary)
        if not known:
            return np.zeros(self._bm25.scores["num_docs"], dtype=np.float32)
        weight = float(self._rarity[known].sum()) + float(self._rarity.max()) * (len(asked) - len(known))
        found: Scores = self._bm25.get_scores_from_ids(known)
        return found / np.float32(weight)


def has_words(texts: Iterable[str], lang: Lang) -> bool:
    return any(words(text, lang) for text in texts)


def _rarities(bm25: bm25s.BM25) -> Scores:
    """Inverse document frequency by number of the word, as in the BM25 of Lucene: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    holding = np.diff(bm25.scores["indptr"]).astype(np.float32)
    rarity: Scores = np.log1p((bm25.scores["num_docs"] - holding + 0.5) / (holding + 0.5))
    return rarity
