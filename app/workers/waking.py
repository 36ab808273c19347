"""Rings a worker the moment this process has committed work for it. Work of other processes is found by the worker's own look."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from sqlalchemy import Table, event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Session

from app.workers.loops import Bell

_NOTED = "rows_for_workers"


class Waking:
    """While it is entered, a commit that inserted into one of the tables named in `bells` rings its bell."""

    def __init__(self, bells: Mapping[str, Bell]) -> None:
        self._bells = bells

    def __enter__(self) -> Self:
        event.listen(Session, "do_orm_execute", self._note)
        event.listen(Session, "after_commit", self._ring)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        event.remove(Session, "do_orm_execute", self._note)
        event.remove(Session, "after_commit", self._ring)

    def _note(self, state: ORMExecuteState) -> None:
        table = getattr(state.statement, "table", None)
        if state.is_insert and isinstance(table, Table) and table.name in self._bells:
            state.session.info.setdefault(_NOTED, set()).add(table.name)

    def _ring(self, session: AnySession) -> None:
        for name in session.info.pop(_NOTED, ()):
            self._bells[name].ring()
