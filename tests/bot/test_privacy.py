"""Stories of what she decides about her own data, as she meets them in conversation, and what stands in the logs meanwhile."""

import logging
import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select
from structlog.testing import capture_logs

from bot.dialogue import privacy
from bot.inbox.models import InboxUpdate
from care.families import actions as families
from care.families.models import Caregiver, Channel, Child, Contact
from care.messages import actions as messages
from care.messages import queries as reading
from care.messages.models import Message
from care.privacy import keeping, queries
from care.privacy.exporting import link_token
from care.privacy.models import ConsentPurpose, Standing
from care.questions.models import Feedback, Question
from care.services import Services
from kit import clock
from kit.errors import NotFound
from tests.fixtures.people import instructor
from tests.fixtures.talk import Talker

ASKED = "我家么妹八个月可以吃蜂蜜不"
NOT_WAKING = "宝宝喊不醒 嘴巴乌了"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=clock.CHINA)


def standing(services: Services, purpose: ConsentPurpose = ConsentPurpose.ANSWERING) -> Standing:
    with services.database.transaction() as session:
        return queries.standing(session, session.exec(select(Caregiver)).one(), purpose)


def written(services: Services) -> str:
    """Every value of every row of every table."""
    with services.database.transaction() as session:
        names = sa.inspect(session.connection()).get_table_names()
        rows = [session.execute(sa.text(f'select "{name}"::text from "{name}"')).scalars().all() for name in names]
    return "\n".join(value for those in rows for value in those)


def tidy(services: Services) -> None:
    with services.database.transaction() as session:
        keeping.due(session, services.blobs, clock.now(), signing_key=services.signing_key)


def with_a_child(services: Services, address: str = "m") -> Talker:
    return Talker(services, address).presses_data("addchild").says("两岁").says("豆豆")


# Consent.


def test_consent_is_asked_once_and_never_before_an_answer(services: Services) -> None:
    mother = with_a_child(services)
    assert mother.commands("start").kinds == ["welcome"]
    assert mother.says(ASKED).kinds == ["answer", "ask_consent"]
    assert mother.says("宝宝晚上老是醒怎么办").kinds == ["answer"]


def test_one_passing_question_a_turn(services: Services) -> None:
    mother = Talker(services, "m").says(ASKED)
    assert mother.kinds == ["answer", "ask_child_year"]
    assert mother.says("宝宝晚上老是醒怎么办").kinds == ["answer", "ask_consent"]


def test_nobody_is_asked_in_the_middle_of_a_flow(services: Services) -> None:
    mother = Talker(services, "m").presses_data("addchild").presses(str(clock.today().year - 1))
    assert mother.says(ASKED).kinds == ["answer", "ask_child_month"]


def test_the_consent_says_that_telegram_is_abroad(services: Services) -> None:
    mother = Talker(services, "800", channel=Channel.TELEGRAM).presses_data("addchild").says("两岁").says("豆豆")
    assert "国外的服务器" in mother.says(ASKED).text
    assert "国外的服务器" not in with_a_child(services).says(ASKED).text


def test_yes_and_no_by_one_tap_each(services: Services) -> None:
    mother = with_a_child(services).says(ASKED).presses("可以记")
    assert standing(services) is Standing.GIVEN
    mother.presses("我的信息").presses("不要记我问的话")
    assert standing(services) is Standing.REFUSED
    assert "不做这件事" in mother.text
    mother.commands("privacy").presses("可以拿去做研究")
    assert standing(services, ConsentPurpose.RESEARCH) is Standing.GIVEN
    assert standing(services, ConsentPurpose.PHOTOS) is Standing.UNASKED


def test_a_refusal_is_kept_to_from_the_next_words_on(services: Services) -> None:
    mother = with_a_child(services).says(ASKED).presses("不要记")
    assert ASKED not in written(services)
    assert mother.says("宝宝晚上老是醒怎么办嘛").kinds == ["answer"]
    assert "老是醒怎么办嘛" not in written(services)
    with services.database.transaction() as session:
        assert [question.outcome for question in session.exec(select(Question))] == ["answer", "answer"]


def test_who_refused_may_still_ask_a_person(services: Services) -> None:
    mother = with_a_child(services).says(ASKED).presses("不要记")
    mother.says("宝宝晚上老是醒怎么办").presses("问老师")
    assert mother.kinds == ["ask_person_words"]
    mother.says("就是夜里醒五六回")
    assert "五六回" in written(services)


def test_danger_is_kept_whatever_she_said_before(services: Services) -> None:
    mother = with_a_child(services).says(ASKED).presses("不要记")
    assert mother.says(NOT_WAKING).kinds[0] == "emergency"
    assert NOT_WAKING in written(services)


def test_remarks_are_not_kept_after_a_no(services: Services) -> None:
    mother = with_a_child(services).presses_data("consent:improving:0")
    mother.says(ASKED).presses("没帮上").says("婆婆不听我的")
    with services.database.transaction() as session:
        assert [row.words for row in session.exec(select(Feedback))] == [""]


def test_an_old_or_made_up_consent_button_leads_on(services: Services) -> None:
    for press in ("consent:nothing:1", "consent:answering", "forget:everything", "share:7", "unshare:7:8"):
        assert Talker(services, "m").presses_data(press).kinds == ["stale_button"], press


def test_without_a_word_all_is_gone_a_day_later(services: Services) -> None:
    with clock.frozen(NOON):
        with_a_child(services).says(ASKED)
        assert ASKED in written(services)
        clock.advance(timedelta(hours=25))
        tidy(services)
        assert ASKED not in written(services)


# Taking out, erasing.


def token_of(services: Services) -> str:
    with services.database.transaction() as session:
        message = session.exec(select(Message).where(Message.kind == "export_link")).one()
        return link_token(message, signing_key=services.signing_key)


def test_the_archive_of_a_story(services: Services) -> None:
    mother = with_a_child(services).says(ASKED).commands("privacy").presses("取走我的资料")
    assert mother.shown[-1].buttons[0][0].url.startswith("/privacy/export/")
    archive = privacy.archive(services, token_of(services))
    assert archive.startswith(b"PK")
    with pytest.raises(NotFound):
        privacy.archive(services, "1.forged")


def test_the_archive_shows_the_talk_as_she_read_it(services: Services) -> None:
    with_a_child(services).says(ASKED)
    with services.database.transaction() as session:
        answer = session.exec(select(Message).where(Message.kind == "answer")).one()
        assert "蜂蜜一口都不要给" in privacy.as_read(services, session, answer)


def test_a_borrowed_phone_needs_the_return_code(services: Services) -> None:
    with clock.frozen(NOON):
        mother = Talker(services, "m").commands("person").says("想跟老师说说")
        found = re.search(r"\d{6}", mother.text)
        assert found
        clock.advance(timedelta(days=2))
        for press in ("export", "forget:all", "forget:all:yes"):
            assert mother.presses_data(press).kinds == ["need_code"], press
        with services.database.transaction() as session:
            families.come_back(session, found[0], signing_key=services.signing_key, address="m")
        assert mother.presses_data("export").kinds == ["export_link"]


def test_erasing_everything_is_asked_back_and_leaves_a_receipt(services: Services) -> None:
    mother = with_a_child(services).says(ASKED).commands("privacy").presses("全部删掉")
    assert mother.kinds == ["ask_forget"]
    assert ASKED in written(services)
    mother.presses("全部删掉")
    assert mother.kinds == ["forgotten"]
    assert "回执" in mother.text
    for words in (ASKED, "豆豆"):
        assert words not in written(services)


def test_the_receipt_says_what_stays(services: Services) -> None:
    mother = Talker(services, "m").says(NOT_WAKING).presses_data("forget:all").presses("全部删掉")
    assert "没有删的" in mother.text
    assert "还没办完" in mother.text


def test_one_of_two_children(services: Services) -> None:
    mother = with_a_child(services).presses_data("addchild").says("一岁").says("翠翠").presses("足月")
    mother.presses_data("forget:child").presses("翠翠").presses("删掉")
    assert mother.kinds == ["forgotten"]
    with services.database.transaction() as session:
        assert [child.nickname for child in session.exec(select(Child))] == ["豆豆"]
    assert "翠翠" not in written(services)


def test_a_stranger_cannot_erase_her_child(services: Services) -> None:
    with_a_child(services)
    with_a_child(services, "stranger")
    with services.database.transaction() as session:
        hers = session.exec(select(Child)).first()
        assert hers is not None
    assert Talker(services, "stranger").presses_data(f"forget:child:{hers.key}:yes").kinds == ["stale_button"]


# A clean screen, leaving a phone.


def shown(session: Session, address: str = "m") -> list[str]:
    who = session.exec(select(Caregiver).join(Contact).where(Contact.address == address)).one()
    return [message.kind for message in reading.talk(session, who)]


def test_clearing_takes_danger_and_persons_off_the_page(services: Services) -> None:
    mother = with_a_child(services).says(ASKED).says(NOT_WAKING)
    mother.commands("person").says("我男人又动手了")
    with services.database.transaction() as session:
        for message in session.exec(select(Message)):
            message.state = message.state if message.state == "said" else "sent"  # type: ignore[assignment]
            session.add(message)
    assert mother.commands("clear").kinds == ["cleared"]
    with services.database.transaction() as session:
        kinds = shown(session)
        said = [row.facts["text"] for row in reading.talk(session, session.exec(select(Caregiver)).one()) if row.kind == "said"]
    assert not {"emergency", "urgent", "relay", "ask_person_words", "duty_nobody"} & set(kinds)
    assert ASKED in said
    assert NOT_WAKING not in said


def test_on_telegram_both_sides_are_taken_away(services: Services) -> None:
    with clock.frozen(NOON):
        Talker(services, "800", channel=Channel.TELEGRAM).says(NOT_WAKING)
        with services.database.transaction() as session:
            for number, message in enumerate(session.exec(select(Message))):
                message.remote_id = str(100 + number)
                message.state = message.state if message.state == "said" else "sent"  # type: ignore[assignment]
                session.add(message)
        Talker(services, "800", channel=Channel.TELEGRAM).commands("clear")
        with services.database.transaction() as session:
            gone = messages.removals(session, Channel.TELEGRAM)
            assert {row.kind for row in gone} >= {"said", "emergency"}
            assert {row.address for row in gone} == {"800"}
            for row in gone:
                messages.removed(session, row.number)
        with services.database.transaction() as session:
            assert messages.removals(session, Channel.TELEGRAM) == []


def test_what_telegram_deletes_no_more_is_not_asked_of_it(services: Services) -> None:
    with clock.frozen(NOON):
        Talker(services, "800", channel=Channel.TELEGRAM).says(NOT_WAKING)
        with services.database.transaction() as session:
            session.execute(sa.update(Message).values(remote_id="1", state="sent"))
        clock.advance(timedelta(days=3))
        Talker(services, "800", channel=Channel.TELEGRAM).commands("clear")
        with services.database.transaction() as session:
            assert messages.removals(session, Channel.TELEGRAM) == []


def test_leaving_a_phone(services: Services) -> None:
    mother = with_a_child(services).says(ASKED).commands("privacy").presses("离开这个手机")
    found = re.search(r"\d{6}", mother.text)
    assert found
    mother.presses("抄好了，离开")
    with services.database.transaction() as session:
        assert session.exec(select(Contact)).all() == []
        assert all(row.payload == {} or row.state == "done" for row in session.exec(select(InboxUpdate)))
        who = families.come_back(session, found[0], signing_key=services.signing_key, address="new")
        assert any(row.kind == "answer" for row in reading.talk(session, who))


# A child shared.


def test_a_grandmother_joins_with_a_code_and_sees_the_child_alone(services: Services) -> None:
    mother = with_a_child(services).says(ASKED).commands("child").presses("家里人一起用")
    with services.database.transaction() as session:
        code = session.exec(select(Message).where(Message.kind == "share_code")).one().facts["code"]
    assert code in mother.text
    grandmother = Talker(services, "g").says(f"{code[:3]} {code[3:].lower()}")
    assert grandmother.kinds == ["joined"]
    assert "豆豆" in grandmother.text
    with services.database.transaction() as session:
        assert "answer" not in shown(session, "g")
    assert Talker(services, "x").says(code).kinds == ["join_unknown"]
    mother.commands("child").presses("家里人一起用").presses("请出")
    assert mother.kinds == ["unshared"]
    assert "豆豆" not in grandmother.commands("child").text


def test_guessing_codes_ends_kindly(services: Services) -> None:
    guesser = Talker(services, "x")
    kinds = [guesser.says(f"AAA3{digits}").kinds[0] for digits in (33, 34, 36, 37, 39, 43)]
    assert kinds == ["join_unknown"] * 5 + ["join_later"]


# Logs.


def test_no_words_and_no_token_stand_in_the_logs(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    """A whole story, at the finest level of every library."""
    with capture_logs() as ours, caplog.at_level(logging.DEBUG):
        logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
        instructor(services, "wang", name="王芳", address="900")
        mother = with_a_child(services, "her-address").says(ASKED).presses("可以记")
        mother.says(NOT_WAKING)
        mother.commands("person").says("我男人又动手了").commands("privacy").presses("取走我的资料")
        privacy.archive(services, token_of(services))
        mother.presses_data("share").presses_data("forget:all").presses("全部删掉")
        tidy(services)
    lines = "\n".join([*(str(line) for line in ours), *(record.getMessage() for record in caplog.records)])
    for words in (ASKED, NOT_WAKING, "豆豆", "动手", "her-address", "王芳"):
        assert words not in lines


def test_no_table_of_the_house_was_left_out_of_these_scans(services: Services) -> None:
    with services.database.transaction() as session:
        assert set(SQLModel.metadata.tables) <= set(sa.inspect(session.connection()).get_table_names())
