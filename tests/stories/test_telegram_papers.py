"""The card of a course in Telegram: its words in the talk, and beside them the page for print as a file."""

from app.rehearsal.people import Person
from knowledge import courses
from tests.stories.town import Town

FIRST = courses.courses()[0]


async def to_the_card(mother: Person, *, courses_in: str) -> None:
    await mother.says("/courses")
    title = FIRST.zh.title if courses_in == "zh" else FIRST.en.title
    await mother.presses(title, on=await mother.expects("家长课堂" if courses_in == "zh" else "Parents’ Classroom"))
    said = FIRST.zh if courses_in == "zh" else FIRST.en
    await mother.presses(said.tool.title, on=await mother.expects(said.intro))
    await mother.expects(said.tool.lines[0])


def only_file(town: Town, mother: Person) -> tuple[str, bytes]:
    (sent,) = [message for message in mother.received if message.kind == "document"]
    stored = town.server.world.files.by_id(sent.body["document"]["file_id"])
    return sent.body["document"]["file_name"], stored.content


async def test_the_page_for_print_arrives_with_the_card(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        await to_the_card(mother, courses_in="zh")
        name, content = only_file(town, mother)
    assert name == f"{FIRST.zh.tool.title}.pdf"
    assert content.startswith(b"%PDF-")


async def test_in_english_for_one_who_reads_english(town: Town) -> None:
    mother = town.mother("Jane", language_code="en")
    async with town.open():
        await to_the_card(mother, courses_in="en")
        name, _ = only_file(town, mother)
    assert name == f"{FIRST.en.tool.title}.pdf"


async def test_a_course_that_is_gone_is_told_in_a_sentence(town: Town) -> None:
    mother = town.mother()
    async with town.open():
        await mother.says("/courses")
        shown = await mother.expects("家长课堂")
        shown.inline = [[{"text": "旧的一门", "callback_data": "tool:of-long-ago"}]]
        await mother.presses("旧的一门", on=shown)
        await mother.expects("这个按钮")
    assert not any(message.kind == "document" for message in mother.received)
