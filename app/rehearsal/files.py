"""Files that went through the stand-in: kept under a file id and a path, photos measured, limits of size held."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image, UnidentifiedImageError

from app.rehearsal.refusals import bad
from app.rehearsal.shapes import JsonObject

MEGABYTE = 1024 * 1024
LARGEST_PHOTO = 10 * MEGABYTE
LARGEST_UPLOAD = 50 * MEGABYTE
LARGEST_DOWNLOAD = 20 * MEGABYTE
THUMBNAIL = 320

FOLDERS = {"photo": "photos", "voice": "voice", "document": "documents", "sticker": "stickers"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came with a request."""

    filename: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    file_unique_id: str
    kind: str
    path: str
    content: bytes
    wire: JsonObject


class FileStore:
    """All files by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, kind: str, upload: Upload, **facts: object) -> StoredFile:
        """Store the content under a new file id; `facts` are the fields its kind has on the wire (width, duration, ...)."""
        number = len(self._by_id) + 1
        unique = hashlib.sha256(upload.content).hexdigest()[:15]
        ending = PurePosixPath(upload.filename).suffix or ".bin"
        path = f"{FOLDERS[kind]}/file_{number}{ending}"
        names: JsonObject = {
            "file_id": f"{kind}-{number:06d}-{unique}",
            "file_unique_id": f"u{unique}",
            "file_size": len(upload.content),
        }
        stored = StoredFile(names["file_id"], names["file_unique_id"], kind, path, upload.content, {**names, **facts})
        self._by_id[stored.file_id] = stored
        self._by_path[path] = stored
        return stored

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def by_id(self, file_id: str) -> StoredFile:
        if "://" in file_id:
            raise bad("failed to get HTTP URL content")
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return stored

    def __len__(self) -> int:
        return len(self._by_id)


def photo_body(files: FileStore, upload: Upload) -> JsonObject:
    """The `photo` field: a small and the full size, as Telegram lists them; refuses what is no picture."""
    if len(upload.content) > LARGEST_PHOTO:
        raise bad("file is too big for a photo")
    try:
        with Image.open(BytesIO(upload.content)) as picture:
            width, height = picture.size
            small = picture.convert("RGB")
            small.thumbnail((THUMBNAIL, THUMBNAIL))
    except (UnidentifiedImageError, OSError, ValueError) as err:
        raise bad("IMAGE_PROCESS_FAILED") from err
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    sizes = []
    if max(width, height) > THUMBNAIL:
        out = BytesIO()
        small.save(out, "JPEG")
        thumb = Upload("thumb.jpg", out.getvalue(), "image/jpeg")
        sizes.append(files.keep("photo", thumb, width=small.width, height=small.height).wire)
    sizes.append(files.keep("photo", upload, width=width, height=height).wire)
    return {"photo": sizes}


def voice_body(files: FileStore, upload: Upload, seconds: int) -> JsonObject:
    _check_size(upload)
    return {"voice": files.keep("voice", upload, duration=seconds, mime_type=upload.mime).wire}


def document_body(files: FileStore, upload: Upload) -> JsonObject:
    _check_size(upload)
    return {"document": files.keep("document", upload, file_name=upload.filename, mime_type=upload.mime).wire}


def _check_size(upload: Upload) -> None:
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > LARGEST_UPLOAD:
        raise bad("file is too big")
