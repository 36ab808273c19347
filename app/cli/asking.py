"""`peiban ask`: what would be said to a question. Keeps nothing, opens no case, pages nobody, needs no server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from sqlalchemy.exc import SQLAlchemyError

from app import serving
from app.cli import terminal
from app.cli.progress import bar
from app.cli.subjects import single
from app.replying import as_text, replies_to, talk_to
from app.starter import open_starter
from bot.dialogue.events import Rendered
from care.editions import queries as editions
from care.editions.bundles import OpenEdition
from care.editions.errors import NoEdition
from care.questions.considering import Considered
from care.questions.models import Outcome
from care.questions.understanding import Understood, screen_message, understand
from care.safety.models import Level
from care.services import Services
from care.text import lang_of
from index.corpus import lang_field, read_lines
from kit.errors import Invalid, Unavailable
from kit.settings import Settings
from knowledge.content import Lang

YOUNGEST, OLDEST = -10, 216


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    name: str | int | None
    text: str
    lang: Lang
    age_months: int | None


def ask(
    text: Annotated[
        str | None, typer.Argument(help="家长会怎么问，就怎么写。 A question, the way a parent would put it.")
    ] = None,
    age_months: Annotated[
        int | None, typer.Option(min=YOUNGEST, max=OLDEST, help="孩子的月龄。 Age of the child in months.")
    ] = None,
    lang: Annotated[Literal["zh", "en"] | None, typer.Option(help="用哪种话回答。 Language of the reply.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="一行 JSON。 One line of JSON.")] = False,
    batch: Annotated[
        Path | None, typer.Option(help='每行 {"id","text","lang"?,"age_months"?}，按顺序每行一个 JSON。 JSON lines in and out.')
    ] = None,
) -> None:
    """问一句，看会怎样回答；什么都不保存，也不通知谁。 What would be said to a question; nothing is kept, nobody is told."""
    if (text is None) is (batch is None):
        raise typer.BadParameter("请写一个问题，或者用 --batch。 Write a question, or use --batch.")
    asked = _read(batch) if batch else [_one(text or "", lang=lang, age_months=age_months)]
    services = serving.services_without_storage(Settings())
    with edition_at_hand(services) as edition:
        for one in asked:
            understood, said = _reply(one, edition, services)
            reply = "\n\n".join(as_text(rendered) for rendered in said)
            if batch or as_json:
                terminal.emit(_as_json(one, understood, reply, edition))
            else:
                terminal.stdout.print(reply, markup=False)


def _one(text: str, *, lang: Lang | None, age_months: int | None) -> Asked:
    if not text.strip():
        raise Invalid("the question is empty")
    return Asked(name=None, text=text, lang=lang or lang_of(text, otherwise="zh"), age_months=age_months)


def _read(path: Path) -> list[Asked]:
    """All lines before the first answer, so that a bad line costs nothing."""
    return [_line(row, where) for row, where in read_lines(path)]


def _line(row: dict[str, Any], where: str) -> Asked:
    name, text = row.get("id"), row.get("text")
    if not isinstance(name, str | int) or not isinstance(text, str):
        raise Invalid(f'{where}: "id" and "text" are needed')
    age = row.get("age_months")
    if age is not None and (not isinstance(age, int | float) or not YOUNGEST <= age <= OLDEST):
        raise Invalid(f'{where}: "age_months" must be a number from {YOUNGEST} to {OLDEST}')
    lang = lang_field(row, where) or lang_of(text, otherwise="zh")
    return Asked(name=name, text=text, lang=lang, age_months=None if age is None else int(age))


def _published(services: Services) -> OpenEdition | None:
    """None where there is no database yet, or it does not answer."""
    settings = services.settings
    if not settings.database_url.get_secret_value() and not (settings.data_dir / "postgres").exists():
        return None
    try:
        with serving.open_database(settings) as database, database.transaction() as session:
            live = editions.answering(session, allow_unreviewed=services.allow_unreviewed)
            if live is None:
                return None
            services.library.follow(live, serving.open_blobs(settings))
    except (SQLAlchemyError, Unavailable):
        return None
    return services.library.current()


@contextmanager
def edition_at_hand(services: Services) -> Iterator[OpenEdition]:
    """The one that is published; without the database the one this machine answered from last; before the first `peiban serve`
    one of the starter files, in development.
    """
    try:
        yield _published(services) or services.library.open_cached()
        return
    except NoEdition:
        if not services.allow_unreviewed:
            raise
    terminal.say(
        "这里还没有发布过课程，先用自带的试答；运行一次 peiban serve 以后就快了。",
        "No edition has been published here, so the starter files answer; after a first `peiban serve` this is quick.",
    )
    with (
        bar("建临时索引  Building an index for now") as progress,
        open_starter(services.library.encoder, progress=progress) as edition,
    ):
        yield edition


def _reply(one: Asked, edition: OpenEdition, services: Services) -> tuple[Understood, list[Rendered]]:
    """As the conversation does: danger first, then mere talk, then one question or several."""
    said = screen_message(one.text, age_months=one.age_months)
    if not any(character.isalnum() for character in one.text):
        outcome = Outcome.DECLINE if said.level is Level.NORMAL else Outcome.RELAY
        understood = Understood((Considered(said, outcome, 0.0, (), (), edition.number),))
    elif said.level is Level.NORMAL and (talk := talk_to(one.text, services, lang=one.lang)):
        return Understood((Considered(said, talk[0], 0.0, (), (), edition.number),)), [talk[1]]
    else:
        understood = understand(said, edition, lang=one.lang, age_months=one.age_months)
    return understood, replies_to(understood, edition, services, lang=one.lang)


def _as_json(one: Asked, understood: Understood, reply: str, edition: OpenEdition) -> dict[str, object]:
    """The decision of the first question; of several, each stands under `questions` too."""
    said = understood.first.screened
    row: dict[str, object] = {
        "id": one.name,
        "decision": understood.first.outcome.value,
        "triage": {"level": said.level.value, "category": said.category.value},
        "confidence": round(understood.first.confidence, 4),
        "passages": _passages(one, understood.first),
        "reply": reply,
        "edition": edition.number,
    }
    if len(understood.questions) > 1:
        row["questions"] = [
            {
                "text": considered.screened.text,
                "decision": considered.outcome.value,
                "confidence": round(considered.confidence, 4),
                "passages": _passages(one, considered),
            }
            for considered in understood.questions
        ]
    return row


def _passages(one: Asked, considered: Considered) -> list[dict[str, object]]:
    return [
        {
            "slug": found.slug,
            "title": found.held.content.wording(one.lang).title,
            "score": round(found.score, 6),
            "topics": list(found.held.content.topics),
            "age_months": list(found.held.content.age_months),
        }
        for found in considered.found[:10]
    ]


program = single(ask)
