"""`peiban sites`: the places people come to, whose codes stand on posters."""

from typing import Annotated

import typer
from sqlmodel import col, select

from app import serving
from app.cli import terminal
from app.cli.subjects import subject
from care.places import actions
from care.places.models import Place, Site
from kit.settings import Settings

program = subject("站点：海报上的二维码带着它的代码。 Sites, whose codes stand on posters.")


@program.command("list")
def show_all() -> None:
    """所有站点。 All sites."""
    with serving.open_database(Settings()) as database, database.transaction() as session:
        query = select(Site, Place).join(Place, col(Place.id) == col(Site.place_id)).order_by(col(Site.code))
        rows = ((site.code, site.name, place.name, place.code) for site, place in session.exec(query))
        terminal.show("代码 Code", "名称 Name", "地方 Place", "区划 Division", rows=rows)


@program.command()
def add(
    code: Annotated[str, typer.Argument(help="字母、数字和短横，最多 20 个。 Up to 20 letters, digits, dashes.")],
    name: Annotated[str, typer.Argument(help="站点的名称。 Its name.")],
    place: Annotated[str, typer.Option(help="所在地的区划代码，如 500153。 Division code of its place.")],
) -> None:
    """新增或改名。 Add a site, or give it another name or place."""
    with serving.open_database(Settings()) as database, database.transaction() as session:
        actions.add_site(session, code, name=name, place_code=place)
    terminal.say(f"站点 {code} 好了。海报：peiban qr --site {code}", f"Site {code} is kept. Its poster: peiban qr --site {code}")
