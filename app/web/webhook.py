"""Where Telegram hands over updates: stored and committed, then acknowledged. Everything else about them is bot.telegram's."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.telegram.receiving import receive
from bot.telegram.webhook import LARGEST_UPDATE, SECRET_HEADER, door
from care.services import Services


def webhook_routes(services: Services) -> APIRouter:
    """To be mounted where a bot token is set. Raises bot.telegram.webhook.BadWebhookSecret."""
    routes = APIRouter()
    ours = door(services)

    @routes.post("/telegram/{path}", include_in_schema=False)
    async def take(path: str, request: Request) -> Response:
        if not ours.opens_to(path=path, secret=request.headers.get(SECRET_HEADER, "")):
            return Response(status_code=403)
        content = await _body(request)
        if content is None:
            return Response(status_code=413)
        update = _object(content)
        if update is None:
            return Response(status_code=400)
        await run_in_threadpool(receive, services, [update])
        return Response()

    return routes


async def _body(request: Request) -> bytes | None:
    """None when it is longer than any update."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST_UPDATE:
            return None
    return bytes(content)


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
