"""Pages the operator's Apprise addresses in danger. A page holds a case number and a link: no name, no word of a parent."""

import asyncio

import structlog
from apprise import Apprise, NotifyType
from sqlmodel import Session

from app.workers.loops import Threads, where
from care.cases.models import Case
from care.duty import actions as duty
from care.duty.models import LAST_ADDRESS, Page, PageState
from care.services import Services
from kit.errors import Invalid
from kit.settings import Settings

PAGING_LASTS = 20.0
"""Seconds; a page that took longer counts as failed, for nobody may be told that it arrived."""

_log = structlog.get_logger(__name__)


def check_addresses(settings: Settings) -> None:
    """Raises Invalid for an address that could never be paged, by its place: what stands there is a secret."""
    last = settings.duty_last.get_secret_value()
    if last and not Apprise().add(last):
        raise Invalid("DUTY_LAST: this address is none that Apprise knows (Apprise 不认识这个地址)")
    for place, address in enumerate(settings.duty_addresses, start=1):
        if not Apprise().add(address):
            raise Invalid(
                f"DUTY_NOTIFY: the address at place {place} is none that Apprise knows (第 {place} 个地址 Apprise 不认识)"
            )


class Pager:
    """`step` is for `loops.repeat`. Two processes may send one page twice: better twice than held back by a lock."""

    def __init__(self, services: Services, *, threads: Threads) -> None:
        self._services = services
        self._threads = threads
        self._under_way: dict[int, asyncio.Task[None]] = {}

    async def step(self) -> bool:
        for page_id, case_id, number in await self._threads.run(_waiting, self._services):
            if page_id not in self._under_way:
                self._under_way[page_id] = asyncio.create_task(self._page(page_id, case_id, number))
        return False

    async def drain(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way.values())

    async def _page(self, page_id: int, case_id: int, number: int) -> None:
        try:
            # A thread of its own, outside the bounded pool: a dead mail server must not hold up answers or other pages.
            reached = await asyncio.wait_for(asyncio.to_thread(notify, self._services.settings, case_id, number), PAGING_LASTS)
        except Exception as error:
            _log.error("page_failed", page=page_id, address=number, error=where(error))
            reached = False
        try:
            await self._threads.run(_settle, self._services, page_id, reached=reached)
        except Exception as error:  # it is still waiting, so the next step sends it again
            _log.error("page_not_settled", page=page_id, error=where(error))
        finally:
            del self._under_way[page_id]


def notify(settings: Settings, case_id: int, number: int) -> bool:
    """Whether address `number` of `DUTY_NOTIFY`, or the last of all, took it; False too for one that left the settings."""
    address = _address(settings, number)
    apprise = Apprise()
    if not address or not apprise.add(address):
        return False
    link = f"\n{settings.public_url.rstrip('/')}/console/cases/{case_id}" if settings.public_url else ""
    body = f"陪伴：有一条紧急求助，个案 {case_id}，请打开工作台{link}"
    return bool(apprise.notify(title="陪伴：紧急求助", body=body, notify_type=NotifyType.FAILURE))


def _address(settings: Settings, number: int) -> str:
    if number == LAST_ADDRESS:
        return settings.duty_last.get_secret_value()
    return settings.duty_addresses[number] if number < len(settings.duty_addresses) else ""


def _waiting(services: Services) -> list[tuple[int, int, int]]:
    with services.database.transaction() as session:
        pages = duty.waiting_addresses(session)
        return [
            (page.id, page.case_id, page.address_number)
            for page in pages
            if page.id is not None and page.address_number is not None
        ]


def _settle(services: Services, page_id: int, *, reached: bool) -> None:
    with services.database.transaction() as session:
        page = session.get_one(Page, page_id)
        _lock_case(session, page.case_id)
        session.refresh(page, with_for_update=True)
        if page.state is PageState.WAITING:
            duty.settle(session, page, reached=reached)


def _lock_case(session: Session, case_id: int) -> None:
    """Pages of one case end at once on several channels; only one after the other do they see which was the last."""
    session.get_one(Case, case_id, with_for_update=True)
