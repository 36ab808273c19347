"""The HTTP face of the stand-in: checks the token, writes the ledger, lets faults happen, answers in Telegram's form."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

from aiohttp import web

from app.rehearsal.faults import Fault, FaultPlan, Order
from app.rehearsal.files import LARGEST_UPLOAD, MEGABYTE
from app.rehearsal.ledger import Call, Ledger
from app.rehearsal.methods import Service, checked, named
from app.rehearsal.refusals import Refusal, not_found, unauthorized
from app.rehearsal.shapes import JsonObject
from app.rehearsal.updates import Updates
from app.rehearsal.wire import Submission, read_submission
from app.rehearsal.world import World
from kit import clock

HOLD = 120.0  # seconds a silent fault keeps the line open, longer than any client waits
DOWNLOAD = "file"  # the name under which downloads stand in the ledger and in faults

Effect = Callable[[], Awaitable[object]]


class BotApi:
    """Routes `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, *, token: str, world: World, updates: Updates, backoff: float) -> None:
        self.calls = Ledger()
        self.faults = FaultPlan()
        self._token = token
        self._world = world
        self._service = Service(world, updates, self._perform_carried, backoff)
        self._closing = asyncio.Event()

    def web_app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_UPLOAD + MEGABYTE)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        return app

    def close(self) -> None:
        """Let go of the lines that silent faults keep open."""
        self._closing.set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = self._open(request.match_info["method"])
        try:
            self._check_token(request.match_info["token"])
            call.method = named(call.method).name
            submission = await read_submission(request)
        except Refusal as refusal:
            return self._reply(call, refusal)
        call.parameters, call.files = submission.parameters, submission.names
        return await self._go(request, call, lambda: self._perform(call, submission))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        call = self._open(DOWNLOAD)
        call.parameters = {"path": request.match_info["path"]}
        try:
            self._check_token(request.match_info["token"])
        except Refusal as refusal:
            return self._reply(call, refusal)
        return await self._go(request, call, lambda: self._fetch(call))

    async def _go(self, request: web.Request, call: Call, effect: Effect) -> web.StreamResponse:
        """Have the effect and answer it, unless a fault was ordered."""
        order = self.faults.take(call.method, call.parameters.get("chat_id"))
        if order is None:
            return self._reply(call, await effect())
        call.fault = order.fault
        if order.fault.after_effect:
            await effect()
        return await self._suffer(request, call, order)

    async def _suffer(self, request: web.Request, call: Call, order: Order) -> web.StreamResponse:
        if refusal := order.refusal():
            return self._reply(call, refusal)
        if order.fault is Fault.BAD_GATEWAY:
            call.status = 502
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        self._world.touch()
        if order.fault.silent:
            await self._keep_waiting()
        return _break_off(request)

    async def _keep_waiting(self) -> None:
        try:
            async with asyncio.timeout(HOLD):
                await self._closing.wait()
        except TimeoutError:
            return

    async def _perform(self, call: Call, submission: Submission) -> object:
        """Do what was asked; the outcome is the result or the refusal."""
        known = named(call.method)
        try:
            result = await known.act(self._service, checked(known, submission.for_model(known.model.model_fields)))
        except Refusal as refusal:
            return refusal
        call.effect = True
        return result

    async def _perform_carried(self, method: str, parameters: JsonObject) -> object:
        """A call carried in the answer to a webhook delivery: done, but its outcome is told to nobody."""
        call = self._open(method)
        call.parameters = parameters
        try:
            call.method = named(method).name
            outcome = await self._perform(call, Submission(parameters, {}))
        except Refusal as refusal:
            outcome = refusal
        self._settle(call, outcome)
        return outcome

    async def _fetch(self, call: Call) -> object:
        stored = self._world.files.by_path(call.parameters["path"])
        if stored is None:
            return not_found()
        call.effect = True
        return stored.content

    def _open(self, method: str) -> Call:
        call = Call(method, {}, clock.now(), asyncio.get_running_loop().time())
        self.calls.write(call)
        return call

    def _reply(self, call: Call, outcome: object) -> web.Response:
        self._settle(call, outcome)
        if isinstance(outcome, Refusal):
            return web.json_response(outcome.wire(), status=outcome.status)
        if isinstance(outcome, bytes):
            return web.Response(body=outcome, content_type="application/octet-stream")
        return web.json_response({"ok": True, "result": outcome})

    def _settle(self, call: Call, outcome: object) -> None:
        if isinstance(outcome, Refusal):
            call.status, call.description = outcome.status, outcome.description
        else:
            call.status, call.result = 200, outcome
        self._world.touch()

    def accept_token(self, token: str) -> None:
        self._token = token

    def _check_token(self, token: str) -> None:
        """A malformed token is a 404, a well-formed wrong one a 401, as with Telegram."""
        number, _, secret = token.partition(":")
        if not (number.isdigit() and secret):
            raise not_found()
        if token != self._token:
            raise unauthorized()


def _break_off(request: web.Request) -> web.StreamResponse:
    """Reset the connection: the client sees it break, not end."""
    transport = request.transport
    if transport is not None and not transport.is_closing():
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
