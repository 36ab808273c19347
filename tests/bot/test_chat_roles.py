"""Who gets what in a chat: every command and every button of the bot, by every role, from one table."""

from collections.abc import Iterable

import pytest
from sqlmodel import col, select

from bot.dialogue import commands, homework, presses, staff_desk
from care.cases.models import Case
from care.families.models import Channel, Child
from care.homework.models import Homework
from care.messages.models import Message
from care.people import actions as people
from care.questions.models import Question
from care.services import Services
from kit.accounts.models import Role
from tests.fixtures.people import instructor, staff_row
from tests.fixtures.talk import Talker

ROLES = ("parent", "stranger", "instructor", "editor", "administrator", "revoked")

# The action, with {names} of things of the parent, to what each role is told first: parent, stranger (another parent),
# instructor, editor, administrator, and an instructor whose account has ended. Empty: nothing is said. Done in this order.
TABLE: dict[str, tuple[str, str, str, str, str, str]] = {
    "/start": ("welcome", "welcome", "staff_welcome", "staff_welcome", "staff_welcome", "welcome"),
    "/help": ("help", "help", "staff_help", "staff_help", "staff_help", "help"),
    "/menu": ("menu", "menu", "staff_help", "staff_help", "staff_help", "menu"),
    "/guide": ("guidance", "guidance_needs_age", "staff_help", "staff_help", "staff_help", "guidance_needs_age"),
    "/courses": ("courses", "courses", "staff_help", "staff_help", "staff_help", "courses"),
    "/homework": ("homework_task", "homework_needs_age", "staff_help", "staff_help", "staff_help", "homework_needs_age"),
    "/child": ("children", "ask_child_year", "staff_help", "staff_help", "staff_help", "ask_child_year"),
    "/person": ("ask_person_words", "ask_person_words", "staff_help", "staff_help", "staff_help", "ask_person_words"),
    "/privacy": ("privacy", "privacy", "staff_help", "staff_help", "staff_help", "privacy"),
    "/clear": ("cleared", "cleared", "staff_help", "staff_help", "staff_help", "cleared"),
    "/delete": ("ask_forget", "ask_forget", "staff_help", "staff_help", "staff_help", "ask_forget"),
    "/cases": ("help", "help", "case_list", "staff_stale", "case_list", "help"),
    "/off": ("help", "help", "off_duty", "off_duty", "off_duty", "help"),
    "/on": ("help", "help", "on_duty", "on_duty", "on_duty", "help"),
    "/console": ("help", "help", "console_link", "console_link", "console_link", "help"),
    "ask": ("ask_away", "ask_away", "staff_stale", "staff_stale", "staff_stale", "ask_away"),
    "menu": ("menu", "menu", "staff_stale", "staff_stale", "staff_stale", "menu"),
    "group:sleep": ("titles", "titles", "staff_stale", "staff_stale", "staff_stale", "titles"),
    "titles:{message}": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "show:{question}:{revision}": ("answer", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "more:{question}:{revision}": ("read_on", "read_on", "staff_stale", "staff_stale", "staff_stale", "read_on"),
    "related:{question}:{revision}": ("choices", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "helped:{question}:{revision}:1": (
        "glad_it_helped",
        "stale_button",
        "staff_stale",
        "staff_stale",
        "staff_stale",
        "stale_button",
    ),
    "person:{question}": ("relay", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "open:{message}": ("case_reply_opened", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "rate:{case}:3": ("thanks_for_rating", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "say:{case}": ("ask_person_words", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "other:{case}": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "calm:{case}": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "phone:{case}": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "follow:x:{case}": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "child": ("children", "ask_child_year", "staff_stale", "staff_stale", "staff_stale", "ask_child_year"),
    "addchild": ("ask_child_year", "ask_child_year", "staff_stale", "staff_stale", "staff_stale", "ask_child_year"),
    "pick:{child}": ("child_saved", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "place": ("ask_place_name", "ask_place_name", "staff_stale", "staff_stale", "staff_stale", "ask_place_name"),
    "f:1:skip": ("ask_place_name", "ask_place_name", "staff_stale", "staff_stale", "staff_stale", "ask_place_name"),
    "help": ("help", "help", "staff_stale", "staff_stale", "staff_stale", "help"),
    "privacy": ("privacy", "privacy", "staff_stale", "staff_stale", "staff_stale", "privacy"),
    "consent:answering:1": ("consent_saved", "consent_saved", "staff_stale", "staff_stale", "staff_stale", "consent_saved"),
    "guide": ("guidance", "guidance_needs_age", "staff_stale", "staff_stale", "staff_stale", "guidance_needs_age"),
    "courses": ("courses", "courses", "staff_stale", "staff_stale", "staff_stale", "courses"),
    "course:x": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "scene:x": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "tool:x": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "export": ("export_link", "export_link", "staff_stale", "staff_stale", "staff_stale", "export_link"),
    "forget:child:{child}": ("ask_forget", "children", "staff_stale", "staff_stale", "staff_stale", "children"),
    "clear": ("cleared", "cleared", "staff_stale", "staff_stale", "staff_stale", "cleared"),
    "leave": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "share:{child}": ("share_code", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "unshare:{child}:999999": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "hw:how:{homework}": ("homework_how", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "hw:give:{homework}": ("homework_hand_in", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "hw:all:{homework}": ("homework_hand_in", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "hw:read:{homework}": ("homework_said", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "hw:later:{homework}": ("homework_later", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "hw:other:{homework}": ("homework_task", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "hw:open:1": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "hw:not:{homework}": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "hw:move:{case}": ("homework_ask_photos", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "card:{case}": ("stale_button", "stale_button", "case_card", "staff_stale", "case_card", "stale_button"),
    "take:{case}": ("stale_button", "stale_button", "taken", "staff_stale", "taken", "stale_button"),
    "seen:{case}": ("stale_button", "stale_button", "not_held", "staff_stale", "not_held", "stale_button"),
    "back:{case}": ("stale_button", "stale_button", "case_card", "staff_stale", "case_card", "stale_button"),
    "close:{case}": ("stale_button", "stale_button", "not_held", "staff_stale", "not_held", "stale_button"),
    "ended:{case}:x": ("stale_button", "stale_button", "not_held", "staff_stale", "not_held", "stale_button"),
    "to:{case}": ("stale_button", "stale_button", "staff_stale", "staff_stale", "staff_stale", "stale_button"),
    "look:{case}:duty": ("stale_button", "stale_button", "case_card", "staff_stale", "case_card", "stale_button"),
    "drop": ("stale_button", "stale_button", "not_sent", "not_sent", "not_sent", "stale_button"),
    "undo:{message}": (
        "stale_button",
        "stale_button",
        "too_late_to_undo",
        "too_late_to_undo",
        "too_late_to_undo",
        "stale_button",
    ),
    "cases": ("stale_button", "stale_button", "case_list", "staff_stale", "case_list", "stale_button"),
    "console": ("stale_button", "stale_button", "console_link", "console_link", "console_link", "stale_button"),
    "off": ("stale_button", "stale_button", "off_duty", "off_duty", "off_duty", "stale_button"),
    "on": ("stale_button", "stale_button", "on_duty", "on_duty", "on_duty", "stale_button"),
}


def named(actions: Iterable[str], prefix: str) -> set[str]:
    return {prefix + name for name in actions}


def test_the_table_holds_every_command_and_every_button() -> None:
    ours = named(commands._COMMANDS, "/") | named(staff_desk._COMMANDS, "/")
    ours |= named(presses._VERBS, "") - {"hw"} | named(staff_desk._PRESSES, "") | named(homework._VERBS, "hw:")
    told = {":".join(action.split(":")[: 2 if action.startswith("hw:") else 1]) for action in TABLE}
    assert told == ours


def things(services: Services, mother: Talker) -> dict[str, int]:
    with services.database.transaction() as session:
        question = session.exec(select(Question).order_by(col(Question.id))).all()[0]
        case = session.exec(select(Case).order_by(col(Case.id))).all()[0]
        reply = session.exec(select(Message).where(Message.kind == "case_reply")).one()
        child, task = session.exec(select(Child)).one(), session.exec(select(Homework)).one()
        return {
            "question": question.key, "revision": question.shown[0]["revision_id"], "case": case.key, "message": reply.number,
            "child": child.key, "homework": task.key, "mother": mother.caregiver_id or 0,
        }  # fmt: skip


def people_of(services: Services) -> tuple[dict[str, Talker], dict[str, int]]:
    """A mother with a child, an answered question, homework under way, and a reply of the instructor that she has not opened."""
    staff = {
        role.value: instructor(services, role.value, name=role.value, address=f"{number}00", role=role)
        for number, role in enumerate(Role, 1)
    }
    revoked = instructor(services, "revoked", name="revoked", address="900")
    with services.database.transaction() as session:
        gone = session.merge(staff_row(services, "revoked"))
        people.revoke(session, gone, by=gone.key, hours=services.hours)
    mother = Talker(services, "77", channel=Channel.TELEGRAM)
    mother.commands("child").says("8个月").says("豆豆").presses("足月生的")
    mother.says("八个月的娃可以吃蜂蜜不")
    mother.commands("homework")
    mother.says("娃儿学走路要不要穿鞋")
    case = things_case(services)
    staff["instructor"].presses_data(f"take:{case}")
    staff["instructor"].says("光脚最好", reply_to=card_of(services, case))
    staff["instructor"].presses_data(f"back:{case}")
    stranger = Talker(services, "78", channel=Channel.TELEGRAM).says("你好")
    talkers = {"parent": mother, "stranger": stranger, "revoked": revoked, **staff}
    return talkers, things(services, mother)


def things_case(services: Services) -> int:
    with services.database.transaction() as session:
        return session.exec(select(Case)).one().key


def card_of(services: Services, case: int) -> str:
    """Telegram's number of the instructor's card."""
    with services.database.transaction() as session:
        query = select(Message).where(Message.case_id == case, Message.kind == "case_card", Message.address == "300")
        card = session.exec(query.order_by(col(Message.id))).all()[0]
        card.remote_id = "5000"
        session.add(card)
    return "5000"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(services: Services, role: str) -> None:
    talkers, names = people_of(services)
    got = {}
    for action in TABLE:
        who, filled = talkers[role], action.format(**names)
        who.looks()
        if filled.startswith("/"):
            who.commands(filled.removeprefix("/"))
        else:
            who.presses_data(filled)
        got[action] = who.kinds[0] if who.kinds else ""
    assert got == {action: told[ROLES.index(role)] for action, told in TABLE.items()}


def test_nothing_of_a_family_is_shown_to_a_stranger_or_to_whoever_left(services: Services) -> None:
    talkers, names = people_of(services)
    for role in ("stranger", "revoked", "editor"):
        for action in TABLE:
            if not action.startswith("/"):
                shown = talkers[role].presses_data(action.format(**names)).text
                assert not any(words in shown for words in ("光脚最好", "豆豆", "娃儿学走路")), (role, action)
