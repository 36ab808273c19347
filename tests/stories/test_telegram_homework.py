"""Homework in Telegram from the first command to the opened comment, through the program as it runs."""

import io

import pytest
from PIL import Image
from sqlmodel import select

from app.rehearsal.people import Person
from care.homework import commenting
from care.homework.commenting import Parts
from care.homework.models import Homework, HomeworkItem, ItemState, Verdict
from kit.accounts.models import Staff
from tests.stories.town import NOT_WAKING, Town

WORDS = Parts("您敲了两下就停住", "他也敲了两下", "他有了轮到自己的机会", "他敲几下您就敲几下")


def photo(shade: int) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), (shade * 20, 120, 90)).save(content, "JPEG")
    return content.getvalue()


async def hands_in(mother: Person) -> None:
    """From nothing to the step where things are sent."""
    await mother.says("/homework")
    await mother.expects("哪一年生的")
    await mother.says("9个月")
    await mother.expects("平时怎么叫孩子")
    await mother.says("豆豆")
    await mother.presses("足月生的", on=await mother.expects("足月生的吗"))
    await mother.presses("亲子小任务", on=await mother.expects("记下了"))
    await mother.presses("交作业", on=await mother.expects("亲子小任务："))
    await mother.presses("可以给老师看", on=await mother.expects("点评完九十天就删"))
    await mother.expects("发来就行")


@pytest.mark.slow
async def test_an_album_and_a_file_that_is_no_photo_until_the_comment_is_read(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        teacher = await town.teacher("chen", "陈老师")
        await hands_in(mother)
        await mother.sends_album([photo(number) for number in range(1, 10)])
        await mother.sends_document(b"PK\x03\x04 not a photo", filename="photo.jpg", mime="image/jpeg")
        received = await mother.expects("照片 9 张", within=20)
        assert "第 10 份没有收到" in received.text
        card = await teacher.expects("照片和录音只在工作台里看", within=10)
        assert mother.account.first_name not in card.text
        comment_on_it(town)
        notice = await mother.expects("您有一条新消息")
        assert "敲" not in notice.text
        await mother.presses("打开看", on=notice)
        await mother.expects("我看到您敲了两下就停住。他也敲了两下。")


def comment_on_it(town: Town) -> None:
    with town.services.database.transaction() as session:
        homework, chen = session.exec(select(Homework)).one(), session.exec(select(Staff)).one()
        assert homework.owner_id == chen.key
        kept = [item.state for item in session.exec(select(HomeworkItem))]
        assert sorted(kept) == [ItemState.FAILED, *[ItemState.KEPT] * 9]
        commenting.comment(session, homework, by=chen, parts=WORDS, verdict=Verdict.DONE, key="k")


@pytest.mark.slow
async def test_the_program_ends_in_the_middle_of_an_album_and_nothing_is_lost(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        await hands_in(mother)
        await mother.sends_photo(photo(1))
    await mother.sends_photo(photo(2))
    async with town.open():
        await mother.expects("照片", within=20)
    with town.services.database.transaction() as session:
        assert len(session.exec(select(HomeworkItem)).all()) == 2


async def test_danger_in_the_caption_of_homework_comes_first(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        await hands_in(mother)
        await mother.sends_photo(photo(1), caption=NOT_WAKING)
        await mother.expects("120")
    with town.services.database.transaction() as session:
        assert session.exec(select(HomeworkItem)).all() == []
