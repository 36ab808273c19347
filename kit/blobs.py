"""Files: photos, voice notes, bundles. A local folder by default, any S3-compatible store by URL; keys are random."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from kit.errors import Invalid, NotFound, Unavailable


class Blobs:
    def __init__(self, url: str, *, folder: Path) -> None:
        """`url` like `s3://bucket/prefix`; empty means the local `folder`."""
        if not url:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            url = folder.resolve().as_uri()
        try:
            self._store: ObjectStore = from_url(url)
        except (BaseError, ValueError) as error:
            raise Invalid("BLOBS_URL is not an address like s3://bucket/prefix") from error

    def put(self, key: str, content: bytes | Path) -> None:
        try:
            obstore.put(self._store, key, content)
        except OSError as error:
            raise Unavailable("the blob store refused a file") from error

    def put_new(self, content: bytes, *, folder: str) -> str:
        """Store under a fresh random key, which is returned."""
        key = f"{folder}/{secrets.token_urlsafe(24)}"
        self.put(key, content)
        return key

    def get(self, key: str) -> bytes:
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError as error:
            raise NotFound(f"no blob {key}") from error

    def delete(self, key: str) -> None:
        obstore.delete(self._store, [key])

    def keys(self, prefix: str = "") -> Iterator[str]:
        for page in obstore.list(self._store, prefix or None):
            for entry in page:
                yield str(entry["path"])
