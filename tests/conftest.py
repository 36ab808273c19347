"""What every test may ask for: a database to write into, a session that forgets, and the services with a tiny real edition."""

import os

os.environ["PTB_TIMEDELTA"] = "true"  # else a 429 is a deprecation warning, which is an error here

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from sqlmodel import Session

from care.cases.hours import DutyHours
from care.editions.library import Library
from care.services import Services
from index.encoders import Encoder, open_encoder
from kit.blobs import Blobs
from kit.db import Database
from kit.settings import Settings
from knowledge.editions.freezing import published
from tests.fixtures.database import TestServer

GOLD = Path(__file__).parent / "fixtures" / "gold"
"""Six questions on each of the four passages, so that a gate takes no time."""


@pytest.fixture(scope="session")
def test_server() -> Iterator[TestServer]:
    server = TestServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default encoder, loaded once: it takes a second."""
    made = open_encoder("")
    made.encode([""])  # loads the model here and not within the five seconds in which a story expects its first answer
    return made


@pytest.fixture
def database(request: pytest.FixtureRequest, test_server: TestServer) -> Iterator[Database]:
    """A migrated database of this test's own, for stories that commit. Beside `services` it is theirs, with its edition."""
    if "services" in request.fixturenames:
        services: Services = request.getfixturevalue("services")
        yield services.database
        return
    with test_server.clone(test_server.migrated()) as own:
        yield own


@pytest.fixture(scope="session")
def rule_database(test_server: TestServer) -> Iterator[Database]:
    """Shared by the rule tests of one process; nothing in it outlives a test."""
    with test_server.clone(test_server.migrated()) as shared:
        yield shared


@pytest.fixture
def session(rule_database: Database) -> Iterator[Session]:
    """For rule tests: empty tables, and everything written is rolled back. A commit inside is a savepoint."""
    with rule_database.engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as one:
            yield one
        outer.rollback()


class GivenSettings(Settings):
    """Neither the environment nor a `.env` of whoever runs the tests has a say."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Development settings; somebody is on duty at every hour, so that no test depends on when it runs."""
    key = SecretStr("a key for tests only, longer than thirty-two")
    return GivenSettings(data_dir=tmp_path, secret_key=key, duty_hours="00:00-23:59", gold_dir=GOLD)


@pytest.fixture
def services(test_server: TestServer, encoder: Encoder, settings: Settings, tmp_path: Path) -> Iterator[Services]:
    """Everything a story needs, on a database of its own that holds the divisions and a published edition of four passages."""
    name, stored = test_server.stocked(encoder)
    shutil.copytree(stored / "store", tmp_path / "blobs")
    blobs = Blobs("", folder=tmp_path / "blobs")
    library = Library(cache=tmp_path / "editions", encoder=encoder)
    library.cache.mkdir()
    with test_server.clone(name) as own:
        with own.transaction() as session:
            library.follow(published(session), blobs)
        yield Services(
            settings=settings,
            database=own,
            blobs=blobs,
            library=library,
            hours=DutyHours.parse(settings.duty_hours),
            signing_key=settings.secret_key.get_secret_value(),
        )
