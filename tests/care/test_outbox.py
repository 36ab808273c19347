"""Messages leave in order of their person, once claimed by one sender only, and a killed sender loses nothing."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from care.families import actions as families
from care.families.models import Caregiver, Channel, Contact
from care.messages import actions as outbox
from care.messages import queries
from care.messages.models import Message, MessageState, Promise
from kit import clock
from kit.db import Database


def parent(session: Session, address: str = "1") -> Caregiver:
    return families.meet(session, Channel.TELEGRAM, address=address)


def tell(session: Session, who: Caregiver, key: str, *, promise: Promise = Promise.AT_LEAST_ONCE) -> Message:
    message = outbox.tell(session, who, kind="help", key=key, promise=promise)
    assert message is not None
    return message


def test_the_same_key_is_queued_once(session: Session) -> None:
    who = parent(session)
    tell(session, who, "a")
    assert outbox.tell(session, who, kind="help", key="a") is None


def test_one_at_a_time_and_in_order_within_a_person(session: Session) -> None:
    who = parent(session)
    first, second = tell(session, who, "a"), tell(session, who, "b")
    assert [row.id for row in outbox.claim(session, Channel.TELEGRAM)] == [first.id]
    assert outbox.claim(session, Channel.TELEGRAM) == []
    outbox.sent(session, first.number, remote_id="77")
    assert [row.id for row in outbox.claim(session, Channel.TELEGRAM)] == [second.id]


def test_a_message_held_for_later_does_not_hold_up_the_next(session: Session) -> None:
    who = parent(session)
    outbox.tell(session, who, kind="help", key="later", due_at=clock.now() + timedelta(minutes=1))
    now = tell(session, who, "now")
    assert [row.id for row in outbox.claim(session, Channel.TELEGRAM)] == [now.id]


def test_two_senders_never_claim_the_same(database: Database) -> None:
    with database.transaction() as session:
        for number in range(10):
            tell(session, parent(session, str(number)), f"k{number}")
    with database.transaction() as one, database.transaction() as two:
        mine = {row.id for row in outbox.claim(one, Channel.TELEGRAM, limit=6)}
        theirs = {row.id for row in outbox.claim(two, Channel.TELEGRAM, limit=6)}
    assert not mine & theirs
    assert len(mine) == 6


@pytest.mark.parametrize(
    ("promise", "state"), [(Promise.AT_LEAST_ONCE, MessageState.SENDING), (Promise.AT_MOST_ONCE, MessageState.UNKNOWN)]
)
def test_what_a_killed_sender_had_in_hand(session: Session, promise: Promise, state: MessageState) -> None:
    message = tell(session, parent(session), "a", promise=promise)
    outbox.claim(session, Channel.TELEGRAM)
    with clock.frozen(clock.now() + outbox.CLAIM_LASTS + timedelta(seconds=1)):
        outbox.claim(session, Channel.TELEGRAM)
    session.refresh(message)
    assert message.state is state


def test_a_doubtful_send_is_repeated_or_left_as_promised(session: Session) -> None:
    live, package = tell(session, parent(session), "a"), tell(session, parent(session, "2"), "b", promise=Promise.AT_MOST_ONCE)
    outbox.claim(session, Channel.TELEGRAM)
    for message in (live, package):
        outbox.doubtful(session, message.number, error="time-out")
        session.refresh(message)
    assert live.state is MessageState.QUEUED
    assert package.state is MessageState.UNKNOWN


def test_an_outage_of_some_hours_loses_nothing_and_a_day_is_the_end(session: Session) -> None:
    message = tell(session, parent(session), "a")
    for hours, state in ((1, MessageState.QUEUED), (20, MessageState.QUEUED), (25, MessageState.FAILED)):
        with clock.frozen(message.created_at + timedelta(hours=hours)):
            outbox.claim(session, Channel.TELEGRAM)
            outbox.later(session, message.number, after=timedelta(seconds=20), error="away")
        session.refresh(message)
        assert message.state is state


def test_doubt_without_end_is_left_to_an_operator(session: Session) -> None:
    message = tell(session, parent(session), "a")
    message.attempts = outbox.MOST_DOUBTS
    session.add(message)
    session.flush()
    outbox.doubtful(session, message.number, error="time-out")
    session.refresh(message)
    assert message.state is MessageState.UNKNOWN


def test_what_waits_for_its_next_try_is_not_overtaken(session: Session) -> None:
    who = parent(session)
    first = tell(session, who, "a")
    outbox.claim(session, Channel.TELEGRAM)
    outbox.later(session, first.number, after=timedelta(seconds=20), error="429")
    tell(session, who, "b")
    assert outbox.claim(session, Channel.TELEGRAM) == []


def test_a_person_who_blocked_us_gets_what_follows_on_the_page(session: Session) -> None:
    who = parent(session)
    message = tell(session, who, "a")
    outbox.claim(session, Channel.TELEGRAM)
    outbox.unreachable(session, message.number, error="403")
    session.flush()
    assert session.exec(select(Contact)).one().unreachable_at is not None
    later = tell(session, who, "b")
    assert later.channel is Channel.WEB


def test_whoever_writes_again_is_reached_again(session: Session) -> None:
    who = parent(session)
    message = tell(session, who, "a")
    outbox.unreachable(session, message.number, error="403")
    session.flush()
    assert parent(session).id == who.id
    assert tell(session, who, "b").channel is Channel.TELEGRAM


def test_undo_only_before_it_is_claimed(session: Session) -> None:
    message = tell(session, parent(session), "a")
    assert outbox.undo(session, message.number)
    other = tell(session, parent(session), "b")
    outbox.claim(session, Channel.TELEGRAM)
    assert not outbox.undo(session, other.number)


def test_the_page_shows_the_talk_and_marks_it_read(session: Session) -> None:
    who = families.meet(session, Channel.WEB, address="cookie")
    outbox.tell(session, who, kind="case_reply", key="a", facts={"text": "好", "name": "王"}, channel=Channel.WEB)
    assert len(queries.unread_replies(session, who)) == 1
    shown = queries.talk(session, who)
    outbox.mark_read(session, who, up_to=shown[-1].number)
    session.expire_all()
    assert queries.unread_replies(session, who) == []
    assert session.exec(select(Message.state)).one() is MessageState.SENT


@given(ends=st.lists(st.sampled_from(["sent", "later", "doubtful", "killed"]), max_size=10))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_to_sends_order_holds_and_nothing_is_lost(session: Session, ends: list[str]) -> None:
    with session.begin_nested() as savepoint:
        who = parent(session, "prop")
        wanted = [tell(session, who, f"p{number}").number for number in range(3)]
        delivered: list[int] = []
        moment = clock.now()
        for end in [*ends, *["sent"] * 6]:
            moment += timedelta(minutes=20)
            with clock.frozen(moment):
                for row in outbox.claim(session, Channel.TELEGRAM):
                    if end == "sent":
                        outbox.sent(session, row.number, remote_id=str(row.number))
                        delivered.append(row.number)
                    elif end == "later":
                        outbox.later(session, row.number, after=timedelta(seconds=5), error="429")
                    elif end == "doubtful":
                        outbox.doubtful(session, row.number, error="time-out")
                session.expire_all()
        assert delivered == wanted
        savepoint.rollback()
