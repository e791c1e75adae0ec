"""The Data and Code Availability Standard (DCAS 1.0, datacodestandard.org), as far as a program can test it.

Sixteen points. Of each it is said whether this package meets it, does not, or whether only its author can say:
a program that calls an ethics approval in order would lie.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import crate, zipped
from .citation import UNDECIDED
from .readme import FILE as README

PASS, FAIL, AUTHOR = "pass", "fail", "only an author can say"
Files = Mapping[str, bytes]
#: Sections of the template README, which the standard asks for.
SECTIONS = (
    "Overview", "Data Availability and Provenance Statements", "Statement about Rights", "License for Data",
    "Summary of Availability", "Details on each Data Source", "Dataset list", "Computational requirements",
    "Software Requirements", "Controlled Randomness", "Memory, Runtime, Storage Requirements",
    "Description of programs/code", "License for Code", "Instructions to Replicators", "Details",
    "List of tables and programs", "References",
)  # fmt: skip
#: Endings of data files that any statistical program reads, none of them bound to one.
OPEN = (".csv", ".json", ".yml", ".parquet", ".xlsx", ".sav", ".md")


@dataclass(frozen=True)
class Point:
    """One point of the standard, and what was found.

    Attributes
    ----------
    number : int
    topic : str
    verdict : str
        `PASS`, `FAIL` or `AUTHOR`.
    why : str
        What was looked at, in one sentence.
    """

    number: int
    topic: str
    verdict: str
    why: str


def check(files: Files) -> list[Point]:
    """Test a package, as `zipped.read` gives it, point by point.

    Parameters
    ----------
    files : mapping of name to bytes

    Returns
    -------
    list of Point
        Sixteen, in the order of the standard.
    """
    return [Point(number, topic, *test(files)) for number, (topic, test) in enumerate(POINTS, 1)]


def lines(points: Iterable[Point]) -> list[str]:
    """The points for a terminal, and how many there are of each verdict.

    Examples
    --------
    >>> lines([Point(11, "Ethics", AUTHOR, "no file says it")])[0]
    '11  only an author can say  Ethics: no file says it'
    """
    told = [f"{p.number:>2}  {p.verdict:<{len(AUTHOR)}}  {p.topic}: {p.why}" for p in points]
    counts = {verdict: sum(p.verdict == verdict for p in points) for verdict in (PASS, FAIL, AUTHOR)}
    return [*told, ", ".join(f"{count} {verdict}" for verdict, count in counts.items())]


def _readme(files: Files) -> str:
    return files.get(README, b"").decode("utf-8")


def section(text: str, heading: str) -> str:
    """Text below a heading of Markdown, up to the next one of its level or above; ``""`` where there is none.

    Examples
    --------
    >>> section("## A\\none\\n### B\\ntwo\\n## C\\nthree", "A").split()
    ['one', '###', 'B', 'two']
    """
    found, level = [], 0
    for line in text.splitlines():
        marks = len(line) - len(line.lstrip("#"))
        if level and 0 < marks <= level:
            break
        if level:
            found.append(line)
        elif marks and line.lstrip("#").strip() == heading:
            level = marks
    return "\n".join(found)


def _availability(files: Files) -> tuple[str, str]:
    text = section(_readme(files), "Data Availability and Provenance Statements")
    if "How to get the raw answers" not in text:
        return FAIL, "the README has no data availability statement"
    if UNDECIDED in text:
        return (
            AUTHOR,
            "the statement names who holds the data; conditions, cost and time of access are TO DECIDE",
        )
    return PASS, "the statement says who holds the data and how they can be seen"


def _raw(files: Files) -> tuple[str, str]:
    made = _manifest(files)
    if made is None:
        return FAIL, "there is no run.json to say what the raw files were"
    inside = [name for name in made["raw"] if f"survey/data/raw/{made['survey']}/{name}" in files]
    told = section(_readme(files), "Omissions")
    silent = [name for name in made["raw"] if name not in inside and f"`{name}`" not in told]
    if silent:
        return FAIL, f"{len(silent)} raw files are neither here nor named under Omissions, first: {silent[0]}"
    return (
        PASS,
        f"{len(made['raw'])} raw files of the run: {len(inside)} are here, each other is named with hash and reason",
    )


def _analysis_data(files: Files) -> tuple[str, str]:
    tables = [
        name for name in files if name.startswith("survey/data/processed/") and name.endswith(".parquet")
    ]
    unreadable = [name for name in tables if not _reads_parquet(files[name])]
    if not tables or unreadable:
        return FAIL, f"result tables: {len(tables)}, unreadable: {len(unreadable)}"
    answers = [name for name in files if name.endswith("/answers.csv")]
    more = (
        "anonymised answers are here"
        if answers
        else "answers are left out, which the availability statement says"
    )
    return PASS, f"{len(tables)} result tables are here and can be read; {more}"


def _reads_parquet(content: bytes) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        pq.read_schema(io.BytesIO(content))
    except (pa.ArrowInvalid, OSError):
        return False
    return True


def _data_format(files: Files) -> tuple[str, str]:
    data = [name for name in files if name.startswith(("survey/data/", "appendix/", "microdata/data/"))]
    odd = [name for name in data if not name.endswith(OPEN)]
    return (
        (FAIL, f"{odd[0]} is of no open format")
        if odd
        else (PASS, f"all {len(data)} data files are of open formats")
    )


def _metadata(files: Files) -> tuple[str, str]:
    described = _described(files)
    missing = sorted({column for name, columns in _columns(files).items() for column in columns} - described)
    if missing:
        return FAIL, f"{len(missing)} columns are described nowhere, first: {missing[0]}"
    return PASS, f"every column of the data files is described, with allowed values ({len(described)} names)"


def _described(files: Files) -> set[str]:
    """Names that the data appendix or the codebook explains."""
    found = {row["variable"] for row in _table(files.get("appendix/data-appendix.csv", b""))}
    book = files.get("results/public/codebook.csv", b"").decode("utf-8-sig")
    return found | {row[1] for row in csv.reader(io.StringIO(book)) if len(row) == 3}


def _columns(files: Files) -> dict[str, list[str]]:
    """Columns of answers and of the published results."""
    names = [n for n in files if n.endswith("/answers.csv") or n == "results/public/results.csv"]
    return {name: next(csv.reader(io.StringIO(files[name].decode("utf-8"))), []) for name in names}


def _table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def _citation(files: Files) -> tuple[str, str]:
    text = section(_readme(files), "References")
    if "Dataset." not in text or "CITATION.cff" not in files:
        return FAIL, "the data are not cited in the README, or there is no CITATION.cff"
    return PASS, "survey and software are cited in README and CITATION.cff"


def _wheel(files: Files) -> dict[str, bytes]:
    name = next((name for name in files if name.endswith(".whl")), "")
    if not name:
        return {}
    with zipfile.ZipFile(io.BytesIO(files[name])) as packed:
        return {inside: packed.read(inside) for inside in packed.namelist()}


def _programs(files: Files, needed: Iterable[str], what: str) -> tuple[str, str]:
    source = _wheel(files)
    lacking = [name for name in needed if not any(inside.startswith(name) for inside in source)]
    return (FAIL, f"{lacking[0]} is missing in code/") if lacking else (PASS, f"{what} are in code/")


def _transformation(files: Files) -> tuple[str, str]:
    return _programs(
        files, ("pipeline/intake/", "pipeline/_notebooks/1-clean.ipynb"), "programs from raw files to answers"
    )


def _analysis(files: Files) -> tuple[str, str]:
    needed = ("2-index", "3-reliability", "4-compare", "5-unit-report", "6-overview", "6-annex")
    own = (f"pipeline/_notebooks/{name}.ipynb" for name in needed)
    return _programs(files, ("pipeline/statistics/", *own), "programs from answers to tables and pages")


def _code_format(files: Files) -> tuple[str, str]:
    source = _wheel(files)
    scripts = [name for name in source if name.endswith(".py")]
    for name in scripts:
        try:
            ast.parse(source[name])
        except SyntaxError:
            return FAIL, f"{name} is no Python source"
    notebooks = [name for name in files if name.startswith("code/notebooks/")]
    if not scripts or not all("cells" in json.loads(files[name]) for name in notebooks):
        return FAIL, "there is no source code"
    return PASS, f"{len(scripts)} Python files and {len(notebooks)} notebooks, all as source"


def _instruments(files: Files) -> tuple[str, str]:
    book = files.get("results/public/codebook.csv", b"").decode("utf-8-sig")
    kinds = [row[0].casefold() for row in csv.reader(io.StringIO(book)) if len(row) == 3]
    questions = sum(kind in ("question", "pertanyaan") for kind in kinds)
    if not questions:
        return FAIL, "the codebook has no question of the questionnaire"
    said = section(_readme(files), "Data Availability and Provenance Statements")
    chosen = next((line for line in said.splitlines() if line.startswith("- Sampling:")), UNDECIDED)
    if UNDECIDED in chosen:
        return (
            AUTHOR,
            f"{questions} questions with their options are here; how respondents were chosen is TO DECIDE",
        )
    return PASS, f"{questions} questions with their options, and how respondents were chosen, are here"


def _ethics(files: Files) -> tuple[str, str]:
    return AUTHOR, "whether an approval was needed and given is in no file"


def _registration(files: Files) -> tuple[str, str]:
    return AUTHOR, "whether the research was registered beforehand is in no file"


def _documentation(files: Files) -> tuple[str, str]:
    text = _readme(files)
    lacking = [name for name in SECTIONS if not section(text, name).strip()]
    if lacking:
        return FAIL, f"the README has no section {lacking[0]}"
    if "code/requirements.lock" not in files or "Approximate time" not in text:
        return FAIL, "software with versions, or the expected time, is missing"
    if wrong := _sums(files):
        return FAIL, f"{wrong} files are not as SHA256SUMS says"
    return PASS, f"all {len(SECTIONS)} sections of the template are there, with versions, time and steps"


def _sums(files: Files) -> int:
    """Files that are not as ``SHA256SUMS`` says, or not in it."""
    own = {name: content for name, content in files.items() if name != zipped.SUMS}
    stated = set(files.get(zipped.SUMS, b"").decode().splitlines())
    return len(stated ^ set(zipped.sums(own).decode().splitlines()))


def _location(files: Files) -> tuple[str, str]:
    return (
        AUTHOR,
        "where the package is deposited, and whether a journal accepts it, is decided after it is made",
    )


def _licence(files: Files) -> tuple[str, str]:
    text = files.get("LICENSE.txt", b"").decode("utf-8")
    if not text or UNDECIDED in text:
        return FAIL, "no licence of the results is stated (release: licence: in survey.yml)"
    stated = next((e for e in _graph(files) if e.get("@id") == "./"), {}).get("license")
    return (
        (PASS, "LICENSE.txt has that of results and that of code")
        if stated
        else (FAIL, f"{crate.FILE} states none")
    )


def _omissions(files: Files) -> tuple[str, str]:
    text = section(_readme(files), "Omissions")
    return (
        (PASS, "the README lists what is left out and why")
        if "Why" in text
        else (FAIL, "the README has no Omissions")
    )


def _manifest(files: Files) -> dict[str, Any] | None:
    name = next((n for n in files if n.startswith("survey/reports/") and n.endswith("/run.json")), "")
    found: dict[str, Any] | None = json.loads(files[name]) if name else None
    return found


def _graph(files: Files) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(files.get(crate.FILE, b'{"@graph": []}'))["@graph"]
    return found


#: The sixteen points, as the standard names them, each with its test.
POINTS: tuple[tuple[str, Callable[[Files], tuple[str, str]]], ...] = (
    ("Data availability statement", _availability), ("Raw data", _raw), ("Analysis data", _analysis_data),
    ("Format of data", _data_format), ("Metadata", _metadata), ("Citation", _citation),
    ("Data transformation", _transformation), ("Analysis", _analysis), ("Format of code", _code_format),
    ("Instruments", _instruments), ("Ethics", _ethics), ("Pre-registration", _registration),
    ("Documentation", _documentation), ("Location", _location), ("License", _licence), ("Omissions", _omissions),
)  # fmt: skip
