"""Forgetting a caregiver or one child of hers, with a receipt; what the law keeps stays and is said. A restore forgets again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from care.cases.models import SAFEGUARDING, Case, CaseKind, CaseState
from care.families import actions as families
from care.families import queries as reading
from care.families.models import Caregiver, CareOf, Child, Contact
from care.messages import actions as messages
from care.messages.models import Message, MessageState
from care.privacy import ledger
from care.privacy.erasing import Condition, Counts, drop, erase_raw, hers
from care.privacy.register import PERSONAL, YEAR, Personal, rows_of, table_of
from care.questions.models import Question
from kit import audit, clock, tokens
from kit.blobs import Blobs

LEGAL_END = 3 * YEAR
"""How long the record of a child at risk is kept after its case was closed."""
RECEIPT_SHOWN = timedelta(days=1)
REDELIVERED_WITHIN = timedelta(hours=1)

_OF_TALK = (
    "dialog",
    "feedback",
    "recall_notice",
    "question",
    "return_code",
    "share_code",
    "consent",
    "handing_in",
    "homework_item",
)


@dataclass(frozen=True, slots=True)
class Stays:
    """A case that is not erased: `until` is None while it is open."""

    case_id: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """`erased` counts rows by table, and files. `shared` when somebody else looks after the child and still has its record."""

    number: str
    at: datetime
    erased: dict[str, int]
    stays: tuple[Stays, ...]
    shared: bool = False


def kept_by_law(at: datetime) -> Condition:
    """Open cases of danger, and cases of a child at risk until their legal end (Minors Law art. 11, 130)."""
    grave = col(Case.kind).in_([CaseKind.DANGER, CaseKind.URGENT])
    still = sa.and_(col(Case.category).in_(sorted(SAFEGUARDING)), col(Case.closed_at) > at - LEGAL_END)
    return sa.and_(grave, sa.or_(col(Case.state) != CaseState.CLOSED, still))


def what_stays(session: Session, who: Caregiver) -> tuple[Stays, ...]:
    query = select(Case).where(Case.caregiver_id == who.key, kept_by_law(clock.now())).order_by(col(Case.id))
    return tuple(Stays(case.key, case.closed_at + LEGAL_END if case.closed_at else None) for case in session.exec(query))


def forget_caregiver(
    session: Session, blobs: Blobs, who: Caregiver, *, signing_key: str, again: ledger.Entry | None = None
) -> Receipt:
    """Everything of hers, now. Her bare row with its contacts lives on for a day, so that the receipt arrives, and for as long
    as a case that the law keeps is open, so that somebody can reach her. `again` is the entry of a forgetting that a restore
    undid."""
    session.execute(sa.select(col(Caregiver.id)).where(col(Caregiver.id) == who.key).with_for_update())
    entry = again or ledger.Entry(ledger.new_number(), clock.now(), ledger.digests_of(session, who, signing_key))
    stays = what_stays(session, who)
    children = list(reading.children(session, who))
    counts = _erase_talk(session, blobs, who, stays)
    for child in children:
        counts += _let_go(session, blobs, who, child)
    _make_bare(session, who, keep_alias=bool(stays))
    return _noted(session, blobs, who, entry, counts, stays=stays, again=again is not None)


def forget_child(
    session: Session, blobs: Blobs, who: Caregiver, child: Child, *, signing_key: str, again: ledger.Entry | None = None
) -> Receipt:
    """The child and what she said about it: all her talk when it is her only one, since that is whom it was about.

    A child that another caregiver looks after stays with them."""
    told = ledger.Entry(
        ledger.new_number(), clock.now(), ledger.digests_of(session, who, signing_key), ledger.digest_of_child(child, signing_key)
    )
    entry = again or told
    stays = what_stays(session, who)
    only = len(reading.children(session, who)) == 1
    counts = _erase_talk(session, blobs, who, stays, all_of=False) if only else _erase_about(session, blobs, who, child, stays)
    counts += _let_go(session, blobs, who, child)
    shared = session.exec(select(CareOf).where(CareOf.child_id == child.key)).first() is not None
    return _noted(session, blobs, who, entry, counts, stays=stays, shared=shared, again=again is not None)


def _noted(
    session: Session,
    blobs: Blobs,
    who: Caregiver,
    entry: ledger.Entry,
    counts: Counts,
    *,
    stays: tuple[Stays, ...],
    again: bool,
    shared: bool = False,
) -> Receipt:
    if not again:
        ledger.write(session, blobs, entry, counts=+counts)
    audit.record(session, "forget", thing="caregiver", thing_id=who.key, number=entry.number, child=bool(entry.child))
    session.flush()
    return Receipt(entry.number, entry.at, dict(+counts), stays, shared)


def _entry(table: str) -> Personal:
    return next(one for one in PERSONAL if one.table == table)


def _erase_talk(
    session: Session, blobs: Blobs, who: Caregiver, stays: Sequence[Stays], *, all_of: bool = True
) -> Counts:  # fmt: skip
    """Her talk on every channel and her cases, but for those that stay. Without `all_of` her consents and codes are left to her."""
    counts = Counts()
    kept = [one.case_id for one in stays]
    for table in _OF_TALK if all_of else _OF_TALK[:4]:
        entry = _entry(table)
        counts += drop(session, blobs, table_of(entry), rows_of(entry, who.key))
    told = sa.and_(rows_of(_entry("message"), who.key, with_others=True), _not_about(kept))
    counts += drop(session, blobs, table_of(_entry("message")), told)
    cases = sa.and_(col(Case.caregiver_id) == who.key, col(Case.id).not_in(kept))
    counts += drop(session, blobs, table_of(_entry("case")), cases)
    _clear(session, who)
    counts["inbox_update"] += _erase_updates(session, who)
    return counts


def _not_about(cases: Sequence[int]) -> Condition:
    return sa.or_(col(Message.case_id).is_(None), col(Message.case_id).not_in(cases))


def _clear(session: Session, who: Caregiver) -> None:
    """What stays for the law is off her screen, except what she has not been told yet."""
    messages.clear(session, who, col(Message.state) != MessageState.QUEUED)


def _erase_updates(session: Session, who: Caregiver) -> int:
    """What raw updates say goes. The newest rows stay without it, so that a channel that delivers one again finds it known; what
    still waits is answered first."""
    updates, theirs = table_of(_entry("inbox_update")), rows_of(_entry("inbox_update"), who.key)
    answered = updates.c.state != "waiting"
    session.execute(sa.update(updates).where(theirs, answered).values(payload={}))
    gone = sa.delete(updates).where(theirs, answered, updates.c.received_at < clock.now() - REDELIVERED_WITHIN)
    return len(session.execute(gone.returning(updates.c.id)).all())


def _erase_about(session: Session, blobs: Blobs, who: Caregiver, child: Child, stays: Sequence[Stays]) -> Counts:
    """Of several children only the talk about this one, and whatever names it."""
    mine = sa.and_(col(Question.caregiver_id) == who.key, col(Question.child_id) == child.key)
    asked = session.execute(sa.select(col(Question.id), col(Question.update_key)).where(mine)).all()
    keys = [f"{row.update_key}:said" for row in asked]
    facts = col(Message.facts)
    about = [col(Message.key).in_(keys), facts["question_id"].as_integer().in_([row.id for row in asked])]
    about += [facts["child_id"].as_integer() == child.key]
    if child.nickname:
        about.append(facts["text"].astext.contains(child.nickname, autoescape=True))
    kept = [one.case_id for one in stays]
    cases = sa.and_(col(Case.caregiver_id) == who.key, col(Case.child_id) == child.key, col(Case.id).not_in(kept))
    about.append(col(Message.case_id).in_(sa.select(col(Case.id)).where(cases)))
    tables = SQLModel.metadata.tables
    counts = drop(session, blobs, tables["message"], sa.and_(_hers_or_about(who, cases), sa.or_(*about), _not_about(kept)))
    counts += drop(session, blobs, tables["question"], mine)
    counts += drop(session, blobs, tables["case"], cases)
    counts += drop(session, blobs, tables["dialog"], rows_of(_entry("dialog"), who.key))
    counts["inbox_update"] += erase_raw(session, hers(who), before=clock.now())
    return counts


def _hers_or_about(who: Caregiver, cases: Condition) -> Condition:
    return sa.or_(col(Message.caregiver_id) == who.key, col(Message.case_id).in_(sa.select(col(Case.id)).where(cases)))


def _let_go(session: Session, blobs: Blobs, who: Caregiver, child: Child) -> Counts:
    """She looks after the child no more. Without anybody who does, its record goes; a case that stays keeps it without its name."""
    tables = SQLModel.metadata.tables
    counts = Counts(care_of=families.leave_child(session, who, child))
    if session.exec(select(CareOf).where(CareOf.child_id == child.key)).first():
        return counts
    counts += drop(session, blobs, tables["share_code"], tables["share_code"].c.child_id == child.key)
    counts += drop(session, blobs, tables["homework"], tables["homework"].c.child_id == child.key)
    session.execute(sa.update(Question).where(col(Question.child_id) == child.key).values(child_id=None))
    session.execute(sa.update(Caregiver).where(col(Caregiver.current_child_id) == child.key).values(current_child_id=None))
    if session.exec(select(Case.id).where(Case.child_id == child.key)).first():
        child.nickname = ""
        session.add(child)
        session.flush()
        return counts
    return counts + drop(session, blobs, tables["child"], tables["child"].c.id == child.key)


def _make_bare(session: Session, who: Caregiver, *, keep_alias: bool) -> None:
    """Under another alias, if she ever writes again, nobody of ours knows her for the one she was."""
    family_links = sa.delete(tokens.OneTimeToken).where(
        col(tokens.OneTimeToken.purpose) == tokens.TokenPurpose.FAMILY_TELEGRAM, col(tokens.OneTimeToken.subject_id) == who.key
    )
    session.execute(family_links)
    who.place_id = who.current_child_id = None
    who.alias = who.alias if keep_alias else families.new_alias()
    who.forgotten_at = clock.now()
    session.add(who)
    session.flush()


def finish(session: Session, blobs: Blobs, *, now: datetime) -> Counts:
    """Of those who were forgotten a day ago: the receipt, the contacts and the bare row, and cases whose legal end has come."""
    counts = Counts()
    query = select(Caregiver).where(col(Caregiver.forgotten_at) <= now - RECEIPT_SHOWN)
    for who in session.exec(query).all():
        counts += _finish_one(session, blobs, who, now=now)
    return counts


def _finish_one(session: Session, blobs: Blobs, who: Caregiver, *, now: datetime) -> Counts:
    tables = SQLModel.metadata.tables
    of_before = sa.and_(col(Case.caregiver_id) == who.key, col(Case.opened_at) <= who.forgotten_at)
    ended = sa.and_(of_before, sa.not_(kept_by_law(now)))
    counts = drop(session, blobs, tables["message"], col(Message.case_id).in_(sa.select(col(Case.id)).where(ended)))
    counts += drop(session, blobs, tables["case"], ended)
    left = session.exec(select(Case).where(of_before)).all()
    came_back = who.forgotten_at is not None and who.seen_at > who.forgotten_at
    if came_back:
        who.forgotten_at = who.forgotten_at if left else None
        session.add(who)
    elif not left:
        counts += drop(session, blobs, tables["inbox_update"], rows_of(_entry("inbox_update"), who.key))
        counts += drop(session, blobs, tables["caregiver"], tables["caregiver"].c.id == who.key)
        session.expunge(who)
    elif all(case.state is CaseState.CLOSED for case in left):
        counts += _lose_contact(session, blobs, who)
    return counts


def _lose_contact(session: Session, blobs: Blobs, who: Caregiver) -> Counts:
    """Only the record of a child at risk is left; nobody needs to find her for it any more."""
    tables = SQLModel.metadata.tables
    mine = col(Message.caregiver_id) == who.key
    counts = drop(session, blobs, tables["inbox_update"], rows_of(_entry("inbox_update"), who.key))
    counts += drop(session, blobs, tables["message"], sa.and_(mine, col(Message.case_id).is_(None)))
    session.execute(sa.update(Message).where(mine).values(address="", remote_id=""))
    return counts + drop(session, blobs, tables["contact"], col(Contact.caregiver_id) == who.key)


def reforget(session: Session, blobs: Blobs, *, signing_key: str) -> int:
    """After a restore: forget again everybody who was forgotten since that backup was made; how many that were.

    Whoever came back afterwards was seen later than the forgetting, and stays."""
    told = list(ledger.entries(blobs))
    ledger.note_missing(session, told)
    by_digest: dict[str, list[ledger.Entry]] = defaultdict(list)
    for entry in told:
        for digest in entry.who:
            by_digest[digest].append(entry)
    count = 0
    for caregiver_id, digests in ledger.known(session, signing_key):
        for entry in {entry for digest in digests for entry in by_digest.get(digest, [])}:
            who = session.get_one(Caregiver, caregiver_id)
            if who.forgotten_at is None and who.seen_at <= entry.at:
                count += _again(session, blobs, who, entry, signing_key=signing_key)
    return count


def _again(session: Session, blobs: Blobs, who: Caregiver, entry: ledger.Entry, *, signing_key: str) -> int:
    if not entry.child:
        forget_caregiver(session, blobs, who, signing_key=signing_key, again=entry)
        return 1
    same = [one for one in reading.children(session, who) if ledger.digest_of_child(one, signing_key) == entry.child]
    for child in same:
        forget_child(session, blobs, who, child, signing_key=signing_key, again=entry)
    return len(same)
