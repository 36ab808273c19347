"""Who writes from a browser without an account: a random token in a cookie, and form keys that fit only that cookie."""

import hashlib
import secrets
from datetime import timedelta

from itsdangerous import BadSignature, Signer

COOKIE_LASTS = timedelta(days=180)
_TOKEN_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def is_token(token: str) -> bool:
    """Whether a cookie can be one of ours; anything else is treated as no cookie."""
    return 40 <= len(token) <= 64 and token.isascii()


def address_of(token: str) -> str:
    """Her contact address. The token itself is stored nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_key(address: str, *, signing_key: str) -> str:
    """A fresh key for one page. What is posted twice under it counts once, and no other browser can use it."""
    return _signer(address, signing_key).sign(secrets.token_urlsafe(12)).decode()


def fits(key: str, address: str, *, signing_key: str) -> bool:
    """Whether `key` was given to the browser at `address`."""
    try:
        _signer(address, signing_key).unsign(key)
    except BadSignature:
        return False
    return True


def _signer(address: str, signing_key: str) -> Signer:
    return Signer(signing_key, salt=f"web-form:{address}", digest_method=hashlib.sha256)
