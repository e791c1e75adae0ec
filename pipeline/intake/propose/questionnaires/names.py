"""What the items of an own questionnaire are called: code, question, and the facet they belong to.

Headers of such questionnaires carry the facet in front (``X1.1``, ``KP3``, ``[Tangible] Ruang bersih``,
``mutu/p1``, a merged cell above). It is taken over, never invented: where nothing shows one, there is none.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.intake.values.identity import mask_header
from pipeline.survey.text import fold

#: ``X1.1 Petugas ramah``: letters, one number or two, and perhaps the question.
_CODE = re.compile(
    r"^\s*\(?([A-Za-z]{1,12}?)[\s._-]{0,2}(\d{1,3})(?:[._-](\d{1,2}))?([a-z])?(?=$|[\s.):;,\]_-])[\s.):;,\]_-]*(.*)$",
    re.S,
)
#: ``1. Petugas ramah``, ``2.3 Petugas ramah``: numbers alone before a question.
_NUMBER = re.compile(r"^\s*\(?(\d{1,2})(?:[._-](\d{1,2}))?\s*[.):\s-]\s*(\D.*)$", re.S)
_GRID = re.compile(r"^(.*?)\s*\[([^\[\]]+)\]\s*$", re.S)
_FRONT = re.compile(r"^\s*[\[(]([^\[\]()]{2,60})[\])]\s*(\S.*)$", re.S)
_COLON = re.compile(r"^([^:?]{3,40}?)\s*(?::|\s[-–|]\s)\s*(\S.{5,})$", re.S)
#: Letters that number any question and name no facet.
GENERIC = {
    "q", "p", "no", "nomor", "item", "soal", "butir", "pertanyaan", "pernyataan", "question", "statement",
    "indikator", "aitem", "var", "v", "kolom", "column",
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """What a header says: letters, numbers, the text behind them, and a facet it names outright."""

    header: str
    stem: str = ""
    first: int = -1
    second: int = -1
    text: str = ""
    facet: str = ""

    @property
    def family(self) -> str:
        """What headers of one series share; empty for a header that is in none."""
        if self.facet:
            return self.facet
        return self.stem if self.second < 0 else f"{self.stem}{self.first}"


def parse(header: str, above: str = "", name: str = "") -> Named:
    """Take a header apart.

    Parameters
    ----------
    header : str
    above : str
        The text of a cell above it that covers several columns.
    name : str
        A second name of the column (a variable, a row of codes).

    Examples
    --------
    >>> made = parse("X1.2 Petugas ramah")
    >>> made.family, made.text
    ('X1', 'Petugas ramah')
    >>> parse("Keandalan [Petugas ramah]").facet, parse("Berapa kali?").family
    ('Keandalan', '')
    """
    # Masked first: of an address or a number taken apart no pattern would know the parts.
    plain = " ".join(mask_header(header).split())
    if name and name != header:
        own = parse(name)
        inner = parse(plain)
        text = inner.text if inner.stem or inner.facet else plain
        return replace(own, header=header, text=text or own.text, facet=above or inner.facet or own.facet)
    if "/" in plain and " " not in plain:
        group, last = plain.rsplit("/", 1)
        return replace(parse(last), header=header, facet=above or group.rsplit("/", 1)[-1])
    for pattern in (_GRID, _FRONT):
        match = pattern.match(plain)
        if match and fold(match[1]):
            inner = parse(match[2])
            code = _CODE.match(match[1])
            outer = match[1] if not (code and not code[5]) else re.sub(r"\W+$", "", match[1])
            if inner.stem and not inner.text and inner.stem.lower() not in GENERIC and pattern is _GRID:
                # "SKM[SQ001]": the row is a code, which is no question.
                return Named(header, inner.stem, inner.first, inner.second, "", above or outer)
            return Named(
                header, inner.stem, inner.first, inner.second, inner.text or match[2].strip(), above or outer
            )
    match = _CODE.match(plain)
    if match and (match[5] == "" or match[1].isupper() or len(match[1]) <= 2 or match[1].lower() in GENERIC):
        first, second = int(match[2]), int(match[3]) if match[3] else -1
        return Named(header, match[1], first, second, match[5].strip(), above)
    match = _NUMBER.match(plain)
    if match:
        return Named(header, "", int(match[1]), int(match[2] or -1), match[3].strip(), above)
    if plain.isdigit():
        return Named(header, "", int(plain), -1, "", above)
    return Named(header, text=plain, facet=above)


def facets(named: Sequence[Named]) -> list[str]:
    """Return the facet of every item; all empty where fewer than two facets of two items show.

    Examples
    --------
    >>> facets([parse(t) for t in ("X1.1", "X1.2", "X2.1", "X2.2")])
    ['X1', 'X1', 'X2', 'X2']
    >>> facets([parse(t) for t in ("Q1", "Q2", "Q3", "Q4")])
    ['', '', '', '']
    """
    ways = ([n.facet for n in named], [_series(n, named) for n in named], [_prefix(n) for n in named])
    for found in ways:
        counts = Counter(text for text in found if text)
        good = {text for text, count in counts.items() if count >= 2}
        if len(good) >= 2 and 2 * sum(counts[text] for text in good) >= len(named):
            return [text if text in good else "" for text in found]
    return [""] * len(named)


def _series(one: Named, named: Sequence[Named]) -> str:
    """Return the letters of a code, with its first number where two numbers stand or tens change."""
    if one.first < 0:
        return ""
    if one.second >= 0:
        return f"{one.stem}{one.first}"
    numbers = sorted({n.first for n in named if n.stem == one.stem and n.second < 0})
    tens = {number // 10 for number in numbers}
    gaps = any(b - a > 1 for a, b in itertools.pairwise(numbers))
    # X11-X15, X21-X25: the first digit is the facet.
    if numbers and numbers[0] == 11 and len(tens) >= 2 and gaps and numbers[-1] < 100:
        return f"{one.stem}{one.first // 10}"
    return one.stem


def _prefix(one: Named) -> str:
    match = _COLON.match(one.text)
    return " ".join(match[1].split()) if match and len(match[1].split()) <= 5 else ""


def codes(named: Sequence[Named]) -> list[str]:
    """Return a code for every item: the one its header has, else a number; no two are alike.

    Examples
    --------
    >>> codes([parse(t) for t in ("X1.1 Ramah", "Petugas cepat", "SKM[SQ001]")])
    ['X1_1', 'q02', 'SKM_SQ001']
    """
    made: list[str] = []
    for place, one in enumerate(named, start=1):
        code = f"q{place:02d}"
        if one.stem and one.first >= 0:
            plain = re.match(
                r"^\s*\(?[A-Za-z]+[\s._-]*\d+(?:[._-]\d+)?[a-z]?(?![A-Za-z])", _inner(one.header)
            )
            code = re.sub(r"[\s._-]+", "_", plain[0].strip("( ")) if plain else _coded(one)
        if one.facet and re.fullmatch(r"[A-Za-z0-9_]{1,12}", one.facet) and one.stem and not one.text:
            code = f"{one.facet}_{code}"
        code = code[:36]
        if code.lower() in {other.lower() for other in made} or code.endswith(("_exp", "_imp")):
            code = f"{code}_{place}"
        made.append(code)
    return made


def _coded(one: Named) -> str:
    return f"{one.stem}{one.first}" + (f"_{one.second}" if one.second >= 0 else "")


def _inner(header: str) -> str:
    match = _GRID.match(header) or _FRONT.match(header)
    if match:
        return match[2]
    return header.rsplit("/", 1)[-1] if " " not in header else header
