"""An encoder that remembers: texts that are asked again and again, as the gold questions are, keep their vectors in a file."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from index.encoders import Encoder, Vectors


class RememberingEncoder:
    """Gives what `encoder` would, and asks it only for texts that neither this process nor the file has seen. `keep` writes the file,
    which holds the texts of this run alone and is named by the encoder, so that it neither grows nor lies.
    """

    def __init__(self, encoder: Encoder, *, folder: Path) -> None:
        self.name = encoder.name
        self.dimensions = encoder.dimensions
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        self._place = folder / f"remembered-{encoder.fingerprint[:16]}.npz"
        self._kept = _read(self._place, encoder.dimensions)
        self._used: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        names = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        for name, text in zip(names, texts, strict=True):
            if name not in self._used:
                known = self._kept.get(name)
                self._used[name] = self._encoder.encode([text])[0] if known is None else known
        return np.stack([self._used[name] for name in names])

    def keep(self) -> None:
        self._place.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._place.with_suffix(".new.npz")
        np.savez(fresh, names=np.array(list(self._used)), vectors=np.array(list(self._used.values()), dtype=np.float32))
        fresh.replace(self._place)


def _read(place: Path, dimensions: int) -> dict[str, Vectors]:
    """Nothing from a file that is missing or broken: that costs time alone."""
    try:
        with place.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            vectors = stored["vectors"]
            return dict(zip(map(str, stored["names"]), vectors, strict=True)) if vectors.shape[1:] == (dimensions,) else {}
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}
