r"""Read the LaTeX of our formulas into a small tree.

One grammar for all targets: what this module does not know is refused by name, so a formula can never reach
the HTML and fail in the PDF. Nodes are tuples whose first element names them:

    ("num", "1,5") ("id", "x") ("op", "+") ("text", "jika") ("fn", "max") ("big", "∑") ("space", 0.17)
    ("row", [...]) ("frac", a, b) ("binom", a, b) ("sqrt", a, index|None) ("accent", name, a)
    ("script", base, sub|None, sup|None) ("fence", left, body, right) ("bold", a) ("cases", [[cell, ...], ...])
"""

from __future__ import annotations

import re
from typing import Any

Node = tuple[Any, ...]


class MathError(ValueError):
    """LaTeX outside the subset."""


GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "hbar": "ℏ",
}  # fmt: skip
OPERATORS = {
    "times": "×", "cdot": "⋅", "div": "÷", "pm": "±", "mp": "∓", "le": "≤", "leq": "≤", "ge": "≥",
    "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "sim": "∼", "equiv": "≡", "propto": "∝", "in": "∈",
    "notin": "∉", "subset": "⊂", "cup": "∪", "cap": "∩", "to": "→", "rightarrow": "→", "leftarrow": "←",
    "Rightarrow": "⇒", "infty": "∞", "partial": "∂", "ldots": "…", "dots": "…", "cdots": "⋯", "mid": "|",
    "vert": "|", "Vert": "‖", "ll": "≪", "gg": "≫", "forall": "∀", "exists": "∃", "circ": "∘", "prime": "′",
    "top": "⊤", "perp": "⊥", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "langle": "⟨",
    "rangle": "⟩", "%": "%", "{": "{", "}": "}", "$": "$", "#": "#", "&": "&", "_": "_", "|": "‖",
    "colon": ":",
}  # fmt: skip
FUNCTIONS = ("max", "min", "log", "ln", "exp", "sin", "cos", "tan", "arg", "det", "Pr", "lim", "sup", "inf")
BIG = {"sum": "∑", "prod": "∏", "int": "∫"}
ACCENTS = {
    "bar": "bar", "overline": "bar", "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde",
    "dot": "dot", "vec": "vec", "underline": "underline",
}  # fmt: skip
SPACES = {",": 0.17, ":": 0.22, ";": 0.28, "!": 0.0, " ": 0.25, "quad": 1.0, "qquad": 2.0}
UPRIGHT = ("text", "mathrm", "textrm", "operatorname", "mathsf", "textbf", "mathit", "textit")
FENCES = {"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", ".": "", "\\{": "{", "\\}": "}"}
IGNORED = ("displaystyle", "textstyle", "nonumber", "limits", "nolimits", "big", "Big", "bigl", "bigr")

_TOKEN = re.compile(
    r"\\begin\{(?P<begin>[a-z*]+)\}|\\end\{(?P<end>[a-z*]+)\}|\\\\(?P<newline>)|\\(?P<command>[A-Za-z]+|.)"
    r"|(?P<number>\d+(?:(?:\.|\{,\})\d+)*)|(?P<char>\S)|(?P<gap>\s+)",
    re.S,
)


def parse(latex: str) -> Node:
    r"""Read LaTeX into a tree.

    Raises
    ------
    MathError
        Names the command or brace that is not understood.

    Examples
    --------
    >>> parse(r"\frac{1}{n}")
    ('row', [('frac', ('num', '1'), ('id', 'n'))])
    """
    parser = _Parser(latex)
    node = parser.row(())
    if parser.peek() is not None:
        raise MathError(f"unexpected {parser.peek()!r} in {latex!r}")
    return ("row", node)


def _single(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else ("row", nodes)


class _Parser:
    def __init__(self, latex: str) -> None:
        if len(latex) > 4000:
            raise MathError("a formula of more than 4,000 characters")
        self.latex = latex
        self.tokens: list[tuple[str, str]] = []
        for match in _TOKEN.finditer(latex):
            kind = str(match.lastgroup)
            if kind == "gap":
                continue
            value = match.group(kind)
            self.tokens.append((kind, value))
        self.at = 0
        self.depth = 0

    def peek(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> tuple[str, str]:
        token = self.peek()
        if token is None:
            raise MathError(f"the formula ends too early: {self.latex!r}")
        self.at += 1
        return token

    def row(self, stops: tuple[tuple[str, str], ...]) -> list[Node]:
        nodes: list[Node] = []
        while (token := self.peek()) is not None and token not in stops:
            if token in (("char", "}"), ("command", "right")) or token[0] in ("end", "newline"):
                break
            if token == ("char", "&"):
                break
            node = self.scripted()
            if node is not None:
                nodes.append(node)
        return nodes

    def scripted(self) -> Node | None:
        token = self.peek()
        base = None if token in (("char", "^"), ("char", "_")) else self.atom()
        if base is None and token not in (("char", "^"), ("char", "_")):
            return None
        sub: Node | None = None
        sup: Node | None = None
        primes = 0
        while (token := self.peek()) is not None:
            if token == ("char", "_") and sub is None:
                self.take()
                sub = self.argument()
            elif token == ("char", "^") and sup is None:
                self.take()
                sup = self.argument()
            elif token == ("char", "'"):
                self.take()
                primes += 1
            else:
                break
        if primes:
            mark: Node = ("op", "′" * primes)
            sup = mark if sup is None else ("row", [mark, sup])
        body = base if base is not None else ("row", [])
        return body if sub is None and sup is None else ("script", body, sub, sup)

    def argument(self) -> Node:
        if self.peek() == ("char", "{"):
            return self.braces()
        number = self.peek()
        if number is not None and number[0] == "number" and len(number[1]) > 1:
            # x^12 takes the first digit only, as in LaTeX.
            self.tokens[self.at] = ("number", number[1][1:])
            return ("num", number[1][0])
        node = self.atom()
        if node is None:
            raise MathError(f"an argument is missing in {self.latex!r}")
        return node

    def braces(self) -> Node:
        self.depth += 1
        if self.depth > 60:
            raise MathError("braces nested more than 60 deep")
        self.take()
        nodes = self.row(())
        if self.take() != ("char", "}"):
            raise MathError(f"a brace is not closed in {self.latex!r}")
        self.depth -= 1
        return _single(nodes)

    def raw(self) -> str:
        """Read a brace group as plain text: the tokens' own spelling with the spaces of the source."""
        start = self.latex.find("{", self._position())
        end = self.latex.find("}", start)
        if start < 0 or end < 0 or self.take() != ("char", "{"):
            raise MathError(f"text in a formula needs braces: {self.latex!r}")
        while self.take() != ("char", "}"):
            pass
        return re.sub(r"\\([%$&#_ ])", r"\1", self.latex[start + 1 : end])

    def _position(self) -> int:
        seen = 0
        for match in _TOKEN.finditer(self.latex):
            if match.lastgroup == "gap":
                continue
            if seen == self.at:
                return match.start()
            seen += 1
        return len(self.latex)

    def atom(self) -> Node | None:
        kind, value = self.take()
        if kind == "number":
            return ("num", value.replace("{,}", ","))
        if kind == "begin":
            return self.environment(value)
        if kind == "char":
            return self.character(value)
        if kind == "command":
            return self.command(value)
        raise MathError(f"unexpected {value or 'line break'!r} in {self.latex!r}")

    def character(self, value: str) -> Node:
        if value == "{":
            self.at -= 1
            return self.braces()
        if value.isalpha():
            return ("id", value)
        if value == "*":
            return ("op", "∗")
        if value in "^_}&~":
            if value == "~":
                return ("space", 0.25)
            raise MathError(f"unexpected {value!r} in {self.latex!r}")
        return ("op", "−" if value == "-" else value)

    def command(self, name: str) -> Node | None:
        if name in GREEK:
            return ("id", GREEK[name])
        if name in OPERATORS:
            return ("op", OPERATORS[name])
        if name in BIG:
            return ("big", BIG[name])
        if name in FUNCTIONS:
            return ("fn", name)
        if name in SPACES:
            return ("space", SPACES[name])
        if name in IGNORED:
            return None
        if name in UPRIGHT:
            text = self.raw()
            return ("fn", text) if name == "operatorname" else ("text", text)
        if name in ("frac", "dfrac", "tfrac", "binom"):
            return ("binom" if name == "binom" else "frac", self.argument(), self.argument())
        if name == "sqrt":
            index = None
            if self.peek() == ("char", "["):
                self.take()
                index = _single(self.row((("char", "]"),)))
                self.take()
            return ("sqrt", self.argument(), index)
        if name in ACCENTS:
            return ("accent", ACCENTS[name], self.argument())
        if name in ("mathbf", "boldsymbol", "mathbb", "mathcal"):
            return ("bold", self.argument())
        if name == "left":
            return self.fence()
        raise MathError(f"the command \\{name} is not in the subset for formulas ({self.latex!r})")

    def fence(self) -> Node:
        left = self.delimiter()
        body = self.row(())
        if self.take() != ("command", "right"):
            raise MathError(f"\\left without \\right in {self.latex!r}")
        return ("fence", left, ("row", body), self.delimiter())

    def delimiter(self) -> str:
        kind, value = self.take()
        if kind == "command" and value in OPERATORS:
            return OPERATORS[value]
        if kind == "char" and value in FENCES:
            return FENCES[value]
        raise MathError(f"{value!r} is not a bracket, in {self.latex!r}")

    def environment(self, name: str) -> Node:
        if name not in ("cases", "aligned", "align", "align*"):
            raise MathError(f"the environment {name!r} is not in the subset for formulas")
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(("row", self.row(())))
            kind, value = self.take()
            if (kind, value) == ("char", "&"):
                continue
            if kind == "newline":
                rows.append([])
            elif (kind, value) == ("end", name):
                break
            else:
                raise MathError(f"unexpected {value!r} in the environment {name!r}")
        if rows[-1] == [("row", [])]:
            rows.pop()
        return ("cases" if name == "cases" else "aligned", rows)
