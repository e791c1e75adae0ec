"""Columns that stand beside a question and are not its answer.

Form systems write more than one column per question: how long it took (LimeSurvey, Qualtrics), the
points and the feedback of a quiz (Microsoft and Google Forms), a comment, a reason, the text of
"other", one column per option of a question that allows several. Their headers quote the question,
so that they look like a second copy of it. An office's own sheet may have a real one: the score
beside the text (``U1`` and ``Nilai U1``), which `claims` tells apart by the answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.intake.ground.coded import Coded
from pipeline.survey.text import fold

#: Words in front of a question, and what the column then holds.
_FRONT = tuple(
    (kind, re.compile(rf"^(?:{words})\s*[:\-\u2013_\[(]*\s*(.+?)[\])]*$", re.I))
    for kind, words in (
        ("time", r"(?:question|group|page)[\s_]*time|time\s+(?:spent\s+)?(?:on|for)|duration|durasi"
                 r"|waktu\s+(?:pengisian|pertanyaan|kelompok|grup|halaman)"
                 r"|lama\s+(?:mengisi|pengisian|menjawab)"),
        ("points", r"points?|poin|marks?"),
        ("feedback", r"feedback|umpan\s+balik"),
        ("comment", r"(?:(?:berikan|tuliskan|sebutkan|jelaskan)\s+)?(?:alasan|komentar|catatan|keterangan|penjelasan"
                    r"|tanggapan|uraian|comments?|reasons?|remarks?|notes?|mengapa|kenapa|why)\b"
                    r"(?:\s+(?:anda|saudara|untuk|atas|tentang|terhadap|mengenai|for|on|about|your))*"
                    r"(?:\s+(?:jawaban|nilai|answer|pertanyaan|question))?"),
        ("advice", r"(?:(?:kritik|usul|usulan|saran|masukan|suggestions?)\b\s*(?:dan|/|,|&|perbaikan)?\s*)+"
                   r"(?:(?:anda|saudara|untuk|atas|tentang|terhadap|mengenai|for|on|about|your)\s+)*"),
    )
)  # fmt: skip
_KINDS = {
    "time": r"time|duration|durasi|page\s*submit|(?:first|last)\s*click|click\s*count",
    "points": r"points?|poin|score|skor",
    "feedback": r"feedback|umpan\s+balik",
    "comment": r"comments?|komentar|alasan|reasons?|catatan|keterangan|remarks?|penjelasan|tanggapan",
    "other": r"others?|lainnya|lain-lain|other\s*\(please\s+specify\)|lainnya\s*\(sebutkan\)|text",
}
#: The same words behind it: in brackets, or after a dash, colon, slash, underscore.
_BEHIND = tuple(
    (kind, re.compile(rf"^(.+?)\s*(?:[\[(]\s*(?:{words})\s*[\])]|[-:\u2013/_.]\s*(?:{words}))$", re.I))
    for kind, words in _KINDS.items()
)
#: LimeSurvey and Qualtrics: U1Time, U1comment, Q3_4_TEXT, Q2other.
_GLUED = re.compile(r"^([A-Za-z_]*[A-Za-z]\d+|\d+)_?(?:\d+_)?(time|comment|other|text)$", re.I)
_GLUED_KIND = {"time": "time", "comment": "comment", "other": "other", "text": "other"}

#: Words that say in which form an answer is given, not which question it answers.
_FORM = (
    "nilai", "skor", "score", "kode", "code", "label", "text", "teks", "jawaban", "angka", "answer", "value",
    "huruf", "numeric", "num", "pilihan",
)  # fmt: skip
_BRACKETS = re.compile(r"\[([^\[\]]+)\]\s*$")
_TICKS = frozenset(("0", "1", "true", "false", "0.0", "1.0"))


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a question, and the question that the header quotes."""

    kind: str
    base: str


def beside(header: str) -> tuple[Beside, ...]:
    """Return what a header may say of another column: nothing is decided by it alone.

    Examples
    --------
    >>> beside("Points - Persyaratan"), beside("U1Time")
    ((Beside(kind='points', base='Persyaratan'),), (Beside(kind='time', base='U1'),))
    >>> beside("Persyaratan [Komentar]")[0].base, beside("Kesesuaian persyaratan")
    ('Persyaratan', ())
    """
    text = " ".join(header.split())
    found = [
        Beside(kind, match[1].strip(" :-\u2013_[]()"))
        for kind, pattern in (*_FRONT, *_BEHIND)
        if (match := pattern.match(text))
    ]
    glued = _GLUED.match(text)
    if glued:
        found.append(Beside(_GLUED_KIND[glued[2].lower()], glued[1]))
    return tuple(dict.fromkeys(b for b in found if b.base))


def core(header: str) -> str:
    """Return a header without the word that says in which form the answer is; empty where none does.

    Examples
    --------
    >>> core("Nilai U1"), core("U1_label"), core("U1"), core("Nilai")
    ('u1', 'u1', '', '')
    """
    words = fold(header.replace("_", " ")).split()
    if len(words) < 2:
        return ""
    if words[0] in _FORM:
        return " ".join(words[1:])
    return " ".join(words[:-1]) if words[-1] in _FORM else ""


def quoting(headers: Sequence[str], cells: Callable[[int], Coded]) -> frozenset[int]:
    """Return the columns whose header quotes that of another column, and those that tick its options.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> sorted(quoting(["Ruang bersih", "Points - Ruang bersih", "Ruang luas"], lambda index: encode([])))
    [1]
    """
    owners: dict[str, int] = {}
    for index, header in enumerate(headers):
        for text in (header, *(match[1] for match in [_BRACKETS.search(header)] if match)):
            owners.setdefault(fold(text), index)
    return frozenset(
        index
        for index, header in enumerate(headers)
        if header
        and (
            any(owners.get(fold(said.base), index) != index for said in beside(header))
            or ("/" in header and ticks_of(header, headers, cells(index)))
        )
    )


def ticks_of(header: str, headers: Sequence[str], column: Coded) -> bool:
    """Whether a column only ticks one option of a question that has a column of its own.

    KoboToolbox writes ``question`` with all options chosen and ``question/option`` with 0 or 1 for each.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> ticks_of("Layanan/KTP", ["Layanan", "Layanan/KTP"], encode(["1", "0"]))
    True
    """
    owner = next(
        (
            other
            for other in headers
            if other and other != header and header.startswith(other) and header[len(other)] in "/.[_-"
        ),
        "",
    )
    if not owner:
        return False
    used = {text.casefold() for text in column.used()}
    # Scores may all be 1, but not 0: a tick that nobody left out proves nothing without its kind of path.
    return bool(used) and used <= _TICKS and ("0" in used or "false" in used or header[len(owner)] == "/")
