"""Run by Alembic. The tables to compare with are those that the caller has imported, so that higher packages bring theirs."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from kit.db import AwareDateTime


def ours(name: str | None, kind: str, _: object) -> bool:
    return not (kind == "table" and (name or "").startswith("procrastinate"))


def plain_types(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Our column types by what they are in the database, so that a migration stands without our code."""
    if kind == "type" and isinstance(item, AwareDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    return False


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, include_name=ours, render_item=plain_types)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
