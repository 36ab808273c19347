"""From what went wrong to a page (or JSON, for a script that asks for it): one table from meaning to status, and the handlers."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from app.web.readers import reader_of
from app.web.security import protect
from app.web.sentences import sentence_for
from app.web.templating import page
from kit.errors import Invalid, NotAllowed, NotFound, PeibanError, Unavailable, WrongState
from kit.limits import TooManyAttempts

STATUS: dict[type[PeibanError], int] = {
    TooManyAttempts: 429,
    NotFound: 404,
    NotAllowed: 403,
    WrongState: 409,
    Invalid: 422,
    Unavailable: 503,
}

AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError, InternalError, PoolExhausted, Unavailable)
"""What a database that is down, full or overrun raises, and a store of files that refuses one: it may work again later."""

_log = structlog.get_logger(__name__)


class GoElsewhere(Exception):
    """Ends a dependency by sending the browser to another page of ours."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def status_of(error: PeibanError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(GoElsewhere, _go)
    app.add_exception_handler(PeibanError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _request)
    for kind in (OperationalError, InterfaceError, InternalError, PoolExhausted):
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(Exception, _unexpected)


def _shown(request: Request, status: int, error: PeibanError) -> Response:
    sentence = sentence_for(error, reader_of(request).lang)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"sentence": sentence}, status_code=status, headers={"cache-control": "no-store"})
    return page(request, "web/error.html", status=status, sentence=sentence, code=status)


def _go(_: Request, error: Exception) -> Response:
    assert isinstance(error, GoElsewhere)  # noqa: S101 - the engine calls this for nothing else
    return RedirectResponse(error.url, status_code=303)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, PeibanError)  # noqa: S101 - as above
    status = status_of(error)
    if status >= 500:
        _log.warning("unavailable", kind=type(error).__name__, path=request.url.path)
    return _shown(request, status, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    meaning = {404: NotFound(), 405: NotFound(), 403: NotAllowed()}.get(error.status_code, Invalid())
    return _shown(request, error.status_code, meaning)


def _request(request: Request, error: Exception) -> Response:
    """A path that names nothing we could have is a page we do not have."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    in_path = any(found["loc"][:1] == ("path",) for found in error.errors())
    return _shown(request, 404, NotFound()) if in_path else _shown(request, 422, Invalid())


def _database(request: Request, error: Exception) -> Response:
    _log.warning("database_unavailable", kind=type(error).__name__)
    return _shown(request, 503, Unavailable())


def _unexpected(request: Request, error: Exception) -> Response:
    """This one is made outside of all our middleware, so it brings its headers itself."""
    _log.error("unexpected", kind=type(error).__name__, path=request.url.path)
    made = _shown(request, 500, Unavailable())
    protect(made.headers, request.app.state.services.settings)
    return made
