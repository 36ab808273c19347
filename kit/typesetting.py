"""Sheets to be printed, set as PDF: the one place that knows the typesetter. What stands on a sheet and where is not here.

A sheet's words reach the template as data, so nothing in them is read as markup; a template opens no file and fetches nothing.
"""

from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

import pylopdf_fonts_zh_cn as font_files
import typst

from kit import clock
from kit.errors import Unavailable

KEPT = 256
"""Sets of sheets whose PDF is kept: 12 KB each, and made again in 10 to 40 ms."""
_one_at_a_time = Lock()


@lru_cache(maxsize=KEPT)
def pdf(template: Path, facts: str) -> bytes:
    """The document that `template` makes of `facts`, a JSON text it finds as `sys.inputs.facts`. Raises Unavailable."""
    with _one_at_a_time:
        try:
            made = compiler(template, facts).compile(format="pdf", timestamp=int(clock.now().timestamp()))
        except typst.TypstError as error:
            raise Unavailable(f"a sheet could not be set: {error}") from error
    if not isinstance(made, bytes):
        raise Unavailable("a sheet came out empty")
    return made


def compiler(template: Path, facts: str) -> typst.Compiler:
    """For looking at a document in another way: its pages as pictures, or what stands in it."""
    return typst.Compiler(
        template,
        root=template.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"facts": facts},
    )


@cache
def _fonts() -> typst.Fonts:
    """The same letters on every machine, whatever fonts it has."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_files.sans_path().parent])
