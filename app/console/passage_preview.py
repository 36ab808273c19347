"""A passage as a parent will read it, on Telegram and on the chat page, in one language: worded by what words real answers."""

from dataclasses import dataclass

from markupsafe import Markup

from bot.dialogue.events import Rendered
from bot.telegram import html
from bot.webchat.viewing import Shown
from bot.wording import answers
from bot.wording.rendering import InLang
from kit import clock
from knowledge import drafts
from knowledge.content import Lang, PassageContent
from knowledge.drafts import Draft


@dataclass(frozen=True, slots=True)
class Seen:
    """`telegram` are the texts of the messages there, with the labels of the buttons under the last of each."""

    lang: Lang
    telegram: tuple[tuple[tuple[Markup, ...], tuple[tuple[str, ...], ...]], ...]
    page: tuple[Shown, ...]


def both(draft: Draft, *, reviewed: bool) -> tuple[Seen, Seen]:
    content = drafts.as_shown(draft)
    return seen(content, "zh", reviewed=reviewed), seen(content, "en", reviewed=reviewed)


def seen(content: PassageContent, lang: Lang, *, reviewed: bool) -> Seen:
    """The answer, and under it what unfolds, if there is more."""
    speaking = InLang(lang)
    worded = [answers.passage(speaking, content, reviewed=reviewed)]
    if content.wording(lang).more:
        worded.append(answers.rest_of_passage(speaking, content))
    messages = [Rendered(lang, blocks, buttons) for blocks, buttons in worded]
    first = 1 if lang == "zh" else 1 + len(messages)  # an anchor in the page is named by it, so no two may share one
    return Seen(
        lang,
        telegram=tuple(_on_telegram(message) for message in messages),
        page=tuple(
            Shown(number, message, clock.now(), mine=False, person=False) for number, message in enumerate(messages, start=first)
        ),
    )


def _on_telegram(message: Rendered) -> tuple[tuple[Markup, ...], tuple[tuple[str, ...], ...]]:
    """The HTML of the channel is text that it has escaped, with tags of its own around: as safe here as there."""
    texts = tuple(Markup(text) for text in html.texts(message))  # noqa: S704 - as above
    return texts, tuple(tuple(button.label for button in row) for row in message.buttons)
