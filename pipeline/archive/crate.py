"""``ro-crate-metadata.json``: what the package holds and how it was made, as RO-Crate 1.1 says it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pipeline

from . import citation

if TYPE_CHECKING:
    from pipeline.survey import Survey

FILE = "ro-crate-metadata.json"
#: The terms of RO-Crate 1.1, and one of schema.org that they lack.
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "http://schema.org/sha256"}]
PROFILE = "https://w3id.org/ro/crate/1.1"
#: Kinds of files by their ending.
KINDS = {
    ".csv": "text/csv", ".json": "application/json", ".yml": "application/yaml", ".md": "text/markdown",
    ".html": "text/html", ".pdf": "application/pdf", ".ipynb": "application/x-ipynb+json", ".txt": "text/plain",
    ".parquet": "application/vnd.apache.parquet", ".sav": "application/x-spss-sav", ".py": "text/x-python",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".whl": "application/zip",
    ".lock": "text/plain", ".cff": "application/yaml",
}  # fmt: skip
#: Folders of the package, and what lies in them.
FOLDERS = {
    "survey/": "The definition of the survey, its result tables, and the manifest of the run that made them",
    "results/": "Published result files, pages of the city, executed notebooks",
    "code/": "The software as an installable package, the notebooks not executed, and every library with its hash",
    "appendix/": "Data appendix: every variable, its values and counts",
    "microdata/": "Anonymised answers, their disclosure report, and what comes out of them",
}


def metadata(survey: Survey, files: Mapping[str, bytes], made: Mapping[str, Any]) -> bytes:
    """Describe a package.

    Parameters
    ----------
    survey : Survey
    files : mapping of name to bytes
        Everything in the package but this file and ``SHA256SUMS``.
    made : mapping
        ``run.json`` of the run.
    """
    graph = [
        {"@id": FILE, "@type": "CreativeWork", "conformsTo": {"@id": PROFILE}, "about": {"@id": "./"}},
        _root(survey, files),
        *_folders(files),
        *(_file(name, files[name]) for name in sorted(files)),
        *_people(survey), _licence(survey), _software(made), *_actions(survey, files),
    ]  # fmt: skip
    whole = {"@context": CONTEXT, "@graph": [_plain(entity) for entity in graph]}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(entity: Mapping[str, Any]) -> dict[str, Any]:
    """An entity with a list of one written as the one, as the specification recommends."""
    return {key: v[0] if isinstance(v, list) and len(v) == 1 else v for key, v in entity.items()}


def _there(files: Mapping[str, bytes]) -> list[str]:
    return [folder for folder in FOLDERS if any(name.startswith(folder) for name in files)]


def _root(survey: Survey, files: Mapping[str, bytes]) -> dict[str, Any]:
    stated = survey.definition
    top = [name for name in sorted(files) if "/" not in name]
    root: dict[str, Any] = {
        "@id": "./", "@type": "Dataset", "name": citation.title(survey),
        "description": "Definition, notebooks, result tables and documentation of a survey of public satisfaction "
        f"({stated.text(stated.title, 'en')}), to reproduce its published results.",
        "datePublished": citation.published_on(survey),
        "license": {"@id": _licence(survey)["@id"]},
        "temporalCoverage": _time(survey),
        "hasPart": [{"@id": part} for part in (*_there(files), *top)],
        "mentions": [{"@id": action["@id"]} for action in _actions(survey, files)],
    }  # fmt: skip
    if people := _people(survey):
        root["author"] = [{"@id": one["@id"]} for one in people]
        root["publisher"] = {"@id": people[0]["@id"]}
    if stated.city:
        root["spatialCoverage"] = stated.city
    return root


def _time(survey: Survey) -> str:
    work = survey.definition.fieldwork
    return f"{work.start}/{work.end}" if work.start and work.end else str(survey.period)


def _folders(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    made = []
    for folder in _there(files):
        parts = [{"@id": name} for name in sorted(files) if name.startswith(folder)]
        made.append({"@id": folder, "@type": "Dataset", "name": folder, "description": FOLDERS[folder],
                     "hasPart": parts})  # fmt: skip
    return made


def _file(name: str, content: bytes) -> dict[str, Any]:
    ending = "." + name.rpartition(".")[2] if "." in name.rpartition("/")[2] else ""
    return {
        "@id": name, "@type": "File", "name": name.rpartition("/")[2],
        "encodingFormat": KINDS.get(ending, "text/plain"), "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip


def _people(survey: Survey) -> list[dict[str, Any]]:
    names = citation.authors(survey)
    return [{"@id": f"#author-{n}", "@type": "Organization", "name": name} for n, name in enumerate(names, 1)]


def _licence(survey: Survey) -> dict[str, Any]:
    stated = survey.definition.release.licence
    address = citation.LICENCES.get(citation.spdx(stated), "#licence")
    said = stated or citation.UNDECIDED
    return {
        "@id": address,
        "@type": "CreativeWork",
        "name": said,
        "description": f"Licence of the results: {said}",
    }


def _software(made: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@id": "#skm-pipeline", "@type": "SoftwareApplication", "name": "skm-pipeline",
        "version": pipeline.__version__, "softwareVersion": f"source {made['package'][:12]}",
        "softwareRequirements": f"Python {made['versions']['python']}; code/requirements.lock",
    }  # fmt: skip


def _actions(survey: Survey, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """What was made from what: the run, and where they were included the anonymised answers."""
    about = f"survey/reports/{survey.name}/run.json"
    tables = [{"@id": name} for name in sorted(files) if name.startswith("survey/data/processed/")]
    found = [{
        "@id": "#run", "@type": "CreateAction", "name": "Raw files to result tables and pages (hashes in run.json)",
        "instrument": {"@id": "#skm-pipeline"}, "object": [{"@id": f"survey/data/raw/{survey.name}/survey.yml"}],
        "result": [*tables, {"@id": about}],
    }, {
        "@id": "#pages", "@type": "CreateAction", "name": "Result tables to result files and overview",
        "instrument": {"@id": "#skm-pipeline"}, "object": tables,
        "result": [{"@id": name} for name in sorted(files) if name.startswith("results/public/")],
    }]  # fmt: skip
    answers = f"microdata/data/raw/{survey.name}/answers.csv"
    if answers in files:
        found.append({
            "@id": "#anonymised", "@type": "CreateAction", "name": "Anonymised answers to their tables and pages",
            "instrument": {"@id": "#skm-pipeline"}, "object": [{"@id": answers}],
            "result": [{"@id": name} for name in sorted(files) if name.startswith("microdata/reports/")],
        })  # fmt: skip
    return found
