import pytest

from index.text import guess_lang, lexicon_checksum, regular, words


@pytest.mark.parametrize(
    ("said", "regularly"),
    [
        ("八个月的娃儿 可以吃蜂糖不", "八个月的孩子 可以吃蜂蜜不"),
        ("寶寶發燒怎麼辦", "孩子发烧怎么办"),
        ("娃儿ＡＤ滴剂吃几颗？", "孩子ad滴剂吃几颗?"),
        ("屙肚子咋个办", "拉肚子怎么办"),
        ("焉妥妥的", "没精神的"),
        ("洋娃娃", "洋娃娃"),
        ("  My   Baby\tCries ", "my baby cries"),
        ("玩耍", "玩"),
        ("How do I toilet train my kid?", "how do i potty train my child?"),
        ("skidding", "skidding"),
    ],
)
def test_a_question_is_made_regular(said: str, regularly: str) -> None:
    assert regular(said) == regularly


def test_regular_text_stays_as_it_is() -> None:
    once = regular("娃娃屙稀，老汉儿咋办哦")
    assert regular(once) == once


@pytest.mark.parametrize(
    ("text", "lang"),
    [("宝宝吃 Aptamil 可以吗", "zh"), ("my baby 宝宝 will not sleep at night", "en"), ("???", "en"), ("发烧", "zh")],
)
def test_language_is_guessed_from_the_script(text: str, lang: str) -> None:
    assert guess_lang(text) == lang


def test_chinese_words_carry_pairs_and_latin() -> None:
    cut = words("吃ad滴剂", "zh")
    assert {"吃", "滴剂", "ad"} <= set(cut)


def test_english_words_are_stems_without_stop_words() -> None:
    assert words("how do i stop the babies crying", "en") == ["stop", "babi", "cri"]


def test_punctuation_has_no_words() -> None:
    assert words("?!…", "zh") == []
    assert words("?!…", "en") == []


def test_the_lexicon_has_a_checksum() -> None:
    assert len(lexicon_checksum()) == 64
