"""`peiban staff`, `sites`, `qr`, and what every command has in common."""

from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image

from app.cli.program import program
from care.services import Services
from kit.accounts.actions import sign_in
from tests.cli.conftest import Peiban


def test_a_new_account_signs_in_with_the_password_shown_once(peiban: Peiban, services: Services) -> None:
    ran = peiban("staff", "create", "zhang", "--name", "张老师", "--role", "instructor")
    assert ran.code == 0
    password = ran.out.strip().rpartition(" ")[2]
    assert password not in ran.err
    with services.database.transaction() as session:
        staff, _ = sign_in(session, "zhang", password=password)
        assert (staff.name, staff.must_change_password) == ("张老师", True)
    listed = peiban("staff", "list").out
    assert "张老师" in listed
    assert password not in listed


def test_a_lost_password_is_replaced(peiban: Peiban, services: Services) -> None:
    first = peiban("staff", "create", "li", "--name", "李").out.strip().rpartition(" ")[2]
    second = peiban("staff", "reset", "li").out.strip().rpartition(" ")[2]
    assert first != second
    with services.database.transaction() as session:
        assert sign_in(session, "li", password=second)[0].login == "li"


def test_mistakes_with_accounts(peiban: Peiban) -> None:
    peiban("staff", "create", "boss", "--name", "王", "--role", "administrator")
    assert peiban("staff", "create", "boss", "--name", "王").code == 2
    assert peiban("staff", "create", "B oss", "--name", "王").code == 2
    assert peiban("staff", "create", "other", "--name", "王", "--role", "king").code == 2
    assert peiban("staff", "reset", "nobody").code == 2
    last = peiban("staff", "revoke", "boss", "--by", "boss")
    assert (last.code, "last administrator" in last.err) == (1, True)


def test_revoking_ends_an_account(peiban: Peiban) -> None:
    peiban("staff", "create", "boss", "--name", "王", "--role", "administrator")
    peiban("staff", "create", "zhang", "--name", "张")
    assert peiban("staff", "revoke", "zhang", "--by", "boss").code == 0
    assert peiban("staff", "reset", "zhang").code == 2


def test_a_poster_carries_its_site(peiban: Peiban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://peiban.example.org/")
    assert peiban("sites", "add", "rc-01", "昌元指导站", "--place", "500153").code == 0
    assert "昌元指导站" in peiban("sites", "list").out
    shown = peiban("qr", "--site", "rc-01")
    assert (shown.code, shown.out.splitlines()[-1]) == (0, "https://peiban.example.org/?site=rc-01")
    assert peiban("qr", "--site", "rc-01", "--out", tmp_path / "p.png").code == 0
    with Image.open(tmp_path / "p.png") as picture:
        assert picture.width > 400
    assert peiban("qr", "--site", "rc-01", "--out", tmp_path / "p.svg").code == 0
    assert b"<svg" in (tmp_path / "p.svg").read_bytes()
    assert peiban("qr", "--site", "rc-02").code == 2, "found out before it is printed"
    assert peiban("qr", "--out", tmp_path / "p.gif").code == 2
    assert peiban("sites", "add", "含汉字", "x", "--place", "500153").code == 2
    assert peiban("sites", "add", "rc-03", "x", "--place", "1").code == 2


def test_a_poster_needs_an_address_that_a_phone_can_open(bare: Peiban) -> None:
    ran = bare("qr")
    assert (ran.code, "PUBLIC_URL" in ran.err) == (2, True)


def test_no_database_is_a_sentence(bare: Peiban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://peiban:top-secret@127.0.0.1:1/peiban")
    ran = bare("staff", "list")
    assert (ran.code, "DATABASE_URL" in ran.err) == (1, True)
    assert "top-secret" not in ran.err + ran.out
    assert "Traceback" not in ran.err + ran.out


def test_a_wrong_setting_is_a_sentence_without_its_value(bare: Peiban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "too-short-secret")
    monkeypatch.setenv("PORT", "ninety")
    ran = bare("staff", "list")
    assert ran.code == 2
    assert "PORT" in ran.err
    assert "too-short-secret" not in ran.err


def _paths(command: Any, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not hasattr(command, "list_commands"):
        return [before]
    context = typer.Context(command)
    below = [_paths(command.get_command(context, name), (*before, name)) for name in command.list_commands(context)]
    return [before, *(path for paths in below for path in paths)]


def test_every_command_has_help_in_both_languages(bare: Peiban) -> None:
    paths = _paths(typer.main.get_command(program))
    assert len(paths) >= 28
    for path in paths:
        ran = bare(*path, "--help")
        assert ran.code == 0, path
        words = ran.out.partition("Options:")[0]
        assert any("\u4e00" <= character <= "\u9fff" for character in words), path
        assert any(len(word) > 3 and word.isascii() for word in words.partition("\n")[2].split()), path


def test_version_and_unknown_commands(bare: Peiban) -> None:
    assert bare("version").out.startswith("peiban ")
    assert bare("dance").code == 2
