"""The two languages of our pages. The Chinese sentence is itself the key; `app/locale/en` holds the English, read at start."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from knowledge.content import Lang

CATALOGUES = Path(__file__).parents[1] / "locale" / "en" / "LC_MESSAGES"  # every *.po in it counts: a room may bring its own
LOCALES: dict[Lang, str] = {"zh": "zh_Hans_CN", "en": "en"}


def mark(sentence: str) -> str:
    """Names a sentence for the catalogue where it is written; it is translated where it is shown."""
    return sentence


def as_lang(given: str | None) -> Lang:
    return "en" if given == "en" else "zh"


@cache
def translations(lang: Lang) -> NullTranslations:
    if lang == "zh":
        return NullTranslations()
    merged = Translations()
    for path in sorted(CATALOGUES.glob("*.po")):
        merged.merge(_compiled(path, lang))
    return merged


def _compiled(path: Path, lang: Lang) -> Translations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LOCALES[lang])
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def translate(sentence: str, lang: Lang, /, **facts: object) -> str:
    """The sentence in the reader's language with its `%(named)s` facts filled in."""
    worded = translations(lang).gettext(sentence)
    return worded % facts if facts else worded
