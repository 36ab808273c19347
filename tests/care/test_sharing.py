"""Caregivers of one child: joining by a code, and being put out."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from care.families import actions as families
from care.families import queries as reading
from care.families import sharing
from care.families.errors import NotHerChild, UnknownShareCode
from care.messages.models import Message
from kit import clock
from kit.limits import TooManyAttempts
from tests.care.privacy_life import DAY, KEY, mother


def test_a_code_joins_once_and_within_a_day(session: Session, at_noon: None) -> None:
    who = mother(session)
    child = families.add_child(session, who, birth_month=None)
    code = sharing.share(session, who, child, signing_key=KEY)
    assert sharing.looks_like_code(f" {code.lower()[:3]} {code[3:]} ") == code
    for address, wrong in (("m", code), ("f", "AAA333")):
        with pytest.raises(UnknownShareCode):
            sharing.join(session, mother(session, address), wrong, signing_key=KEY)
    sharing.join(session, mother(session, "f"), code, signing_key=KEY)
    with pytest.raises(UnknownShareCode):
        sharing.join(session, mother(session, "g"), code, signing_key=KEY)
    late = sharing.share(session, who, child, signing_key=KEY)
    clock.advance(DAY + timedelta(seconds=1))
    with pytest.raises(UnknownShareCode):
        sharing.join(session, mother(session, "g"), late, signing_key=KEY)


def test_only_who_was_there_first_puts_somebody_out(session: Session, at_noon: None) -> None:
    who, father = mother(session), mother(session, "father")
    child = families.add_child(session, who, birth_month=None)
    clock.advance(timedelta(minutes=1))
    sharing.join(session, father, sharing.share(session, who, child, signing_key=KEY), signing_key=KEY)
    with pytest.raises(NotHerChild):
        sharing.remove(session, father, child, other_id=who.key)
    sharing.remove(session, who, child, other_id=father.key)
    assert reading.children(session, father) == []
    assert father.current_child_id is None
    assert session.exec(select(Message).where(Message.caregiver_id == father.key)).all() == []
    with pytest.raises(NotHerChild):
        sharing.share(session, father, child, signing_key=KEY)


def test_guessing_codes_of_a_child_is_stopped(session: Session) -> None:
    for _ in range(5):
        sharing.count_try(session, address="1.2.3.4")
        session.flush()
    with pytest.raises(TooManyAttempts):
        sharing.count_try(session, address="1.2.3.4")


@pytest.mark.parametrize("words", ["PLEASE", "123456", "8个月", "娃儿发烧38.5", "", "ABCDEF", "H3LLO7"])
def test_words_are_not_taken_for_a_code(words: str) -> None:
    assert sharing.looks_like_code(words) == ""
