"""The whole command. A subject's module is imported when its command is called: asking must not wait for a web server's imports."""

from importlib import import_module
from importlib.metadata import version as version_of
from typing import Any

import typer

from app.cli.mistakes import Sentences

MODULES = {
    "serve": "serving",
    "chat": "talking",
    "ask": "asking",
    "qr": "posters",
    "knowledge": "curriculum",
    "index": "searching",
    "evaluate": "evaluating",
    "editions": "editions",
    "db": "database",
    "backup": "backing_up",
    "restore": "restoring",
    "staff": "staff",
    "sites": "sites",
}


class Subjects(Sentences):
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - a class of typer's private module, as below
        return [*MODULES, "version"]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in MODULES:
            return super().get_command(ctx, cmd_name)
        command = typer.main.get_command(import_module(f"app.cli.{MODULES[cmd_name]}").program)
        command.name = cmd_name
        return command


program = typer.Typer(
    name="peiban",
    cls=Subjects,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@program.callback()
def peiban() -> None:
    """陪伴：家长提问，课程里审过的内容来答，答不了的交给人。

    Peiban: a parent asks, a vetted passage answers, a person takes what it cannot.
    """


@program.command()
def version() -> None:
    """版本号。 The version."""
    typer.echo(f"peiban {version_of('peiban')}")


def main() -> None:
    program()
