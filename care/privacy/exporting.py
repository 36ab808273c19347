"""Everything of one caregiver in one archive that a person can read and a program too. Nothing of anybody else's."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from itsdangerous import BadSignature, Signer
from jinja2 import Environment
from sqlmodel import Session, col, select

from care.families.models import Caregiver
from care.messages.models import Message
from care.privacy.register import Personal, of_families, rows_of, table_of
from kit import audit, clock
from kit.blobs import Blobs
from kit.errors import NotFound
from knowledge.models import Revision

Wording = Callable[[Session, Message], str]
"""A message as she read it; empty leaves it out."""

LINK_LASTS = timedelta(minutes=30)
LINK_KIND = "export_link"

README = """这是您在「陪伴」的全部资料。{day} 取出。

talk.html   您和我们的对话，用浏览器打开就能看
data.json   我们记下的每一条，一样不少，给电脑看的
media/      您发来的照片和语音

里面有您和孩子的事，请不要转给别人。想删掉，回到陪伴，点「我的信息」。
回答都是从审过的内容里转告的，或者是老师写的，没有让人工智能编文字。


Everything that Peiban keeps about you, taken out on {day}.

talk.html   your talk with us; open it in a browser
data.json   every record we keep, complete, for programs
media/      the photos and recordings you sent

This is about you and your child: please do not pass it on. To erase it, go back to Peiban and tap “My information”.
Answers come from checked passages or were written by a person; no artificial intelligence wrote any of them.
"""

_SUFFIXES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "jpg"), (0, b"\x89PNG", "png"), (8, b"WEBP", "webp"), (0, b"OggS", "ogg"), (4, b"ftyp", "m4a"),
    (0, b"\x1aE\xdf\xa3", "webm"), (0, b"ID3", "mp3"), (8, b"WAVE", "wav"), (0, b"#!AMR", "amr"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    text: str
    mine: bool

    @property
    def time(self) -> str:
        return f"{self.at.astimezone(clock.CHINA):%H:%M}"


def export(session: Session, blobs: Blobs, who: Caregiver, *, wording: Wording | None = None) -> bytes:
    """A zip archive. `wording` shows each message as she read it; without one only what persons wrote and titles are shown."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", README.format(day=clock.today().isoformat()))
        packed.writestr("talk.html", _talk(session, who, wording or plainly))
        packed.writestr("data.json", json.dumps(records(session, who), ensure_ascii=False, indent=1, default=_as_text))
        for name, content in _media(session, blobs, who):
            packed.writestr(f"media/{name}", content, zipfile.ZIP_STORED)
    audit.record(session, "export", thing="caregiver", thing_id=who.key)
    return archive.getvalue()


def link_token(message: Message, *, signing_key: str) -> str:
    """For the address in the message that offers the archive: made when it is worded, so that no row holds it."""
    return Signer(signing_key, salt="export", digest_method=hashlib.sha256).sign(str(message.number)).decode()


def by_link(session: Session, token: str, *, signing_key: str) -> Caregiver:
    """Whose archive it opens. Raises NotFound when it is not ours, or older than LINK_LASTS."""
    try:
        number = int(Signer(signing_key, salt="export", digest_method=hashlib.sha256).unsign(token))
    except (BadSignature, ValueError) as error:
        raise NotFound("no such link") from error
    message = session.get(Message, number)
    if message is None or message.kind != LINK_KIND or message.created_at < clock.now() - LINK_LASTS:
        raise NotFound("the link is too old")
    return session.get_one(Caregiver, message.caregiver_id)


def records(session: Session, who: Caregiver) -> dict[str, list[dict[str, Any]]]:
    """Every row of hers by table, without what opens doors or tells of staff."""
    return {entry.table: [_shown(entry, row) for row in _rows(session, entry, who)] for entry in of_families()}


def _rows(session: Session, entry: Personal, who: Caregiver) -> Iterator[Mapping[str, Any]]:
    table = table_of(entry)
    query = sa.select(table).where(rows_of(entry, who.key)).order_by(*table.primary_key.columns)
    for row in session.execute(query).mappings():
        yield dict(row)


def _shown(entry: Personal, row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if name not in entry.secret}
    if isinstance(shown.get("facts"), dict):
        shown["facts"] = {name: value for name, value in shown["facts"].items() if name not in ("return_code", "code")}
    return shown


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _talk(session: Session, who: Caregiver, wording: Wording) -> str:
    query = select(Message).where(Message.caregiver_id == who.key).order_by(col(Message.id))
    lines = [
        Line(message.created_at, text, mine=message.kind == "said")
        for message in session.exec(query)
        if (text := wording(session, message))
    ]
    days = [(day, list(those)) for day, those in groupby(lines, key=lambda line: line.at.astimezone(clock.CHINA).date())]
    page = Environment(autoescape=True).from_string(files("care.privacy").joinpath("talk.html").read_text(encoding="utf-8"))
    return page.render(days=days)


def plainly(session: Session, message: Message) -> str:
    """Words that persons wrote, and the titles of passages. How all else is worded is not known here."""
    if "text" in message.facts:
        return str(message.facts["text"])
    revision = session.get(Revision, message.facts["revision_id"]) if "revision_id" in message.facts else None
    return revision.says().wording("zh").title if revision else ""


def _media(session: Session, blobs: Blobs, who: Caregiver) -> Iterator[tuple[str, bytes]]:
    for entry in (one for one in of_families() if one.media):
        for row in _rows(session, entry, who):
            if not row[entry.media]:
                continue
            try:
                content = blobs.get(row[entry.media])
            except NotFound:
                continue  # erased between two steps
            suffix = next((end for at, mark, end in _SUFFIXES if content.startswith(mark, at)), "bin")
            yield f"{entry.table}-{row['id']}.{suffix}", content
