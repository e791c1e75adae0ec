"""What an export says of its own rows: rejected, a test, not finished, the same submission again.

KoboToolbox and ODK keep whether the office approved a submission, Qualtrics and SurveyMonkey whether it was
a preview, LimeSurvey and others whether it was sent off at all, and all of them an id that two rows of one
submission share. Such rows are counted and said; whether they are respondents, ``marks:`` of the definition
decides. By default nothing is left out, except that the same answers under one id are one submission.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.intake.ground.coded import Coded
from pipeline.survey.text import fold

_REVIEW = frozenset((
    "validation status", "reviewstate", "review state", "system reviewstate", "review status", "review quality",
    "status validasi", "status verifikasi", "hasil verifikasi", "approval status", "approval", "status persetujuan",
    "validasi", "verifikasi",
))  # fmt: skip
_REJECTED = re.compile(
    r"\b(?:not approved|rejected|ditolak|tolak|tidak disetujui|tidak valid|invalid|not valid|tidak lolos|disapproved)\b"
)
_KIND = frozenset((
    "status", "response type", "responsetype", "tipe respons", "distributionchannel", "distribution channel",
    "collector", "collector name", "collector id", "collectorid", "preview", "test", "is test", "istest", "uji coba",
    "channel",
))  # fmt: skip
_TEST = re.compile(r"\b(?:preview|spam|test|testing|uji coba|ujicoba|percobaan|pratinjau)\b")
#: Qualtrics' numbers of previews, tests and spam, where the labels were not exported.
_TEST_CODES = frozenset(("1", "2", "8", "9", "12"))
_STATUS = frozenset((
    "status", "respondent status", "response status", "status respons", "survey status", "completion status",
    "status pengisian", "complete", "completed", "is complete", "iscomplete", "finished", "selesai", "status kuesioner",
))  # fmt: skip
_UNFINISHED = re.compile(
    r"\b(?:incomplete|partial|partially|unfinished|in progress|inprogress|disqualified|draft|tidak lengkap"
    r"|belum lengkap|belum selesai|tidak selesai)\b"
)
_NO = frozenset(("false", "0", "no", "tidak"))
_SENT = frozenset(("submitdate", "date submitted", "tanggal kirim"))
_LIME = frozenset(("lastpage", "last page", "startlanguage", "start language", "seed"))
_IDS = frozenset((
    "uuid", "instanceid", "meta instanceid", "meta instance id", "instance id", "key", "meta rootuuid", "rootuuid",
    "submission uuid", "responseid",
))  # fmt: skip
_PAGES = frozenset(("progress", "lastpage", "last page"))
_WATCHED = _REVIEW | _KIND | _STATUS | _SENT | _PAGES


@dataclass(frozen=True)
class Mark:
    """The rows of a table that a column marks."""

    kind: str
    header: str
    rows: np.ndarray
    texts: Mapping[str, int]


@dataclass(frozen=True)
class Again:
    """The rows that share the id of a submission with another, and those that only say it again."""

    header: str
    shared: np.ndarray
    same: np.ndarray


#: Gives the cells of a column, by its place.
Cells = Callable[[int], Coded]


def find(headers: Mapping[int, str], cells: Cells) -> list[Mark]:
    """Return what the columns of a table mark, one mark of each kind and column.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> cells = {0: encode(["Approved", "Not Approved"]), 1: encode(["3", "4"])}
    >>> [(m.kind, m.header, m.rows.tolist()) for m in find({0: "_validation_status", 1: "U1"}, cells.get)]
    [('rejected', '_validation_status', [False, True])]
    """
    names = {index: fold(header.replace("_", " ")) for index, header in headers.items()}
    there = frozenset(names.values())
    found: dict[str, Mark] = {}
    for index, name in names.items():
        if name not in _WATCHED and not _special(name, headers[index]):
            continue
        column = cells(index)
        for kind, says in _tests(name, headers[index], there, column):
            hit = {str(text): bool(says(str(text))) for text in column.values}
            rows = column.map(hit.__getitem__, bool)
            if rows.any() and kind not in found:
                texts = {text: n for text, n in column.used().items() if hit[text]}
                found[kind] = Mark(kind, headers[index], rows, texts)
    return list(found.values())


def _special(name: str, header: str) -> bool:
    """Whether a header is one of those that systems make anew for each form."""
    return (
        header.endswith("_complete") or name.endswith(" reviewstate") or name.startswith("validation status")
    )


def _tests(
    name: str, header: str, there: frozenset[str], column: Coded
) -> list[tuple[str, Callable[[str], bool]]]:
    """Return which marks a column of this name can hold, and which of its texts say so."""
    made: list[tuple[str, Callable[[str], bool]]] = []
    if (
        name in _REVIEW
        or name == "status"
        or name.endswith(" reviewstate")
        or name.startswith("validation status")
    ):
        made.append(("rejected", lambda text: bool(_REJECTED.search(fold(text)))))
    if name in _KIND:
        numbers = name == "status" and {"progress", "finished"} <= there
        flag = name in ("preview", "test", "is test", "istest", "uji coba")
        made.append(("test", lambda text: _is_test(fold(text), numbers, flag)))
    if name in _STATUS:
        plain = name != "status"
        made.append(("incomplete", lambda text: _is_unfinished(fold(text), plain)))
    elif header.endswith("_complete") and set(column.used()) <= {
        "0",
        "1",
        "2",
        "Incomplete",
        "Unverified",
        "Complete",
    }:
        made.append(("incomplete", lambda text: text in ("0", "Incomplete")))
    if name in _SENT and there & _LIME and column.used():
        made.append(("incomplete", lambda text: not text))
    if name == "progress" and "finished" not in there:
        made.append(("incomplete", lambda text: text.isdigit() and int(text) < 100))
    if name in ("lastpage", "last page") and not there & _SENT:
        pages = [int(text) for text in column.used() if text.isdigit() and len(text) < 4]
        most = max(pages, default=0)
        made.append(("incomplete", lambda text: text.isdigit() and int(text) < most))
    return made


def _is_test(folded: str, numbers: bool, flag: bool) -> bool:
    if flag:
        return folded in ("1", "true", "yes", "ya") or bool(_TEST.search(folded))
    return bool(_TEST.search(folded)) or (numbers and folded in _TEST_CODES)


def _is_unfinished(folded: str, plain: bool) -> bool:
    return bool(_UNFINISHED.search(folded)) or (plain and folded in _NO)


def same_submissions(headers: Mapping[int, str], cells: Cells, content: Sequence[Coded]) -> Again | None:
    """Return the rows that share the id of a submission.

    ``content`` are the columns that a respondent filled in: what the system adds may differ.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> ids, answers = encode(["x", "y", "x", "y"]), encode(["3", "4", "3", "1"])
    >>> made = same_submissions({0: "_uuid"}, {0: ids}.get, [answers])
    >>> made.shared.tolist(), made.same.tolist()
    ([True, True, True, True], [False, False, True, False])
    """
    for index, header in headers.items():
        if fold(header.replace("_", " ")) not in _IDS:
            continue
        ids = cells(index)
        counts, filled = ids.present(), ids.filled()
        several = (counts > 1) & (ids.values != "")
        # The id of the form itself is the same in every row.
        if not several.any() or 2 * int((counts[ids.values != ""] > 0).sum()) < int(filled.sum()):
            continue
        shared = several[ids.codes]
        at = np.flatnonzero(shared)
        matrix = np.column_stack([ids.codes[at], *(column.codes[at] for column in content)])
        _, first = np.unique(matrix, axis=0, return_index=True)
        later = np.ones(len(at), dtype=bool)
        later[first] = False
        same = np.zeros(len(ids), dtype=bool)
        same[at[later]] = True
        return Again(header, shared, same)
    return None
