"""The English catalogue of the conversation: every Chinese sentence of the code has its English, and nothing else stands there."""

import re
from importlib.resources import files
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.telegram import words as telegram
from kit.catalogue import translations

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def used() -> set[str]:
    """What the code asks for: literal sentences of `_` and `gettext`, and Telegram's, which are looked up by name."""
    found = extract_from_dir(str(files("bot")), [("**.py", "python")], keywords={"_": None, "gettext": None})
    told = {message for _, _, message, _, _ in found if isinstance(message, str)}
    return told | {*telegram.PARENT_COMMANDS.values(), *telegram.STAFF_COMMANDS.values(), telegram.WRITE_PRIVATELY}


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.fixture(scope="module")
def english() -> Catalog:
    with files("bot").joinpath("locale/en/LC_MESSAGES/messages.po").open("rb") as written:
        return read_po(written, locale="en")


def test_every_sentence_has_its_english(english: Catalog) -> None:
    there = {str(message.id) for message in english if message.id and message.string}
    assert used() - there == set()


def test_nothing_stands_there_that_nobody_says(english: Catalog) -> None:
    assert {str(message.id) for message in english if message.id} - used() == set()
    assert list(english.obsolete) == []


def test_nothing_is_left_uncertain(english: Catalog) -> None:
    assert [message.id for message in english if message.id and message.fuzzy] == []


def test_the_same_blanks_are_filled_in(english: Catalog) -> None:
    wrong = [message.id for message in english if message.id and fields(str(message.id)) != fields(str(message.string))]
    assert wrong == []


def test_english_is_english_and_chinese_is_chinese(english: Catalog) -> None:
    for message in english:
        if message.id:
            assert CHINESE.search(str(message.string)) is None, message.string
            assert CHINESE.search(str(message.id)), message.id


def test_the_catalogue_is_the_one_that_is_read() -> None:
    assert translations("bot", "en").gettext("先不说") == "Not now"
    assert translations("bot", "zh").gettext("先不说") == "先不说"
