"""What stories stand on."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.rehearsal.telegram_server import TelegramServer
from care.services import Services
from tests.stories.town import Town
from tests.telegram.conftest import settings_for


@pytest.fixture
async def town(services: Services, tmp_path: Path) -> AsyncIterator[Town]:
    """Closed: a story opens it. No call of ours may break a rule of Telegram's."""
    async with TelegramServer(backoff=0.02) as server:
        yield Town(server, replace(services, settings=settings_for(server, tmp_path)))
        assert not server.refused, server.refused[0].description
