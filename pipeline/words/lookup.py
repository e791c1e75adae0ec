"""Looking strings up by key in the locale files, and the reader's number formats beside them.

One file per area and language (``locale/id/unit.yml``); both languages carry the same keys
and the same placeholders (a test holds that). ``**bold**`` in a string marks emphasis and is
read from the string only, never from the values put into it. ``{n:unit|units}`` is the number
with the form that goes with it, ``{n:=is|are}`` the form alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import Any

from pipeline import LANGUAGES
from pipeline.rules.datafile import parse
from pipeline.words import formats
from pipeline.words.foreign import Foreign

#: What the regulation calls the parts of its index, and what those of any other questionnaire are called.
ITEMS = {"id": ("unsur", "butir"), "en": ("element", "item")}
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)


class MissingWord(KeyError):
    """A key that a locale file does not have; names the key and the language."""

    def __init__(self, key: str, lang: str, hint: str = "") -> None:
        self.key, self.lang = key, lang
        super().__init__(f"no words for {key!r} in language {lang!r}{hint}")

    def __str__(self) -> str:
        return str(self.args[0])


@lru_cache(maxsize=64)
def load(lang: str, area: str) -> dict[str, Any]:
    """Read one locale file (cached): nested mappings of strings."""
    path = resources.files("pipeline.words") / "locale" / lang / f"{area}.yml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MissingWord(area, lang, f": there is no locale/{lang}/{area}.yml") from None
    found: dict[str, Any] = parse(text)
    return found or {}


def areas(lang: str) -> list[str]:
    """Names of the locale files of a language, sorted."""
    folder = resources.files("pipeline.words") / "locale" / lang
    return sorted(p.name.removesuffix(".yml") for p in folder.iterdir() if p.name.endswith(".yml"))


def flat(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Flatten nested mappings to dotted keys.

    Examples
    --------
    >>> flat({"a": {"b": "c"}})
    {'a.b': 'c'}
    """
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{key}."))
        else:
            found[f"{prefix}{key}"] = str(value)
    return found


class _Forms(Formatter):
    """Fills ``{units:unit|units}`` with the number and the form that goes with it, ``{units:=is|are}`` with the form.

    Indonesian needs none; an English string says both wherever its number can be one.

    Examples
    --------
    >>> _Forms().format("{n:unit was|units were} late; {n:=it is|they are} named", n="1")
    '1 unit was late; it is named'
    >>> _Forms().format("{n:unit|units} of {all:.1f}", n=2, all=3)
    '2 units of 3.0'
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, other = format_spec.partition("|")
        if not bar:
            return str(format(value, format_spec))
        alone = one.startswith("=")
        form = one.removeprefix("=") if str(value) == "1" else other
        return form if alone else f"{value} {form}"


_FORMS = _Forms()


def _filled(piece: str, values: Mapping[str, Any]) -> str:
    """Fill a piece of a string; only one that holds forms to choose from takes the slower way."""
    return _FORMS.vformat(piece, (), values) if "|" in piece else piece.format(**values)


def _kept(piece: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Fill a piece of a string; a value in another language stays a text of its own.

    Examples
    --------
    >>> list(_kept("Said: “{quote}” ({n})", {"quote": Foreign("Antre", "id"), "n": 2}))
    ['Said: “', 'Antre', '” (2)']
    """
    text = ""
    for before, name, spec, _ in _FORMS.parse(piece):
        text += before
        if name is None:
            continue
        value = values[name]
        if not isinstance(value, Foreign):
            text += _FORMS.format_field(value, spec or "")
            continue
        if text:
            yield text
        text = ""
        yield value
    if text:
        yield text


class Words:
    """Strings of one language, and numbers and dates as its readers write them.

    Parameters
    ----------
    lang : str
        ``"id"`` or ``"en"``.

    Examples
    --------
    >>> w = Words("id")
    >>> w.number(86.214), w.percent(0.5)
    ('86,21', '50\\xa0%')
    """

    def __init__(self, lang: str = "id") -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"language {lang!r} is not one of {', '.join(LANGUAGES)}")
        self.lang = lang

    def __repr__(self) -> str:
        return f"Words({self.lang!r})"

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """Words of a notebook's headings and what is said instead; none where all is as the regulation says."""
        return ()

    # strings -------------------------------------------------------------------------
    def template(self, key: str) -> str:
        """Return the string of a key, not yet filled."""
        area, _, rest = key.partition(".")
        found: Any = load(self.lang, area)
        for name in rest.split(".") if rest else ():
            if not isinstance(found, dict) or name not in found:
                raise MissingWord(key, self.lang, self._hint(area, rest))
            found = found[name]
        if not isinstance(found, str):
            raise MissingWord(key, self.lang, ": the key holds a group of strings, not one")
        return found

    def _hint(self, area: str, rest: str) -> str:
        from difflib import get_close_matches  # late: only a wrong key needs it

        near = get_close_matches(rest, list(flat(load(self.lang, area))), 1)
        return f": did you mean {area}.{near[0]!s}?" if near else ""

    def __call__(self, key: str, **values: Any) -> str:
        """Return the string of a key with its placeholders filled; emphasis marks removed."""
        return "".join(text for text, _ in self.runs(key, **values))

    def runs(self, key: str, **values: Any) -> list[tuple[str, bool]]:
        """Return the filled string as runs ``(text, is_strong)``, in order."""
        pieces = _BOLD.split(self.template(key))
        try:
            if any(isinstance(value, Foreign) for value in values.values()):
                return [(text, i % 2 == 1) for i, p in enumerate(pieces) for text in _kept(p, values)]
            return [(_filled(p, values), i % 2 == 1) for i, p in enumerate(pieces) if p]
        except KeyError as error:
            raise MissingWord(key, self.lang, f": no value for the placeholder {error}") from None

    def has(self, key: str) -> bool:
        """Say whether a key exists."""
        return self._held(key) is not None

    def _held(self, key: str) -> str | None:
        """The string of a key, None where there is none: nobody asks then which key may have been meant."""
        area, _, rest = key.partition(".")
        try:
            found: Any = load(self.lang, area)
        except MissingWord:
            return None
        return _below(found, rest)

    def count(self, key: str, n: int, **values: Any) -> str:
        """Choose between the ``one`` and ``other`` form of a key; ``{n}`` is the written number."""
        form = "one" if n == 1 else "other"
        return self(f"{key}.{form}", n=self.integer(n), **values)

    def label(self, kind: str, code: Any) -> str:
        """Label of a category code (``label("education", "sma")``); the code itself when unknown."""
        if code is None or code != code or str(code) in ("", "<NA>", "nan"):
            return self("labels.missing")
        group = load(self.lang, "labels").get(kind, {})
        return str(group.get(str(code), code)) if isinstance(group, dict) else str(code)

    # numbers and dates -----------------------------------------------------------------
    def number(self, value: Any, digits: int = 2) -> str:
        """Write a number, rounded half up."""
        return formats.number(value, self.lang, digits)

    def integer(self, value: Any) -> str:
        """Write a whole number with thousands separators."""
        return formats.number(value, self.lang, 0)

    def percent(self, share: Any, digits: int = 0) -> str:
        """Write a share (0-1) as a percentage."""
        text = formats.number(_times_100(share), self.lang, digits)
        if text == formats.NOTHING:
            return text
        return text + (f"{formats.NBSP}%" if self.lang == "id" else "%")

    def confidence(self, share: Any) -> str:
        """Write a confidence, never as 100 %: ``> 99,9 %``.

        Examples
        --------
        >>> Words("en").confidence(0.99999), Words("en").confidence(0.873)
        ('> 99.9%', '87.3%')
        """
        rounded = formats.decimal(share, 3)
        if rounded is not None and rounded >= 1:
            return f"> {self.percent(0.999, 1)}"
        return self.percent(share, 1)

    def interval(self, lower: Any, upper: Any, digits: int = 2) -> str:
        """Write an interval: ``84,95 – 86,77``."""
        return f"{self.number(lower, digits)} {formats.DASH} {self.number(upper, digits)}"

    def p(self, value: Any) -> str:
        """Write a p value: three decimals, never ``0,000``."""
        if formats.decimal(value, 3) is None:
            return formats.NOTHING
        if float(value) < 0.001:
            return "< " + self.number(0.001, 3)
        return self.number(value, 3)

    def date(self, value: Any) -> str:
        """Write a date in full."""
        return formats.date(value, self.lang)

    def date_range(self, start: Any, end: Any) -> str:
        """Write a period."""
        return formats.date_range(start, end, self.lang)

    def join(self, names: Iterable[str]) -> str:
        """Join names as a sentence does: ``a, b, dan c`` / ``a, b and c``; by semicolons where one holds a comma."""
        listed = list(names)
        if len(listed) < 2:
            return "".join(listed)
        word = self("common.and")
        if any("," in name for name in listed):
            return f"{'; '.join(listed[:-1])}; {word} {listed[-1]}"
        if self.lang == "id" and len(listed) > 2:
            return f"{', '.join(listed[:-1])}, {word} {listed[-1]}"
        return f"{', '.join(listed[:-1])} {word} {listed[-1]}"


class SaidOf(Words):
    """Words in which a locale file speaks first where it has the same key; of several, the first that has it.

    Parameters
    ----------
    lang : str
        ``"id"`` or ``"en"``.
    files : iterable of str
        Names of locale files that hold other wordings by area: ``set`` (a named set instead of a city), ``own``
        (a questionnaire of one's own), ``foreign`` (no letter). With ``own``, what the regulation calls
        an *unsur* is an item everywhere.

    Examples
    --------
    >>> SaidOf("en", ["foreign"])("portal.ikm"), SaidOf("en", ["own"])("unit.which_first.none")
    ('Index', 'No item was answered.')
    """

    def __init__(self, lang: str = "id", files: Iterable[str] = ()) -> None:
        super().__init__(lang)
        self.files = tuple(files)

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """Of a questionnaire of one's own: items, where the regulation has unsur."""
        return (ITEMS[self.lang],) if "own" in self.files else ()

    def template(self, key: str) -> str:
        """Return the string of a key as the first of the files says it."""
        text = self._first(key)
        text = super().template(key) if text is None else text
        return items_for_unsur(text, self.lang) if "own" in self.files else text

    def label(self, kind: str, code: Any) -> str:
        """Label of a category code, as the first of the files says it."""
        return self._first(f"labels.{kind}.{code}") or super().label(kind, code)

    def _held(self, key: str) -> str | None:
        return self._first(key) or super()._held(key)

    def _first(self, key: str) -> str | None:
        """The string of a key as the first of the files says it, None where none of them does."""
        return next(filter(None, (_below(load(self.lang, file), key) for file in self.files)), None)


def _below(tree: Any, key: str) -> str | None:
    """The string that a dotted key names in nested mappings, None where it names none."""
    for name in key.split("."):
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree if isinstance(tree, str) else None


def said_of(
    lang: str, items: Collection[str], official: Collection[str], foreign: bool, named_set: bool = False
) -> Words:
    """Words for pages about an index: what is said of a set, of own questionnaires, of one without letters.

    Parameters
    ----------
    lang : str
    items : collection of str
        Items of the index; none known is taken for the regulation's.
    official : collection of str
        Codes of the regulation's unsur.
    foreign : bool
        Whether the index gets no letter (R11).
    named_set : bool
        Whether the page is about a named set of units.

    Examples
    --------
    >>> said_of("en", ["a.1"], ["U1"], True).files, said_of("en", ["U1", "a.1"], ["U1"], False)
    (('own', 'foreign'), Words('en'))
    """
    own = bool(items) and set(official).isdisjoint(items)
    files = [name for name, holds in (("set", named_set), ("own", own), ("foreign", foreign)) if holds]
    return SaidOf(lang, files) if files else Words(lang)


@lru_cache(maxsize=4096)
def items_for_unsur(text: str, lang: str) -> str:
    """Call what the regulation calls an unsur (element) an item, outside of placeholders.

    Examples
    --------
    >>> items_for_unsur("Unsur {unsur}: {n} unsur", "id"), items_for_unsur("Three elements", "en")
    ('Butir {unsur}: {n} butir', 'Three items')
    """
    old, new = ITEMS[lang]
    pieces = re.split(r"(\{[^{}]*\})", text)
    pieces[::2] = [p.replace(old, new).replace(old.title(), new.title()) for p in pieces[::2]]
    return "".join(pieces)


def _times_100(share: Any) -> Any:
    rounded = formats.decimal(share, 12)
    return None if rounded is None else rounded * Decimal(100)
