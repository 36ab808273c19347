"""What guards every page: headers, cookies, and proof that a form was filled in on our own page by whoever sends it."""

import asyncio
from urllib.parse import urlsplit

from fastapi import Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit import tokens
from kit.errors import NotAllowed
from kit.settings import Settings

LARGEST_BODY = 21 * 1024 * 1024  # a parent's photo or voice note with its form around it
LARGEST_FORM = 256 * 1024
LARGEST_HEADERS = 32 * 1024
PATIENCE_S = 30.0
"""A slow phone sends a part of a photo at least every few seconds."""
FORM_LASTS_S = 12 * 60 * 60
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


class ForgedForm(NotAllowed):
    """The form was not made by our page for this browser, or it is too old."""


def uses_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def protect(headers: MutableHeaders, settings: Settings) -> None:
    """Headers of every response; a page that needs a narrower rule has set it already."""
    headers.setdefault("content-security-policy", CONTENT_POLICY)
    headers.setdefault("x-content-type-options", "nosniff")
    headers.setdefault("referrer-policy", "same-origin")
    headers.setdefault("x-frame-options", "DENY")
    headers.setdefault("cross-origin-opener-policy", "same-origin")
    headers.setdefault("permissions-policy", "camera=(self), microphone=(self), geolocation=()")
    if settings.environment != "development":
        headers.setdefault("strict-transport-security", "max-age=31536000")


class ProtectiveHeaders:
    """ASGI middleware: `protect` on every response."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), self.settings)
            await send(message)

        await self.app(scope, receive, send_protected if scope["type"] == "http" else send)


class Bounds:
    """ASGI middleware: headers of ordinary size, and bodies that come without long breaks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
            await PlainTextResponse("request header fields too large", status_code=431)(scope, receive, send)
        else:
            await self.app(scope, _Patient(receive), send)


class _Patient:
    """Waits so long for each part of the body; what comes after the body, the end of the connection, it waits for as others do."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(PATIENCE_S):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(408) from error
        self._whole = not message.get("more_body", False)
        return message


class FormTokens:
    """Tokens that fit one browser only, for the hidden field of each form."""

    def __init__(self, key: str) -> None:
        self._signer = URLSafeTimedSerializer(key, salt="form")

    def make(self, bound: str) -> str:
        return self._signer.dumps(tokens.digest(bound))

    def check(self, token: str, *, bound: str) -> None:
        """Raises ForgedForm."""
        try:
            said = self._signer.loads(token, max_age=FORM_LASTS_S)
        except BadSignature as error:
            raise ForgedForm from error
        if not bound or said != tokens.digest(bound):
            raise ForgedForm


def check_origin(request: Request, settings: Settings) -> None:
    """A browser says where a request comes from: another site than ours is refused. Raises ForgedForm."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForgedForm
    origin = request.headers.get("origin")
    ours = {request.headers.get("host", ""), urlsplit(settings.public_url).netloc}
    if origin is not None and urlsplit(origin).netloc not in ours - {""}:
        raise ForgedForm
