"""Themes of suggestions as data: what a list of keywords may say, and a survey's own ``themes.yml``."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from pipeline.rules.datafile import packed
from pipeline.survey import checked, yamlfile
from pipeline.survey.errors import Problem, SurveyError, did_you_mean

FILE = "themes.yml"

#: One keyword: a word, ``=word`` for no other form of it, words in a row, or ``words + near + one another``.
Keyword = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=2, max_length=80)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Theme(_Strict):
    """One theme: the unsur that it speaks of, and the keywords by which a text is found to speak of it.

    Attributes
    ----------
    unsur : str
        Code of the item, such as ``U3``.
    name : dict of language to str
        What readers call it.
    words : tuple of str
        Keywords that count wherever they stand.
    unless_negated : tuple of str
        Keywords that do not count behind "no" or "not": "tidak ada keluhan" is no complaint.
    exclude : tuple of str
        Where one of these fits, no keyword of this theme counts on the same words.
    """

    unsur: str = ""
    name: dict[str, str] = Field(default_factory=dict)
    words: tuple[Keyword, ...] = ()
    unless_negated: tuple[Keyword, ...] = ()
    exclude: tuple[Keyword, ...] = ()


class Nothing(_Strict):
    """Words of texts that say nothing of the service: such a text holds no other words."""

    none: tuple[Keyword, ...] = ()
    praise: tuple[Keyword, ...] = ()
    test: tuple[Keyword, ...] = ()
    filler: tuple[Keyword, ...] = ()
    keyboard: tuple[str, ...] = ()
    unquotable: frozenset[Keyword] = frozenset()


class ThemeFile(_Strict):
    """A file of themes: the one of this package, or what a survey says besides.

    Attributes
    ----------
    themes : dict of id to Theme
        Of a theme that is known the keywords are added, and ``unsur`` and ``name`` replaced where they are given.
    drop : tuple of str
        Themes of the package that are left out first, with all their keywords.
    spellings : dict of str to str
        From a chat spelling to what it stands for.
    negation : tuple of str
        Words that negate.
    asks : tuple of str
        Words of somebody who asks for something: such a text is quoted before one that does not.
    nothing : Nothing
        Words of texts that say nothing.
    """

    themes: dict[Id, Theme] = Field(default_factory=dict)
    drop: tuple[Id, ...] = ()
    spellings: dict[str, str] = Field(default_factory=dict)
    negation: tuple[Keyword, ...] = ()
    asks: tuple[Keyword, ...] = ()
    nothing: Nothing = Field(default_factory=Nothing)

    @field_validator("spellings")
    @classmethod
    def _lower(cls, value: dict[str, str]) -> dict[str, str]:
        return {str(key).strip().lower(): str(word).strip().lower() for key, word in value.items()}


@lru_cache(maxsize=1)
def built_in() -> ThemeFile:
    """Read the themes of this package: ``pipeline/survey/themes.yml``.

    Examples
    --------
    >>> built_in().themes["parkir"].unsur
    'U9'
    """
    return ThemeFile.model_validate(packed("pipeline.survey", FILE))


def merged(base: ThemeFile, own: ThemeFile) -> ThemeFile:
    """Return the base's themes with those of a survey: known ones get more keywords, new ones follow.

    Examples
    --------
    >>> own = ThemeFile(drop=["parkir"], themes={"toilet": Theme(unsur="U9", name={"id": "x"}, words=["wc"])})
    >>> found = merged(built_in(), own).themes
    >>> "parkir" in found, list(found)[-1]
    (False, 'toilet')
    """
    themes = {name: theme for name, theme in base.themes.items() if name not in own.drop}
    for name, theme in own.themes.items():
        old = themes.get(name, Theme())
        themes[name] = Theme(
            unsur=theme.unsur or old.unsur, name={**old.name, **theme.name}, words=(*old.words, *theme.words),
            unless_negated=(*old.unless_negated, *theme.unless_negated), exclude=(*old.exclude, *theme.exclude),
        )  # fmt: skip
    nothing = {key: [*getattr(base.nothing, key), *getattr(own.nothing, key)] for key in Nothing.model_fields}
    return ThemeFile(
        themes=themes, spellings={**base.spellings, **own.spellings},
        negation=(*base.negation, *own.negation), asks=(*base.asks, *own.asks), nothing=Nothing.model_validate(nothing),
    )  # fmt: skip


def read(path: Path, shown: str, unsur: Collection[str]) -> ThemeFile:
    """Read a survey's own themes and merge them with those of this package.

    Parameters
    ----------
    path : Path
    shown : str
        How the file is called in messages.
    unsur : collection of str
        Items that a theme can speak of.

    Raises
    ------
    SurveyError
        With every problem found, each in one sentence with its line.
    """
    content, lines = yamlfile.read(path, shown)
    found = checked.held(ThemeFile, content, shown, lines, _told)
    known = built_in().themes
    problems: list[Problem] = []
    for name, theme in found.themes.items():
        line = lines.get(("themes", name))
        new = name not in known or name in found.drop
        if theme.unsur and theme.unsur not in unsur:
            problems.append(
                Problem(f'there is no unsur "{theme.unsur}"', file=shown, line=line, key=f"themes.{name}.unsur",
                        hint=did_you_mean(theme.unsur, list(unsur)) or f"unsur are {', '.join(unsur)}")
            )  # fmt: skip
        elif new and not (theme.unsur and theme.name and (theme.words or theme.unless_negated)):
            problems.append(
                Problem("a new theme needs unsur, name and words", file=shown, line=line, key=f"themes.{name}",
                        hint=did_you_mean(name, list(known)))
            )  # fmt: skip
    for name in found.drop:
        if name not in known:
            problems.append(
                Problem(f'there is no theme "{name}" to leave out', file=shown, line=lines.get(("drop",)),
                        key="drop", hint=did_you_mean(name, list(known)))
            )  # fmt: skip
    if problems:
        raise SurveyError(problems)
    return merged(built_in(), found)


def _told(error: Any, where: checked.Where) -> tuple[str, str]:
    if error["type"] == "extra_forbidden":
        models: dict[int, type[BaseModel]] = {1: ThemeFile, 3: Theme}
        model = models.get(len(where), Nothing)
        hint = did_you_mean(str(where[-1]), list(model.model_fields)) or (
            f"keys here are {', '.join(model.model_fields)}"
        )
        return "there is no such key", hint
    if error["type"] == "string_pattern_mismatch":
        return "is no id of a theme", "write it in small letters, digits and single hyphens"
    if error["type"] in ("string_too_short", "string_too_long"):
        return "is too short or too long for a keyword", "write two to 80 letters"
    if error["type"] == "tuple_type":
        return "must be a list, one keyword a line", ""
    return checked.usual(error)
