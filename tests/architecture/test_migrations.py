"""The migrations make exactly the tables of the code."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import bot.tables
from care import migrations
from kit.db import Database

assert bot.tables.__all__


@pytest.mark.filterwarnings("ignore:.*does not match.*")
def test_no_drift_between_code_and_migrations(database: Database) -> None:
    def ours(name: str | None, kind: str, _: object) -> bool:
        return not (kind == "table" and (name or "").startswith("procrastinate"))

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert migrations.is_current(database)
    migrations.upgrade(database)
