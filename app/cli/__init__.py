"""The `peiban` command. Each module here holds the commands of one subject; what they do is verbs of the rooms below."""

import gc

# Imports make objects that stay. Collected meanwhile, they would be walked again and again: a quarter of every start.
gc.disable()

from app.cli.program import main  # noqa: E402

gc.freeze()
gc.enable()

__all__ = ["main"]
