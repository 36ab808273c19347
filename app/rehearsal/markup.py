"""Telegram's HTML: turns a text with tags into plain text and entities, and refuses what Telegram refuses.

Other parse modes are refused: Peiban writes HTML only.
"""

from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from app.rehearsal.refusals import bad
from app.rehearsal.shapes import JsonObject

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
NAMED = {"lt", "gt", "amp", "quot"}
LINKS = {"http", "https", "tg", "ton"}


def units(text: str) -> int:
    """Length in UTF-16 code units: Telegram counts offsets so, and it is the stricter reading of its limits."""
    return len(text.encode("utf-16-le")) // 2


def link_works(url: str) -> bool:
    """Whether Telegram makes a link of it: `tel:`, `mailto:` and hosts without a dot are not links there."""
    try:
        parts = urlsplit(url if "://" in url or ":" in url.split("/")[0] else f"http://{url}")
    except ValueError:
        return False
    if parts.scheme not in LINKS:
        return False
    return parts.scheme in {"tg", "ton"} or "." in (parts.hostname or "")


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    extra: JsonObject


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.text = ""
        self.entities: list[JsonObject] = []
        self._open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in KINDS or (tag == "span" and given.get("class") != "tg-spoiler"):
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self._byte()}')
        self._open.append(_Open(tag, units(self.text), _extra(tag, given)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        raise bad(f'can\'t parse entities: Unsupported start tag "{tag}/" at byte offset {self._byte()}')

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {self._byte()}")
        if self._open[-1].tag != tag:
            raise bad(
                f'can\'t parse entities: Unmatched end tag at byte offset {self._byte()}, expected "</{self._open[-1].tag}>"'
            )
        self._close(self._open.pop())

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise bad(f"can't parse entities: Unsupported start tag at byte offset {self._byte()}")
        self.text += data

    def handle_entityref(self, name: str) -> None:
        self.text += unescape(f"&{name};") if name in NAMED else f"&{name};"

    def handle_charref(self, name: str) -> None:
        self.text += unescape(f"&#{name};")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - as above
        raise bad(f'can\'t parse entities: Unsupported start tag "!--" at byte offset {self._byte()}')

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002 - as above
        raise bad(f'can\'t parse entities: Unsupported start tag "!" at byte offset {self._byte()}')

    def handle_pi(self, data: str) -> None:  # noqa: ARG002 - as above
        raise bad(f'can\'t parse entities: Unsupported start tag "?" at byte offset {self._byte()}')

    def finish(self) -> None:
        if "<" in self.rawdata:
            raise bad("can't parse entities: Unclosed start tag")
        self.close()
        if self._open:
            raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{self._open[-1].tag}\"")

    def _close(self, opened: _Open) -> None:
        length = units(self.text) - opened.offset
        link = opened.extra.get("url")
        if opened.tag == "a" and not (link and link_works(str(link))):
            return  # Telegram keeps the words and drops a link it cannot open
        if length:
            self.entities.append({"type": KINDS[opened.tag], "offset": opened.offset, "length": length, **opened.extra})

    def _byte(self) -> int:
        row, column = self.getpos()
        before = self.rawdata.splitlines(keepends=True)[: row - 1]
        return len("".join(before).encode()) + column


def _extra(tag: str, given: dict[str, str | None]) -> JsonObject:
    if tag == "a":
        return {"url": given.get("href") or ""}
    if tag == "blockquote" and "expandable" in given:
        return {"type": "expandable_blockquote"}
    return {}


def read(source: str, parse_mode: str | None) -> tuple[str, list[JsonObject]]:
    """The text a person sees and its entities, ends trimmed as Telegram trims them."""
    if parse_mode is None:
        return _trim(source, [])
    if parse_mode.lower() != "html":
        raise bad(f"unsupported parse_mode {parse_mode!r}: rehearsals check HTML only")
    reader = _Reader()
    reader.feed(source)
    reader.finish()
    return _trim(reader.text, sorted(reader.entities, key=lambda entity: (entity["offset"], -entity["length"])))


def _trim(text: str, entities: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    kept = text.strip()
    cut, size = units(text) - units(text.lstrip()), units(kept)
    moved: list[JsonObject] = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, size)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return kept, moved
