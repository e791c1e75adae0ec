"""Read YAML safely: no Python objects, no duplicate keys, and every key knows its line.

Only ``true`` and ``false`` are booleans (YAML 1.2): in YAML 1.1 the answers ``yes``,
``no``, ``on`` and the letter ``y`` would silently become booleans, and ``01`` octal.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from pipeline.survey import plainfile
from pipeline.survey.errors import Problem, SurveyError

#: A definition is a page or two; anything larger is not a definition.
MAX_BYTES = 4_000_000


class _Loader(yaml.SafeLoader):
    """SafeLoader with the YAML 1.2 core schema and no aliases."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse aliases: a definition has no use for them and bombs are made of them."""
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()
            raise yaml.composer.ComposerError(
                None, None, "aliases (*name) are not allowed here", event.start_mark
            )
        return super().compose_node(parent, index)


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)

#: What YAML lets through as an escape and no report, table or file name can carry.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Lines = dict[tuple[str | int, ...], int]


def read(path: Path, shown: str | None = None) -> tuple[Any, Lines]:
    """Read one YAML document and the line of every key in it.

    Parameters
    ----------
    path : Path
        The file.
    shown : str, optional
        How error messages name it (default: its name).

    Returns
    -------
    tuple
        The content and a mapping from the path of a key to its line (1-based).

    Raises
    ------
    SurveyError
        If the file cannot be read, is not YAML, or says the same key twice.
    """
    name = shown or path.name
    try:
        text = plainfile.read(path, name, MAX_BYTES, "a definition").decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SurveyError(
            [Problem("is not UTF-8 text", file=name, hint="save it as UTF-8 and try again")]
        ) from None
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        lines: Lines = {}
        problems: list[Problem] = []
        if node is not None:
            _walk(node, (), lines, problems, name)
        if problems:
            raise SurveyError(problems)
        return (None if node is None else loader.construct_document(node)), lines
    except yaml.YAMLError as error:
        raise SurveyError([_explain(error, name)]) from None
    except ValueError as error:
        # Python refuses to read numbers of thousands of digits; dates and the like are read later.
        what = str(error).splitlines()[0][:120]
        raise SurveyError([Problem(f"holds a value that cannot be read ({what})", file=name)]) from None
    except RecursionError:
        raise SurveyError([Problem("is nested too deeply", file=name)]) from None
    finally:
        if loader is not None:
            loader.dispose()


def _walk(
    node: yaml.Node, at: tuple[str | int, ...], lines: Lines, problems: list[Problem], name: str
) -> None:
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode) and _UNPRINTABLE.search(node.value):
        problems.append(
            Problem(
                "holds a character that no text may hold (a control character or half of one)",
                file=name,
                line=node.start_mark.line + 1,
                key=".".join(map(str, at)),
                hint="write the text without \\0, \\x.. and \\ud... escapes",
            )
        )
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _walk(child, (*at, index), lines, problems, name)
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, child in node.value:
            text, line = str(getattr(key, "value", key)), key.start_mark.line + 1
            if text in seen:
                problems.append(
                    Problem(
                        f"the key is given twice (first on line {seen[text]})",
                        file=name,
                        line=line,
                        key=".".join(map(str, (*at, text))),
                        hint="keep one of the two",
                    )
                )
            seen.setdefault(text, line)
            lines[(*at, text)] = line
            _walk(child, (*at, text), lines, problems, name)


def _explain(error: yaml.YAMLError, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = str(getattr(error, "problem", None) or error).splitlines()[0]
    hint = "check indentation and put text containing : or # in quotes"
    if "tab" in what or "\\t" in what:
        hint = "indent with spaces, not tabs"
    elif "aliases" in what:
        hint = "write the value out; put text that starts with * in quotes"
    return Problem(f"is not valid YAML: {what}", file=name, line=mark.line + 1 if mark else None, hint=hint)
