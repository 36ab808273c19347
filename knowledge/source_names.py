"""What the sources of passages are called in the reader's language, from `sources.yaml`."""

from functools import cache
from importlib.resources import files

from kit import yaml_text
from knowledge.content import Lang


def named(words: str, lang: Lang) -> str:
    """The name of an organisation or the title of a source; what the table does not know stays as it was typed."""
    return words if lang == "zh" else _english().get(words, words)


@cache
def _english() -> dict[str, str]:
    table = yaml_text.read(files("knowledge").joinpath("sources.yaml").read_text(encoding="utf-8"))
    return {**table["organisations"], **table["titles"]}
