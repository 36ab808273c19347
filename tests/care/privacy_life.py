"""What a mother leaves behind, for the tests of privacy: questions, cases, and something of hers in every table."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from bot.inbox import actions as inbox
from care.cases import actions as cases
from care.cases.models import Case, CaseKind, Outcome
from care.duty.models import CallNumber, FollowUp, Page
from care.families import actions as families
from care.families import sharing
from care.families.models import Caregiver, Channel, Child
from care.gaps.models import GapQuestion
from care.homework.models import HandingIn, Homework, HomeworkComment, HomeworkItem, ItemState, Verdict
from care.messages import actions as messages
from care.privacy import actions as consents
from care.privacy import erasing, keeping
from care.privacy.models import ConsentPurpose
from care.questions import actions as questions
from care.questions.models import Question
from care.recalls.models import Recall, RecallNotice
from care.safeguarding.models import Look
from care.safety.screening import screen
from care.services import Services
from kit import clock
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from knowledge.models import Passage

KEY = "k" * 40
DAY = timedelta(days=1)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=clock.CHINA)
WORDS = "我家么儿夜里老是翻身怎么弄"


def mother(session: Session, address: str = "m") -> Caregiver:
    return families.meet(session, Channel.WEB, address=address)


def asks(session: Session, who: Caregiver, text: str = WORDS, *, update: str = "1", address: str = "m") -> Question:
    """As the dialogue would: the raw update, the words kept, the question."""
    payload = {"text": text, "media": None}
    inbox.store(session, Channel.WEB, update_id=update, lane=address, address=address, payload=payload)
    row = inbox.claim(session)[0]
    messages.keep_words(session, who, channel=Channel.WEB, key=f"web:{update}:said", facts={"text": text, "media": ""})
    question = questions.record(session, who, update_key=f"web:{update}", said=screen(text), lang="zh")
    inbox.finish(session, row.id or 0)
    session.flush()
    return question


def a_case(
    services: Services, session: Session, who: Caregiver, kind: CaseKind, text: str, *, topic: str = "", key: str = ""
) -> Case:
    said = screen(text)
    media = cases.Media(key, "photo") if key else None
    case, _ = cases.open_case(session, who, kind=kind, said=said, hours=services.hours, topic=topic, media=media)
    return case


def closed(session: Session, case: Case) -> None:
    outcome = Outcome.SAFE if case.needs_outcome else None
    cases.close(session, case, by=None, outcome=outcome, words="人在医院，平安。" if outcome else "")


def everything_written(session: Session) -> str:
    """Every value of every column of every table there is, the job engine's too."""
    session.flush()
    names = sa.inspect(session.connection()).get_table_names()
    rows = [session.execute(sa.text(f'select "{name}"::text from "{name}"')).scalars().all() for name in names]
    return "\n".join(value for those in rows for value in those)


def tidy(services: Services, session: Session) -> erasing.Counts:
    counts = keeping.due(session, services.blobs, clock.now(), signing_key=KEY)
    session.expire_all()
    return counts


def staff(session: Session) -> Staff:
    return accounts.create_staff(session, "wang", name="王芳", role=Role.INSTRUCTOR)


def a_full_life(services: Services, session: Session, who: Caregiver, address: str = "m") -> str:
    """Something of hers in every table of the register; the key of her photo."""
    child = families.add_child(session, who, birth_month=NOON.date(), nickname="翠翠")
    key = services.blobs.put_new(b"\xff\xd8\xffphoto", folder="photos")
    question = asks(session, who, address=address)
    case = a_case(services, session, who, CaseKind.ASKED_FOR_PERSON, "翠翠的爸爸走了", key=key)
    teacher = staff(session)
    teacher.telegram_address = "900"
    cases.take(session, case, by=teacher)
    cases.answer(session, case, by=teacher, text="翠翠妈妈您好", key="a")
    messages.tell_staff(session, teacher, kind="reply_sent", key="s", facts={"text": "翠翠妈妈您好"}, case_id=case.key)
    families.return_code(session, who, signing_key=KEY)
    sharing.share(session, who, child, signing_key=KEY)
    consents.decide(session, services.blobs, who, purpose=ConsentPurpose.ANSWERING, given=True)
    session.add(Page(case_id=case.key, address_number=0, at=clock.now()))
    session.add(CallNumber(case_id=case.key, sealed="sealed", left_at=clock.now()))
    session.add(FollowUp(case_id=case.key, ask_at=clock.now()))
    session.add(Look(case_id=case.key, staff_id=teacher.key, reason="值班接到", at=clock.now()))
    _homework(session, who, child, teacher)
    dialog = SQLModel.metadata.tables["dialog"]
    values = {"caregiver_id": who.key, "flow": "child", "step": "year", "facts": {}, "version": 1, "changed_at": clock.now()}
    session.execute(sa.insert(dialog).values(**values))
    feedback = SQLModel.metadata.tables["feedback"]
    revision = SQLModel.metadata.tables["revision"]
    _of_passages(session, who, question, teacher)
    if (one := session.execute(sa.select(revision.c.id)).scalars().first()) is not None:
        given = {"helped": False, "why": "other", "words": "翠翠不听", "at": clock.now()}
        session.execute(sa.insert(feedback).values(caregiver_id=who.key, question_id=question.key, revision_id=one, **given))
    session.flush()
    return key


def _of_passages(session: Session, who: Caregiver, question: Question, teacher: Staff) -> None:
    """A passage that she received was wrong, and one is written from a question of hers."""
    now = clock.now()
    passage = Passage(slug="of-a-full-life", created_at=now)
    session.add(passage)
    session.flush()
    recall = Recall(
        passage_id=passage.key,
        number=1,
        reason="写错了",
        zh="满一岁才能吃。",
        since=now,
        staff_id=teacher.key,
        at=now,
        told_at=now,
    )
    session.add(recall)
    session.flush()
    session.add(RecallNotice(recall_id=recall.key, caregiver_id=who.key, at=now))
    session.add(GapQuestion(passage_id=passage.key, question_id=question.key, caregiver_id=who.key, at=now))
    session.flush()


def _homework(session: Session, who: Caregiver, child: Child, teacher: Staff) -> None:
    now = clock.now()
    homework = Homework(child_id=child.key, task="a", fingerprint="a", given_at=now)
    session.add(homework)
    session.flush()
    session.add(HandingIn(caregiver_id=who.key, homework_id=homework.key, until=now))
    session.add(
        HomeworkItem(
            homework_id=homework.key, caregiver_id=who.key, kind="text", text="翠翠走了", state=ItemState.KEPT, update_key="h", at=now
        )
    )  # fmt: skip
    session.add(
        HomeworkComment(
            homework_id=homework.key, child_id=child.key, staff_id=teacher.key, key="c", saw="看到翠翠走", verdict=Verdict.DONE, at=now
        )
    )  # fmt: skip
    session.flush()
