"""`python -m app.rehearsal`: the stand-in server by itself, driven over `/control/...`."""

import asyncio
from typing import Annotated

import typer

from app.rehearsal.telegram_server import TOKEN, TelegramServer


def main(
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.")] = 8081,
    token: Annotated[str, typer.Option(help="The only bot token that is let in.")] = TOKEN,
) -> None:
    """Run a stand-in for Telegram's Bot API until interrupted."""
    try:
        asyncio.run(_serve(port, token))
    except KeyboardInterrupt:
        return


async def _serve(port: int, token: str) -> None:
    async with TelegramServer(port=port, token=token) as server:
        typer.echo(f"TELEGRAM_API_URL={server.url}")
        typer.echo(f"TELEGRAM_BOT_TOKEN={server.token}")
        await asyncio.Event().wait()


if __name__ == "__main__":
    typer.run(main)
