"""Homework in the conversation: albums, late things, two caregivers, doubles, restarts, questions in between, and danger first."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from care.cases.models import Case, CaseState
from care.homework import looking
from care.homework.models import HomeworkState, ItemState
from care.services import Services
from kit import clock, decency
from knowledge.homework import tasks
from tests.bot.homework_family import grandmother, homework_of, items_of, jpeg, mother, stored, wait
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker

KEPT = ItemState.KEPT


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        yield


def handing_in(services: Services) -> Talker:
    return mother(services).commands("homework").presses("交作业")


def test_a_task_suits_the_corrected_age(services: Services) -> None:
    talker = mother(services, months=8, early=8).commands("homework")
    assert talker.kinds == ["homework_task"]
    assert tasks()[homework_of(services).task].fits(6)
    assert "怎么做" in talker.labels


def test_without_a_childs_age_it_is_asked_first(services: Services) -> None:
    talker = Talker(services, "m").commands("homework")
    assert talker.kinds == ["homework_needs_age", "ask_child_year"]
    assert talker.says("八个月").says("豆豆").presses("足月生的").kinds == ["child_saved", "homework_task"]


@pytest.mark.parametrize(("months", "words"), [(75, "六岁以内"), (-2, "出生")])
def test_a_child_out_of_range_gets_a_clear_word(services: Services, months: int, words: str) -> None:
    assert words in mother(services, months=months).commands("homework").text


def test_another_one_until_there_is_no_other(services: Services) -> None:
    talker = mother(services, months=8, every_task=True).commands("homework")
    first = homework_of(services).task
    seen = {first}
    fitting = {task.slug for task in tasks().values() if task.fits(8)}
    for _ in range(len(fitting) - 1):
        talker.presses("换一个")
        seen.add(homework_of(services).task)
    assert seen == fitting
    assert talker.presses("换一个").kinds == ["homework_task"], "the first one comes back"
    assert tasks()[first].zh.title in talker.text


def test_how_to_do_it_says_what_to_send(services: Services) -> None:
    talker = mother(services).commands("homework").presses("怎么做")
    task = tasks()[homework_of(services).task]
    assert task.zh.do in talker.text
    assert task.zh.send in talker.text
    assert task.zh.hint not in talker.text, "the hint is for the trainer"


def test_an_album_is_one_submission_and_one_reply(services: Services) -> None:
    talker = handing_in(services)
    for shade in range(3):
        assert talker.sends_media(stored(services, jpeg(shade))).kinds == []
        wait(services, 1)
    assert talker.looks().kinds == [], "each photo moves the end"
    wait(services, 1)
    assert talker.looks().kinds == ["homework_received"]
    assert "照片 3 张" in talker.text
    assert homework_of(services).state is HomeworkState.HANDED_IN


def test_an_album_of_ten_where_item_seven_fails(services: Services) -> None:
    talker = handing_in(services)
    for number in range(1, 11):
        if number == 7:
            talker.sends_unusable("file")
        else:
            talker.sends_media(stored(services, jpeg(number)))
    wait(services)
    talker.looks()
    assert "照片 9 张" in talker.text
    assert "第 7 份没有收到" in talker.text
    assert len(items_of(services, KEPT)) == 9


def test_a_late_item_joins(services: Services) -> None:
    talker = handing_in(services).sends_media(stored(services, jpeg(1)))
    wait(services)
    first = homework_of(services)
    talker.looks().sends_media(stored(services, jpeg(2)))
    wait(services)
    assert "又收到照片 1 张" in talker.looks().text
    again = homework_of(services)
    assert (again.key, again.due_at) == (first.key, first.due_at)
    wait(services, 11 * 60)
    assert talker.sends_media(stored(services, jpeg(3))).kinds[0] == "unreadable", "much later it is something else"


def test_two_caregivers_of_one_child_make_one_submission(services: Services) -> None:
    one = mother(services).commands("homework")
    other = grandmother(services).commands("homework")
    assert other.kinds == ["homework_task"]
    one.presses("交作业").sends_media(stored(services, jpeg(1)))
    other.presses("交作业").sends_media(stored(services, jpeg(2)))
    wait(services)
    assert {item.homework_id for item in items_of(services)} == {homework_of(services).key}
    assert "照片 1 张" in one.looks().text
    assert "照片 1 张" in other.looks().text


def test_the_same_picture_twice_is_kept_once(services: Services) -> None:
    talker = handing_in(services)
    for file_id in ("a", "a", "b"):
        talker.sends_media(stored(services, jpeg(1), file_id=file_id))
    wait(services)
    talker.looks()
    assert "照片 1 张" in talker.text
    assert "有 2 份和前面的一样" in talker.text
    assert len(list(services.blobs.keys("photos"))) == 1


def test_a_question_in_between_is_answered_and_homework_goes_on(services: Services) -> None:
    talker = handing_in(services).says("八个月的娃可以吃蜂蜜不")
    assert talker.kinds[0] == "answer"
    assert talker.kinds[-1] == "homework_goes_on"
    talker.says("他敲了五下锅，笑得嘎嘎的")
    wait(services)
    assert "文字" in talker.looks().text
    assert items_of(services)[0].text == "他敲了五下锅，笑得嘎嘎的"


def test_a_restart_in_the_middle_changes_nothing(services: Services) -> None:
    handing_in(services).sends_media(stored(services, jpeg(1)))
    services.database.dispose()
    after = Talker(services, "m").sends_media(stored(services, jpeg(2)))
    wait(services)
    assert len(items_of(services, KEPT)) == 2
    assert "照片 2 张" in Talker(services, "m", seen=after.seen).looks().text


def test_danger_in_a_caption_comes_first(services: Services) -> None:
    talker = handing_in(services).sends_media(stored(services, jpeg(1)), caption="宝宝喊不醒 嘴巴乌了")
    assert talker.kinds[0] == "emergency"
    assert items_of(services) == []


def test_without_consent_no_picture_is_kept_and_words_will_do(services: Services) -> None:
    talker = mother(services, photos=False).commands("homework").presses("交作业")
    assert "可以给老师看" in talker.labels
    talker.sends_media(stored(services, jpeg(1)))
    assert talker.kinds == ["homework_ask_photos"]
    assert list(services.blobs.keys("photos")) == []
    talker.presses("我写几句话").says("他敲了五下锅")
    wait(services)
    assert "收到您的作业：文字" in talker.looks().text


def test_consent_in_the_middle_goes_on(services: Services) -> None:
    talker = mother(services, photos=False).commands("homework").presses("交作业").presses("可以给老师看")
    assert talker.kinds == ["consent_saved", "homework_goes_on"]
    assert talker.shown[-1].blocks[0].text.startswith("现在把")
    assert not any("拿去做研究" in label for label in talker.labels)  # the others are asked another time
    talker.sends_media(stored(services, jpeg(1)))
    wait(services)
    assert "照片 1 张" in talker.looks().text


def test_a_photo_that_comes_by_itself_opens_a_case_and_can_become_homework(services: Services) -> None:
    talker = mother(services).commands("homework")
    talker.sends_media(stored(services, jpeg(1))).sends_media(stored(services, jpeg(2)))
    assert talker.kinds[0] == "unreadable"
    talker.presses("这是作业")
    wait(services)
    assert "照片 2 张" in talker.looks().text
    with services.database.transaction() as session:
        assert session.exec(select(Case)).one().state is CaseState.CLOSED


def test_a_photo_without_any_task_has_no_such_button(services: Services) -> None:
    assert "这是作业" not in mother(services).sends_media(stored(services, jpeg(1))).labels


def test_what_was_no_homework_goes_to_a_person(services: Services) -> None:
    talker = handing_in(services).sends_media(stored(services, jpeg(1)), caption="身上起了疹子")
    wait(services)
    talker.looks().presses("这不是作业")
    assert talker.kinds[0] == "relay"
    assert homework_of(services).state is HomeworkState.GIVEN
    with services.database.transaction() as session:
        assert session.exec(select(Case)).one().state is CaseState.OPEN


def test_likely_nudity_is_held_back_with_kind_words(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    talker = handing_in(services).sends_media(stored(services, jpeg(1)))
    looking.look(services.database, services.blobs, judge=lambda _: 0.9)
    wait(services)
    talker.looks()
    assert "专人看过再说" in talker.text
    assert items_of(services)[0].state is ItemState.HELD
    assert homework_of(services).state is HomeworkState.HANDED_IN


def test_a_picture_nothing_can_judge_is_held_back() -> None:
    assert decency.nudity(b"no picture") == 1.0
    assert decency.nudity(jpeg(1)) < decency.HOLD_BACK


def test_a_voice_note_a_film_and_words(services: Services) -> None:
    talker = handing_in(services)
    talker.sends_media(stored(services, b"OggS voice", kind="voice")).sends_media(stored(services, b"film", kind="file"))
    talker.says("他今天敲了锅")
    wait(services)
    assert "录像 1 段、语音 1 段、文字" in talker.looks().text


def test_a_lost_file_is_said_to_have_failed(services: Services) -> None:
    talker = handing_in(services)
    media = stored(services, jpeg(1))
    talker.sends_media(media)
    services.blobs.delete(media.key)
    wait(services)
    assert "没有收到" in talker.looks().text
    assert homework_of(services).state is HomeworkState.GIVEN


def test_a_task_without_photos_keeps_none(services: Services) -> None:
    talker = mother(services, months=5, every_task=True).commands("homework")
    while homework_of(services).task != "sing-while-changing":
        talker.presses("换一个")
    talker.presses("交作业").sends_media(stored(services, jpeg(1)))
    assert talker.kinds == ["homework_no_photo"]
    assert list(services.blobs.keys("photos")) == []


@pytest.mark.parametrize("asked", ["作业交了没得人看嗦", "老师看了没"])
def test_what_became_of_it_is_told_when_asked(services: Services, asked: str) -> None:
    talker = handing_in(services).says("他敲了五下锅，笑得嘎嘎的")
    wait(services)
    assert "交了，老师" in talker.says(asked).text


def test_another_familys_homework_is_not_there(services: Services) -> None:
    mother(services).commands("homework")
    hers, stranger = homework_of(services).key, mother(services, address="x")
    for verb in ("how", "other", "later", "give", "all", "read", "not"):
        assert stranger.presses_data(f"hw:{verb}:{hers}").kinds == ["stale_button"]
    for odd in ("hw:open:1", "hw:nothing:1", "hw:give:x", "hw:give", "hw:move:99", "hw:give:1:2"):
        assert stranger.presses_data(odd).kinds == ["stale_button"], odd


def test_the_trainer_gets_a_card_without_a_picture(services: Services) -> None:
    teacher = instructor(services, "wang", name="王老师", address="900")
    handing_in(services).sends_media(stored(services, jpeg(1)))
    wait(services)
    teacher.looks()
    assert "homework_card" in teacher.kinds
    assert homework_of(services).owner_id is not None


def test_later_means_that_a_photo_is_a_photo_again(services: Services) -> None:
    talker = handing_in(services).presses("先不交")
    assert talker.kinds == ["homework_later"]
    assert talker.sends_media(stored(services, jpeg(1))).kinds[0] == "unreadable"
