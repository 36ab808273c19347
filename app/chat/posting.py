"""From the posted form to the adapter: fields within limits, files as bytes, and proof that our own page sent it."""

import secrets
from dataclasses import dataclass, replace

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from app.chat.visitors import Visitor, proven_ours
from app.web.security import check_origin
from bot.webchat import identity
from bot.webchat.media import LARGEST_UPLOAD
from bot.webchat.receiving import LONGEST_PRESS, LONGEST_TEXT, Post
from care.safety import Level, screen
from care.services import Services

FILES = ("photo", "voice")
MOST_FILES = len(FILES)
MOST_FIELDS = 12


@dataclass(frozen=True, slots=True)
class Said:
    """`posts` is one update for each file, the words with the first. `trusted` is False when nothing shows that our page sent it.

    A file that is too large or holds nothing is left out; the words beside it are not. `too_long` is set for words that are more
    than we take, unless they tell of danger.
    """

    posts: tuple[Post, ...]
    text: str
    press: str
    after: int
    trusted: bool
    too_large: bool
    too_long: bool
    empty_file: bool

    @property
    def nothing(self) -> bool:
        return not self.posts and not self.too_large


async def read(request: Request, visitor: Visitor) -> Said:
    """Raises app.web.security.ForgedForm for a post of another site."""
    services: Services = request.app.state.services
    check_origin(request, services.settings)
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
        files = _files(form)
        uploads = [await one.read() for one in files if (one.size or 0) <= LARGEST_UPLOAD]
        words = {name: _word(form, name) for name in ("key", "text", "press", "after")}
    fits = identity.fits(words["key"], visitor.address, signing_key=services.signing_key)
    first = Post(
        address=visitor.address,
        form_key=words["key"] or secrets.token_urlsafe(12),
        text=words["text"],
        press=words["press"] if len(words["press"].encode()) <= LONGEST_PRESS else "",
        upload=uploads[0] if uploads else b"",
        lang=visitor.lang,
        site_code=visitor.site_code,
        place=request.client.host if request.client else "",
    )
    more = [replace(first, text="", press="", upload=upload) for upload in uploads[1:]]
    return Said(
        posts=tuple(post for post in (first, *more) if not post.empty),
        text=words["text"],
        press=first.press,
        after=int(words["after"]) if words["after"].isdecimal() and len(words["after"]) < 19 else 0,
        trusted=fits or proven_ours(request.headers),
        too_large=len(uploads) < len(files),
        empty_file=any(
            isinstance(one, UploadFile) and one.filename and not one.size for one in (form.get(name) for name in FILES)
        ),
        too_long=len(words["text"]) > LONGEST_TEXT and screen(words["text"]).level is Level.NORMAL,
    )


def _files(form: FormData) -> list[UploadFile]:
    given = (form.get(name) for name in FILES)
    return [one for one in given if isinstance(one, UploadFile) and one.size]


def _word(form: FormData, name: str) -> str:
    value = form.get(name)
    """Without the sign of number 0, which no database takes."""
    return value.replace("\r\n", "\n").replace("\0", "").strip() if isinstance(value, str) else ""
