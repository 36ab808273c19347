"""How a subject's commands are made: all of one look, none with a trace."""

from collections.abc import Callable

import typer


def subject(words: str) -> typer.Typer:
    """A group of commands; `words` is its help."""
    return typer.Typer(no_args_is_help=True, help=words, rich_markup_mode=None, pretty_exceptions_enable=False)


def single(command: Callable[..., None]) -> typer.Typer:
    """A subject that is one command; its docstring is its help."""
    made = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    made.command()(command)
    return made
