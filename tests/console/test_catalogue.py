"""Every sentence our pages show is in the English catalogue, whole and with the same facts in it."""

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.web.languages import CATALOGUES, translate, translations
from app.web.sentences import sentence_for
from kit.errors import Invalid, PeibanError
from kit.limits import TooManyAttempts

APP = CATALOGUES.parents[2]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None, "translate": None}


def written() -> dict[str, str]:
    """Sentence to the file it stands in."""
    found = extract_from_dir(APP, METHODS, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0]: name for name, _, message, _, _ in found}


def catalogues() -> list[Catalog]:
    return [read_po(BytesIO(path.read_bytes()), locale="en") for path in sorted(Path(CATALOGUES).glob("*.po"))]


def test_every_sentence_has_its_english() -> None:
    known = {entry.id if isinstance(entry.id, str) else entry.id[0] for book in catalogues() for entry in book if entry.string}
    missing = {sentence: name for sentence, name in written().items() if sentence not in known}
    assert not missing, "\n".join(f"{name}: {sentence}" for sentence, name in missing.items())


def test_no_english_is_doubtful_or_left_over() -> None:
    needed = written()
    for book in catalogues():
        for entry in book:
            key = entry.id if isinstance(entry.id, str) else entry.id[0]
            assert not entry.fuzzy, key
            assert not key or key in needed, f"nobody says this any more: {key}"
        assert not book.obsolete


def test_the_english_holds_the_same_facts() -> None:
    for book in catalogues():
        for entry in book:
            ids, strings = (part if isinstance(part, (list, tuple)) else [part] for part in (entry.id, entry.string))
            facts = {frozenset(re.findall(r"%\((\w+)\)", text)) for text in (*ids, *strings)}
            assert len(facts) == 1, entry.id


def test_chinese_is_its_own_catalogue_and_english_is_read_at_start() -> None:
    assert translations("zh").gettext("求助") == "求助"
    assert translate("第 %(number)s 版", "en", number=3) == "Edition 3"
    assert translations("en").ngettext("%(num)s 篇", "%(num)s 篇", 1) == "%(num)s passage"


def test_an_error_without_a_sentence_of_its_own_says_what_it_means() -> None:
    class TooShort(Invalid):
        """Nobody has worded this one."""

    class NeitherOfTheFive(PeibanError):
        """Not even a meaning."""

    assert sentence_for(TooShort(), "zh") == sentence_for(Invalid(), "zh") == sentence_for(NeitherOfTheFive(), "zh")
    assert "15 minutes" in sentence_for(TooManyAttempts(minutes=15), "en")
    assert "%(" not in sentence_for(TooManyAttempts(), "zh")
