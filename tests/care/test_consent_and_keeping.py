"""Consent by purpose, and how long things are kept, with a virtual clock."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from care.cases.models import CaseEntry, CaseKind
from care.families import actions as families
from care.families.models import Caregiver, Channel
from care.privacy import actions as consents
from care.privacy import queries
from care.privacy.models import Consent, ConsentPurpose, Standing
from care.questions.models import Question
from care.services import Services
from kit import clock
from kit.errors import NotFound
from tests.care.privacy_life import DAY, KEY, NOON, WORDS, a_case, asks, closed, everything_written, mother, tidy


def test_silence_is_no_consent(session: Session) -> None:
    who = mother(session)
    assert queries.standing(session, who, ConsentPurpose.ANSWERING) is Standing.UNASKED
    assert not queries.allows(session, who, ConsentPurpose.ANSWERING)


def test_each_purpose_is_given_and_withdrawn_alone(services: Services, session: Session) -> None:
    who = mother(session)
    for given in (True, True, False, False, True):
        consents.decide(session, services.blobs, who, purpose=ConsentPurpose.PHOTOS, given=given)
        assert queries.allows(session, who, ConsentPurpose.PHOTOS) is given
    assert queries.standing(session, who, ConsentPurpose.RESEARCH) is Standing.UNASKED
    rows = session.exec(select(Consent).order_by(col(Consent.id))).all()
    assert [row.standing for row in rows] == [Standing.REFUSED, Standing.GIVEN]
    assert rows[0].given_at is not None


def test_consent_to_older_words_counts_as_not_asked(session: Session) -> None:
    who = mother(session)
    session.add(Consent(caregiver_id=who.key, purpose=ConsentPurpose.ANSWERING, version=0, given_at=clock.now()))
    session.flush()
    assert queries.standing(session, who, ConsentPurpose.ANSWERING) is Standing.UNASKED


def test_a_withdrawal_erases_what_was_kept_for_it(services: Services, session: Session) -> None:
    who = mother(session)
    consents.decide(session, services.blobs, who, purpose=ConsentPurpose.ANSWERING, given=True)
    asks(session, who)
    consents.decide(session, services.blobs, who, purpose=ConsentPurpose.ANSWERING, given=False)
    assert WORDS not in everything_written(session)
    assert len(session.exec(select(Question)).all()) == 1


@pytest.mark.parametrize("given", [True, False])
def test_words_without_consent_go_after_a_day(services: Services, session: Session, at_noon: None, given: bool) -> None:
    who = mother(session)
    if given:
        consents.decide(session, services.blobs, who, purpose=ConsentPurpose.ANSWERING, given=True)
    asks(session, who)
    clock.advance(DAY - timedelta(minutes=1))
    tidy(services, session)
    assert WORDS in everything_written(session)
    clock.advance(timedelta(minutes=2))
    tidy(services, session)
    assert (WORDS in everything_written(session)) is given
    assert len(session.exec(select(Question)).all()) == 1


def test_words_that_a_person_was_asked_stay_until_it_is_settled(services: Services, session: Session, at_noon: None) -> None:
    who = mother(session)
    asks(session, who)
    case = a_case(services, session, who, CaseKind.NO_ANSWER, WORDS)
    clock.advance(2 * DAY)
    tidy(services, session)
    assert session.exec(select(Question)).one().text == WORDS
    closed(session, case)
    clock.advance(2 * DAY)
    tidy(services, session)
    assert WORDS not in everything_written(session)


def test_words_of_danger_stay(services: Services, session: Session, at_noon: None) -> None:
    who = mother(session)
    a_case(services, session, who, CaseKind.DANGER, "宝宝喊不醒 嘴巴乌了", topic="danger:medical")
    asks(session, who, "宝宝喊不醒 嘴巴乌了")
    clock.advance(30 * DAY)
    tidy(services, session)
    assert session.exec(select(Question)).one().text


def test_photos_go_ninety_days_after_the_case_is_closed(services: Services, session: Session, at_noon: None) -> None:
    key = services.blobs.put_new(b"\xff\xd8\xffphoto", folder="photos")
    who = mother(session)
    case = a_case(services, session, who, CaseKind.UNREADABLE, "看看这个", key=key)
    clock.advance(100 * DAY)
    tidy(services, session)
    assert services.blobs.get(key)
    closed(session, case)
    clock.advance(89 * DAY)
    tidy(services, session)
    assert services.blobs.get(key)
    clock.advance(2 * DAY)
    tidy(services, session)
    with pytest.raises(NotFound):
        services.blobs.get(key)
    assert "photo" in [entry.media_kind for entry in session.exec(select(CaseEntry))]


def test_every_time_of_the_register_comes(services: Services, session: Session, at_noon: None) -> None:
    who = mother(session)
    consents.decide(session, services.blobs, who, purpose=ConsentPurpose.ANSWERING, given=True)
    asks(session, who)
    closed(session, a_case(services, session, who, CaseKind.ASKED_FOR_PERSON, "想问老师"))
    families.return_code(session, who, signing_key=KEY)
    for days, gone in ((4, "inbox_update"), (61, "return_code"), (366, "question"), (366, "message"), (3 * 366, "case")):
        clock.advance(clock_until(days))
        tidy(services, session)
        table = SQLModel.metadata.tables[gone]
        assert session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0, gone


def clock_until(days: int) -> timedelta:
    return NOON + timedelta(days=days) - clock.now()


def test_due_again_does_nothing(services: Services, session: Session, at_noon: None) -> None:
    asks(session, mother(session))
    clock.advance(400 * DAY)
    assert tidy(services, session)
    assert not tidy(services, session)


def test_a_family_that_nobody_can_reach_any_more_is_forgotten(services: Services, session: Session, at_noon: None) -> None:
    who = mother(session)
    consents.decide(session, services.blobs, who, purpose=ConsentPurpose.ANSWERING, given=True)
    asks(session, who)
    families.leave(session, Channel.WEB, address="m")
    clock.advance(61 * DAY)
    tidy(services, session)
    clock.advance(2 * DAY)
    tidy(services, session)
    assert session.exec(select(Caregiver)).all() == []
