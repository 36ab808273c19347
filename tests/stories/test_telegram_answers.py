"""A parent asks in Telegram and is answered: from the published edition, in her language, once, also after a restart."""

from pathlib import Path

from sqlmodel import select

from care.editions import actions as editions
from care.editions.building import build
from care.questions.models import Feedback
from knowledge.actions import import_passages
from knowledge.editions.freezing import freeze
from knowledge.markdown import parse_folder
from tests.fixtures.database import PASSAGES
from tests.stories.town import HONEY, HONEY_ANSWERED, NO_ANSWER, Town

CHANGED = "这一句是编辑昨天改的"


async def test_she_asks_and_says_that_it_helped(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        await mother.starts()
        welcome = await mother.expects("我是一个电脑程序")
        assert welcome.labels == ("直接问", "看看目录", "我的孩子", "找老师")
        await mother.says(HONEY)
        answer = await mother.expects(HONEY_ANSWERED)
        assert "世界卫生组织" in answer.text
        assert "待本地专家审核" in answer.text
        await mother.presses("有帮助", on=answer)
        await mother.expects("那就好")
    with town.services.database.transaction() as session:
        assert session.exec(select(Feedback.helped)).all() == [True]


async def test_she_asks_in_english(town: Town) -> None:
    mother = town.mother("Jane", language_code="en")
    async with town.open():
        await mother.starts()
        await mother.expects("program")
        await mother.says("When can babies have honey?")
        answer = await mother.expects("No honey before the first birthday")
    assert "Helped" in answer.labels
    assert not any("\u4e00" <= sign <= "\u9fff" for label in answer.labels for sign in label)


async def test_an_editor_changes_a_passage_and_the_next_answer_shows_it(town: Town, tmp_path: Path) -> None:
    mother = town.mother()
    async with town.open():
        await mother.says(HONEY)
        first = await mother.expects(HONEY_ANSWERED)
        assert CHANGED not in first.text
        publish_changed(town, tmp_path / "passages")
        await town.follows_edition(2)
        await mother.says(HONEY)
        await mother.expects(CHANGED)


def publish_changed(town: Town, folder: Path) -> None:
    """What `peiban knowledge import`, `index build` and `editions publish` do."""
    folder.mkdir()
    for path in PASSAGES.glob("*.md"):
        (folder / path.name).write_text(path.read_text().replace("满一岁再吃。", f"满一岁再吃。{CHANGED}。"))
    services = town.services
    with services.database.transaction() as session:
        import_passages(session, parse_folder(folder))
        number = freeze(session).key
    build(services.database, number, library=services.library, blobs=services.blobs)
    with services.database.transaction() as session:
        editions.publish(session, number, allow_unreviewed=True)


async def test_a_flow_goes_on_after_a_question_and_a_restart(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        await mother.says("/child")
        await mother.expects("哪一年生的")
    async with town.open():
        await mother.says("一岁半")
        await mother.expects("怎么叫孩子")
        await mother.says(HONEY)
        await mother.expects(HONEY_ANSWERED)
        await mother.expects("怎么叫孩子")
    async with town.open():
        await mother.says("豆豆")
        await mother.presses("足月生的", on=await mother.expects("是足月生的吗"))
        await mother.expects("豆豆")


async def test_an_update_delivered_again_is_answered_once(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        said = await mother.says("你好")
        await mother.expects("我是一个电脑程序")
        town.server.redeliver(said)
        town.server.redeliver(said)
        await mother.says("谢谢")
        await mother.expects("不客气")
    async with town.open():
        town.server.redeliver(said)
        await mother.expects_nothing("电脑程序", within=1)
    assert town.kinds(mother) == ["welcome", "you_are_welcome"]


async def test_what_was_said_while_nobody_ran_is_answered_at_the_next_start(town: Town) -> None:
    mother = town.mother()
    await mother.says("你好")
    await mother.says("谢谢")
    async with town.open():
        await mother.expects("不客气", ever=True)
    assert town.kinds(mother) == ["welcome", "you_are_welcome"]


async def test_who_blocked_us_and_came_back_is_answered_again(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        await mother.says("你好")
        await mother.expects("电脑程序")
        town.server.hold_updates()
        await mother.says("谢谢")
        await mother.blocks()
        town.server.release_updates()
        await town.server.wait_for_call("sendMessage", count=2)
        await mother.unblocks()
        await mother.says("你好")
        await mother.expects("电脑程序")


async def test_a_follow_up_and_several_questions_at_once(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        await mother.says(HONEY)
        await mother.expects(HONEY_ANSWERED)
        await mother.says("那要是加热呢")
        choice = await mother.expects("接着刚才那个问题")
        assert choice.labels[-1] == "都不是，请老师回答"
        await mother.says(f"{HONEY}？还有{NO_ANSWER}？另外宝宝晚上老是醒怎么办")
        await mother.expects(HONEY_ANSWERED)
        await mother.expects("夜里总醒")
        await mother.expects(f"「{NO_ANSWER}？」：这个我手上没有审过的答案")
    kinds = town.kinds(mother)
    assert kinds[kinds.index("choices") + 1 :][:4] == ["answer", "answer", "relay_parts", "ask_place_name"]
