"""The number on which a parent in danger wants to be called: sealed, opened for whoever holds the case, and every look is logged."""

import re

from sqlmodel import Session, col, select

from care.cases.errors import NotHeld
from care.cases.models import Case, CaseEntry, CaseState, EntryKind
from care.duty import calming
from care.duty.models import CallNumber
from care.messages import actions as messages
from care.text import numbers_in
from kit import audit, clock
from kit.accounts.models import Staff
from kit.errors import NotFound
from kit.sealing import seal, unseal

NUMBER_LEFT = "number_left"
NUMBER_SEEN = "number_seen"
_PURPOSE = "call number"
_BETWEEN_DIGITS = re.compile(r"[\s\-—－()（）.·]+")
_NUMBER = re.compile(r"\+?(?:86)?1[3-9]\d{9}|0\d{2,3}[2-8]\d{6,7}|[2-8]\d{7}|\+\d{8,15}")
_DIGITS = re.compile(r"\d")


def number_in(text: str) -> str | None:
    """The telephone number that these words are, and nothing besides."""
    plain = _BETWEEN_DIGITS.sub("", text.translate(_NARROW))
    plain = re.sub(r"^(?:我的?)?(?:电话|手机|号码)*(?:是|:|：)?", "", plain).rstrip("。，,!！")
    return plain if _NUMBER.fullmatch(plain) else None


def looks_like_number(text: str) -> bool:
    """Mostly digits: somebody meant to give a number, whether or not it is a good one."""
    return len(text) <= 40 and len(_DIGITS.findall(text.translate(_NARROW))) >= 5


_NARROW = str.maketrans("０１２３４５６７８９＋", "0123456789+")


def leave(session: Session, case: Case, *, number: str, signing_key: str, key: str) -> None:
    """A later number takes the place of an earlier one. Whoever was called hears that there is one, and never which."""
    found = session.exec(select(CallNumber).where(CallNumber.case_id == case.key)).one_or_none()
    sealed = seal(number, key=signing_key, purpose=_PURPOSE)
    row = found or CallNumber(case_id=case.key, sealed="", left_at=clock.now())
    row.sealed, row.left_at = sealed, clock.now()
    session.add(row)
    session.add(CaseEntry(case_id=case.key, kind=EntryKind.EVENT, text=NUMBER_LEFT, at=clock.now()))
    audit.record(session, NUMBER_LEFT, thing="case", thing_id=case.key)
    for one in calming.called(session, case):
        told = f"{key}:number:{one.key}"
        messages.tell_staff(session, one, kind="number_left", key=told, facts={"case_id": case.key}, case_id=case.key)
    session.flush()


def left(session: Session, case: Case) -> bool:
    """She left a number to be called on, or wrote one among her words."""
    sealed = session.exec(select(CallNumber.id).where(CallNumber.case_id == case.key)).first()
    return sealed is not None or bool(written(session, case))


def written(session: Session, case: Case) -> list[str]:
    said = select(CaseEntry.text).where(CaseEntry.case_id == case.key, CaseEntry.kind == EntryKind.PARENT)
    return [number for text in session.exec(said.order_by(col(CaseEntry.id))) for number in numbers_in(text)]


def look(session: Session, case: Case, *, by: Staff, signing_key: str) -> str:
    """The number, and those that stand in her words, for whoever holds the case; that she looked stands in its history.

    Several are parted by 「、」. Raises NotHeld, NotFound, SealBroken.
    """
    if case.owner_id != by.key or case.state is CaseState.CLOSED:
        raise NotHeld
    found = session.exec(select(CallNumber).where(CallNumber.case_id == case.key)).one_or_none()
    sealed = [unseal(found.sealed, key=signing_key, purpose=_PURPOSE)] if found else []
    numbers = list(dict.fromkeys([*sealed, *written(session, case)]))
    if not numbers:
        raise NotFound("no number was left")
    session.add(CaseEntry(case_id=case.key, kind=EntryKind.EVENT, text=NUMBER_SEEN, staff_id=by.key, at=clock.now()))
    audit.record(session, NUMBER_SEEN, thing="case", thing_id=case.key, staff_id=by.key)
    session.flush()
    return "、".join(numbers)
