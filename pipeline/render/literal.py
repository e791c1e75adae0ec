"""The only door through which text enters Typst: as a string literal."""

from __future__ import annotations

from typing import Any

_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}


class Raw(str):
    """Typst code written by this package; never made from anyone's text."""

    __slots__ = ()


def literal(text: str) -> str:
    r"""Quote text as a Typst string literal.

    Inside a Typst string only the backslash and the quote have a meaning, so these two (and line ends, for
    readable errors) are escaped and nothing else can leave the string.

    Examples
    --------
    >>> literal('"]#import "x"')
    '"\\"]#import \\"x\\""'
    """
    return f'"{text}"' if text.isalnum() else f'"{text.translate(_ESCAPES)}"'


def value(data: Any) -> str:
    """Write Python data as a Typst literal: text, numbers, lists, mappings with plain keys."""
    if isinstance(data, Raw):
        return str(data)
    if data is None:
        return "none"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, (int, float)):
        return repr(data)
    if isinstance(data, str):
        return literal(data)
    if isinstance(data, (list, tuple)):
        return "(" + "".join(f"{value(item)}, " for item in data) + ")"
    if isinstance(data, dict):
        if not data:
            return "(:)"
        return "(" + "".join(f"{literal(str(k))}: {value(v)}, " for k, v in data.items()) + ")"
    raise TypeError(f"{type(data).__name__} has no Typst literal")
