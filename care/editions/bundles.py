"""An edition as one file: a tar of the frozen passages and their index, deterministic, named and checked by its SHA-256."""

import hashlib
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.build import build
from index.corpus import from_passages
from index.encoders import Encoder
from index.manifest import Manifest
from index.search import Searcher
from knowledge.content import PassageContent

INDEX = "index"
PASSAGES = "passages.jsonl"
EDITION = "edition.json"


@dataclass(frozen=True, slots=True)
class Held:
    """A passage as an edition holds it."""

    revision_id: int
    reviewed: bool
    content: PassageContent


@dataclass(frozen=True, slots=True)
class OpenEdition:
    """An edition ready to answer from; `passages` by slug."""

    number: int
    searcher: Searcher
    passages: dict[str, Held]

    def without(self, slugs: Collection[str]) -> "OpenEdition":
        """As if it did not hold these passages. Nothing is built or loaded again."""
        passages = {slug: held for slug, held in self.passages.items() if slug not in slugs}
        return replace(self, searcher=self.searcher.without(slugs), passages=passages)

    def withholding(self, revision_ids: Collection[int]) -> "OpenEdition":
        """Without the passages whose revisions these are; itself, where it holds none of them."""
        slugs = {slug for slug, held in self.passages.items() if held.revision_id in revision_ids}
        return self.without(slugs) if slugs else self


def write(
    folder: Path,
    *,
    number: int,
    passages: Sequence[Held],
    encoder: Encoder,
    previous: Path | None,
    progress: Callable[[int, int], None] | None = None,
) -> Manifest:
    """Lay an edition out under the new `folder`. `previous` is another edition's folder, whose vectors are taken over."""
    folder.mkdir(parents=True)
    rows = [
        json.dumps(
            {"revision_id": held.revision_id, "reviewed": held.reviewed, "content": held.content.model_dump(mode="json")},
            ensure_ascii=False, sort_keys=True,
        )
        for held in passages
    ]  # fmt: skip
    (folder / PASSAGES).write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / EDITION).write_text(json.dumps({"number": number}))
    documents = from_passages(held.content for held in passages)
    before = previous / INDEX if previous else None
    return build(documents, folder / INDEX, encoder=encoder, previous=before, meta={"edition": number}, progress=progress)


def pack(folder: Path) -> tuple[bytes, str]:
    """The tar and its SHA-256."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, arcname=path.relative_to(folder).as_posix(), recursive=False, filter=_plain)
    content = buffer.getvalue()
    return content, hashlib.sha256(content).hexdigest()


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the builder's name, time and rights, so that equal content gives equal bytes."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    member.mode = 0o755 if member.isdir() else 0o644
    return member


def unpack(content: bytes, folder: Path) -> None:
    """Lay the tar out as `folder`, whole or not at all; a folder that another process made meanwhile is as good."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".unpack-", dir=folder.parent))
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(temporary, filter="data")
        temporary.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def read(folder: Path, encoder: Encoder) -> OpenEdition:
    number = json.loads((folder / EDITION).read_text())["number"]
    held: dict[str, Held] = {}
    for line in (folder / PASSAGES).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        content = PassageContent.model_validate(row["content"])
        held[content.slug] = Held(row["revision_id"], row["reviewed"], content)
    return OpenEdition(number, Searcher.open(folder / INDEX, encoder), held)
