"""The web application: every room's routes behind the same guards."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import procrastinate
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.chat.papers import router as papers
from app.chat.routes import router as chat
from app.chat.sounds import router as sounds
from app.console.routes import router as console
from app.web import watching
from app.web.errors import add_handlers
from app.web.security import LARGEST_BODY, Bounds, FormTokens, ProtectiveHeaders
from app.web.static_files import Static
from app.web.templating import Pages
from app.web.webhook import webhook_routes
from care.services import Services
from kit.settings import Settings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(services: Services, *, jobs: procrastinate.App, lifespan: Lifespan | None = None) -> FastAPI:
    """`state.telegram` may be set later, and `state.bot_name` once the Telegram bot knows its own name; the console then shows links
    to it.

    Run it with uvicorn's own `proxy_headers=False`: which proxies are believed is decided here, by `TRUSTED_PROXIES` alone.
    """
    app = FastAPI(
        title="Peiban",
        openapi_url=None,
        middleware=_middleware(services.settings),
        lifespan=lifespan,
        max_body_size=LARGEST_BODY,
        redirect_slashes=False,
    )
    static = Static()
    app.state.services = services
    app.state.jobs = jobs
    app.state.forms = FormTokens(services.signing_key)
    app.state.pages = Pages(services.settings, static=static, forms=app.state.forms)
    app.state.bot_name = ""
    app.state.telegram = None
    add_handlers(app)
    static.mount(app)
    app.include_router(watching.router)
    app.include_router(chat)
    app.include_router(sounds)
    app.include_router(papers)
    app.include_router(console, prefix="/console")
    if services.settings.telegram_bot_token.get_secret_value():
        app.include_router(webhook_routes(services))
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """Outermost first."""
    trusted = list(settings.trusted_proxy_list)
    return [
        *([Middleware(ProxyHeadersMiddleware, trusted_hosts=trusted)] if trusted else []),
        Middleware(ProtectiveHeaders, settings=settings),
        Middleware(watching.Measured),
        Middleware(Bounds),
        Middleware(GZipMiddleware, minimum_size=600),
    ]
