"""Spoilt editions are refused, and the refusal names the questions; an edition that only grew passes."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from care.editions import bundles
from care.editions.bundles import Held, OpenEdition
from care.editions.gate import compare
from care.editions.verdict import Reason
from care.questions.gold import Half, read_gold
from index.encoders import Encoder, Vectors
from knowledge.markdown import parse_folder
from tests.conftest import GOLD

PASSAGES = GOLD.parent / "passages"
QUESTIONS = read_gold(GOLD / "questions", half=Half.TUNING)


class Shuffled:
    """Another model under the name and fingerprint of the real one."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimensions, self.fingerprint = encoder.name, encoder.dimensions, encoder.fingerprint
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.roll(self._encoder.encode([text[::-1] for text in texts]), 7, axis=1)


@pytest.fixture(scope="module")
def held() -> list[Held]:
    return [Held(number, one.reviewed, one.content) for number, one in enumerate(parse_folder(PASSAGES), start=1)]


Make = Callable[..., OpenEdition]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Make:
    def one(passages: Sequence[Held], *, by: Encoder = encoder) -> OpenEdition:
        folder = tmp_path_factory.mktemp("edition") / "bundle"
        bundles.write(folder, number=2, passages=passages, encoder=by, previous=None)
        return bundles.read(folder, encoder)

    return one


@pytest.fixture(scope="module")
def live(make: Make, held: list[Held]) -> OpenEdition:
    return make(held)


def changed(one: Held, **fields: object) -> Held:
    return replace(one, content=one.content.model_copy(update=fields))


def swapped(held: list[Held], *, whole: bool) -> list[Held]:
    """The words, or the text alone, of the first passage and the last stand under each other's name."""
    first, *rest, last = held
    if whole:
        return [
            changed(first, zh=last.content.zh, en=last.content.en),
            *rest,
            changed(last, zh=first.content.zh, en=first.content.en),
        ]
    zh = [one.content.zh.model_copy(update={"text": other.content.zh.text}) for one, other in ((first, last), (last, first))]
    return [changed(first, zh=zh[0]), *rest, changed(last, zh=zh[1])]


def test_the_same_passages_and_more_of_them_pass(make: Make, held: list[Held], live: OpenEdition) -> None:
    extra = changed(held[0], slug="honey-again", topics=("honey_under_1",))
    found = compare(make([*held, extra]), live, questions=QUESTIONS)
    assert (found.asked, found.reasons, found.broken) == (24, (), ())
    assert found.now["right_first"].value > 0.9


def test_deleted_passages_are_missed(make: Make, held: list[Held], live: OpenEdition) -> None:
    found = compare(make(held[1:]), live, questions=QUESTIONS)
    assert Reason.FEWER_RIGHT in found.reasons
    honey = next(one for one in found.broken if one.text == "八个月的娃儿可以吃蜂蜜不")
    assert (honey.before.slug, honey.before.zh, honey.gone) == ("honey-under-1", "一岁前，蜂蜜一口都不要给", True)


def test_swapped_words_are_refused(make: Make, held: list[Held], live: OpenEdition) -> None:
    found = compare(make(swapped(held, whole=True)), live, questions=QUESTIONS)
    assert {Reason.FEWER_RIGHT, Reason.TEXTS_MOVED} <= set(found.reasons)
    assert len(found.broken) >= 10


def test_texts_under_the_wrong_title_are_refused_though_every_question_still_finds_its_title(
    make: Make, held: list[Held], live: OpenEdition
) -> None:
    found = compare(make(swapped(held, whole=False)), live, questions=QUESTIONS)
    assert Reason.TEXTS_MOVED in found.reasons
    assert {(one.now.slug, one.source.slug) for one in found.moved} == {
        (held[0].content.slug, held[-1].content.slug),
        (held[-1].content.slug, held[0].content.slug),
    }


def test_a_passage_under_a_new_name_is_no_mix_up(make: Make, held: list[Held], live: OpenEdition) -> None:
    assert compare(make([changed(held[0], slug="no-honey"), *held[1:]]), live, questions=QUESTIONS).reasons == ()


def test_shifted_ages_are_refused(make: Make, held: list[Held], live: OpenEdition) -> None:
    older = [changed(one, age_months=(one.content.age_months[0] + 36, one.content.age_months[1] + 36)) for one in held]
    assert Reason.FEWER_RIGHT in compare(make(older), live, questions=QUESTIONS).reasons


def test_weights_of_another_model_are_refused(make: Make, held: list[Held], live: OpenEdition, encoder: Encoder) -> None:
    """Among four passages words alone find every one of them, so it is not told by what is found."""
    found = compare(make(held, by=Shuffled(encoder)), live, questions=QUESTIONS)
    assert Reason.FOREIGN_WEIGHTS in found.reasons


def test_a_first_edition_has_a_floor_alone(make: Make, held: list[Held], live: OpenEdition) -> None:
    assert compare(live, None, questions=QUESTIONS).reasons == ()
    wrong = [changed(one, topics=(held[place - 1].content.topics[0],)) for place, one in enumerate(held)]
    assert compare(make(wrong), None, questions=QUESTIONS).reasons == (Reason.BELOW_FLOOR,)


def test_without_time_or_questions_it_says_so(make: Make, live: OpenEdition) -> None:
    assert compare(live, live, questions=QUESTIONS, budget_s=-1).asked == 0
    assert compare(live, live, questions=[]).reasons == (Reason.NO_QUESTIONS,)
    assert compare(live, None, questions=[]).reasons == ()
