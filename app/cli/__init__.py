"""The `peiban` command. Each module here holds the commands of one subject; what they do is verbs of the rooms below."""

from app.cli.program import main

__all__ = ["main"]
