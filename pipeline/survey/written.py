"""What an office adds to an official report beside its definition: texts and photos in the survey's folder.

``content/<name>.md`` and ``photos/*`` hold for every unit, ``content/<unit>/<name>.md`` and ``photos/<unit>/*`` for
one instead. ``<name>.en.md`` is the text of an English report. A file that no report would print is an error,
since somebody meant something by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import LANGUAGES
from pipeline.survey.errors import Problem, SurveyError, did_you_mean
from pipeline.survey.plainfile import odd_kind, read

if TYPE_CHECKING:
    from pipeline.survey.folder import Survey
    from pipeline.survey.kinds import Words
    from pipeline.survey.official import PhotoText

CONTENT, PHOTOS = FOLDERS = ("content", "photos")
#: What the office notes of its publication (`survey.evidence`), and the folder of the photos of it.
EVIDENCE_FILE, EVIDENCE = "evidence.yml", "evidence"
#: Texts by the name of their file, in the order in which reports print them.
TEXTS = (
    "foreword", "abstract", "background", "purpose", "team", "method", "place", "analysis", "follow-up", "conclusion",
    "suggestions", "limits", "closing",
)  # fmt: skip
PICTURES = (".jpg", ".jpeg", ".png")
#: How a JPEG and a PNG begin and what ends them, looked for in the last bytes: a camera may write more behind it.
_MARKS, _TAIL = ((b"\xff\xd8\xff", b"\xff\xd9"), (b"\x89PNG\r\n\x1a\n", b"IEND")), 1 << 16
#: Bytes of a text, bytes of a photo, photos of one report.
TEXT_LIMIT, PHOTO_LIMIT, MOST_PHOTOS = 100_000, 15_000_000, 12
#: Marks of what a desktop leaves beside files.
_DROPPED = (".", "~$", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Picture:
    """A photo of a report: its file, what it shows, the line below it, and the language of what it shows."""

    path: Path
    shown: str
    alt: str
    caption: str
    lang: str


def is_written(name: str) -> bool:
    """Whether a file of the survey's folder (by its name there) is text or photo, no raw file.

    Examples
    --------
    >>> is_written("content/foreword.md"), is_written("puskesmas/content.csv")
    (True, False)
    """
    return name.partition("/")[0] in FOLDERS and "/" in name


def is_evidence(name: str) -> bool:
    """Whether a file of the survey's folder (by its name there) is evidence of its publication, no raw file.

    Examples
    --------
    >>> is_evidence("evidence.yml"), is_evidence("evidence/papan.jpg"), is_evidence("opd/evidence.yml")
    (True, True, False)
    """
    return name == EVIDENCE_FILE or name.startswith(f"{EVIDENCE}/")


def text(survey: Survey, unit: str, name: str, lang: str) -> tuple[str, str]:
    """Return the office's own text for a unit, in a language or else in the one there is, and its language.

    Returns
    -------
    tuple of str
        Markdown (``""``: none), and the language of the file: what it is named by, else the survey's first.

    Raises
    ------
    SurveyError
        If it is no text, or too long to be one.
    """
    folder = survey.raw / CONTENT
    own = folder / survey.slug(unit)
    named = {f"{name}.{one}.md": one for one in (lang, *(other for other in LANGUAGES if other != lang))}
    plain = {f"{name}.md": survey.definition.languages[0]}
    first, *others = named.items()
    for place in (own, folder):
        for file, spoken in (first, *plain.items(), *others):
            if (place / file).is_file():
                return _decoded(place / file, _shown(survey, place / file)), spoken
    return "", lang


def _decoded(path: Path, shown: str) -> str:
    try:
        return read(path, shown, TEXT_LIMIT, "a text of a report").decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SurveyError([Problem("is not UTF-8 text", file=shown, hint="save it as UTF-8")]) from None


def pictures(survey: Survey, unit: str, lang: str) -> list[Picture]:
    """Return a unit's photos in the order of their names: its own, else those of all units.

    Raises
    ------
    SurveyError
        With a sentence for every photo without alternative text.
    """
    folder = survey.raw / PHOTOS
    found = _files(folder / survey.slug(unit)) or _files(folder)
    chosen = [path for path in found if path.suffix.lower() in PICTURES]
    wrong = [problem for path in chosen for problem in _picture_problems(survey, path)]
    if wrong:
        raise SurveyError(wrong)
    return [_picture(survey, path, lang) for path in chosen]


def _picture(survey: Survey, path: Path, lang: str) -> Picture:
    given = _given(survey, path)
    if given is None:
        first, _, rest = _sidecar(path).partition("\n")
        home = str(survey.definition.languages[0])
        return Picture(path, _shown(survey, path), first.strip(), " ".join(rest.split()), home)
    told, spoken = survey.definition.text, spoken_in(survey, given.alt, lang)
    return Picture(path, _shown(survey, path), told(given.alt, lang), told(given.caption, lang), spoken)


def spoken_in(survey: Survey, value: Words, lang: str) -> str:
    """Language of the text that a page in a language shows: its own where the definition has it, else the office's."""
    own = isinstance(value, dict) and lang in value
    return lang if own else str(survey.definition.languages[0])


def _given(survey: Survey, path: Path) -> PhotoText | None:
    return survey.definition.photos.get(path.relative_to(survey.raw / PHOTOS).as_posix())


def _sidecar(path: Path) -> str:
    """What the text file beside a photo says: one line for who cannot see it, then a caption."""
    for beside in (path.with_name(f"{path.name}.txt"), path.with_suffix(".txt")):
        if beside.is_file():
            return _decoded(beside, beside.name).strip()
    return ""


def problems(survey: Survey) -> list[Problem]:
    """Everything under ``content/`` and ``photos/`` that no report could print, a sentence each."""
    slugs = {survey.slug(unit.id) for unit in survey.units}
    found = [
        p
        for folder in FOLDERS
        for place in _folders(survey.raw / folder)
        for p in _place(survey, place, slugs)
    ]
    for path in _everywhere(survey.raw / CONTENT):
        found += _text_problems(survey, path)
    photos = _everywhere(survey.raw / PHOTOS)
    for path in photos:
        if path.suffix.lower() != ".txt":
            found += _picture_problems(survey, path)
    there = {path.relative_to(survey.raw / PHOTOS).as_posix() for path in photos}
    for name in survey.definition.photos:
        if name not in there:
            hint = did_you_mean(name, there) or "it lies under photos/"
            found.append(Problem(f'there is no photo "{name}"', file=_shown(survey, survey.raw / "survey.yml"),
                                 key="photos", hint=hint))  # fmt: skip
    for place in (survey.raw / PHOTOS, *_folders(survey.raw / PHOTOS)):
        count = sum(path.suffix.lower() in PICTURES for path in _files(place))
        if count > MOST_PHOTOS:
            found.append(Problem(f"holds {count} photos; a report prints at most {MOST_PHOTOS}",
                                 file=_shown(survey, place), hint="keep those that show what was done"))  # fmt: skip
    return found


def _place(survey: Survey, place: Path, slugs: Iterable[str]) -> Iterator[Problem]:
    if place.name not in slugs:
        hint = did_you_mean(place.name, slugs) or "name it after the unit's id in units.csv"
        yield Problem("is the folder of no unit", file=_shown(survey, place), hint=hint)


def _text_problems(survey: Survey, path: Path) -> Iterator[Problem]:
    name, _, lang = path.name.removesuffix(".md").partition(".")
    shown = _shown(survey, path)
    if not path.name.endswith(".md") or name not in TEXTS or lang not in ("", *LANGUAGES):
        hint = did_you_mean(name, TEXTS) or f"texts are {', '.join(TEXTS)}, each with .md, .id.md or .en.md"
        yield Problem("is printed by no report", file=shown, hint=hint)
        return
    if why := _odd(path):
        yield Problem(why, file=shown, hint="put an ordinary file in its place")
        return
    try:
        _decoded(path, shown)
    except SurveyError as error:
        yield from error.problems


def _picture_problems(survey: Survey, path: Path) -> Iterator[Problem]:
    shown = _shown(survey, path)
    if path.suffix.lower() not in PICTURES:
        yield Problem("is no photo that a report can show", file=shown, hint="save it as JPEG or PNG")
    elif why := _odd(path):
        yield Problem(why, file=shown, hint="put an ordinary file in its place")
    elif path.stat().st_size > PHOTO_LIMIT:
        yield Problem(f"is larger than {PHOTO_LIMIT // 1_000_000} MB", file=shown, hint="save it smaller")
    elif why := no_picture(path):
        yield Problem(why, file=shown, hint="save it anew as JPEG or PNG")
    elif _given(survey, path) is None and not _sidecar(path):
        hint = f'say under photos: what it shows (alt), or in one line in "{path.name}.txt" beside it'
        yield Problem("has no text for those who cannot see it", file=shown, hint=hint)


def no_picture(path: Path) -> str:
    """Say what tells at a glance that no report could print a photo: its first bytes, or that its end is missing.

    Every command reads a survey's folder, so the picture itself is not opened here.
    """
    with path.open("rb") as file:
        begin = file.read(8)
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    for start, end in _MARKS:
        if begin.startswith(start):
            return "" if end in tail else "breaks off before its end"
    return "is no JPEG or PNG that can be opened"


def _odd(path: Path) -> str:
    return "is a link, not a file" if path.is_symlink() else odd_kind(path)


def _shown(survey: Survey, path: Path) -> str:
    return path.relative_to(survey.root).as_posix()


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(_DROPPED))


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if not p.is_dir() and not p.name.startswith(_DROPPED))


def _everywhere(folder: Path) -> list[Path]:
    return [*_files(folder), *(path for place in _folders(folder) for path in _files(place))]
