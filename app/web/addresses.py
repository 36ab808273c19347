"""Addresses of ours as people outside see them."""

from urllib.parse import urlsplit

from fastapi import Request

from care.services import Services


def public_url(request: Request, path: str) -> str:
    """`path` under PUBLIC_URL, or under the address that this browser uses."""
    services: Services = request.app.state.services
    base = services.settings.public_url or str(request.base_url)
    return base.rstrip("/") + path


def opens_only_here(url: object) -> bool:
    """An address of this very machine, useless on anybody's phone."""
    host = urlsplit(str(url)).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
