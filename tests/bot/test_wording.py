"""Every notice that anybody queues has words in Chinese and in English that fit a phone, and no words wait for one that never comes."""

import ast
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.dialogue import flows, placing, whose
from bot.dialogue.events import BlockKind, Rendered
from bot.wording.rendering import LONGEST_LABEL, WORDINGS, label
from care.cases import actions as cases
from care.cases.models import Case, CaseEntry, EntryKind
from care.families.models import Channel
from care.places.models import Place
from care.safety.first_lines import FirstLine, first_lines
from care.safety.screening import screen
from care.services import Services
from knowledge import courses, guidance
from knowledge.content import Lang
from knowledge.models import Passage, Revision
from tests.bot.notices import Facts, World, every_message, everything, make_world, scenes, worded

QUEUING = {"care": {"tell", "tell_staff", "Message"}, "bot": {"tell", "tell_staff", "say"}, "app": {"tell", "tell_staff"}}
LONGEST_TELEGRAM = 4096


# Which kinds are queued, read from the code.


def queued() -> set[str]:
    """Kinds named in calls that queue a notice; the steps of flows are asked under a name that is put together."""
    assert {("place", "name"), (whose.FLOW, whose.STEP)} <= flows.STEPS.keys(), placing  # entered by their own modules
    found = {f"ask_{flow}_{step}" for flow, step in flows.STEPS}
    for room, calls in QUEUING.items():
        for path in Path(str(files(room))).rglob("*.py"):
            found |= set(_kinds_in(ast.parse(path.read_text(encoding="utf-8")), calls))
    return found


def _kinds_in(tree: ast.AST, calls: set[str]) -> Iterator[str]:
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            named = _kind_of(call, calls)
            if isinstance(named, ast.Name):
                yield from _assigned(function, named.id)
            elif named is not None:
                yield from _literals(named)


def _kind_of(call: ast.Call, calls: set[str]) -> ast.expr | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in calls:
        return None
    if name == "say":
        return call.args[0]
    return next((keyword.value for keyword in call.keywords if keyword.arg == "kind"), None)


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Iterator[str]:
    """Nothing for a parameter: then the caller names the kind."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets):
            yield from _literals(node.value)


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def test_every_notice_has_words_and_no_words_are_dead() -> None:
    assert queued() - WORDINGS.keys() == set()
    assert WORDINGS.keys() - queued() == set()


def test_the_kinds_are_really_found() -> None:
    assert {"said", "answer", "reply_held", "reply_sent", "danger_card", "duty_nobody", "ask_child_name"} <= queued()


@pytest.fixture
def world(services: Services) -> Iterator[World]:
    with services.database.transaction() as session:
        yield make_world(services, session)


# How it must read.

SLUGS = re.compile(r"[a-z]+_[a-z_]+")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
ENGLISH = re.compile(r"[A-Za-z]{2,}")
ALLOWED_IN_CHINESE = re.compile(r"Telegram|/[a-z]+|https?://\S+|Fang|Li")


def names(world: World) -> list[str]:
    """What has one name in every language: places, sites, families, publications, and what a parent or an instructor wrote."""
    places = [place.name for place in world.session.exec(select(Place))]
    contents = [row.says() for row in world.session.exec(select(Revision))]
    cited = [
        *(source for content in contents for source in content.sources),
        *(source for package in guidance.packages() for source in package.sources),
        *(source for course in courses.courses() for source in course.sources),
    ]
    sources = [part for source in cited for part in (source.organisation, source.title)]
    wrote = [entry.text for entry in world.session.exec(select(CaseEntry).where(CaseEntry.kind == EntryKind.PARENT))]
    known = [*places, *sources, *wrote, *(label(f"{world.mother.alias} · {text}") for text in wrote)]
    known += ["昌元亲子园", "豆豆", "娃儿不吃饭", "慢慢来，先陪着。", world.mother.alias, world.services.settings.operator_name]
    return sorted({name for name in known if name}, key=len, reverse=True)


def chrome(rendered: Rendered, known: list[str]) -> str:
    said = everything(rendered)
    for name in known:
        said = said.replace(name, "")
    return said


def test_every_kind_has_a_scene(world: World) -> None:
    assert scenes(world).keys() == WORDINGS.keys()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_message_is_whole(world: World, lang: Lang) -> None:
    slugs = {row.slug for row in world.session.exec(select(Passage))}
    for kind, rendered in every_message(world, lang):
        said = everything(rendered)
        assert rendered.blocks, kind
        assert all(block.text.strip() for block in rendered.blocks), kind
        assert "{" not in said, (kind, said)
        assert "}" not in said, (kind, said)
        assert not SLUGS.search(said), (kind, said)
        assert not any(slug in said for slug in slugs), (kind, said)
        assert len(said) < LONGEST_TELEGRAM, kind


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_buttons_fit_a_phone_and_a_channel(world: World, lang: Lang) -> None:
    for kind, rendered in every_message(world, lang):
        for button in (button for row in rendered.buttons for button in row):
            assert 0 < len(button.label) <= LONGEST_LABEL, (kind, button)
            assert "\n" not in button.label, (kind, button)
            assert len(button.press.encode()) <= 64, (kind, button)
            assert sum(map(bool, (button.press, button.url, button.tel))) == 1, (kind, button)


def test_english_has_no_chinese_of_ours(world: World) -> None:
    known = [*names(world), *(name for one in names(world) if (name := _on_a_button(one)))]
    for kind, rendered in every_message(world, "en"):
        assert rendered.lang == "en"
        assert not CHINESE.search(chrome(rendered, known)), (kind, chrome(rendered, known))


def _on_a_button(place: str) -> str:
    """Counties with a long name are shortened on their button."""
    return re.sub("(土家族|苗族)+自治县$", "县", place).replace("西部科学城重庆", "")


def test_chinese_has_no_english(world: World) -> None:
    known = names(world)
    for kind, rendered in every_message(world, "zh"):
        assert rendered.lang == "zh"
        rest = ALLOWED_IN_CHINESE.sub("", chrome(rendered, known))
        assert not ENGLISH.search(rest), (kind, rest)


@pytest.mark.parametrize("line", first_lines(), ids=lambda line: f"{line.act}-{line.category}-{line.child_writing}")
def test_a_first_line_is_found_by_what_is_known_of_the_danger(line: FirstLine) -> None:
    """An act stands in several lines; the wrong one would tell a mother what is meant for a child."""
    same = [
        other for other in first_lines()
        if (other.act, other.category, bool(other.child_writing)) == (line.act, line.category, bool(line.child_writing))
    ]  # fmt: skip
    assert same == [line]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_line_stands_first_with_its_number(world: World, lang: Lang) -> None:
    for line in first_lines():
        kind = "emergency" if line.level == "emergency" else "urgent"
        facts = {"act": line.act, "category": line.category.value, "child_writing": bool(line.child_writing), "by": world.by}
        rendered = worded(world, kind, facts, lang=lang, to_staff=False)
        assert rendered.blocks[0].kind is BlockKind.ALERT
        assert rendered.blocks[0].text == (line.zh if lang == "zh" else line.en)
        assert [button.tel for row in rendered.buttons for button in row if button.tel] == [line.number]
        assert rendered.buttons[0][0].tel == line.number


def test_a_reply_on_telegram_is_neutral_until_it_is_opened(world: World) -> None:
    facts = {"text": "先别打他。", "name": "方老师", "case_id": world.cases[1]}
    closed = worded(world, "case_reply", facts, lang="zh", to_staff=False)
    assert "先别打他" not in everything(closed)
    on_page = worded(world, "case_reply", facts, lang="zh", to_staff=False, channel=Channel.WEB)
    assert "方老师回您" in everything(on_page)
    assert "先别打他" in everything(on_page)


def test_an_early_child_is_told_the_age_that_counts(world: World) -> None:
    saved: Callable[[int], str] = lambda key: everything(  # noqa: E731 - said four times below
        worded(world, "child_saved", {"child_id": key}, lang="zh", to_staff=False)
    )
    named, early, soon, later = world.children
    assert "豆豆，2岁半" in saved(named)
    assert "6个月" in saved(early)
    assert "预产期" in saved(soon)
    assert "预产期" in saved(later)


def test_a_card_of_a_colleague_does_not_ask_for_a_reply(world: World) -> None:
    hint = "回复这条消息"
    assert hint in everything(worded(world, "case_card", {"case_id": world.cases[0]}, lang="zh", to_staff=True))
    assert hint in everything(worded(world, "case_card", {"case_id": world.cases[1]}, lang="zh", to_staff=True))
    assert hint not in everything(worded(world, "case_card", {"case_id": world.cases[2]}, lang="zh", to_staff=True))


ODD = st.lists(
    st.sampled_from(["\u202eلا", "\u200f", "👨‍👩‍👧", "<b>x</b>", "&amp;", "{name}", "%s", "\n\n", "「」", "_*[", "娃儿发烧了"])
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    min_size=1,
    max_size=12,
)  # fmt: skip


def test_odd_words_pass_through_unchanged(world: World) -> None:
    entry = world.session.exec(select(CaseEntry).where(CaseEntry.case_id == world.cases[0])).first()
    assert entry is not None

    @hypothesis_settings(max_examples=30, deadline=None)
    @given(ODD)
    def check(parts: list[str]) -> None:
        said = "x" + "".join(parts)
        entry.text = said[:600]
        for kind in ("case_card", "danger_card", "case_more"):
            card = worded(world, kind, {"case_id": world.cases[0]}, lang="zh", to_staff=True)
            assert said[:600] in everything(card)
        for kind in ("which_case", "reply_held", "case_list"):
            facts = {"case_ids": world.cases, "text": said, "alias": "A", "message_id": 1}
            for row in worded(world, kind, facts, lang="en", to_staff=True).buttons:
                assert 0 < len(row[0].label) <= LONGEST_LABEL
        facts = {"text": said, "name": said, "media": "photo", "site": said, "case_id": world.cases[0]}
        for kind in ("said", "case_reply_opened", "welcome"):
            assert said in everything(worded(world, kind, facts, lang="en", to_staff=False))

    check()


def test_the_longest_words_still_fit_one_message(world: World) -> None:
    for case in world.session.exec(select(Case)):
        for _ in range(3):
            cases.add_words(world.session, case, said=screen("一" * 4000))
    about: Facts = {"case_id": world.cases[0]}
    written: Facts = {
        "text": "一" * cases.LONGEST_REPLY,
        "name": "方",
        "alias": "A",
        "message_id": 1,
        "case_ids": world.cases,
        **about,
    }
    for kind in ("case_card", "danger_card", "case_more", "reply_held", "which_case", "case_list"):
        assert len(everything(worded(world, kind, written, lang="zh", to_staff=True))) < LONGEST_TELEGRAM, kind
    assert len(everything(worded(world, "case_reply_opened", written, lang="zh", to_staff=False))) < LONGEST_TELEGRAM


@given(st.text(max_size=120))
def test_a_label_is_one_short_line(words: str) -> None:
    made = label(words)
    assert len(made) <= LONGEST_LABEL
    assert made == " ".join(made.split())
    assert made == " ".join(words.split()) or made.endswith("…")
