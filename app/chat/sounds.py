"""Recordings of ours that belong to a message of her talk: played by her own browser only, and kept by none."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from app.chat.visitors import Visitor, visitor_of
from bot.webchat import viewing
from bot.wording import render
from care.messages.models import Message
from care.services import Services
from kit.errors import NotFound

router = APIRouter(include_in_schema=False)
_KINDS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (4, b"ftyp", "audio/mp4"),
    (8, b"WAVE", "audio/wav"),
)


@router.get("/sound/{number}")
def sound(
    request: Request, visitor: Annotated[Visitor, Depends(visitor_of)], number: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> Response:
    services: Services = request.app.state.services
    with services.database.transaction() as session:
        who, message = viewing.caregiver_at(session, visitor.address), session.get(Message, number)
        if who is None or message is None or message.caregiver_id != who.key:
            raise NotFound
        key = render(session, message, services).sound
    if not key:
        raise NotFound
    content = services.blobs.get(key)
    kind = next((kind for at, mark, kind in _KINDS if content.startswith(mark, at)), "audio/mpeg")
    return Response(content, media_type=kind, headers={"cache-control": "no-store, private"})
