"""A folder of YAML files, each one thing of the curriculum: read and checked, every mistake named with its file and line."""

from importlib.resources.abc import Traversable
from typing import TypeVar

import yaml
from pydantic import ValidationError

from kit import yaml_text
from knowledge.content import Named
from knowledge.errors import BadBatch, BadLine

Thing = TypeVar("Thing", bound=Named)


def read_folder(folder: Traversable, model: type[Thing]) -> list[Thing]:
    """Everything in `folder`, by file name. Raises BadBatch with the findings of all files."""
    found: list[Thing] = []
    findings: list[BadLine] = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml"):
            try:
                found.append(read(file.read_bytes(), model, name=file.name))
            except BadBatch as bad:
                findings += bad.findings
    if findings:
        raise BadBatch(tuple(findings))
    return found


def read(content: bytes, model: type[Thing], *, name: str) -> Thing:
    """One file; `name` is used in findings and must be `<slug>.yaml`. Raises BadBatch."""
    try:
        text = content.decode()
        thing = model.model_validate(yaml_text.read(text))
    except UnicodeDecodeError as error:
        raise BadBatch((BadLine(name, 1, "the file is not UTF-8 text"),)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadBatch((BadLine(name, mark.line + 1 if mark else 1, "the file is not valid YAML"),)) from error
    except ValidationError as error:
        raise BadBatch(tuple(_finding(problem["loc"], str(problem["msg"]), text, name) for problem in error.errors())) from error
    if name != f"{thing.slug}.yaml":
        raise BadBatch((BadLine(name, 1, f"the slug '{thing.slug}' must be the file's name"),))
    return thing


def _finding(loc: tuple[int | str, ...], problem: str, text: str, name: str) -> BadLine:
    where = ".".join(str(step) for step in loc) or "file"
    return BadLine(name, _line(yaml.compose(text, Loader=yaml.SafeLoader), loc), f"{where}: {problem}")


def _line(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """The line of the deepest part of `loc` that the file holds."""
    line = node.start_mark.line + 1 if node else 1
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            node = None
        if node is None:
            break
        line = node.start_mark.line + 1
    return line
