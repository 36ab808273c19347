import pytest

from index.ages import age_fit, age_in
from index.text import regular


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("八个月的娃可以吃蜂蜜不", 8),
        ("8个月", 8),
        ("宝宝8m了", 8),
        ("十一个月还不爬", 11),
        ("十八个月", 18),
        ("两岁半不说话", 30),
        ("俩岁", 24),
        ("1岁3个月", 15),
        ("三岁零两个月", 38),
        ("一岁多了想断奶", 18),
        ("三个半月", 3.5),
        ("半岁咯 可以喂米糊糊了不", 6),
        ("满周岁", 12),
        ("月子里的娃", 0.5),
        ("My 18 months old", 18),
        ("an eight-month-old baby", 8),
        ("she is two and a half years old", 30),
        ("2 years old", 24),
        ("my 3 yo", 36),
        ("1 year 3 months", 15),
        ("my newborn", 0.5),
    ],
)
def test_an_age_in_the_words_is_read(text: str, months: float) -> None:
    assert age_in(regular(text)) == months


@pytest.mark.parametrize(
    "text",
    ["咳了两个月", "怀孕三个月能坐飞机吗", "早产了一个多月", "股票明天涨不涨", "coughing for 2 months", "每天三次", "十点睡"],
)
def test_a_time_that_is_no_age_is_left(text: str) -> None:
    assert age_in(regular(text)) is None


def test_inside_the_band_fits_and_the_unknown_is_neutral() -> None:
    assert age_fit(0, (0, 12)) == age_fit(11.9, (0, 12)) == age_fit(None, (0, 12)) == age_fit(8, None) == 1.0


def test_fit_falls_with_the_distance_until_it_is_hopeless() -> None:
    assert 1.0 > age_fit(14, (0, 12)) > age_fit(20, (0, 12)) > 0.0
    assert age_fit(60, (0, 12)) == age_fit(1, (36, 72)) == 0.0
