"""Every sentence of the chat page exists in both languages, and every table of the register has words for parents."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file

import app.chat
from app.chat.privacy import WORDS, kept
from app.web.languages import translations
from care.privacy.register import PERSONAL, Purpose

FOLDER = Path(app.chat.__path__[0])


def sentences() -> set[str]:
    found = {
        str(message)
        for path in (FOLDER / "templates").glob("*.html")
        for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", path, options={"newstyle_gettext": "true"})
    }
    marked = extract_from_dir(FOLDER, method_map=[("**.py", "python")], keywords={"mark": None})
    return found | {str(message) for _, _, message, _, _ in marked}


def test_all_of_it_is_in_english_too() -> None:
    english = translations("en")
    assert len(sentences()) > 60
    assert [sentence for sentence in sentences() if english.gettext(sentence) == sentence] == []


def test_the_privacy_page_leaves_nothing_out() -> None:
    families = {entry.table for entry in PERSONAL if entry.purpose is not Purpose.STAFF}
    assert families <= set(WORDS)
    shown = [thing for row in kept("zh") for thing in row.things]
    assert len(shown) == len(set(shown)) == len(WORDS)


@pytest.mark.parametrize(
    ("lang", "lasts"), [("zh", ["您用多久就留多久", "2个月", "1年", "3年", "3天"]), ("en", ["2 months", "1 year", "3 days"])]
)
def test_how_long(lang: str, lasts: list[str]) -> None:
    told = {row.lasts for row in kept("en" if lang == "en" else "zh")}
    assert set(lasts) <= told
