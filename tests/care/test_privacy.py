"""Consent, retention, export, forgetting and the ledger, on real rows and with a virtual clock."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from bot.inbox import actions as inbox
from care.cases import actions as cases
from care.cases.models import Case, CaseEntry, CaseKind, CaseState, Outcome
from care.duty.models import CallNumber, Page
from care.families import actions as families
from care.families import queries as reading
from care.families import sharing
from care.families.errors import NotHerChild, UnknownShareCode
from care.families.models import Caregiver, CareOf, Channel, Child, Contact
from care.homework.models import HandingIn, Homework, HomeworkComment, HomeworkItem, ItemState, Verdict
from care.messages import actions as messages
from care.messages.models import Message
from care.privacy import actions as consents
from care.privacy import erasing, exporting, forgetting, keeping, ledger, queries
from care.privacy.models import Consent, ConsentPurpose, Forgotten, Standing
from care.privacy.register import of_families, table_of
from care.questions import actions as questions
from care.questions.models import Question
from care.safety.screening import screen
from care.services import Services
from kit import clock
from kit.accounts import actions as accounts
from kit.accounts.models import Role, Staff
from kit.errors import NotFound
from kit.limits import TooManyAttempts

KEY = "k" * 40
DAY = timedelta(days=1)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=clock.CHINA)
WORDS = "我家么儿夜里老是翻身怎么弄"


@pytest.fixture
def at_noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


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


# Consent.


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


# Retention.


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


# Export.


def unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_archive_holds_all_of_hers_and_nothing_of_another(services: Services, session: Session) -> None:
    who, father = mother(session), mother(session, "father")
    child = families.add_child(session, who, birth_month=None, nickname="豆豆")
    code = sharing.share(session, who, child, signing_key=KEY)
    sharing.join(session, father, code, signing_key=KEY)
    key = services.blobs.put_new(b"\xff\xd8\xffphoto", folder="photos")
    asks(session, who, "妈妈问的")
    asks(session, father, "爸爸问的", update="2", address="father")
    case = a_case(services, session, who, CaseKind.UNREADABLE, "妈妈的照片", key=key)
    files = unpacked(exporting.export(session, services.blobs, who))
    assert [content for name, content in files.items() if name.startswith("media/")] == [b"\xff\xd8\xffphoto"]
    rows = json.loads(files["data.json"])
    assert set(rows) == {entry.table for entry in of_families()}
    assert {"caregiver", "contact", "child", "care_of", "question", "message", "case", "case_entry", "inbox_update"} <= {
        table for table, those in rows.items() if those
    }
    assert rows["case"][0]["id"] == case.key
    everything = b"\n".join(files.values()).decode(errors="replace")
    assert "妈妈问的" in everything
    assert "豆豆" in everything
    assert "爸爸" not in everything
    assert father.alias not in everything
    assert "妈妈问的" in files["talk.html"].decode()
    assert "您在「陪伴」的全部资料" in files["README.txt"].decode()
    assert "Everything that Peiban keeps" in files["README.txt"].decode()


def test_the_archive_escapes_what_she_typed(services: Services, session: Session) -> None:
    who = mother(session)
    asks(session, who, "<script>alert(1)</script> 怎么弄")
    assert "<script>" not in unpacked(exporting.export(session, services.blobs, who))["talk.html"].decode()


def test_the_archive_opens_no_door(services: Services, session: Session) -> None:
    who = mother(session)
    code = families.return_code(session, who, signing_key=KEY)
    messages.tell(session, who, kind="relay", key="r", facts={"return_code": code})
    everything = b"\n".join(unpacked(exporting.export(session, services.blobs, who)).values()).decode(errors="replace")
    assert code not in everything
    assert "digest" not in everything


def test_the_link_works_for_half_an_hour_and_is_signed(session: Session, at_noon: None) -> None:
    who = mother(session)
    message = messages.tell(session, who, kind=exporting.LINK_KIND, key="x")
    assert message is not None
    token = exporting.link_token(message, signing_key=KEY)
    assert exporting.by_link(session, token, signing_key=KEY).key == who.key
    with pytest.raises(NotFound):
        exporting.by_link(session, token, signing_key="another key")
    with pytest.raises(NotFound):
        exporting.by_link(session, f"{message.number}.x", signing_key=KEY)
    clock.advance(timedelta(minutes=31))
    with pytest.raises(NotFound):
        exporting.by_link(session, token, signing_key=KEY)


# Forgetting.


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
    _homework(session, who, child, teacher)
    dialog = SQLModel.metadata.tables["dialog"]
    values = {"caregiver_id": who.key, "flow": "child", "step": "year", "facts": {}, "version": 1, "changed_at": clock.now()}
    session.execute(sa.insert(dialog).values(**values))
    feedback = SQLModel.metadata.tables["feedback"]
    revision = SQLModel.metadata.tables["revision"]
    if (one := session.execute(sa.select(revision.c.id)).scalars().first()) is not None:
        given = {"helped": False, "why": "other", "words": "翠翠不听", "at": clock.now()}
        session.execute(sa.insert(feedback).values(caregiver_id=who.key, question_id=question.key, revision_id=one, **given))
    session.flush()
    return key


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


# After a restore.


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


# Sharing a child.


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
