"""Reads on paging: who was called for a case, when, and whether it arrived; also that nobody was there to be called."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from care.duty import waiting
from care.duty.models import LAST_ADDRESS, Page, PageState, Rung
from kit.accounts.models import Staff


@dataclass(frozen=True, slots=True)
class Call:
    """`name` of a colleague, else `place` says which address of `DUTY_NOTIFY`, from 1; neither for the last address of all.

    `nobody`: no call, but that no colleague was on duty then.
    """

    at: datetime
    rung: Rung
    name: str
    place: int | None
    state: PageState
    settled_at: datetime | None
    nobody: bool = False


def calls(session: Session, case_id: int) -> tuple[Call, ...]:
    """Every page of a case, oldest first, and each time that nobody was there."""
    query = select(Page, Staff.name).join(Staff, col(Staff.id) == col(Page.staff_id), isouter=True)
    rows = session.exec(query.where(Page.case_id == case_id).order_by(col(Page.id))).all()
    made = [Call(page.at, Rung(page.rung), name or "", _place(page), page.state, page.settled_at) for page, name in rows]
    empty = [Call(at, Rung.FIRST, "", None, PageState.FAILED, None, nobody=True) for at in waiting.nobody_at(session, case_id)]
    return tuple(sorted([*empty, *made], key=lambda call: call.at))


def _place(page: Page) -> int | None:
    return None if page.address_number in (None, LAST_ADDRESS) else page.address_number + 1
