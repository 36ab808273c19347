"""Settings: what is refused, what is kept out of sight, and that `.env.example` tells of every one."""

from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from kit.db import Database
from kit.errors import Invalid
from kit.settings import PLACEHOLDER, Settings, home, signing_key

EXAMPLE = Path(__file__).parents[2] / ".env.example"
GOOD_KEY = "k" * 48


def settings_of(env_file: Path | None = None, **given: Any) -> Settings:
    """Whatever `.env` lies in the checkout has no say."""
    return Settings(**{"_env_file": env_file, **given})


def production(**given: Any) -> Settings:
    return settings_of(**{"environment": "production", "secret_key": GOOD_KEY, **given})


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(dotenv_values(EXAMPLE)) == {name.upper() for name in Settings.model_fields}


def test_the_example_is_what_one_gets_without_it() -> None:
    assert settings_of(EXAMPLE) == settings_of()


def test_every_setting_is_explained_in_both_languages() -> None:
    for part in EXAMPLE.read_text(encoding="utf-8").split("\n\n")[1:]:
        *comments, setting = part.strip().splitlines()
        assert len(comments) == 2, setting
        assert any("\u4e00" <= character <= "\u9fff" for character in comments[0]), setting
        assert "。" not in comments[1], setting


@pytest.mark.parametrize("key", [PLACEHOLDER, "", "short", "x" * 31])
def test_a_placeholder_or_short_key_is_refused_outside_development(key: str) -> None:
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        production(secret_key=key)


def test_a_public_address_outside_development_is_https() -> None:
    with pytest.raises(ValidationError, match="PUBLIC_URL"):
        production(public_url="http://peiban.example.org")
    assert production(public_url="https://peiban.example.org").public_url == "https://peiban.example.org"


def test_development_makes_its_own_key_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    settings = settings_of(data_dir=tmp_path / "var")
    key = signing_key(settings)
    assert len(key) >= 48
    assert signing_key(settings) == key
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_key_that_was_given_is_used(tmp_path: Path) -> None:
    assert signing_key(production(data_dir=tmp_path)) == GOOD_KEY
    assert list(tmp_path.iterdir()) == []


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    given: dict[str, Any] = {
        name: f"top-secret-{name}" for name, field in Settings.model_fields.items() if field.annotation is SecretStr
    }
    shown = repr(settings_of(**given))
    assert len(given) >= 5
    assert "top-secret" not in shown


def test_an_empty_line_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert settings_of().port == 8000


def test_lists_are_split_at_spaces_lines_and_commas() -> None:
    settings = settings_of(duty_notify=SecretStr("mailto://a\n  wecombot://b"), trusted_proxies="10.0.0.1, 10.0.0.2")
    assert settings.duty_addresses == ("mailto://a", "wecombot://b")
    assert settings.trusted_proxy_list == ("10.0.0.1", "10.0.0.2")


@pytest.mark.parametrize("hours", ["8:30-20:00", "08:30", "25:00-26:00", "08:30–20:00"])
def test_duty_hours_are_written_one_way(hours: str) -> None:
    with pytest.raises(ValidationError):
        settings_of(duty_hours=hours)


def test_the_same_installation_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATA_DIR", raising=False)
    assert settings_of().data_dir == home() / "var"
    monkeypatch.setenv("DATA_DIR", "elsewhere")
    assert settings_of().data_dir == home() / "elsewhere"


@pytest.mark.parametrize("url", ["nonsense", "mysql://a@b/c", "sqlite:///x.db"])
def test_an_address_of_no_postgresql_is_said(url: str) -> None:
    with pytest.raises(Invalid, match="DATABASE_URL"):
        Database(url)


@pytest.mark.parametrize("url", ["peiban.example.org", "ftp://a.org", "https://a.org/path", "https://a b.org", "https://u@a.org"])
def test_a_public_address_is_one(url: str) -> None:
    with pytest.raises(ValidationError, match="must be an address like https"):
        settings_of(public_url=url)


@pytest.mark.parametrize("given", ["proxy", "10.0.0.0/99", "10.0.0.1 nginx", "*"])
def test_proxies_are_told_by_their_addresses(given: str) -> None:
    with pytest.raises(ValidationError, match="is not an internet address"):
        settings_of(trusted_proxies=given)
    assert settings_of(trusted_proxies="10.0.0.0/8 ::1").trusted_proxy_list == ("10.0.0.0/8", "::1")
