"""`peiban backup`: the whole installation into one file."""

from pathlib import Path
from typing import Annotated

import typer

from app import serving
from app.backup import back_up
from app.cli import terminal
from app.cli.progress import bar
from app.cli.subjects import single
from kit.settings import Settings, signing_key


def backup(file: Annotated[Path, typer.Argument(help="新文件的名字。 Name of the new file.")]) -> None:
    """备份到一个文件：数据库和所有照片语音。设置和密钥不在里面，.env 要另外保管。

    Database and blobs into one file, also while the server runs. Settings and keys are not in it: keep .env elsewhere.
    """
    settings = Settings()
    with serving.open_database(settings) as database, bar("备份  Backing up") as progress:
        manifest = back_up(database, serving.open_blobs(settings), to=file, signing_key=signing_key(settings), progress=progress)
    size = file.stat().st_size / 1_000_000
    terminal.say(
        f"备份好了：{file}（{size:.1f} MB，{len(manifest.blobs)} 个文件）。里面有家长说的话，请妥善保管。",
        f"Backed up to {file} ({size:.1f} MB, {len(manifest.blobs)} blobs). It holds what parents said: keep it safe.",
    )


program = single(backup)
