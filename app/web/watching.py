"""For whoever runs the server: /health says whether it works, /metrics counts what it does."""

import ipaddress
import time

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.telegram.channel import Telegram
from care.services import Services
from kit.errors import NotFound

router = APIRouter()

ANSWERED = Counter("peiban_http_requests_total", "Answered requests", ["method", "route", "status"])
TAKEN = Histogram("peiban_http_seconds", "Time to the last byte", ["route"])


class Measured:
    """ASGI middleware: counts requests by the pattern of their route, never by their path, which may hold a token."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        finally:
            route = _pattern(scope)
            ANSWERED.labels(scope["method"], route, status).inc()
            TAKEN.labels(route).observe(time.perf_counter() - started)


def _pattern(scope: Scope) -> str:
    """A route inside an included router knows only its own part of the path; the framework keeps the whole beside it."""
    whole = scope.get("fastapi", {}).get("effective_route_context")
    return str(getattr(whole or scope.get("route"), "path", "none"))


@router.get("/health")
def health(request: Request) -> JSONResponse:
    services: Services = request.app.state.services
    try:
        with services.database.engine.connect() as connection:
            connection.execute(sa.text("select 1"))
    except SQLAlchemyError:
        return JSONResponse({"status": "no database"}, status_code=503)
    telegram: Telegram | None = request.app.state.telegram
    if telegram and telegram.token_refused:  # the pages work, so whoever balances load must not turn away from us
        return JSONResponse({"status": "ok", "telegram": "refuses TELEGRAM_BOT_TOKEN"})
    return JSONResponse({"status": "ok"})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    services: Services = request.app.state.services
    if not _may_watch(request, services.settings.trusted_proxy_list):
        raise NotFound
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _may_watch(request: Request, trusted: tuple[str, ...]) -> bool:
    """This machine or a trusted one; a proxy that we were not told of must not pass strangers off as this machine."""
    host = request.client.host if request.client else ""
    if host in trusted:
        return True
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    try:
        return ipaddress.ip_address(host).is_loopback and (not forwarded or bool(trusted))
    except ValueError:
        return False
