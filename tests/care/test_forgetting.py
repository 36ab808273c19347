"""Forgetting, whole or one child, and again after a restore."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from care.cases.models import Case, CaseKind, CaseState
from care.families import actions as families
from care.families import queries as reading
from care.families import sharing
from care.families.models import Caregiver, CareOf, Channel, Child, Contact
from care.messages import actions as messages
from care.privacy import forgetting, ledger
from care.privacy.models import Forgotten
from care.privacy.register import of_families, table_of
from care.services import Services
from kit import clock
from kit.errors import NotFound
from tests.care.privacy_life import DAY, KEY, WORDS, a_case, a_full_life, asks, closed, everything_written, mother, tidy


def test_after_forgetting_nothing_she_typed_is_anywhere(services: Services) -> None:
    with services.database.transaction() as session:
        who = mother(session)
        key = a_full_life(services, session, who)
        assert all(session.execute(sa.select(table_of(entry))).first() for entry in of_families()), "the life is not full"
    with services.database.transaction() as session:
        before = everything_written(session)
        assert "翠翠" in before
        assert WORDS in before
        alias = session.exec(select(Caregiver)).one().alias
        receipt = forgetting.forget_caregiver(
            session, services.blobs, session.exec(select(Caregiver)).one(), signing_key=KEY
        )  # fmt: skip
    with services.database.transaction() as session:
        after = everything_written(session)
        assert "翠翠" not in after
        assert WORDS not in after
        assert alias not in after
        tables = {entry.table for entry in of_families()} - {"caregiver", "contact", "inbox_update"}
        assert dict.fromkeys(tables, 0) == {
            name: session.execute(sa.select(sa.func.count()).select_from(SQLModel.metadata.tables[name])).scalar_one()
            for name in tables
        }
    assert receipt.erased["files"] == 1
    assert receipt.erased["child"] == 1
    assert receipt.stays == ()
    with pytest.raises(NotFound):
        services.blobs.get(key)


def test_a_day_later_the_contact_goes_too(services: Services, session: Session, at_noon: None) -> None:
    who = mother(session, "her-address")
    forgetting.forget_caregiver(session, services.blobs, who, signing_key=KEY)
    clock.advance(DAY + timedelta(minutes=1))
    tidy(services, session)
    assert session.exec(select(Caregiver)).all() == []
    assert "her-address" not in everything_written(session)


def test_who_comes_back_the_same_day_stays_and_is_unknown(services: Services, session: Session, at_noon: None) -> None:
    alias = mother(session).alias
    forgetting.forget_caregiver(session, services.blobs, mother(session), signing_key=KEY)
    clock.advance(timedelta(hours=2))
    asks(session, mother(session))
    clock.advance(DAY)
    tidy(services, session)
    who = session.exec(select(Caregiver)).one()
    assert (who.forgotten_at, who.alias != alias) == (None, True)


def test_an_open_danger_stays_until_it_is_settled_and_is_told(services: Services, session: Session, at_noon: None) -> None:
    who = mother(session)
    case = a_case(services, session, who, CaseKind.DANGER, "宝宝喊不醒 嘴巴乌了", topic="danger:medical")
    a_case(services, session, who, CaseKind.ASKED_FOR_PERSON, "别的事")
    receipt = forgetting.forget_caregiver(session, services.blobs, who, signing_key=KEY)
    assert [(one.case_id, one.until) for one in receipt.stays] == [(case.key, None)]
    clock.advance(10 * DAY)
    tidy(services, session)
    assert session.exec(select(Case)).one().id == case.id
    assert reading.contact(session, who, Channel.WEB) is not None
    closed(session, case)
    tidy(services, session)
    assert session.exec(select(Case)).all() == []
    assert session.exec(select(Caregiver)).all() == []
    assert "喊不醒" not in everything_written(session)


def test_a_child_at_risk_stays_on_record_to_the_legal_end_without_a_contact(
    services: Services, session: Session, at_noon: None
) -> None:
    who = mother(session, "her-address")
    case = a_case(services, session, who, CaseKind.URGENT, "他爸天天打娃儿", topic="urgent:violence")
    case.category = "violence"
    messages.tell(session, who, kind="urgent", key="u", case_id=case.key)
    closed(session, case)
    receipt = forgetting.forget_caregiver(session, services.blobs, who, signing_key=KEY)
    assert receipt.stays[0].until == case.closed_at + forgetting.LEGAL_END  # type: ignore[operator]
    clock.advance(2 * DAY)
    tidy(services, session)
    assert session.exec(select(Contact)).all() == []
    assert "her-address" not in everything_written(session)
    assert session.exec(select(Case)).one().state is CaseState.CLOSED
    clock.advance(forgetting.LEGAL_END)
    tidy(services, session)
    assert session.exec(select(Case)).all() == []
    assert session.exec(select(Caregiver)).all() == []


def test_a_settled_danger_that_is_no_matter_of_protection_goes_at_once(services: Services, session: Session) -> None:
    who = mother(session)
    closed(session, a_case(services, session, who, CaseKind.DANGER, "宝宝喊不醒 嘴巴乌了", topic="danger:medical"))
    assert forgetting.forget_caregiver(session, services.blobs, who, signing_key=KEY).stays == ()
    assert session.exec(select(Case)).all() == []


def test_the_only_child_takes_all_talk_with_it(services: Services, session: Session) -> None:
    who = mother(session)
    child = families.add_child(session, who, birth_month=None, nickname="翠翠")
    messages.keep_words(session, who, channel=Channel.WEB, key="n", facts={"text": "翠翠"})
    asks(session, who)
    receipt = forgetting.forget_child(session, services.blobs, who, child, signing_key=KEY)
    written = everything_written(session)
    assert "翠翠" not in written
    assert WORDS not in written
    assert session.exec(select(Child)).all() == []
    assert receipt.erased["question"] == 1
    assert session.exec(select(Caregiver)).one().forgotten_at is None


def test_of_two_children_only_one_is_forgotten(services: Services, session: Session) -> None:
    who = mother(session)
    families.add_child(session, who, birth_month=None, nickname="豆豆")
    asks(session, who, "豆豆不吃饭怎么办")
    second = families.add_child(session, who, birth_month=None, nickname="翠翠")
    asks(session, who, update="2")
    messages.keep_words(session, who, channel=Channel.WEB, key="n", facts={"text": "翠翠又哭了"})
    forgetting.forget_child(session, services.blobs, who, second, signing_key=KEY)
    written = everything_written(session)
    assert "豆豆不吃饭怎么办" in written
    assert WORDS not in written
    assert "翠翠" not in written
    assert [child.nickname for child in session.exec(select(Child))] == ["豆豆"]


def test_a_shared_child_stays_with_the_other(services: Services, session: Session) -> None:
    who, father = mother(session), mother(session, "father")
    child = families.add_child(session, who, birth_month=None, nickname="豆豆")
    sharing.join(session, father, sharing.share(session, who, child, signing_key=KEY), signing_key=KEY)
    asks(session, father, "爸爸问的", update="2", address="father")
    receipt = forgetting.forget_child(session, services.blobs, who, child, signing_key=KEY)
    assert receipt.shared
    assert [one.nickname for one in reading.children(session, father)] == ["豆豆"]
    forgetting.forget_caregiver(session, services.blobs, who, signing_key=KEY)
    assert "爸爸问的" in everything_written(session)
    assert "豆豆" in everything_written(session)


def test_a_restore_forgets_again_whoever_was_forgotten_since(services: Services) -> None:
    with services.database.transaction() as session:
        asks(session, mother(session))
        asks(session, mother(session, "other"), "别家问的", update="2", address="other")
        kept = {table.name: [dict(row) for row in session.execute(sa.select(table)).mappings()] for table in (
            SQLModel.metadata.tables[name] for name in ("caregiver", "contact", "question", "message")
        )}  # fmt: skip
    with services.database.transaction() as session:
        forgetting.forget_caregiver(session, services.blobs, mother(session), signing_key=KEY)
    with services.database.transaction() as session:
        put_back(session, kept)
        assert WORDS in everything_written(session)
    with services.database.transaction() as session:
        assert forgetting.reforget(session, services.blobs, signing_key=KEY) == 1
    with services.database.transaction() as session:
        assert WORDS not in everything_written(session)
        assert "别家问的" in everything_written(session)
        assert len(session.exec(select(Forgotten)).all()) == 1
        assert len(list(ledger.entries(services.blobs))) == 1
        assert forgetting.reforget(session, services.blobs, signing_key=KEY) == 0


def put_back(session: Session, kept: dict[str, list[dict[str, object]]]) -> None:
    """What a restore does, to the tables of this test."""
    for name in ("inbox_update", "message", "question", "contact", "forgotten", "caregiver"):
        session.execute(sa.delete(SQLModel.metadata.tables[name]))
    for name, rows in kept.items():
        session.execute(sa.insert(SQLModel.metadata.tables[name]), rows)


def test_a_restore_forgets_a_child_again(services: Services, session: Session) -> None:
    who = mother(session)
    child = families.add_child(session, who, birth_month=None, nickname="翠翠")
    row = child.model_dump()
    forgetting.forget_child(session, services.blobs, who, child, signing_key=KEY)
    session.expunge_all()
    session.add(Child(**row))
    session.flush()
    session.add(CareOf(caregiver_id=who.key, child_id=row["id"], since=clock.now()))
    session.flush()
    assert forgetting.reforget(session, services.blobs, signing_key=KEY) == 1
    assert session.exec(select(Child)).all() == []
    assert session.exec(select(Caregiver)).one().forgotten_at is None


def test_who_came_back_after_being_forgotten_is_not_forgotten_again(
    services: Services, session: Session, at_noon: None
) -> None:  # fmt: skip
    forgetting.forget_caregiver(session, services.blobs, mother(session), signing_key=KEY)
    clock.advance(timedelta(hours=1))
    asks(session, mother(session))
    clock.advance(2 * DAY)
    tidy(services, session)
    assert forgetting.reforget(session, services.blobs, signing_key=KEY) == 0


def test_the_ledger_names_nobody(services: Services, session: Session) -> None:
    who = mother(session, "13800138000")
    forgetting.forget_caregiver(session, services.blobs, who, signing_key=KEY)
    told = b"".join(services.blobs.get(key) for key in services.blobs.keys(ledger.FOLDER)).decode()
    assert "13800138000" not in told
    assert "digest" not in told


def test_files_that_are_gone_already_are_no_failure(services: Services, session: Session) -> None:
    who = mother(session)
    a_case(services, session, who, CaseKind.UNREADABLE, "看看", key="photos/gone")
    assert forgetting.forget_caregiver(session, services.blobs, who, signing_key=KEY).erased["files"] == 1
