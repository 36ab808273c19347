"""Text made regular and cut into words, for questions and passages alike. Ages are read in index.ages."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import rjieba
import Stemmer  # type: ignore[import-not-found]
from bm25s.stopwords import STOPWORDS_EN_PLUS  # type: ignore[import-untyped]
from opencc import OpenCC

Lang = Literal["zh", "en"]

# Named in every manifest: a bundle cut by another tokeniser cannot be searched with this one.
TOKENIZER = "rjieba+bigrams/snowball-english/1"

_ENGLISH_STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)

_LEXICONS: dict[Lang, Path] = {lang: Path(__file__).with_name(f"lexicon_{lang}.txt") for lang in get_args(Lang)}
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_HAN_SHARE = 0.2  # a Chinese question with a foreign brand name in it is still Chinese

_simplified = OpenCC("t2s")


def regular(text: str) -> str:
    """Half width, lower case, simplified characters, words of the lexicons replaced, single spaces."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"\s+", " ", plain).strip()
    if _HAN.search(plain):
        return _replaced(_simplified.convert(plain), "zh")
    return _replaced(plain, "en")


def guess_lang(text: str) -> Lang:
    """zh as soon as a fifth of the letters are Chinese characters, else en."""
    letters = [character for character in text if character.isalpha()]
    han = sum(1 for character in letters if _HAN.match(character))
    return "zh" if han > _HAN_SHARE * max(len(letters), 1) else "en"


def words(text: str, lang: Lang) -> list[str]:
    """Words of a regular text for the lexical index; zh gives words and pairs of characters, en gives stems."""
    return _chinese_words(text) if lang == "zh" else _english_words(text)


def lexicon_checksum() -> str:
    """SHA-256 of both lexicons; part of the manifest, because they shape every stored word."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _LEXICONS.values())).hexdigest()


def _chinese_words(text: str) -> list[str]:
    found = []
    for run in _HAN.findall(text):
        found += rjieba.cut(run)
        # Pairs catch what the dictionary cuts differently in a question and in a passage.
        found += [run[at : at + 2] for at in range(len(run) - 1)]
    return found + _LATIN.findall(text)


def _english_words(text: str) -> list[str]:
    found = [word for word in _LATIN.findall(text) if word not in _ENGLISH_STOP_WORDS]
    found += [character for run in _HAN.findall(text) for character in run]
    stems: list[str] = _stemmer().stemWords(found)
    return stems


def _replaced(text: str, lang: Lang) -> str:
    pattern, replacements = _lexicon(lang)
    return pattern.sub(lambda found: replacements[found[0]], text)


@lru_cache(maxsize=2)
def _lexicon(lang: Lang) -> tuple[re.Pattern[str], dict[str, str]]:
    pairs = {}
    for line in _LEXICONS[lang].read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            said, _, meant = line.partition("->")
            pairs[said.strip()] = meant.strip()
    longest_first = "|".join(map(re.escape, sorted(pairs, key=len, reverse=True)))
    return re.compile(longest_first if lang == "zh" else rf"\b(?:{longest_first})\b"), pairs


def _stemmer() -> Stemmer.Stemmer:
    # A new one each time: the C object keeps a cache that two threads must not share. It costs microseconds.
    return Stemmer.Stemmer("english", 0)
