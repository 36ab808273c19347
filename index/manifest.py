"""What a bundle says of itself, and the proof that its files are the ones that were built."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeAlias

from kit.errors import Invalid, NotFound

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"

FORMAT = 1
FILE_NAME = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`files` maps each file of the bundle to its SHA-256; `vectors` names the kind of vector index by language."""

    format: int = FORMAT
    model: str
    fingerprint: str
    dimensions: int
    tokenizer: str
    lexicon: str
    documents: int
    entries: int
    vectors: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, JSON] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True)
        (folder / FILE_NAME).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises kit.errors.NotFound where no bundle lies and kit.errors.Invalid for one that this version cannot read."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise NotFound(f"{folder} is no bundle: {FILE_NAME} is missing", folder=str(folder))
    try:
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise Invalid(f"{path} cannot be read: {error}", folder=str(folder)) from error
    if manifest.format != FORMAT:
        raise Invalid(f"{folder} has format {manifest.format}, this version reads {FORMAT}: build it again", folder=str(folder))
    return manifest


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below `folder` but the manifest, by its path inside."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name: _sha256(folder / name) for name in names if name != FILE_NAME}


def verify(folder: Path, manifest: Manifest) -> None:
    """Raises kit.errors.Invalid when a file is missing, foreign or changed."""
    found = checksums(folder)
    wrong = sorted(name for name in {*found, *manifest.files} if found.get(name) != manifest.files.get(name))
    if wrong:
        raise Invalid(f"{folder} is damaged: {', '.join(wrong)}", folder=str(folder))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
