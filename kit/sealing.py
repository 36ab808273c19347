"""Words that lie encrypted in the database and are opened for one person at a time. The key comes from `SECRET_KEY`.

A purpose has a key of its own, so that what was sealed for one thing opens nowhere else. What may be read by everybody who
may see its row is not sealed; tokens that only have to be recognised are digests, in `kit.tokens`.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kit.errors import Unavailable


class SealBroken(Unavailable):
    """It was sealed with another `SECRET_KEY`, or is damaged."""


def seal(words: str, *, key: str, purpose: str) -> str:
    return _box(key, purpose).encrypt(words.encode()).decode()


def unseal(sealed: str, *, key: str, purpose: str) -> str:
    """Raises SealBroken."""
    try:
        return _box(key, purpose).decrypt(sealed).decode()
    except InvalidToken:
        raise SealBroken("sealed with another key") from None


def _box(key: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"peiban:{purpose}".encode()).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
