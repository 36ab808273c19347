"""Every table is in the register of personal data or named as holding none, and every owner path is real."""

from sqlmodel import SQLModel

import bot.tables
from care.privacy.register import NOT_PERSONAL, PERSONAL

assert bot.tables.__all__


def test_no_table_is_missing_and_none_is_made_up() -> None:
    named = {row.table for row in PERSONAL} | (NOT_PERSONAL - {"alembic_version"})
    assert named == set(SQLModel.metadata.tables)


def test_every_owner_column_exists() -> None:
    for row in PERSONAL:
        table, _, column = row.owner.rpartition(".")
        assert column in SQLModel.metadata.tables[table or row.table].columns, row


def test_whatever_points_to_a_caregiver_is_personal() -> None:
    personal = {row.table for row in PERSONAL}
    for table in SQLModel.metadata.tables.values():
        if any(key.column.table.name == "caregiver" for key in table.foreign_keys):
            assert table.name in personal
