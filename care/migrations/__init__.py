"""The schema's history (Alembic) and `upgrade`, which brings a database to its newest state."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kit.db import Database


def config(database: Database) -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("file_template", "%%(rev)s")
    made.attributes["engine"] = database.engine
    return made


def upgrade(database: Database) -> None:
    """Apply what is missing; nothing when the schema is new already."""
    if not is_current(database):
        command.upgrade(config(database), "head")


def is_current(database: Database) -> bool:
    with database.engine.connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(config(database)).get_heads())
