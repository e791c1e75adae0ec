"""Everything of a replication package, collected and described."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import survey as surveys
from pipeline.office.city import Results, open_results
from pipeline.office.city import title as titled
from pipeline.results import store
from pipeline.run import arithmetic, fingerprints
from pipeline.run.manifest import MANIFEST

from . import (
    again,
    agreement,
    appendix,
    citation,
    contents,
    crate,
    disclosure,
    executed,
    microdata,
    readme,
    wheel,
    zipped,
)

if TYPE_CHECKING:
    from pipeline.run.failures import Outcome
    from pipeline.run.plan import Options
    from pipeline.survey import Survey

#: Files beside this module that go into every package as they are.
HERE = Path(__file__).resolve().parent
SUMS = zipped.SUMS
#: Of what was published of the anonymised answers, the one file that holds the others.
_NOT_KEPT = ("all.zip",)


class NotReady(Exception):
    """There are no results that a package could promise; says what to do."""


@dataclass(frozen=True)
class Package:
    """A package before it is packed.

    Attributes
    ----------
    files : dict of name to bytes
    missing : list of str
        Files that came out of the result tables with other bytes than the run had published.
    doubtful : list of str
        Places of the definition to look at before it is published.
    microdata : mapping or None
        What is told of the anonymised answers.
    """

    files: dict[str, bytes]
    missing: list[str]
    doubtful: list[str]
    microdata: Mapping[str, Any] | None


def package(
    survey: Survey, carry: Callable[[Survey, Options], Outcome] | None = None, options: Options | None = None
) -> Package:
    """Collect a survey's package.

    Parameters
    ----------
    survey : Survey
        Run, and as its manifest says (`ready`).
    carry : callable, optional
        Runs a survey with all that is written beside its reports; given, the anonymised answers are included.
    options : Options, optional
        How `carry` runs.

    Raises
    ------
    NotReady, microdata.Unsafe
    """
    made = ready(survey)
    found = open_results(survey)
    files = _survey(survey, found)
    with tempfile.TemporaryDirectory(prefix="skm-archive-") as scratch:
        inside = _unpacked(files, Path(scratch), survey.name)
        results = {f"results/{name}": content for name, content in again.files(inside, made)}
    missing = [name for name, content in results.items() if not _as_published(survey, name, content)]
    files |= results | _executed(survey, made) | _code() | _appendix(survey, found)
    told = None
    if carry is not None and options is not None:
        more, told = _microdata(
            survey,
            found,
            results["results/public/results.csv"],
            carry,
            options,
            sorted(made.get("earlier", {})),
        )
        files |= more
    return Package(_described(survey, found, made, files, sorted(results), missing, told), missing,
                   contents.doubtful(survey), told)  # fmt: skip


def ready(survey: Survey) -> dict[str, Any]:
    """The manifest of a finished run by this very package.

    Raises
    ------
    NotReady
        If there is none, or other code made it: the package could not give its bytes again.
    """
    again_first = f"run it first: skm run {survey.name}"
    if not (survey.reports / MANIFEST).is_file():
        raise NotReady(f"there is no finished run of {survey.name}; {again_first}")
    made = again.manifest(survey)
    if made["failed_stage"] or made["changed_during_run"]:
        raise NotReady(f"the last run of {survey.name} is not whole; {again_first}")
    if made["package"] != fingerprints.package_hash() or made["definition"] != survey.digest:
        raise NotReady(
            f"the results of {survey.name} were made by other code, or from another definition; {again_first}"
        )
    # What is computed once more for the package is added up as the run added it up.
    arithmetic.ask_for(made["arithmetic"])
    return made


def _survey(survey: Survey, found: Results) -> dict[str, bytes]:
    """Definition, result tables and manifest, below ``survey/`` as a survey's own folders."""
    raw, tables = f"survey/data/raw/{survey.name}", f"survey/data/processed/{survey.name}"
    files = {f"{raw}/{name}": content for name, content in contents.definition(survey, found.private).items()}
    files |= {f"{tables}/{name}": content for name, content in contents.tables(found)}
    for name in (MANIFEST, SUMS):
        files[f"survey/reports/{survey.name}/{name}"] = (survey.reports / name).read_bytes()
    return files


def _unpacked(files: Mapping[str, bytes], scratch: Path, name: str) -> Survey:
    """The survey as it is inside the package, and nothing of it besides."""
    for file, content in files.items():
        store.write_bytes(scratch / file, content)
    return surveys.load(scratch / "survey", name)


def _as_published(survey: Survey, name: str, content: bytes) -> bool:
    """Whether a file that was made again is the published one; executed notebooks are published nowhere else."""
    path = survey.reports / name.removeprefix("results/")
    return not name.startswith("results/public/") or (path.is_file() and path.read_bytes() == content)


def _executed(survey: Survey, made: Mapping[str, Any]) -> dict[str, bytes]:
    """Notebooks that need the answers, and the annex's pages as they were published."""
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="skm-archive-") as scratch:
        executor = executed.Executor(survey, made["languages"], Path(scratch))
        try:
            for name, content in (*executor.city(made.get("sets", {})), *executor.units()):
                files[f"results/notebooks/{name}"] = content
        finally:
            executor.close()
    for path in sorted(survey.public.glob("annex*.*")):
        if path.suffix in (".html", ".pdf"):
            files[f"results/public/{path.name}"] = path.read_bytes()
    return files


def _code() -> dict[str, bytes]:
    files = {f"code/{wheel.filename()}": wheel.build(), "code/requirements.lock": wheel.lock()}
    files |= {f"code/notebooks/{name}": content for name, content in wheel.notebooks().items()}
    files["Makefile"] = (HERE / "templates" / "Makefile").read_bytes()
    files["reproduce.py"] = (HERE / "reproduce.py").read_bytes()
    return files


def _columns(survey: Survey) -> list[str]:
    """Columns of the cleaned answers, read without the answers."""
    import pyarrow.parquet as pq

    return list(pq.read_schema(survey.processed / "responses.parquet").names)


def _appendix(survey: Survey, found: Results) -> dict[str, bytes]:
    lines = list(appendix.lines(found, _columns(survey)))
    return {
        "appendix/data-appendix.csv": appendix.as_csv(lines),
        "appendix/data-appendix.md": appendix.as_bytes(lines, titled(survey, readme.LANG)),
    }


def _microdata(
    survey: Survey,
    found: Results,
    published: bytes,
    carry: Callable[[Survey, Options], Outcome],
    options: Options,
    earlier: Sequence[str],
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Anonymised answers, their disclosure report, and everything that a run makes of them."""
    given = microdata.collected(survey)
    raw = microdata.folder(survey, given, found.context.items)
    files = {f"data/raw/{survey.name}/{name}": content for name, content in raw.items()}
    with tempfile.TemporaryDirectory(prefix="skm-archive-") as scratch:
        root = Path(scratch) / "microdata"
        for name, content in files.items():
            store.write_bytes(root / name, content)
        aside = surveys.load(root, survey.name)
        outcome = carry(aside, options)
        if outcome.failures or outcome.unread.wrong:
            raise microdata.Unsafe("the anonymised answers cannot be read back: " + _why(outcome))
        _same_answers(aside, given)
        files |= {f"reports/{survey.name}/{name}": content for name, content in _made(aside).items()}
    found_again = agreement.compare(published, files[f"reports/{survey.name}/public/results.csv"])
    files["disclosure.md"] = disclosure.as_bytes(
        given, _columns(survey), titled(survey, readme.LANG), earlier
    )
    files["disclosure.csv"] = disclosure.as_csv(given)
    files["agreement.csv"] = agreement.as_csv(found_again)
    told = {
        "rows": sum(len(unit.rows) for unit in given), "units": sum(bool(unit.rows) for unit in given),
        "agreement": agreement.total(found_again)._asdict(),
    }  # fmt: skip
    return {f"microdata/{name}": content for name, content in files.items()}, told


def _why(outcome: Outcome) -> str:
    said = [failure.why.splitlines()[0] for failure in outcome.failures]
    return "; ".join(said[:3]) or "some rows were set aside (skm check in it says which)"


def _same_answers(aside: Survey, given: list[microdata.UnitRows]) -> None:
    """Hold what the run read against what was written: every answer, unit by unit."""
    import pandas as pd

    read = pd.read_parquet(aside.processed / "responses.parquet")
    units = read["unit"].astype(str)
    for unit in given:
        own = read[units == unit.unit]
        rows = own[list(unit.items)].astype(object).where(own[list(unit.items)].notna(), "").astype(str)
        if sorted(map(tuple, rows.to_numpy().tolist())) != sorted(unit.rows):
            raise microdata.Unsafe(f"the anonymised answers of {unit.unit} cannot be read back as they are")


def _made(aside: Survey) -> dict[str, bytes]:
    names = [p for p in sorted(aside.public.rglob("*")) if p.is_file() and p.name not in _NOT_KEPT]
    names += [aside.reports / MANIFEST, aside.reports / SUMS]
    return {path.relative_to(aside.reports).as_posix(): path.read_bytes() for path in names}


def _described(
    survey: Survey,
    found: Results,
    made: Mapping[str, Any],
    files: dict[str, bytes],
    from_tables: list[str],
    missing: list[str],
    told: Mapping[str, Any] | None,
) -> dict[str, bytes]:
    """The same files with all that describes them: plan, README, citation, licence, crate, hashes."""
    definition = f"survey/data/raw/{survey.name}/"
    kept = {name.removeprefix(definition) for name in files if name.startswith(definition)}
    plan = {
        "survey": survey.name, "python": made["versions"]["python"], "arithmetic": readme.asked(made),
        "from_tables": from_tables, "microdata": told is not None,
    }  # fmt: skip
    files["plan.json"] = (json.dumps(plan, indent=1) + "\n").encode()
    files["CITATION.cff"] = citation.cff(survey)
    files["LICENSE.txt"] = citation.licence_text(survey, wheel.about().licence)
    given = readme.Given(
        made=made, files=files, from_tables=from_tables, missing=missing,
        absent=contents.absent(made, kept), calls=executed.left_out(survey.definition.template), microdata=told,
    )  # fmt: skip
    files |= {name: readme.write(found, given, lang) for lang, name in readme.FILES.items()}
    files[crate.FILE] = crate.metadata(survey, files, made)
    files[SUMS] = zipped.sums(files)
    return files
