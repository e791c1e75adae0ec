"""Reading a survey's definition: every problem at once, and nothing twice in one process."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pipeline import rules
from pipeline.survey import checked, effect, written, yamlfile
from pipeline.survey import outside as _outside
from pipeline.survey import themes as _themes
from pipeline.survey.definition import TEMPLATES, Definition
from pipeline.survey.errors import Problem, SurveyError, did_you_mean
from pipeline.survey.folder import RAW, Survey, surveys, valid_name
from pipeline.survey.text import fold
from pipeline.survey.unit_list import read_units
from pipeline.survey.units import Unit

#: Surveys this process has read, by root, name and content: a list of thousands of units takes a second,
#: and a kernel forked from a process that has read it need not read it again.
_LOADED: dict[tuple[Path, str, str], Survey] = {}
MOST_LOADED = 4


def check_definition(path: Path, shown: str) -> Definition:
    """Read one ``survey.yml`` by itself.

    Raises
    ------
    SurveyError
        With every problem found.
    """
    return _definition(path, shown)


#: How a first survey is begun.
BEGIN = "there is none yet: skm new SURVEY --from-file FILES proposes one from raw files, skm demo writes an example"


def load(root: Path | str, name: str) -> Survey:
    """Read the definition of a survey.

    Parameters
    ----------
    root : Path or str
        The folder that holds ``data/raw``.
    name : str
        The survey: a folder under ``data/raw``.

    Returns
    -------
    Survey

    Raises
    ------
    SurveyError
        With every problem found: file, line, key, what, and a hint.
    """
    root = Path(root).resolve()
    folder = root / RAW / name
    if not valid_name(name) or not (folder / "survey.yml").is_file():
        known = surveys(root)
        hint = did_you_mean(name, known) or (f"surveys are {', '.join(known)}" if known else BEGIN)
        raise SurveyError([Problem(f'there is no survey "{name}"', file=RAW.as_posix(), hint=hint)])
    try:
        digest = _digest(folder)
    except OSError:
        return _read(root, name)  # which says what is wrong with which file
    # Themes are no part of the digest: only what prints suggestions is made again when they change.
    key = (root, name, digest + _own_themes(folder))
    if key not in _LOADED:
        survey = _read(root, name)
        if survey.digest != digest:
            return survey  # a file was changed in between
        while len(_LOADED) >= MOST_LOADED:
            _LOADED.pop(next(iter(_LOADED)))
        _LOADED[key] = survey
    return _LOADED[key]


def digest_of(root: Path, name: str) -> str:
    """What `Survey.digest` of a survey would be, without reading the definition."""
    return _digest(root / RAW / name)


def _digest(folder: Path) -> str:
    """SHA-256 over the files of a definition, each with its name and size."""
    digest = hashlib.sha256()
    for part in ("survey.yml", "units.csv", "services.csv", _outside.FILE):
        path = folder / part
        if part == _outside.FILE and not path.is_file():
            continue
        size = path.stat().st_size if path.is_file() else 0
        digest.update(f"{part}\0{size}\0".encode())
        if path.is_file():
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


def _own_themes(folder: Path) -> str:
    """SHA-256 of the survey's own themes; empty where it has none."""
    path = folder / _themes.FILE
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _read(root: Path, name: str) -> Survey:
    """Read and check the files of a definition."""
    folder = root / RAW / name
    shown = f"{(RAW / name).as_posix()}/"
    problems: list[Problem] = []
    definition = None
    listed: tuple[Unit, ...] = ()
    try:
        definition = _definition(folder / "survey.yml", shown + "survey.yml")
    except SurveyError as error:
        problems += error.problems
    try:
        listed = read_units(
            folder / "units.csv", folder / "services.csv", shown + "units.csv", shown + "services.csv"
        )
    except SurveyError as error:
        problems += error.problems
    if problems or definition is None:
        raise SurveyError(problems)
    survey = Survey(name, root, definition, listed, _digest(folder))
    _check_indicators(survey, shown + "survey.yml")
    _check_official(survey, shown + "survey.yml")
    _check_register(survey, shown + "survey.yml")
    if (folder / _outside.FILE).is_file():
        ids = {unit.id: unit.id for unit in listed} | survey.spellings
        figures = _outside.read(
            folder / _outside.FILE, shown + _outside.FILE,
            lambda word: ids.get(word) or ids.get(fold(word)), [unit.id for unit in listed],
        )  # fmt: skip
        survey = replace(survey, outside=figures)
    if (folder / _themes.FILE).is_file():
        own = _themes.read(folder / _themes.FILE, shown + _themes.FILE, list(survey.item_order))
        survey = replace(survey, themes=own)
    return survey


def _check_indicators(survey: Survey, shown: str) -> None:
    known = [str(code) for code in rules.load(survey.definition.rule).codes]
    problems: list[Problem] = [
        Problem(f'there is no unsur "{item}"', file=shown, key=key, hint=did_you_mean(item, known))
        for key in ("wording", "options")
        for item in getattr(survey.definition, key)
        if item not in known
    ]
    for code, instrument in survey.definition.instruments.items():
        known += [f"{code}.{item}" for item in instrument.items]
    for index, entry in enumerate(survey.definition.indicators):
        key = f"indicators.{index}"
        try:
            survey.select(entry.units)
        except SurveyError as error:
            problems += [Problem(p.what, file=shown, key=f"{key}.units", hint=p.hint) for p in error.problems]
        for item in entry.items:
            if item not in known:
                hint = did_you_mean(item, known)
                what = f'there is no item "{item}"'
                problems.append(Problem(what, file=shown, key=f"{key}.items", hint=hint))
    if problems:
        raise SurveyError(problems)


def _check_official(survey: Survey, shown: str) -> None:
    """Whether what an official template prints beside the results can be printed."""
    definition = survey.definition
    listed = [unit.id for unit in survey.units]
    signed = definition.signature.units if definition.signature else {}
    found = [_no_unit(unit, listed, shown, "signature.units") for unit in signed if unit not in listed]
    if definition.template != TEMPLATES[0]:
        found += written.problems(survey)
    if found:
        raise SurveyError(found)


def _check_register(survey: Survey, shown: str) -> None:
    """Whether the units whose users a register counts are those of the survey."""
    found = survey.definition.raking
    listed = [unit.id for unit in survey.units]
    absent = [unit for unit in (found.units if found else ()) if unit not in listed]
    if absent:
        raise SurveyError([_no_unit(unit, listed, shown, "raking.units") for unit in absent])


def _no_unit(unit: str, listed: Sequence[str], shown: str, key: str) -> Problem:
    return Problem(f'there is no unit "{unit}"', file=shown, key=key, hint=did_you_mean(unit, listed))


def _definition(path: Path, shown: str) -> Definition:
    content, lines = yamlfile.read(path, shown)
    # An empty definition is none: a survey says at least where its answers stand.
    definition = checked.held(Definition, "" if content is None else content, shown, lines, _told)
    if idle := effect.without(definition, lines, shown):
        raise SurveyError(idle)
    return definition


def _told(error: Any, where: checked.Where) -> tuple[str, str]:
    what, hint = checked.usual(error)
    if error["type"] == "extra_forbidden":
        known = _keys_at(where[:-1])
        what = "there is no such key"
        hint = did_you_mean(str(where[-1]), known) or f"keys here are {', '.join(known)}"
    if error["type"] == "model_type":
        hint = f"keys here are {', '.join(_keys_at(where))}"
    return what, hint


def _keys_at(where: tuple[Any, ...]) -> list[str]:
    """Return the keys that are allowed at a place of the definition."""
    model: Any = Definition
    for step in where:
        if isinstance(step, int) or not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        found = model.model_fields.get(str(step))
        if found is None:
            continue
        model = next(iter(_models(found.annotation)), model)
    return list(model.model_fields)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _models(part)]
