"""Style sheets, scripts and pictures. The address carries a mark of the content, so a browser may keep a file for a year."""

import hashlib
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

APP = Path(__file__).parents[1]
ROOMS = ("web", "console", "chat")
KEEP = "public, max-age=31536000, immutable"


def folders() -> dict[str, Path]:
    """Room to its folder, for the rooms that have one."""
    found = {room: APP / room / "static" for room in ROOMS}
    return {room: folder for room, folder in found.items() if folder.is_dir()}


class Static:
    """Where static files are found. One mark for all of them, so that scripts may import each other by relative paths."""

    def __init__(self) -> None:
        digest = hashlib.sha256()
        for room, folder in folders().items():
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                digest.update(f"{room}/{path.relative_to(folder)}".encode())
                digest.update(path.read_bytes())
        self.mark = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """`room/file`, for example `web/base.css`."""
        return f"/static/{self.mark}/{name}"

    def mount(self, app: FastAPI) -> None:
        for room, folder in folders().items():
            app.mount(f"/static/{self.mark}/{room}", KeptFiles(directory=folder), name=f"static-{room}")


class KeptFiles(StaticFiles):
    """Files that never change under their address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = KEEP
        return response
