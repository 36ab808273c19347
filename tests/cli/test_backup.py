"""`peiban backup` and `restore`: everything comes back, and nothing is said twice."""

import tarfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from bot.inbox import actions as inbox
from bot.inbox.models import InboxUpdate, UpdateState
from care.cases.actions import Media
from care.cases.models import CaseEntry
from care.families import actions as families
from care.families.models import Channel
from care.messages import actions as messages
from care.messages.models import Message, MessageState
from care.privacy.forgetting import forget_caregiver
from care.questions.models import Question
from care.services import Services
from kit import clock
from kit.accounts.actions import create_staff, start_session
from kit.accounts.models import Role
from kit.accounts.queries import by_session
from kit.blobs import Blobs
from kit.db import Database
from tests.cli.conftest import Peiban
from tests.fixtures.database import TestServer
from tests.fixtures.talk import Talker

# What a restore changes on purpose.
_RESTED = {"message", "inbox_update", "duty_page", "staff_session"}


@pytest.fixture
def empty(test_server: TestServer) -> Iterator[Database]:
    with test_server.clone("template1") as database:
        yield database


@pytest.fixture
def lived_in(services: Services) -> Services:
    """A mother was answered and another waits; a message is on its way; a photo is kept; somebody is signed in."""
    Talker(services, "mother").says("八个月的娃可以吃蜂蜜不")
    Talker(services, "waiting").says("娃儿学走路要不要穿鞋")
    services.blobs.put("photos/one", b"\x00picture")
    with services.database.transaction() as session:
        staff = create_staff(session, "zhang", name="张", role=Role.INSTRUCTOR)
        staff.telegram_address = "77"
        for number in range(3):
            messages.tell_staff(session, staff, kind="case_card", key=f"card-{number}", facts={"case_id": 1})
        inbox.store(session, Channel.WEB, update_id="late", lane="web:late", address="late", payload={"text": "在吗"})
    with services.database.transaction() as session:
        card = messages.claim(session, Channel.TELEGRAM, limit=1)[0]
        messages.sent(session, card.number, remote_id="5")
    return services


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.transaction() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(sa.select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
            if table.name not in _RESTED
        }


def restored_into(empty: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's settings now name another machine, without data."""
    monkeypatch.setenv("DATABASE_URL", empty.url)
    monkeypatch.setenv("DATA_DIR", str(folder))


def test_everything_comes_back(
    peiban: Peiban, lived_in: Services, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, elsewhere = tmp_path / "one.peiban", tmp_path / "elsewhere"
    assert peiban("backup", file).code == 0
    assert file.stat().st_mode & 0o077 == 0
    restored_into(empty, elsewhere, monkeypatch)
    ran = peiban("restore", file)
    assert ran.code == 0, ran.err
    assert rows(empty) == rows(lived_in.database)
    before, after = lived_in.blobs, Blobs("", folder=elsewhere / "blobs")
    assert {key: after.get(key) for key in after.keys()} == {key: before.get(key) for key in before.keys()}  # noqa: SIM118
    assert peiban("db", "upgrade").err.startswith("已经是最新的")


def test_nothing_is_said_twice(
    peiban: Peiban, lived_in: Services, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lived_in.database.transaction() as session:
        token = start_session(session, create_staff(session, "li", name="李", role=Role.EDITOR))
    peiban("backup", tmp_path / "one.peiban")
    restored_into(empty, tmp_path / "elsewhere", monkeypatch)
    assert "2 messages were being sent and 1" in peiban("restore", tmp_path / "one.peiban").err
    with empty.transaction() as session:
        assert messages.claim(session, Channel.TELEGRAM) == []
        assert inbox.claim(session) == []
        assert _states(session, Channel.TELEGRAM) == {MessageState.SENT: 1, MessageState.UNKNOWN: 2}
        assert MessageState.UNKNOWN not in _states(session, Channel.WEB), "what waits on the page is shown, not sent"
        assert session.exec(select(InboxUpdate.state).where(InboxUpdate.update_id == "late")).one() is UpdateState.DEAD
        assert by_session(session, token) is None


def _states(session: Session, channel: Channel) -> dict[MessageState, int]:
    found = list(session.exec(select(Message.state).where(Message.channel == channel)))
    return {MessageState(state): found.count(state) for state in set(found)}


def test_a_database_in_use_is_replaced_only_when_asked(peiban: Peiban, lived_in: Services, tmp_path: Path) -> None:
    peiban("backup", tmp_path / "one.peiban")
    with lived_in.database.transaction() as session:
        create_staff(session, "later", name="后来的", role=Role.EDITOR)
    refused = peiban("restore", tmp_path / "one.peiban")
    assert (refused.code, "--force" in refused.err) == (1, True)
    busy = peiban("restore", tmp_path / "one.peiban", "--force")
    assert (busy.code, "stop it first" in busy.err) == (1, True)
    lived_in.database.dispose()
    assert peiban("restore", tmp_path / "one.peiban", "--force").code == 0
    listed = peiban("staff", "list").out
    assert "zhang" in listed
    assert "later" not in listed


def test_who_was_forgotten_after_the_backup_stays_forgotten(peiban: Peiban, lived_in: Services, tmp_path: Path) -> None:
    peiban("backup", tmp_path / "one.peiban")
    with lived_in.database.transaction() as session:
        who = families.meet(session, Channel.WEB, address="mother")
        clock.advance(timedelta(minutes=1))
        forget_caregiver(session, lived_in.blobs, who, signing_key=lived_in.signing_key)
    clock.advance(timedelta(minutes=-1))
    lived_in.database.dispose()
    ran = peiban("restore", tmp_path / "one.peiban", "--force")
    assert (ran.code, "1 asked to be forgotten" in ran.err) == (0, True), ran.err
    with lived_in.database.transaction() as session:
        assert session.exec(select(Question.text).where(col(Question.text).contains("蜂蜜"))).all() == []


def test_a_backup_of_what_was_restored_is_as_good(
    peiban: Peiban, lived_in: Services, test_server: TestServer, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peiban("backup", tmp_path / "one.peiban")
    lived_in.database.dispose()
    assert peiban("restore", tmp_path / "one.peiban", "--force").code == 0
    assert peiban("backup", tmp_path / "two.peiban").code == 0
    restored_into(empty, tmp_path / "elsewhere", monkeypatch)
    assert peiban("restore", tmp_path / "two.peiban").code == 0


def test_no_secret_is_in_it(peiban: Peiban, lived_in: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"SECRET_KEY": "s" * 50, "TELEGRAM_BOT_TOKEN": "123456:" + "t" * 35, "DUTY_NOTIFY": "mailto://u:pppppppp@h"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "secret_key").write_text("k" * 64)
    peiban("backup", tmp_path / "one.peiban")
    with tarfile.open(tmp_path / "one.peiban") as archive:
        assert not any("secret" in name or name.endswith(".env") for name in archive.getnames())
    content = (tmp_path / "one.peiban").read_bytes()
    assert not any(value.encode() in content for value in (*secrets.values(), "k" * 64))


def test_damaged_and_foreign_files_touch_nothing(peiban: Peiban, lived_in: Services, tmp_path: Path) -> None:
    good, bad = tmp_path / "one.peiban", tmp_path / "bad.peiban"
    peiban("backup", good)
    assert peiban("backup", good).code == 2, "a backup never overwrites another"
    content = bytearray(good.read_bytes())
    content[2000] ^= 0xFF
    bad.write_bytes(content)
    before = rows(lived_in.database)
    lived_in.database.dispose()
    assert peiban("restore", bad, "--force").code == 2
    bad.write_text("hello")
    assert peiban("restore", bad, "--force").code == 2
    assert peiban("restore", tmp_path / "missing", "--force").code == 2
    assert rows(lived_in.database) == before


def test_a_backup_made_during_traffic_is_whole_and_nothing_is_sent_twice(
    peiban: Peiban, lived_in: Services, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Families write and send photos, messages leave, while the backup is made."""
    over = threading.Event()

    def traffic() -> None:
        number = 0
        while not over.is_set():
            number += 1
            kept = Media(lived_in.blobs.put_new(b"picture", folder="photos"), "photo")
            Talker(lived_in, f"family-{number}").sends_media(kept)
            with lived_in.database.transaction() as session:
                for row in messages.claim(session, Channel.TELEGRAM, limit=2):
                    messages.sent(session, row.number, remote_id=str(number))

    family = threading.Thread(target=traffic)
    family.start()
    made = peiban("backup", tmp_path / "one.peiban")
    over.set()
    family.join()
    assert made.code == 0, made.err
    restored_into(empty, tmp_path / "elsewhere", monkeypatch)
    ran = peiban("restore", tmp_path / "one.peiban")
    assert ran.code == 0, ran.err
    there = set(Blobs("", folder=tmp_path / "elsewhere" / "blobs").keys())
    with empty.transaction() as session:
        assert set(session.exec(select(CaseEntry.media_key).where(CaseEntry.media_key != ""))) <= there
        assert messages.claim(session, Channel.TELEGRAM) == []
        assert inbox.claim(session) == []


def test_an_empty_database_is_not_backed_up(
    peiban: Peiban, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored_into(empty, tmp_path / "elsewhere", monkeypatch)
    refused = peiban("backup", tmp_path / "one.peiban")
    assert (refused.code, "nothing to back up" in refused.err) == (1, True)
    assert "没有东西可以备份" in refused.err
    assert not (tmp_path / "one.peiban").exists()


def test_another_key_and_a_missing_list_of_the_forgotten_are_told(
    peiban: Peiban, lived_in: Services, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peiban("backup", tmp_path / "one.peiban")
    restored_into(empty, tmp_path / "elsewhere", monkeypatch)
    monkeypatch.setenv("SECRET_KEY", "another key, and longer than thirty-two signs")
    told = peiban("restore", tmp_path / "one.peiban").err
    assert "SECRET_KEY 不是备份时的那一个" in told
    assert "SECRET_KEY is not the one of the backup" in told
    assert "没有“已删除”的名单" in told
    assert "no list of the forgotten here" in told


def test_with_its_key_and_its_list_nothing_is_warned_of(peiban: Peiban, lived_in: Services, tmp_path: Path) -> None:
    with lived_in.database.transaction() as session:
        who = families.meet(session, Channel.WEB, address="waiting")
        forget_caregiver(session, lived_in.blobs, who, signing_key=lived_in.signing_key)
    peiban("backup", tmp_path / "one.peiban")
    lived_in.database.dispose()
    assert "Careful" not in peiban("restore", tmp_path / "one.peiban", "--force").err
