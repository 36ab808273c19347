"""A passage that was wrong is taken back: the mother who had it is told once in Telegram, and asks no more of it."""

from datetime import timedelta

from sqlmodel import select

from care.recalls import actions as recalls
from care.recalls import queries
from kit import clock
from kit.accounts import actions as accounts
from kit.accounts.models import Role
from knowledge.models import Passage
from tests.stories.town import HONEY, HONEY_ANSWERED, Town
from tests.telegram.conftest import until

RIGHT = "写成了六个月可以吃蜂蜜，应当是满一岁以后。"


async def test_a_recalled_passage_is_corrected_once_and_answers_nobody(town: Town) -> None:
    mother, other = town.mother(), town.mother("王妈妈")
    async with town.open():
        await mother.starts()
        await mother.expects("我是一个电脑程序")
        await mother.says(HONEY)
        answer = await mother.expects(HONEY_ANSWERED, within=20)
        await other.says("你好")
        await other.expects("电脑程序")
        with town.services.database.transaction() as session:
            ning = accounts.create_staff(session, "ning", name="宁编辑", role=Role.EDITOR)
            honey = session.exec(select(Passage.id).where(Passage.slug == "honey-under-1")).one()
            since = clock.today() - timedelta(days=30)
            recall = recalls.recall(session, honey or 0, number=1, by=ning, reason="月龄写错了", zh=RIGHT, since=since)
        correction = await mother.expects(RIGHT, within=20)
        assert "这是我们的错" in correction.text
        assert correction.labels == ("问老师",)
        await mother.presses("有帮助", on=answer)
        await mother.expects("那就好")
        await mother.says(HONEY)
        await until(lambda: len(town.kinds(mother)) > 4)
        await other.expects_nothing(RIGHT, within=0.5)
    async with town.open():
        await mother.expects_nothing("这是我们的错", within=1)
    assert town.kinds(mother).count("correction") == 1
    assert town.kinds(mother).count("answer") == 1, "asked again, a person answers or another passage"
    with town.services.database.transaction() as session:
        reached = queries.reached(session, session.merge(recall))
    assert (reached.received, reached.sent, reached.left_out) == (1, 1, 0)
