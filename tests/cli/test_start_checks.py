"""What a bad setting or a second server is told before anything is served."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.alone import AlreadyServing, alone_on
from app.serving import prepare
from app.workers.duty import check_addresses
from care.services import Services
from kit.accounts.actions import create_staff
from kit.accounts.models import Role
from kit.errors import Invalid
from tests.cli.conftest import Peiban
from tests.conftest import GivenSettings

BAD = {
    "PUBLIC_URL": "peiban.example.org",
    "TRUSTED_PROXIES": "nginx",
    "BLOBS_URL": "nowhere at all",
    "DUTY_HOURS": "8-20",
    "TEXTS_AN_HOUR": "0",
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_setting_is_named_in_a_sentence(peiban: Peiban, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv(name, BAD[name])
    refused = peiban("backup", tmp_path / "one.peiban")
    assert refused.code == 2
    assert name in refused.err
    assert "Traceback" not in refused.err
    assert re.search("设置不对|写得不对", refused.err)


def test_an_address_that_could_never_be_paged_is_told_by_its_place_and_not_shown(tmp_path: Path) -> None:
    given = SecretStr("json://localhost/ofcourse not-an-address-with-a-secret")
    with pytest.raises(Invalid, match="at place 2") as refused:
        check_addresses(GivenSettings(data_dir=tmp_path, duty_notify=given))
    assert "secret" not in str(refused.value)
    check_addresses(GivenSettings(data_dir=tmp_path, duty_notify=SecretStr("json://localhost/ofcourse")))


def test_a_keeper_of_held_pictures_who_is_none_is_told(services: Services) -> None:
    def told(login: str) -> bool:
        object.__setattr__(services.settings, "held_pictures_to", login)
        return prepare(services).nobody_holds_pictures

    with services.database.transaction() as session:
        create_staff(session, "boss", name="王", role=Role.ADMINISTRATOR)
        create_staff(session, "teacher", name="陈", role=Role.INSTRUCTOR)
    assert [told(login) for login in ("", "boss", "teacher", "nobody")] == [False, False, True, True]


def test_a_second_server_on_one_folder_is_refused(tmp_path: Path) -> None:
    with alone_on(tmp_path / "var"):
        with pytest.raises(AlreadyServing), alone_on(tmp_path / "var"):
            pass
        with alone_on(tmp_path / "elsewhere"):
            pass
    with alone_on(tmp_path / "var"):
        pass
