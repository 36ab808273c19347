"""python-telegram-bot's HTTP over aiohttp: one pool of connections, the library's own error classes.

The library's default client spends most of its time in its connection pool once many requests are in flight.
"""

from io import BytesIO
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from telegram._utils.defaultvalue import DefaultValue  # private, but what `do_request` is called with
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from kit.errors import Invalid

KEEP_ALIVE: Final = 50.0  # seconds; Telegram closes idle connections after a minute


class ProxyNotSupported(Invalid):
    """TELEGRAM_PROXY names a kind of proxy that this client cannot speak to."""


class AiohttpRequest(BaseRequest):
    """All times in seconds; `pool` is the wait for a free connection, `media_write` the time for sending files."""

    __slots__ = ("_connect", "_connections", "_media_write", "_pool", "_proxy", "_read", "_session", "_write")

    def __init__(
        self,
        *,
        connections: int = 64,
        connect: float = 5,
        read: float = 10,
        write: float = 10,
        pool: float = 3,
        media_write: float = 30,
        proxy: str | None = None,
    ) -> None:
        self._connections = connections
        self._connect, self._read, self._write, self._pool = connect, read, write, pool
        self._media_write = media_write
        self._proxy = _checked_proxy(proxy) if proxy else None
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": self.USER_AGENT})

    async def shutdown(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body; raises TimedOut or NetworkError, after which nobody knows whether the call had its effect."""
        if self._session is None or self._session.closed:
            raise RuntimeError("This AiohttpRequest is not initialized!")
        uploads = bool(request_data and request_data.contains_files)
        timeout = _timeout(
            connect=_given(connect_timeout, self._connect),
            read=_given(read_timeout, self._read),
            write=_given(write_timeout, self._media_write if uploads else self._write),
            pool=_given(pool_timeout, self._pool),
        )
        body = _body(request_data)
        try:
            async with self._session.request(method, url, data=body, timeout=timeout, proxy=self._proxy) as reply:
                return reply.status, await reply.read()
        except TimeoutError as err:  # before ClientError: aiohttp's own time-outs are both
            raise TimedOut from err
        except (aiohttp.ClientError, OSError) as err:
            raise NetworkError(f"aiohttp.{type(err).__name__}: {err}") from err


def _given(value: ODVInput[float], default: float) -> float | None:
    return default if isinstance(value, DefaultValue) else value


def _timeout(*, connect: float | None, read: float | None, write: float | None, pool: float | None) -> aiohttp.ClientTimeout:
    """aiohttp knows no write time-out, so the sum bounds the whole exchange; its `connect` includes the wait for a connection."""
    reach = None if connect is None or pool is None else connect + pool
    total = None if reach is None or read is None or write is None else reach + read + write
    return aiohttp.ClientTimeout(total=total, connect=reach, sock_connect=connect, sock_read=read)


def _body(request_data: RequestData | None) -> dict[str, str] | aiohttp.FormData | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData(quote_fields=False)  # else a Chinese file name arrives as %E5%9B%9B…
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        file = BytesIO(content) if isinstance(content, bytes) else content  # aiohttp warns of large plain bytes
        form.add_field(name, file, filename=filename, content_type=mime)
    return form


def _checked_proxy(address: str) -> str:
    proxy = urlsplit(address)
    if proxy.scheme not in {"http", "https"} or not proxy.hostname:
        raise ProxyNotSupported(f"TELEGRAM_PROXY must look like http://host:port, not {proxy.scheme}://…", scheme=proxy.scheme)
    return address
