"""The database: engine, transactions, and the column types every table uses. PostgreSQL 15 or newer only."""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlmodel import Session, SQLModel, create_engine

from kit.errors import Invalid

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class AwareDateTime(sa.TypeDecorator[datetime]):
    """timestamptz that refuses a naive datetime instead of guessing its zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - fixed signature
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime: use kit.clock.now()")
        return value


def choice(kind: type[enum.StrEnum], name: str) -> Any:
    """A StrEnum stored as its value in a varchar with a check. `Any`, since sa_type is typed as a class but takes instances."""
    return sa.Enum(
        kind, native_enum=False, values_callable=lambda e: [m.value for m in e], length=24, create_constraint=True, name=name
    )


def driver_url(url: str) -> str:
    """`postgresql://…` as SQLAlchemy wants it for psycopg 3."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def plain_url(url: str) -> str:
    """The same address as libpq tools want it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


class Database:
    """One engine a process. `transaction()` commits on leaving, rolls back on an exception."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        """Raises Invalid for an address that is none of PostgreSQL."""
        self.url = plain_url(url)
        try:
            address = sa.make_url(driver_url(url))
        except sa.exc.ArgumentError as error:
            raise Invalid("DATABASE_URL is not an address like postgresql://user:password@host/name") from error
        if address.get_backend_name() != "postgresql":
            raise Invalid("DATABASE_URL must begin with postgresql://; no other database will do")
        self.engine = create_engine(
            address,
            pool_size=pool_size,
            max_overflow=20,
            pool_pre_ping=True,
            hide_parameters=True,  # an error's text must not carry what a parent wrote
            connect_args={"options": "-c timezone=UTC", "application_name": "peiban", "connect_timeout": 5},
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def dispose(self) -> None:
        self.engine.dispose()
