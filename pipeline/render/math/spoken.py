"""Say a formula in words, for inline math in running text that brings no spoken form of its own."""

from __future__ import annotations

from pipeline.render.math.latex import Node, parse

_NAMES = {
    "α": "alfa", "β": "beta", "γ": "gama", "δ": "delta", "ε": "epsilon", "θ": "teta", "κ": "kapa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "fi",
    "χ": "khi", "ψ": "psi", "ω": "omega", "Δ": "delta", "Σ": "sigma", "Φ": "fi", "Ω": "omega",
}  # fmt: skip
_ENGLISH = {"alfa": "alpha", "gama": "gamma", "teta": "theta", "kapa": "kappa", "fi": "phi", "khi": "chi"}
_WORDS = {
    "id": {
        "+": "tambah", "−": "kurang", "±": "tambah atau kurang", "×": "kali", "⋅": "kali", "÷": "bagi",
        "/": "per", "=": "sama dengan", "≤": "paling besar", "≥": "paling kecil", "<": "kurang dari",
        ">": "lebih dari", "≠": "tidak sama dengan", "≈": "kira-kira", "∈": "anggota", "∑": "jumlah",
        "∏": "hasil kali", "∫": "integral", "∞": "tak hingga", "%": "persen", "sqrt": "akar dari",
        "over": "per", "bar": "rata-rata", "hat": "topi", "tilde": "tilde", "dot": "titik", "vec": "vektor",
        "sub": "indeks", "sup": "pangkat", "from": "dari", "till": "sampai", "underline": "garis bawah",
    },
    "en": {
        "+": "plus", "−": "minus", "±": "plus or minus", "×": "times", "⋅": "times", "÷": "divided by",
        "/": "over", "=": "equals", "≤": "at most", "≥": "at least", "<": "less than", ">": "more than",
        "≠": "not equal to", "≈": "about", "∈": "in", "∑": "sum", "∏": "product", "∫": "integral",
        "∞": "infinity", "%": "percent", "sqrt": "square root of", "over": "over", "bar": "bar",
        "hat": "hat", "tilde": "tilde", "dot": "dot", "vec": "vector", "sub": "sub", "sup": "to the",
        "from": "from", "till": "to", "underline": "underlined",
    },
}  # fmt: skip


def to_spoken(latex: str, lang: str = "id") -> str:
    r"""Say LaTeX in words.

    Examples
    --------
    >>> to_spoken(r"\alpha \ge 0{,}70")
    'alfa paling kecil 0,70'
    """
    said = " ".join(_say(parse(latex), lang, _WORDS.get(lang, _WORDS["id"])).split())
    return said or latex


def _say(node: Node | None, lang: str, words: dict[str, str]) -> str:
    if node is None:
        return ""

    def say(part: Node | None) -> str:
        return _say(part, lang, words)

    kind = node[0]
    if kind == "row":
        return " ".join(say(child) for child in node[1])
    if kind in ("num", "text", "fn"):
        return str(node[1])
    if kind == "id":
        name: str = _NAMES.get(str(node[1]), str(node[1]))
        return _ENGLISH.get(name, name) if lang == "en" else name
    if kind in ("op", "big"):
        return words.get(str(node[1]), str(node[1]))
    if kind in ("frac", "binom"):
        return f"{say(node[1])} {words['over']} {say(node[2])}"
    if kind == "sqrt":
        return f"{words['sqrt']} {say(node[1])}"
    if kind == "accent":
        return f"{say(node[2])} {words[node[1]]}"
    if kind == "bold":
        return say(node[1])
    if kind == "fence":
        return f"{node[1]} {say(node[2])} {node[3]}"
    if kind == "script":
        _, base, sub, sup = node
        low, high = ("from", "till") if base[0] == "big" else ("sub", "sup")
        out = say(base)
        if sub is not None:
            out += f" {words[low]} {say(sub)}"
        if sup is not None:
            out += f" {words[high]} {say(sup)}"
        return out
    if kind in ("cases", "aligned"):
        return "; ".join(" ".join(say(cell) for cell in row) for row in node[1])
    return ""
