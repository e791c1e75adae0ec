"""The number a printed formula gives: the tree that the renderers draw, computed.

``names`` holds scalars by their printed name (``"k"``, ``"s_T"``), ``arrays`` what carries indices, by
name and number of indices (``("x", 2)``). Index letters run over the sizes in ``ranges``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.render.math.latex import parse

Node = tuple[Any, ...]


class Formula:
    """The right side of a formula, ready to be computed; several equations are kept apart."""

    def __init__(self, latex: str, names: Mapping[str, Any], arrays: Mapping, ranges: Mapping[str, int]):
        self.names, self.arrays, self.ranges = dict(names), dict(arrays), ranges
        self.equations = [split(part, "=")[-1] for part in split(parse(latex)[1], ",", gap=True)]

    def value(self, which: int = 0, **bound: int) -> Any:
        """The value of an equation with these indices fixed."""
        return self.row(self.equations[which], bound)

    def row(self, nodes: list[Node], bound: Mapping[str, int]) -> Any:
        total, sign, term = 0.0, 1.0, []
        depth = 0
        for node in [*nodes, ("op", "+")]:
            depth += node == ("op", "(")
            depth -= node == ("op", ")")
            if node in (("op", "+"), ("op", "−")) and depth == 0:
                if term:
                    total = total + sign * self.product(term, bound)
                sign, term = (1.0 if node[1] == "+" else -1.0), []
            else:
                term.append(node)
        return total

    def product(self, nodes: list[Node], bound: Mapping[str, int]) -> Any:
        result, at = 1.0, 0
        while at < len(nodes):
            node = nodes[at]
            at += 1
            if node == ("op", "⋅"):
                continue
            if node == ("op", "/"):
                result, at = result / self.factor(nodes[at], bound), at + 1
            elif node == ("op", "("):
                end = closing(nodes, at)
                result, at = result * self.row(nodes[at:end], bound), end + 1
            elif node[:2] == ("fn", "ln"):
                result, at = result * math.log(self.factor(nodes[at], bound)), at + 1
            elif node == ("text", "cor"):
                first, second = (self.row(part, bound) for part in split(nodes[at][2][1], ","))
                result, at = result * np.corrcoef(first, second)[0, 1], at + 1
            elif node[0] == "script" and node[1] == ("big", "∑"):
                return result * self.sum(node[2], nodes[at:], bound)
            else:
                result = result * self.factor(node, bound)
        return result

    def sum(self, under: Node, body: list[Node], bound: Mapping[str, int]) -> Any:
        letters = [n[1] for n in (under[1] if under[0] == "row" else [under]) if n[0] == "id"]
        free = [letter for letter in letters if letter not in bound]
        differ = under[0] == "row" and ("op", "≠") in under[1]
        total = 0.0
        for place in np.ndindex(*(self.ranges[letter] for letter in free)):
            inner = {**bound, **dict(zip(free, place))}
            if not differ or inner[letters[0]] != inner[letters[1]]:
                total = total + self.product(body, inner)
        return total

    def factor(self, node: Node, bound: Mapping[str, int]) -> Any:
        kind = node[0]
        if kind == "num":
            return float(node[1])
        if kind in ("id", "text"):
            return self.names[node[1]]
        if kind == "row":
            return self.row(node[1], bound)
        if kind == "frac":
            return self.factor(node[1], bound) / self.factor(node[2], bound)
        if kind == "sqrt":
            return np.sqrt(self.factor(node[1], bound))
        if kind == "fence":
            return self.factor(node[2], bound)
        if kind == "script":
            base, low, high = node[1:]
            value = self.factor(base, bound) if low is None else self.indexed(base, low, bound)
            return value if high is None else value ** self.factor(high, bound)
        raise ValueError(f"a formula with {kind!r} cannot be computed here")

    def indexed(self, base: Node, low: Node, bound: Mapping[str, int]) -> Any:
        letters = [n[1] for n in (low[1] if low[0] == "row" else [low])]
        name = f"{base[1]}_{''.join(letters)}"
        if name in self.names:
            return self.names[name]
        places = tuple(bound[letter] for letter in letters)
        array = self.arrays[base[1], len(letters)]
        # Columns of a matrix are vectors: x_j is a whole item.
        return array[:, places[0]] if len(places) == 1 and array.ndim == 2 else array[places]


def closing(nodes: list[Node], at: int) -> int:
    depth = 1
    for end in range(at, len(nodes)):
        depth += (nodes[end] == ("op", "(")) - (nodes[end] == ("op", ")"))
        if depth == 0:
            return end
    raise ValueError("a bracket is not closed")


def split(nodes: list[Node], mark: str, gap: bool = False) -> list[list[Node]]:
    """Cut at an operator; with ``gap``, only where a wide space follows it."""
    parts: list[list[Node]] = [[]]
    for at, node in enumerate(nodes):
        if node == ("op", mark) and (not gap or nodes[at + 1 : at + 2] == [("space", 1.0)]):
            parts.append([])
        elif node[0] != "space":
            parts[-1].append(node)
    return parts
