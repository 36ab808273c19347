"""`peiban restore`: an installation back from its backup."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app import backup, serving
from app.cli import terminal
from app.cli.progress import bar
from app.cli.subjects import single
from kit import clock
from kit.settings import Settings, signing_key


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件。 The backup.")],
    force: Annotated[bool, typer.Option("--force", help="替换现有的全部数据。 Replace everything that is there.")] = False,
) -> None:
    """从备份恢复到空的数据库；备份时还没发完的消息不会再发。

    Into an empty database. What was still to be sent when the backup was made is not sent again.
    """
    settings = Settings()
    with serving.open_database(settings) as database, bar("恢复  Restoring") as progress:
        manifest, rested = backup.restore(
            database,
            serving.open_blobs(settings),
            backup=file,
            signing_key=signing_key(settings),
            force=force,
            progress=progress,
        )
    shutil.rmtree(settings.data_dir / "editions", ignore_errors=True)  # this machine's cache of the editions before
    made = datetime.fromisoformat(manifest.made_at).astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M")
    terminal.say(f"已恢复到 {made} 的样子。", f"Restored to {made} (China's time).")
    if rested.messages or rested.updates:
        terminal.say(
            f"备份时有 {rested.messages} 条消息在发、{rested.updates} 条来信在处理，恢复后不再处理，请在工作台看一下。",
            f"{rested.messages} messages were being sent and {rested.updates} were being answered then; they rest now. "
            "Look at them in the console.",
        )
    if rested.forgotten:
        terminal.say(
            f"备份以后有 {rested.forgotten} 位家长要求删除，已再次删除。",
            f"{rested.forgotten} asked to be forgotten after the backup and have been forgotten again.",
        )
    _warn(rested)


def _warn(rested: backup.Rested) -> None:
    if rested.other_key:
        terminal.say(
            "注意：现在的 SECRET_KEY 不是备份时的那一个。回访码、请家人用的码和发出去的链接都会失效，备份以后要求删除的人也认不出来。"
            "请把原来的密钥放回 .env，再恢复一次。",
            "Careful: SECRET_KEY is not the one of the backup. Return codes, family codes and links that were sent are void, and those "
            "who asked to be forgotten since cannot be recognised. Put the old key into .env and restore again.",
        )
    if rested.no_ledger:
        terminal.say(
            "注意：这里没有“已删除”的名单（文件存放处的 privacy/forgotten）。备份以后要是有人要求删除，她的资料又回来了："
            "请把原来那台机器上的这个文件夹拷过来，再恢复一次。",
            "Careful: there is no list of the forgotten here (privacy/forgotten in the blob store). Whoever asked to be forgotten "
            "after the backup is back: copy that folder from the old machine and restore again.",
        )


program = single(restore)
