"""Photos and voice notes of a case, shown only to whoever may see the case; every look is audited."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from app.console.cases import Number, Sees
from app.console.reader import Served, signed_in
from care.cases.models import CaseEntry
from care.people.access import case_for
from care.safeguarding import actions as guarding
from kit import audit
from kit.errors import NotFound

router = APIRouter(prefix="/cases", dependencies=[Depends(signed_in)])

# By their first bytes, as they were taken in; anything else is handed over as a file and never shown.
_KINDS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG", "image/png"),
    (8, b"WEBP", "image/webp"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (4, b"ftyp", "audio/mp4"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
)
_FILE = "application/octet-stream"


def type_of(content: bytes) -> str:
    """The media type to name to a browser, told by the content."""
    return next((kind for at, mark, kind in _KINDS if content.startswith(mark, at)), _FILE)


@router.get("/{number}/media/{entry_number}")
def media(services: Served, me: Sees, number: Number, entry_number: Number) -> Response:
    with services.database.transaction() as session:
        case = case_for(session, me, number)
        guarding.open_page(session, case, by=me)
        entry = session.get(CaseEntry, entry_number)
        if entry is None or entry.case_id != case.key or not entry.media_key:
            raise NotFound
        audit.record(session, "view_media", thing="case", thing_id=case.key, staff_id=me.key, entry=entry_number)
    content = services.blobs.get(entry.media_key)
    kind = type_of(content)
    how = "attachment" if kind == _FILE else "inline"
    headers = {
        "cache-control": "no-store, private",
        "content-disposition": f'{how}; filename="case-{number}-{entry_number}"',
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=kind, headers=headers)
