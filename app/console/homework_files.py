"""Pictures, films and recordings of homework: behind a signed link that lasts minutes, and the session of whom it was made for.

Nothing is kept by a browser, and every look is audited.
"""

import re
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response
from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import Session

from app.console.media import type_of
from app.console.reader import Served, allowed, signed_in
from care.homework import queries
from care.homework.errors import LinkExpired
from care.homework.models import Homework, HomeworkComment, HomeworkItem, ItemState
from care.people.access import Verb, homework_for, may, may_open_pictures
from care.services import Services
from kit import audit, clock
from kit.accounts.models import Staff
from kit.errors import NotAllowed, NotFound

router = APIRouter(prefix="/homework/file", dependencies=[Depends(signed_in)])

LINK_LASTS = timedelta(minutes=10)
Sees = Annotated[Staff, Depends(allowed(Verb.SEE_HOMEWORK))]
_FILMS = {"audio/mp4": "video/mp4", "audio/webm": "video/webm"}
_RANGE = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")


class FileLinks:
    """Makes the links of one page for whoever is shown it. `item` and `voice` are called in templates."""

    def __init__(self, services: Services, me: Staff) -> None:
        self._signer = signer(services)
        self._me = me.key
        self._until = int((clock.now() + LINK_LASTS).timestamp())

    def item(self, number: int) -> str:
        return self._link("item", number)

    def voice(self, number: int) -> str:
        return self._link("voice", number)

    def _link(self, what: str, number: int) -> str:
        return f"/console/homework/file/{self._signer.dumps([what, number, self._me, self._until])}"


def signer(services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.signing_key, salt="homework-file")


@router.get("/{token}")
def file(services: Served, me: Sees, token: str, range_: Annotated[str, Header(alias="range")] = "") -> Response:
    what, number = _read(services, me, token)
    with services.database.transaction() as session:
        key, film = _item(session, services, me, number) if what == "item" else (_voice(session, me, number), False)
        if not range_ or range_.startswith("bytes=0-"):  # a film is fetched in many parts and looked at once
            audit.record(session, "view_media", thing=f"homework_{what}", thing_id=number, staff_id=me.key)
    return _response(services.blobs.get(key), film=film, range_=range_)


def _read(services: Services, me: Staff, token: str) -> tuple[str, int]:
    """Raises LinkExpired for a link that is old, made up, or somebody else's."""
    try:
        what, number, staff_id, until = signer(services).loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise LinkExpired from error
    if staff_id != me.key or until < clock.now().timestamp():
        raise LinkExpired
    return str(what), int(number)


def _item(session: Session, services: Services, me: Staff, number: int) -> tuple[str, bool]:
    item = session.get(HomeworkItem, number)
    if item is None or not item.media_key or item.state not in (ItemState.KEPT, ItemState.HELD):
        raise NotFound
    if item.state is ItemState.HELD:
        if not is_keeper(session, services, me):
            raise NotFound
    elif not may_open_pictures(me, homework_for(session, me, item.homework_id)):
        raise NotAllowed
    return item.media_key, item.kind == "file"


def _voice(session: Session, me: Staff, number: int) -> str:
    comment = session.get(HomeworkComment, number)
    if comment is None or not comment.voice_key:
        raise NotFound
    homework_for(session, me, session.get_one(Homework, comment.homework_id).key)
    return comment.voice_key


def is_keeper(session: Session, services: Services, me: Staff) -> bool:
    """The one named person who sees what was held back."""
    keeper = queries.keeper(session, login=services.settings.held_pictures_to)
    return may(me, Verb.KEEP_HELD_PICTURES) and keeper is not None and keeper.key == me.key


def _response(content: bytes, *, film: bool, range_: str) -> Response:
    kind = type_of(content)
    kind = _FILMS.get(kind, kind) if film else kind
    headers = {
        "cache-control": "no-store, private",
        "content-disposition": "attachment" if kind == "application/octet-stream" else "inline",
        "content-security-policy": "default-src 'none'; sandbox",
        "accept-ranges": "bytes",
    }
    asked = _RANGE.fullmatch(range_)
    first = int(asked[1]) if asked else 0
    if asked is None or first >= len(content):
        return Response(content, media_type=kind, headers=headers)
    part = content[first : int(asked[2]) + 1 if asked[2] else len(content)]
    headers["content-range"] = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
    return Response(part, status_code=206, media_type=kind, headers=headers)
