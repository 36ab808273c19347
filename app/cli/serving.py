"""`peiban serve`: bring everything up, say where it is, run until told to stop."""

import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib import import_module
from typing import Annotated

import typer

from app import serving
from app.alone import alone_on
from app.cli import terminal
from app.cli.mistakes import USAGE
from app.cli.staff import show_password
from app.cli.subjects import single
from app.serving import Prepared
from care.safety.checking import check
from kit import logs
from kit.settings import Settings

LOOPBACK = "127.0.0.1"
BACKLOG = 1024


def serve(
    host: Annotated[
        str,
        typer.Option(
            help="对外的地址，比如 0.0.0.0；不写就看设置 HOST，再没有就只在本机。第一个密码改好以前一律只在本机。 "
            "Address to listen on, such as 0.0.0.0; else the setting HOST, else this machine alone. Until the first password "
            "has been changed it is this machine alone in any case."
        ),
    ] = "",
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="端口，不写就看设置 PORT。 Port, else the setting PORT.")
    ] = None,
) -> None:
    """网页、工作台和 Telegram 一起跑起来，按 Ctrl-C 停。 Chat page, console and Telegram, until Ctrl-C."""
    settings = _with(Settings(), host=host, port=port)
    logs.configure(settings.log_level, as_json=settings.environment == "production")
    for talkative in ("alembic", "bm25s"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # a line each try; an outage is told by the workers, once
    _listen(LOOPBACK, settings.port).close()  # told before a first start takes its minute, not after
    check()
    with ExitStack() as stack:
        stack.enter_context(alone_on(settings.data_dir))
        with terminal.steps() as step, ThreadPoolExecutor(1) as beside:
            # Importing the web and Telegram libraries takes a second, loading the model another: done side by side.
            hosting = beside.submit(import_module, "app.hosting")
            step("启动数据库和模型", "Starting the database and the model")
            services = stack.enter_context(serving.open_services(settings))
            prepared = serving.prepare(services, step)
        listening = stack.enter_context(_listen(_host(settings, prepared), settings.port))
        hosting.result().host(services, listening, ready=lambda: _tell(settings, listening, prepared))
    terminal.say("已经停下。", "Stopped.")


def _with(settings: Settings, *, host: str, port: int | None) -> Settings:
    return settings.model_copy(update={"host": host or settings.host, "port": port or settings.port})


def _host(settings: Settings, prepared: Prepared) -> str:
    """Nobody else on the network may find a console whose first password stands in a terminal."""
    return LOOPBACK if prepared.first_password_open else settings.host or LOOPBACK


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket. Ends the command with a sentence when the port is taken or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        other = port + 1 if port < 65535 else port - 1
        terminal.say(
            f"端口 {port} 用不了（{error.strerror}），可能已经有一个陪伴在跑：http://{host}:{port}/\n"
            f"换一个端口：scripts/run --port {other}",
            f"Port {port} cannot be used ({error.strerror}); perhaps Peiban runs there already.\n"
            f"Choose another one: scripts/run --port {other}",
        )
        raise typer.Exit(USAGE) from error
    return listening


def _tell(settings: Settings, listening: socket.socket, prepared: Prepared) -> None:
    here = _address(listening)
    terminal.say(f"家长的网页  Chat page:      {settings.public_url or here}/")
    terminal.say(f"工作台      Staff console:  {settings.public_url or here}/console/")
    if settings.telegram_bot_token.get_secret_value():
        terminal.say("Telegram 机器人也在运行。", "The Telegram bot runs too.")
    if prepared.one_time_password:
        show_password(serving.FIRST_LOGIN, prepared.one_time_password)
    elif prepared.first_password_open:
        terminal.say(
            f"第一个密码还没有改。找不到了：.venv/bin/peiban staff reset {serving.FIRST_LOGIN}",
            f"The first password has not been changed. If it is lost: .venv/bin/peiban staff reset {serving.FIRST_LOGIN}",
        )
    if prepared.first_password_open and settings.host not in ("", LOOPBACK, "localhost"):
        terminal.say(
            "改好密码以前只在本机开放；改好后请重新启动。",
            "Until it is changed only this machine is served; start again afterwards.",
        )
    _tell_curriculum(prepared)
    if prepared.nobody_holds_pictures:
        terminal.say(
            f"HELD_PICTURES_TO 写的 {settings.held_pictures_to} 不是一位在职管理员的登录名，留下的照片先给最早的那位管理员看。",
            f"HELD_PICTURES_TO names {settings.held_pictures_to}, who is no administrator here; held pictures go to the "
            "longest-serving one.",
        )
    terminal.say("按 Ctrl-C 停止。", "Press Ctrl-C to stop.")


def _tell_curriculum(prepared: Prepared) -> None:
    if prepared.waiting_for_review:
        terminal.say(
            f"还没有发布课程：有 {prepared.waiting_for_review} 篇待本地专家审核，正式环境里不能给家长看。所有问题都先转给人。",
            f"No edition is published: {prepared.waiting_for_review} passages wait for a local expert's review and may not be shown "
            "outside development. Until then every question goes to a person.",
        )
    if prepared.bad_lines:
        terminal.say(
            f"课程文件有 {len(prepared.bad_lines)} 处写错，没有导入，家长看到的还是原来的：.venv/bin/peiban knowledge check",
            f"The curriculum files have {len(prepared.bad_lines)} mistakes and were not taken in; parents see what was published "
            "before: .venv/bin/peiban knowledge check",
        )


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    shown = LOOPBACK if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104 - only compared
    return f"http://{shown}:{port}"


program = single(serve)
