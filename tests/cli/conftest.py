"""`peiban` as somebody at a terminal has it, on the services of a test."""

import json
import logging
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner

from app.cli.program import program
from care.services import Services
from kit.settings import Settings
from tests.conftest import GOLD


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Peiban = Callable[..., Ran]


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that root's PostgreSQL, which runs as another user, can pass; pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="peiban-cli-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _logging_as_it_was: None) -> Peiban:
    """Without a database: whatever wants one finds none."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)  # no `.env` of the checkout
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("GOLD_DIR", str(GOLD))
    runner = CliRunner()

    def run(*arguments: object, typed: str = "") -> Ran:
        result = runner.invoke(program, [str(each) for each in arguments], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def peiban(bare: Peiban, services: Services, monkeypatch: pytest.MonkeyPatch) -> Peiban:
    """On the database, the blobs and the cached edition of `services`."""
    monkeypatch.setenv("DATABASE_URL", services.database.url)
    monkeypatch.setenv("DUTY_HOURS", services.settings.duty_hours)
    monkeypatch.setenv("SECRET_KEY", services.signing_key)
    return bare
