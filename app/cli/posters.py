"""`peiban qr`: the code on a poster that leads a parent's phone to the chat page."""

from pathlib import Path
from typing import Annotated

import segno
import typer

from app import serving
from app.cli import terminal
from app.cli.mistakes import USAGE
from app.cli.subjects import single
from care.places import queries as places
from kit.errors import NotFound
from kit.settings import Settings

_SCALE = {".png": 20, ".svg": 10}
_QUIET_ZONE = 4  # modules of white around the code, which the standard asks for


def qr(
    site: Annotated[str, typer.Option(help="站点代码，定下家长是哪里的。 Code of a site, which sets the parent's place.")] = "",
    out: Annotated[Path | None, typer.Option(help="写到 .png 或 .svg 文件。 A .png or .svg file; else shown here.")] = None,
) -> None:
    """海报用的二维码。 The QR code for a poster."""
    if out is not None and out.suffix.lower() not in _SCALE:
        raise typer.BadParameter("文件名要以 .png 或 .svg 结尾。 The file's name must end in .png or .svg.")
    settings = Settings()
    if not settings.public_url:
        terminal.say(
            "请先设置 PUBLIC_URL（家长的手机能打开的网址），写进 .env：PUBLIC_URL=https://…",
            "Set PUBLIC_URL first, the address that a parent's phone can open, in .env: PUBLIC_URL=https://…",
        )
        raise typer.Exit(USAGE)
    if site:
        _check_site(settings, site)
    link = f"{settings.public_url.rstrip('/')}/{f'?site={site}' if site else ''}"
    code = segno.make_qr(link, error="q")  # a quarter of a poster may be torn or dirty
    if out is None:
        code.terminal(compact=True, border=_QUIET_ZONE)
    else:
        code.save(str(out), scale=_SCALE[out.suffix.lower()], border=_QUIET_ZONE)
        terminal.say(f"写好了：{out}", f"Written: {out}")
    typer.echo(link)


def _check_site(settings: Settings, site: str) -> None:
    """A wrong code would be found out after the posters are printed."""
    with serving.open_database(settings) as database, database.transaction() as session:
        if places.site(session, site) is None:
            raise NotFound(f"{site}（peiban sites add {site} …）")


program = single(qr)
