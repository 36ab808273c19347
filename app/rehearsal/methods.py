"""The table of Bot API methods: the name on the wire, the model of its parameters, the function that does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from app.rehearsal.bot_requests import Asked
from app.rehearsal.refusals import Refusal, bad, not_found
from app.rehearsal.shapes import JsonObject
from app.rehearsal.updates import Updates
from app.rehearsal.webhook import Perform
from app.rehearsal.world import World

A = TypeVar("A", bound=Asked)


@dataclass(slots=True, eq=False)
class Service:
    """What methods work on."""

    world: World
    updates: Updates
    perform: Perform
    backoff: float


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    model: type[Asked]
    act: Callable[[Service, Any], Awaitable[object]]


METHODS: dict[str, Method] = {}


def method(model: type[A]) -> Callable[[Callable[[Service, A], Awaitable[object]]], Callable[[Service, A], Awaitable[object]]]:
    """Enter the function under the model's name: `SendMessage` answers `sendMessage`."""

    def enter(act: Callable[[Service, A], Awaitable[object]]) -> Callable[[Service, A], Awaitable[object]]:
        name = model.__name__[0].lower() + model.__name__[1:]
        METHODS[name.lower()] = Method(name, model, act)
        return act

    return enter


def named(name: str) -> Method:
    """Method names are not case-sensitive on the wire; an unknown one is a plain 404, as with Telegram."""
    found = METHODS.get(name.lower())
    if found is None:
        raise not_found()
    return found


def checked(known: Method, parameters: JsonObject) -> Asked:
    """The request, its types and limits checked."""
    try:
        return known.model.model_validate(parameters)
    except ValidationError as err:
        raise _refusal(known, err) from err


def _refusal(known: Method, err: ValidationError) -> Refusal:
    first = err.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return bad(f'the rehearsal server knows no parameter "{where}" of {known.name}')
    if first["type"] == "missing":
        return bad(f'parameter "{where}" is required')
    reason = first["msg"].removeprefix("Value error, ")
    return bad(f"{reason} (parameter {where} of {known.name})")
