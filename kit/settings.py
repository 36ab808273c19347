"""Every setting of a Peiban installation, read once in `main()` from the environment and `.env`, then passed down."""

import ipaddress
import re
import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PLACEHOLDER = "change-me"


def home() -> Path:
    """The checkout this program runs from, so that it finds the same installation from every folder; else the working folder."""
    root = Path(__file__).resolve().parents[1]
    return root if (root / "pyproject.toml").is_file() else Path.cwd()


class Settings(BaseSettings):
    """Field names in capitals are the names in the environment; `.env.example` explains each."""

    model_config = SettingsConfigDict(
        env_file=home() / ".env", env_file_encoding="utf-8", frozen=True, extra="ignore", env_ignore_empty=True
    )

    environment: Literal["development", "production"] = "development"
    secret_key: SecretStr = SecretStr(PLACEHOLDER)
    operator_name: str = "本地家庭教育指导中心"
    host: str = ""
    port: int = Field(default=8000, ge=0, le=65535)
    data_dir: Path = home() / "var"
    database_url: SecretStr = SecretStr("")
    blobs_url: str = ""
    public_url: str = ""
    trusted_proxies: str = ""
    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_proxy: str = ""
    telegram_webhook_secret: SecretStr = SecretStr("")
    duty_notify: SecretStr = SecretStr("")
    duty_last: SecretStr = SecretStr("")
    duty_hours: str = Field(default="08:30-20:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
    held_pictures_to: str = ""
    reviewers_required: int = Field(default=2, ge=1, le=2)
    texts_an_hour: int = Field(default=120, ge=1)
    files_a_day: int = Field(default=100, ge=1)
    megabytes_a_day: int = Field(default=400, ge=1)
    families_an_address: int = Field(default=100, ge=1)
    embedding_model: str = ""
    gold_dir: Path = home() / "tests" / "golden"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("data_dir", "gold_dir")
    @classmethod
    def _anchored(cls, given: Path) -> Path:
        return given if given.is_absolute() else home() / given

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, given: str) -> str:
        if given and not re.fullmatch(r"https?://[^/\s?#@]+/?", given):
            raise ValueError("must be an address like https://peiban.example.org, without a path behind it")
        return given

    @field_validator("trusted_proxies")
    @classmethod
    def _network_addresses(cls, given: str) -> str:
        for one in _split(given):
            try:
                ipaddress.ip_network(one, strict=False)
            except ValueError:
                raise ValueError(f"{one[:60]!r} is not an internet address such as 127.0.0.1 or 10.0.0.0/8") from None
        return given

    @model_validator(mode="after")
    def _no_placeholders_in_production(self) -> Self:
        if self.environment == "production":
            key = self.secret_key.get_secret_value()
            if key == PLACEHOLDER or len(key) < 32:
                raise ValueError("SECRET_KEY must be set to at least 32 random characters outside development")
            if self.public_url and not self.public_url.startswith("https://"):
                raise ValueError("PUBLIC_URL must begin with https:// outside development")
        return self

    @property
    def duty_addresses(self) -> tuple[str, ...]:
        """Apprise addresses, one a line or separated by spaces."""
        return tuple(self.duty_notify.get_secret_value().split())

    @property
    def trusted_proxy_list(self) -> tuple[str, ...]:
        return _split(self.trusted_proxies)


def _split(given: str) -> tuple[str, ...]:
    return tuple(given.replace(",", " ").split())


def signing_key(settings: Settings) -> str:
    """The key that signs cookies and links. In development a random one is made once and kept under `data_dir`."""
    given = settings.secret_key.get_secret_value()
    if given != PLACEHOLDER:
        return given
    path = settings.data_dir / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()
