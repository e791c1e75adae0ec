"""A list of themes made ready to be looked for: each keyword by the first of its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from pipeline.survey import Survey
from pipeline.survey import themes as data
from pipeline.survey.themes import ThemeFile
from pipeline.themes.tokens import Word, forms, near, words

#: Words of ``a + b`` stand at most this many words apart, in one clause.
WINDOW = 5
#: Shorter keywords are other words too easily to be found behind a slip of the pen.
_LONG_ENOUGH = 7


class Keyword(NamedTuple):
    """One keyword as it is looked for: its words, each exactly or in any form, in a row or near one another."""

    words: tuple[str, ...]
    exact: tuple[bool, ...]
    apart: bool

    @classmethod
    def of(cls, text: str) -> Keyword:
        """Read a keyword as the data file writes it.

        Examples
        --------
        >>> Keyword.of("=cepat"), Keyword.of("lama + selesai").apart
        (Keyword(words=('cepat',), exact=(True,), apart=False), True)
        """
        parts = [part for part in text.split() if part != "+"]
        exact = tuple(part.startswith("=") for part in parts)
        return cls(tuple(part.removeprefix("=") for part in parts), exact, " + " in text)


class Find(NamedTuple):
    """What a keyword means where it fits: for which theme, and in which way."""

    keyword: Keyword
    theme: str
    way: str


#: Ways in which a keyword is meant.
WORDS, UNLESS_NEGATED, EXCLUDE = "words", "unless_negated", "exclude"


@dataclass(frozen=True)
class Model:
    """Themes ready to be looked for; make one with `compiled`.

    Attributes
    ----------
    file : ThemeFile
        The data that it was made of.
    index : mapping of str to list of Find
        Keywords by their first word.
    nothing : mapping of str to frozenset of str
        Words of texts that say nothing, by kind.
    vocabulary : frozenset of str
        Words that a misspelt one may be meant for: of keywords, of texts that say nothing, and negations.
    """

    file: ThemeFile
    index: Mapping[str, Sequence[Find]]
    vocabulary: frozenset[str]
    nothing: Mapping[str, frozenset[str]]

    def words(self, text: str) -> list[Word]:
        """Words of a text in the spelling of the keywords."""
        return words(text, self.file.spellings)

    def unsur(self, theme: str) -> str:
        """The item that a theme speaks of."""
        return self.file.themes[theme].unsur

    def name(self, theme: str, lang: str) -> str:
        """What readers call a theme; in the other language where there is no name in theirs."""
        names = self.file.themes[theme].name
        return names.get(lang) or next(iter(names.values()), theme)

    def known(self, word: str) -> frozenset[str]:
        """Forms of a word as keywords have them; of a long word with one wrong letter those it was meant to be.

        Examples
        --------
        >>> "syarat" in compiled(data.built_in()).known("persyratan")
        True
        """
        found = forms(word)
        if found & self.vocabulary or len(word) < _LONG_ENOUGH:
            return found
        whole = [(form, len(form)) for form in found if len(form) >= _LONG_ENOUGH - 1]
        meant = [
            other
            for other, size in self._long.get(word[0], ())
            # Most are longer or shorter by more than `near` lets pass: that is seen without asking it.
            if any(-1 <= size - letters <= 1 and near(form, other) for form, letters in whole)
        ]
        return found.union(*(forms(other) for other in meant))

    @cached_property
    def _long(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """Long words of the vocabulary and their lengths, by first letter."""
        found: dict[str, list[tuple[str, int]]] = {}
        for word in self.vocabulary:
            if len(word) >= _LONG_ENOUGH:
                found.setdefault(word[0], []).append((word, len(word)))
        return found


def compiled(file: ThemeFile) -> Model:
    """Make a list of themes ready to be looked for.

    Examples
    --------
    >>> model = compiled(data.built_in())
    >>> model.unsur("parkir"), model.name("parkir", "en")
    ('U9', 'Parking')
    """
    index: dict[str, list[Find]] = {}
    vocabulary: set[str] = set()
    for name, theme in file.themes.items():
        for way in (WORDS, UNLESS_NEGATED, EXCLUDE):
            for text in getattr(theme, way):
                keyword = Keyword.of(text)
                index.setdefault(keyword.words[0], []).append(Find(keyword, name, way))
                vocabulary |= {word for word, exact in zip(keyword.words, keyword.exact) if not exact}
    nothing = {kind: frozenset(getattr(file.nothing, kind)) for kind in type(file.nothing).model_fields}
    for kind in ("none", "praise", "test", "filler"):
        vocabulary |= nothing[kind]
    return Model(file, index, frozenset(vocabulary | set(file.negation)), nothing)


def fits(
    find: Find, at: int, text: Sequence[Word], known: Sequence[frozenset[str]]
) -> Iterator[tuple[int, ...]]:
    """Yield places of a text's words on which a keyword fits, its first word at a given one."""
    wanted, exact, apart = find.keyword

    def fit(place: int, part: int) -> bool:
        word = wanted[part]
        return text[place].spelled == word if exact[part] else word in known[place]

    if not fit(at, 0):
        return
    if len(wanted) == 1:
        yield (at,)
        return
    places = [at]
    for part in range(1, len(wanted)):
        near_by = (
            range(max(0, at - WINDOW), min(len(text), at + WINDOW + 1))
            if apart
            else range(at + part, at + part + 1)
        )
        found = _nearest((p for p in near_by if p < len(text) and p not in places), at, text)
        place = next((p for p in found if fit(p, part)), None)
        if place is None:
            return
        places.append(place)
    yield tuple(places)


def _nearest(places: Iterable[int], at: int, text: Sequence[Word]) -> list[int]:
    """Places of one clause, the nearest first."""
    return sorted((p for p in places if text[p].clause == text[at].clause), key=lambda p: (abs(p - at), p))


@lru_cache(maxsize=1)
def built_in() -> Model:
    """Return the themes of this package, made ready once."""
    return compiled(data.built_in())


def of_survey(survey: Survey) -> Model:
    """Return the themes of a survey: those of this package, and what its ``themes.yml`` says besides.

    Raises
    ------
    SurveyError
        When the file cannot be used.
    """
    own = survey.themes
    return built_in() if own is None else compiled(own)
