"""`peiban db`: the database's tables."""

from app import serving
from app.cli import terminal
from app.cli.subjects import subject
from care import migrations
from kit.settings import Settings

program = subject("数据库。 The database.")


@program.callback()
def db() -> None:
    """数据库。 The database."""


@program.command()
def upgrade() -> None:
    """把数据库的表升到这个程序的版本。 Bring the database's tables to this program's version."""
    with serving.open_database(Settings()) as database:
        if migrations.is_current(database):
            terminal.say("已经是最新的。", "It is up to date.")
            return
        migrations.upgrade(database)
    terminal.say("升级好了。", "Upgraded.")
