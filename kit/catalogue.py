"""Words shown to people, by gettext. The Chinese text is the message id; a package's `locale/` folder holds the other languages.

Catalogues are kept as `.po` only and compiled in memory, so that there is no build step to forget.
"""

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


@cache
def translations(package: str, lang: str) -> NullTranslations:
    """The catalogue of `package` in `lang`; for zh, and where there is none, the message ids themselves."""
    path = files(package).joinpath("locale", lang, "LC_MESSAGES", "messages.po")
    if lang == "zh" or not path.is_file():
        return NullTranslations()
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
