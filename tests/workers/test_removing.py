"""What she cleared is deleted in her chat; an outage only delays it."""

from datetime import timedelta

import pytest
from sqlmodel import col

from app.workers.loops import Threads
from app.workers.removing import Remover
from bot.sending import TryLater
from care.families import actions as families
from care.families.models import Channel
from care.messages import actions as messages
from care.messages.models import Message
from care.services import Services


class Chat:
    def __init__(self) -> None:
        self.deleted: list[tuple[str, str]] = []
        self.away = True

    async def remove(self, address: str, remote_id: str) -> None:
        if self.away:
            raise TryLater("away", after=timedelta(seconds=1))
        self.deleted.append((address, remote_id))


@pytest.fixture
def cleared(services: Services) -> Message:
    with services.database.transaction() as session:
        who = families.meet(session, Channel.TELEGRAM, address="8")
        message = messages.tell(session, who, kind="help", key="a")
        assert message is not None
        messages.sent(session, message.number, remote_id="77")
        session.flush()
        messages.clear(session, who, col(Message.kind) == "help")
    return message


async def test_a_cleared_message_is_deleted_once_the_channel_answers(services: Services, cleared: Message) -> None:
    chat, threads = Chat(), Threads(1, name="test")
    remover = Remover(services, Channel.TELEGRAM, chat, threads=threads)
    assert not await remover.step()
    chat.away = False
    assert await remover.step()
    assert not await remover.step()
    assert chat.deleted == [("8", "77")]
    threads.close()
