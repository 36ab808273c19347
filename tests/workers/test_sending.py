"""The sender: each way a send can end settles the row as promised, and a page as what is true."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from app.workers.loops import Bell, Threads
from app.workers.sending import Sender
from bot.dialogue.events import Rendered
from bot.sending import Doubtful, Refused, TryLater, Unreachable
from care.cases import actions as cases
from care.cases.models import CaseKind
from care.duty import actions as duty
from care.duty.models import Page, PageState
from care.families import actions as families
from care.families.models import Channel, Contact
from care.messages import actions as messages
from care.messages.models import Message, MessageState, Promise
from care.safety.screening import screen
from care.services import Services
from kit import clock
from kit.accounts.actions import create_staff
from kit.accounts.models import Role


class Postman:
    """Does as it is told, and remembers what it was given."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.took: list[tuple[str, Rendered]] = []
        self.at_once = 0
        self.most_at_once = 0

    async def send(self, address: str, rendered: Rendered) -> str:
        self.took.append((address, rendered))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.02)
        self.at_once -= 1
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome
        return f"remote-{len(self.took)}"


def queue(services: Services, address: str, *, key: str = "", promise: Promise = Promise.AT_LEAST_ONCE) -> int:
    with services.database.transaction() as session:
        who = families.meet(session, Channel.TELEGRAM, address=address)
        row = messages.tell(session, who, kind="you_are_welcome", key=key or address, promise=promise)
        assert row is not None
        return row.number


def row(services: Services, number: int) -> Message:
    with services.database.transaction() as session:
        return session.get_one(Message, number)


async def send_due(services: Services, postman: Postman, *, at_once: int = 8) -> None:
    threads = Threads(4, name="test")
    sender = Sender(services, Channel.TELEGRAM, postman, threads=threads, bell=Bell(), at_once=at_once)
    await sender.step()
    await sender.drain()
    threads.close()


async def test_a_message_is_worded_sent_and_settled(services: Services) -> None:
    number, postman = queue(services, "5"), Postman()
    await send_due(services, postman)
    [(address, rendered)] = postman.took
    assert (address, rendered.lang, bool(rendered.blocks)) == ("5", "zh", True)
    assert (row(services, number).state, row(services, number).remote_id) == (MessageState.SENT, "remote-1")
    await send_due(services, postman)
    assert len(postman.took) == 1


@pytest.mark.parametrize(
    ("outcome", "promise", "state"),
    [
        (Unreachable(), Promise.AT_LEAST_ONCE, MessageState.BLOCKED),
        (Refused(), Promise.AT_LEAST_ONCE, MessageState.FAILED),
        (TryLater(after=timedelta(minutes=3)), Promise.AT_LEAST_ONCE, MessageState.QUEUED),
        (Doubtful(), Promise.AT_LEAST_ONCE, MessageState.QUEUED),
        (Doubtful(), Promise.AT_MOST_ONCE, MessageState.UNKNOWN),
        (KeyError("a mistake of ours"), Promise.AT_MOST_ONCE, MessageState.UNKNOWN),
    ],
)
async def test_how_a_send_that_did_not_succeed_is_settled(
    services: Services, outcome: Exception, promise: Promise, state: MessageState
) -> None:
    number = queue(services, "5", promise=promise)
    with capture_logs():
        await send_due(services, Postman(outcome))
    assert row(services, number).state is state


async def test_try_later_waits_as_long_as_the_channel_says(services: Services) -> None:
    number = queue(services, "5")
    await send_due(services, Postman(TryLater(after=timedelta(minutes=3))))
    assert row(services, number).due_at > clock.now() + timedelta(minutes=2)


async def test_somebody_who_blocked_us_is_marked(services: Services) -> None:
    queue(services, "5")
    await send_due(services, Postman(Unreachable()))
    with services.database.transaction() as session:
        assert session.exec(select(Contact.unreachable_at).where(Contact.address == "5")).one() is not None


async def test_one_address_gets_its_messages_in_order_and_several_side_by_side(services: Services) -> None:
    for number in range(3):
        queue(services, "5", key=f"five-{number}")
    for address in ("6", "7", "8"):
        queue(services, address)
    postman = Postman()
    await send_due(services, postman, at_once=3)
    assert sorted(address for address, _ in postman.took) == ["5", "6", "7"]
    assert postman.most_at_once == 3
    for _ in range(3):
        await send_due(services, postman, at_once=3)
    assert [address for address, _ in postman.took].count("5") == 3
    assert postman.most_at_once == 3


async def test_a_message_without_words_does_not_stop_the_others(services: Services) -> None:
    with services.database.transaction() as session:
        who = families.meet(session, Channel.TELEGRAM, address="5")
        messages.tell(session, who, kind="no_such_kind", key="broken")
    number, postman = queue(services, "6"), Postman()
    with capture_logs() as logs:
        await send_due(services, postman)
    assert row(services, number).state is MessageState.SENT
    assert [line["event"] for line in logs] == ["message_not_worded"]


async def test_a_sender_that_was_killed_leaves_what_the_next_one_repeats(services: Services) -> None:
    number = queue(services, "5")
    with services.database.transaction() as session:
        messages.claim(session, Channel.TELEGRAM)
    postman = Postman()
    await send_due(services, postman)
    assert postman.took == []
    clock.advance(messages.CLAIM_LASTS + timedelta(seconds=1))
    try:
        await send_due(services, postman)
    finally:
        clock.advance(-messages.CLAIM_LASTS - timedelta(seconds=1))
    assert (len(postman.took), row(services, number).state) == (1, MessageState.SENT)


def danger(services: Services) -> int:
    """A danger case whose page waits for one instructor on Telegram."""
    with services.database.transaction() as session:
        staff = create_staff(session, "zhang", name="张", role=Role.INSTRUCTOR)
        staff.telegram_address = "77"
        session.add(staff)
        session.flush()
        who = families.meet(session, Channel.WEB, address="mother")
        said = screen("宝宝喊不醒 嘴巴乌了")
        case, _ = cases.open_case(
            session, who, kind=CaseKind.DANGER, said=said, hours=services.hours, topic="medical", media=None
        )
        assert duty.page(session, case, hours=services.hours, addresses=0, again="1") == 1
        return case.key


def told(services: Services) -> tuple[list[PageState], list[str]]:
    with services.database.transaction() as session:
        pages = [PageState(state) for state in session.exec(select(Page.state))]
        query = select(Message.kind).where(col(Message.kind).startswith("duty_"))
        return pages, list(session.exec(query))


@pytest.mark.parametrize(
    ("outcome", "paged", "kinds"),
    [
        (lambda: None, PageState.REACHED, ["duty_reached"]),
        (Unreachable, PageState.FAILED, ["duty_nobody"]),
        (Refused, PageState.FAILED, ["duty_nobody"]),
        (Doubtful, PageState.WAITING, []),
    ],
)
async def test_a_parent_hears_of_a_page_only_what_is_true(
    services: Services, outcome: Callable[[], Exception | None], paged: PageState, kinds: list[str]
) -> None:
    danger(services)
    with capture_logs():
        await send_due(services, Postman(outcome()))
    assert told(services) == ([paged], kinds)
