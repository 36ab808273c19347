"""Raw updates: kept once, worked in order of each person, never lost by a killed worker."""

from datetime import timedelta

from sqlmodel import Session, select

from bot.inbox import actions as inbox
from bot.inbox.models import InboxUpdate, UpdateState
from care.families.models import Channel
from kit import clock
from kit.db import Database


def store(session: Session, update_id: str, lane: str = "a") -> bool:
    return inbox.store(session, Channel.TELEGRAM, update_id=update_id, lane=lane, address=lane, payload={})


def claimed(session: Session) -> list[str]:
    return [row.update_id for row in inbox.claim(session)]


def test_an_update_is_kept_once(session: Session) -> None:
    assert store(session, "1")
    assert not store(session, "1")


def test_one_at_a_time_within_a_person_and_side_by_side_across(session: Session) -> None:
    for update_id, lane in (("1", "a"), ("2", "a"), ("3", "b")):
        store(session, update_id, lane)
    assert claimed(session) == ["1", "3"]
    assert claimed(session) == []
    inbox.finish(session, session.exec(select(InboxUpdate.id).where(InboxUpdate.update_id == "1")).one() or 0)
    assert claimed(session) == ["2"]


def test_two_workers_never_take_the_same_person(database: Database) -> None:
    with database.transaction() as session:
        store(session, "1")
        store(session, "2")
    with database.transaction() as one, database.transaction() as two:
        assert claimed(one) == ["1"]
        assert claimed(two) == []


def test_what_a_killed_worker_had_is_taken_up_again(session: Session) -> None:
    store(session, "1")
    claimed(session)
    with clock.frozen(clock.now() + inbox.CLAIM_LASTS + timedelta(seconds=1)):
        assert claimed(session) == ["1"]


def test_after_its_attempts_it_is_dead_and_the_next_one_is_free(session: Session) -> None:
    store(session, "1")
    store(session, "2")
    moment = clock.now()
    for attempt in range(inbox.MOST_ATTEMPTS):
        moment += timedelta(minutes=5)
        with clock.frozen(moment):
            row = inbox.claim(session)[0]
            assert inbox.retry(session, row, error="boom") is (attempt < inbox.MOST_ATTEMPTS - 1)
        session.expire_all()
    assert session.exec(select(InboxUpdate.state).where(InboxUpdate.update_id == "1")).one() is UpdateState.DEAD
    with clock.frozen(moment + timedelta(minutes=5)):
        assert claimed(session) == ["2"]


def test_old_finished_updates_are_dropped(session: Session) -> None:
    store(session, "1")
    row = inbox.claim(session)[0]
    inbox.finish(session, row.id or 0)
    with clock.frozen(clock.now() + inbox.KEPT + timedelta(hours=1)):
        inbox.drop_old(session)
    assert session.exec(select(InboxUpdate)).all() == []
