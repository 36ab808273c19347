"""Addresses of ours as people outside see them."""

from fastapi import Request

from care.services import Services


def public_url(request: Request, path: str) -> str:
    """`path` under PUBLIC_URL, or under the address that this browser uses."""
    services: Services = request.app.state.services
    base = services.settings.public_url or str(request.base_url)
    return base.rstrip("/") + path
