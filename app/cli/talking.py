"""`peiban chat`: a conversation in the terminal through the same dialogue as every channel."""

import getpass
import hashlib
import secrets
import time
from collections.abc import Sequence
from typing import Annotated, Literal

import typer
from rich.text import Text
from sqlmodel import select

from app import serving
from app.cli import terminal
from app.cli.subjects import single
from bot.dialogue.events import BlockKind, Button
from bot.dialogue.responding import respond
from bot.inbox.models import InboxUpdate, UpdateState
from bot.webchat import receiving, viewing
from bot.webchat.receiving import Post
from bot.webchat.viewing import Shown
from care.services import Services
from kit import clock
from kit.settings import Settings
from knowledge.content import Lang

_LOOKS = {BlockKind.TITLE: "bold", BlockKind.SMALL: "dim", BlockKind.ALERT: "bold red", BlockKind.TEXT: ""}
_LOOK_EVERY_S = 0.1
_ANSWERED_WITHIN_S = 20.0
_EARLIER_SHOWN = 4


def chat(
    name: Annotated[str, typer.Option(help="同一个名字接着聊。 The same name goes on with the same talk.")] = "",
    lang: Annotated[Literal["zh", "en"], typer.Option(help="开头用哪种话。 Language to begin in.")] = "zh",
) -> None:
    """在终端里聊；按数字选按钮，Ctrl-D 结束。 Talk in the terminal; a number presses a button, Ctrl-D ends."""
    address = hashlib.sha256(f"terminal:{name or getpass.getuser()}".encode()).hexdigest()
    with serving.open_services(Settings()) as services:
        with terminal.steps() as step:
            serving.prepare(services, step)
        _talk(services, address, lang)


def _talk(services: Services, address: str, lang: Lang) -> None:
    view = viewing.look(services, address, returning=True)
    buttons = _show((*view.news, *view.talk[-_EARLIER_SHOWN:]))
    if view.empty:
        _say(services, _post(address, "/start", (), lang=lang))
    while True:
        view = viewing.look(services, address, after=view.last)
        buttons = _show(view.talk) or buttons
        try:
            words = input("> ").strip()
        except EOFError:
            return
        if words:
            _say(services, _post(address, words, buttons, lang=lang))


def _post(address: str, words: str, buttons: Sequence[Button], *, lang: Lang) -> Post:
    """A number is the button of that number; everything else is said as it stands."""
    chosen = buttons[int(words) - 1] if words.isdecimal() and 0 < int(words) <= len(buttons) else None
    said = "" if chosen else words
    return Post(address=address, form_key=secrets.token_urlsafe(12), text=said, press=chosen.press if chosen else "", lang=lang)


def _say(services: Services, post: Post) -> None:
    """Stored like any update, then worked on here, unless a server that runs beside us was quicker."""
    update_id = receiving.receive(services, post).update_id
    if row := _take(services, update_id):
        respond(services, receiving.incoming(row))
        return
    until = time.monotonic() + _ANSWERED_WITHIN_S
    while time.monotonic() < until:
        with services.database.transaction() as session:
            if viewing.is_done(session, update_id):
                return
        time.sleep(_LOOK_EVERY_S)
    terminal.say("还没有处理完，回信会出现在下一次输入之后。", "It takes longer; the reply appears after your next line.")


def _take(services: Services, update_id: str) -> InboxUpdate | None:
    """The row of this one update, marked as worked on; None when a worker has it. `inbox.claim` would take other people's too."""
    with services.database.transaction() as session:
        query = select(InboxUpdate).where(InboxUpdate.update_id == update_id, InboxUpdate.state == UpdateState.WAITING)
        row = session.exec(query.with_for_update(skip_locked=True)).one_or_none()
        if row:
            row.state, row.claimed_at, row.attempts = UpdateState.WORKING, clock.now(), row.attempts + 1
            session.add(row)
        return row


def _show(messages: Sequence[Shown]) -> tuple[Button, ...]:
    """Print them; returns the buttons under the last one that has any, numbered as shown."""
    buttons: tuple[Button, ...] = ()
    for message in messages:
        if message.mine:
            continue
        terminal.stdout.print()
        for block in message.rendered.blocks:
            terminal.stdout.print(Text(block.text, style=_LOOKS[block.kind]))
        found = tuple(button for row in message.rendered.buttons for button in row)
        for button in found:
            if button.tel or button.url:
                terminal.stdout.print(Text(f"  {button.label}  {button.tel or button.url}", style="cyan"))
        pressed = tuple(button for button in found if button.press)
        for number, button in enumerate(pressed, start=1):
            terminal.stdout.print(Text(f"  [{number}] {button.label}", style="cyan"))
        buttons = pressed or buttons
    return buttons


program = single(chat)
