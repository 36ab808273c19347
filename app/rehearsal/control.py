"""The control API: the same rehearsal driven over HTTP, for tests whose bot or driver lives in another process."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from app.rehearsal.people import Person
from app.rehearsal.refusals import Refusal, Unmet
from app.rehearsal.shapes import JsonObject, Message

if TYPE_CHECKING:
    from app.rehearsal.telegram_server import TelegramServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_control(app: web.Application, server: "TelegramServer") -> None:
    """Mount `/control/...`: every answer is JSON, a refused act a 409 with `error`."""
    control = Control(server)
    app.router.add_post("/control/person/{name}/{act}", control.act)
    app.router.add_get("/control/person/{name}", control.show_person)
    app.router.add_get("/control/messages", control.show_messages)
    app.router.add_post("/control/fail", control.fail)
    app.router.add_post("/control/redeliver", control.redeliver)
    app.router.add_get("/control/calls", control.show_calls)


class Control:
    """Handlers; a person is named in the path and made at the first mention."""

    def __init__(self, server: "TelegramServer") -> None:
        self._server = server
        self._acts: dict[str, Callable[[Person, web.Request], Awaitable[JsonObject]]] = {
            "says": _says,
            "starts": _starts,
            "photo": _photo,
            "voice": _voice,
            "presses": _presses,
            "replies": self._replies,
            "edits": self._edits,
            "expects": _expects,
            "blocks": _blocks,
            "unblocks": _unblocks,
        }

    async def act(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            return web.json_response({"error": f"no such act; there are: {', '.join(self._acts)}"}, status=404)
        try:
            return web.json_response(await act(self._person(request), request))
        except (Unmet, Refusal) as err:
            return web.json_response({"error": str(err)}, status=409)
        except (KeyError, ValueError) as err:
            return web.json_response({"error": f"wrong or missing field: {err}"}, status=400)

    async def show_person(self, request: web.Request) -> web.Response:
        person = self._person(request)
        return web.json_response({"user_id": person.user_id, "messages": [_shown(message) for message in person.messages]})

    async def show_messages(self, request: web.Request) -> web.Response:
        """All that stands in all chats, or with `?person=NAME` in hers."""
        name = request.query.get("person")
        people = [self._server.person(name)] if name else self._server.people
        return web.json_response({"messages": [_shown(message) for person in people for message in person.messages]})

    async def show_calls(self, request: web.Request) -> web.Response:
        """The ledger, or with `?method=NAME` one method's calls."""
        method = request.query.get("method")
        calls = self._server.calls.of(method) if method else list(self._server.calls)
        return web.json_response(
            {
                "calls": [call.wire() for call in calls],
                "refused": [call.wire() for call in self._server.refused],
                "peak_per_second": self._server.calls.peak_per_second(),
            }
        )

    async def fail(self, request: web.Request) -> web.Response:
        """`{"method", "kind", "times"?, "retry_after"?, "person"?}`"""
        try:
            given = await _body(request)
            person = self._server.person(str(given["person"])) if "person" in given else None
            times, wait = int(given.get("times", 1)), int(given.get("retry_after", 1))
            self._server.fail_next(str(given["method"]), kind=str(given["kind"]), times=times, retry_after=wait, person=person)
        except (KeyError, ValueError) as err:
            return web.json_response({"error": f"wrong or missing field: {err}"}, status=400)
        return web.json_response({"ok": True})

    async def redeliver(self, request: web.Request) -> web.Response:
        """`{"update_id"?}`, by default the newest update."""
        given = await _body(request)
        try:
            update = self._server.redeliver(int(given["update_id"]) if "update_id" in given else None)
        except (KeyError, Unmet) as err:
            return web.json_response({"error": f"no such update: {err}"}, status=409)
        return web.json_response({"update_id": update.update_id})

    def _person(self, request: web.Request) -> Person:
        return self._server.person(request.match_info["name"], language_code=request.query.get("language_code", "zh"))

    def _message(self, person: Person, number: object) -> Message:
        found = next((message for message in person.messages if message.message_id == number), None)
        if found is None:
            raise Unmet(f"{person.account.first_name} has no message {number}")
        return found

    async def _replies(self, person: Person, request: web.Request) -> JsonObject:
        given = await _body(request)
        return _shown(await person.replies(self._message(person, given["to"]), str(given["text"])))

    async def _edits(self, person: Person, request: web.Request) -> JsonObject:
        given = await _body(request)
        return _shown(await person.edits(self._message(person, given["message_id"]), str(given["text"])))


async def _says(person: Person, request: web.Request) -> JsonObject:
    return _shown(await person.says(str((await _body(request))["text"])))


async def _starts(person: Person, request: web.Request) -> JsonObject:
    return _shown(await person.starts(str((await _body(request)).get("payload", ""))))


async def _photo(person: Person, request: web.Request) -> JsonObject:
    return _shown(await person.sends_photo(await request.read(), caption=request.query.get("caption", "")))


async def _voice(person: Person, request: web.Request) -> JsonObject:
    return _shown(await person.sends_voice(await request.read()))


async def _presses(person: Person, request: web.Request) -> JsonObject:
    answer = await person.presses(str((await _body(request))["label"]))
    return {"text": answer.text, "show_alert": answer.show_alert} if answer else {"text": None, "show_alert": False}


async def _expects(person: Person, request: web.Request) -> JsonObject:
    given = await _body(request)
    within = float(given.get("within", 5.0))
    return _shown(await person.expects(str(given["text"]), within=within, ever=bool(given.get("ever", False))))


async def _blocks(person: Person, _: web.Request) -> JsonObject:
    await person.blocks()
    return {"ok": True}


async def _unblocks(person: Person, _: web.Request) -> JsonObject:
    await person.unblocks()
    return {"ok": True}


async def _body(request: web.Request) -> JsonObject:
    found = json.loads(await request.read() or b"{}")
    if not isinstance(found, dict):
        raise ValueError("the body must be a JSON object")
    return found


def _shown(message: Message) -> JsonObject:
    return {
        "chat_id": message.chat.chat_id,
        "message_id": message.message_id,
        "from": "bot" if message.from_bot else message.sender.first_name,
        "kind": message.kind,
        "text": message.text,
        "buttons": list(message.labels),
        "links": {button.label: button.url for button in message.buttons if button.url},
        "edited": message.edited is not None,
    }
