"""A stand-in server, and bots of the real library that talk to it by both of the clients they may use."""

import os

os.environ["PTB_TIMEDELTA"] = "true"  # else a 429 is a deprecation warning, which is an error here

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from app.rehearsal.telegram_server import TelegramServer
from bot.telegram.request import AiohttpRequest

RequestMaker = Callable[..., BaseRequest]
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(backoff=0.02) as running:
        yield running


def _aiohttp(read: float = 5.0) -> BaseRequest:
    return AiohttpRequest(read=read)


def _httpx(read: float = 5.0) -> BaseRequest:
    return HTTPXRequest(read_timeout=read)


@pytest.fixture(params=[_aiohttp, _httpx], ids=["aiohttp", "httpx"])
def make_request(request: pytest.FixtureRequest) -> RequestMaker:
    maker: RequestMaker = request.param
    return maker


@pytest.fixture
async def bot(server: TelegramServer, make_request: RequestMaker) -> AsyncIterator[Bot]:
    made = bot_for(server, make_request)
    async with made:
        yield made


def bot_for(server: TelegramServer, make_request: RequestMaker, *, read: float = 5.0) -> Bot:
    return Bot(
        server.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=make_request(read),
        get_updates_request=make_request(read),
    )


@pytest.fixture
def application(server: TelegramServer, make_request: RequestMaker) -> AnyApplication:
    """A small bot of the usual kind: a menu, a button that edits, an echo, a photo measured."""
    built = (
        ApplicationBuilder()
        .token(server.token)
        .base_url(server.base_url)
        .base_file_url(server.base_file_url)
        .request(make_request())
        .get_updates_request(make_request())
        .build()
    )
    built.add_handler(CommandHandler("start", _start))
    built.add_handler(CallbackQueryHandler(_pressed))
    built.add_handler(MessageHandler(filters.PHOTO, _photo))
    built.add_handler(MessageHandler(filters.TEXT & filters.UpdateType.MESSAGE, _echo))
    return built


@pytest.fixture
def polling(application: AnyApplication) -> Callable[[], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        async with application:
            assert application.updater is not None
            await application.start()
            await application.updater.start_polling(poll_interval=0, allowed_updates=Update.ALL_TYPES)
            yield
            await application.updater.stop()
            await application.stop()

    return run


@pytest.fixture
def picture() -> bytes:
    return picture_of(640, 480)


def picture_of(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "orange").save(out, "JPEG")
    return out.getvalue()


async def _start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    choices = [InlineKeyboardButton("问问题", callback_data="ask"), InlineKeyboardButton("看课程", callback_data="course")]
    keyboard = InlineKeyboardMarkup.from_column(choices)
    assert update.message is not None
    await update.message.reply_text("你好", reply_markup=keyboard)


async def _pressed(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("好的")
    await query.edit_message_text(f"选了 {query.data}")


async def _photo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    file = await update.message.photo[-1].get_file()
    content = await file.download_as_bytearray()
    await update.message.reply_photo(bytes(content), caption=f"{len(content)} 字节")


async def _echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(f"你说：{update.message.text}")
