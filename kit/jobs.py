"""Durable jobs on the same PostgreSQL (procrastinate). A job is deferred in the caller's transaction, so both commit or neither."""

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from sqlmodel import Session


def make_app(dsn: str) -> procrastinate.App:
    return procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn))


def defer(session: Session, task: procrastinate.tasks.Task, *, queueing_lock: str | None = None, **arguments: object) -> bool:  # type: ignore[type-arg]
    """Enqueue with the session's transaction; False when the same `queueing_lock` waits already."""
    raw = session.connection().connection.driver_connection
    try:
        with session.begin_nested():
            task.configure(connection=raw, queueing_lock=queueing_lock).defer(**arguments)  # type: ignore[arg-type]
    except AlreadyEnqueued:
        return False
    return True
