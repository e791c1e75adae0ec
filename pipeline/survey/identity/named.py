"""Where in a text somebody is named: behind a title, or by a word that only names are made of."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.survey.identity.ordinary import is_ordinary
from pipeline.survey.identity.wordlists import listed
from pipeline.survey.text import fold

TITLES = listed("titles")
HONOURS = listed("honours")
#: Words before a name of an office, a street, a school: what follows is no person.
PLACES = listed("places")
#: What stands behind a title and is an office or a role.
ROLES = listed("roles")
#: Titles behind which any word is a name, whatever its case, unless it is an ordinary word.
_ANY_CASE = listed("any case")
#: Titles that are words themselves, too: a small word behind them must not be short.
_LOOSE = listed("loose") | {"dr"}
#: Behind these only a word with a capital, where capitals say something.
_CAPITAL = listed("capital") | (TITLES - _ANY_CASE - _LOOSE)
_SAYING = ("nama saya", "saya bernama", "bernama", "atas nama", "namanya", "bernama lengkap")
#: Whoever is of somebody's family, and the end of a letter: a word with a capital follows.
_KIN = rf"(?:{'|'.join(sorted(listed('kin')))})\s(?:saya|kami|ku)"
_HEAD = rf"(?:pak|bapak|bpk|bu|ibu)\s(?:{'|'.join(sorted(listed('heads')))})"
_CLOSING = r"(?:hormat (?:saya|kami)|ttd|tertanda|salam(?: hormat| kami)?)[,.:]?"
SAID = TITLES | _ANY_CASE | _LOOSE | _CAPITAL | listed("kin") | {"h", "hj", "nama", "namanya", "bernama"}
SAID |= {"hormat", "ttd", "tertanda", "salam"}
_EVERY = "|".join(
    sorted(TITLES | _ANY_CASE | _LOOSE | _CAPITAL | {"h", "hj"}, key=lambda title: (-len(title), title))
)
_TITLE = re.compile(
    rf"(?<![\w<])((?i:{'|'.join(_SAYING)}|{_KIN}|{_CLOSING}|{_HEAD}\b|(?:{_EVERY})\b\.?))"
    r"(?=(?:\s+|(?<=\.))([^\W\d_][\w'\u2019-]+))"
)
#: "oleh Sarkawi": a preposition and a word that only its capital tells.
_BESIDE_WORDS = "|".join(sorted(listed("beside")))
BESIDE = rf"\b(?i:{_BESIDE_WORDS}) [A-Z][a-z]"
_ACCOMPANIED = re.compile(
    rf"\b(?i:{_BESIDE_WORDS})\s+([A-Z][a-z][\w'\u2019-]*)|\b(?i:a/n|an\.)\s*([^\W\d_][\w'-]{{2,}})"
)
_FOLLOWER = re.compile(r"\s+([^\W\d_][\w'\u2019-]*)")
_WORD = re.compile(r"[^\W\d_]+")
_NOBODY = listed("makes") | listed("offices") | listed("towns", "ordinary.txt")
TOKEN = re.compile(r"[^\W\d_]+\.?")
#: The shortest word in small letters that is a name behind a loose title, or beside a listed name.
_LONG_ENOUGH, _BESIDE = 5, 4
#: Endings that only names have, in words of six letters and more.
_ENDING = re.compile(
    r"(?:wati|yanti|yanto|wanto|ianto|iyono|ningsih|ningrum|ud+in|ullah|astuti|syah|[pynml]asari|[tjy]ono|[hny]ardi|yadi"
    r"|iarti|yarti|uarti|arno|atmi|iyem|inem|wibowo|kusumo|prasetya|prasetyo|nugroho)$"
)
_VERBS = ("me", "le", "di", "ke", "ber", "ter", "se")


@lru_cache(maxsize=200_000)
def kind(word: str) -> int:
    """How much a folded word is a name: 2 surely, 1 perhaps, 0 not."""
    if word in listed("sure"):
        return 2
    if len(word) >= 6 and _ENDING.search(word) and not (word.startswith(_VERBS) and is_ordinary(word)):
        return 2
    return 1 if word in listed("also words") else 0


def kinds_of(words: list[str]) -> list[int]:
    """How much each word is a name; the Balinese "I" and "Ni" make a name of what follows."""
    kinds = [kind(word) for word in words]
    for place, word in enumerate(words[:-1]):
        if word in ("i", "ni") and kinds[place + 1]:
            kinds[place] = kinds[place + 1] = 2
    return kinds


@lru_cache(maxsize=10_000)
def says_nothing_by_case(text: str) -> bool:
    """Whether the capitals of a text tell no names: all are, or every word begins with one.

    Examples
    --------
    >>> [says_nothing_by_case(t) for t in ("PAK SARKAWI", "Mohon Pak Lurah Segera Datang", "Pak Sarkawi ramah")]
    [True, True, False]
    """
    if text.isupper():
        return True
    words = _WORD.findall(text)
    return len(words) >= 4 and all(word[0].isupper() for word in words)


def titled(text: str, question: bool = False) -> str:
    """Mask the word behind a title, in any case, with the words of a name that follow it.

    Parameters
    ----------
    text : str
    question : bool
        An ordinary word is none of a name, capital or not: "Menurut Ibu Biaya layanan wajar".

    Examples
    --------
    >>> titled("pak sarkawi kertapraja ramah, dr pagi; bu guru Darmiyati")
    'pak <name> ramah, dr pagi; bu guru <name>'
    """
    out, at = [], 0
    for match in _TITLE.finditer(text):
        if match.start() < at:
            continue
        start, end = _place(text, match, question)
        if end:
            out += [text[at:start], "<name>"]
            at = end
    return "".join([*out, text[at:]])


def _place(text: str, match: re.Match[str], question: bool) -> tuple[int, int]:
    """Where the name behind a title begins and ends; zeros where what follows is no name."""
    title, first = " ".join(fold(match[1]).split()), match[2]
    caseless = says_nothing_by_case(text)
    if _is_name(title, match[1], first, caseless, question):
        return match.start(2), _end(text, match.end(2), first, caseless)
    # "dokter hewan Brahmantara": the trade of a healer, then a name that its capital tells.
    second = _FOLLOWER.match(text, match.end(2)) if title in listed("healers") and not caseless else None
    if second is None or not (second[1][0].isupper() and first.islower()):
        return 0, 0
    if common(second[1], caseless) or is_ordinary(fold(second[1])) or not is_ordinary(fold(first)):
        return 0, 0
    return second.start(1), _end(text, second.end(), second[1], caseless)


def _is_name(title: str, written: str, first: str, caseless: bool, question: bool) -> bool:
    """Whether the word behind a title is a name."""
    if not _can_follow(title, written, first, caseless):
        return False
    word = fold(first)
    if common(first, caseless) or word == title:
        return False
    strict = question or title not in _ANY_CASE or title in _LOOSE
    return not (strict and not kind(word) and is_ordinary(word))


def _end(text: str, end: int, first: str, caseless: bool) -> int:
    """Where a name that has begun ends: at most three more words belong to it."""
    for _ in range(3):
        follower = _FOLLOWER.match(text, end)
        if not follower or not _goes_on(follower[1], first, caseless):
            break
        end = follower.end()
    return end


def _can_follow(title: str, written: str, first: str, caseless: bool) -> bool:
    """Whether a word may be a name behind a title: in small letters only behind some."""
    capital = first[0].isupper()
    if title in _SAYING or (title in _ANY_CASE and title not in _LOOSE and title != "h"):
        return True
    # "dr" without its dot is how "dari" is written, and a lone "h" is anything.
    if title in ("dr", "h", "hj") and written.endswith("."):
        return True
    if title in _LOOSE:
        long = len(first) >= _LONG_ENOUGH
        town = title == "dr" and fold(first) in listed("towns", "ordinary.txt")
        return not town and (long or kind(fold(first)) == 2 or (capital and not caseless))
    return kind(fold(first)) == 2 or (capital and not caseless)


def _goes_on(word: str, first: str, caseless: bool) -> bool:
    """Whether a word continues a name that has begun."""
    if common(word, caseless):
        return False
    small = not word[0].isupper() or caseless
    known = bool(kind(fold(word)))
    return known or (len(word) >= _BESIDE if small else not (first.islower() and is_ordinary(fold(word))))


@lru_cache(maxsize=50_000)
def common(word: str, caseless: bool) -> bool:
    """Whether a word behind a title is an office, a role or an ordinary word, and no name."""
    folded = fold(word)
    if folded in ROLES or folded in PLACES or folded in listed("common") or folded in listed("capital"):
        return True
    if word.isupper() and len(word) <= 4 and not caseless:  # PKK, KUA
        return folded not in listed("sure")
    if kind(folded) or (word[0].isupper() and not caseless and folded in listed("roots", "ordinary.txt")):
        return False
    return is_ordinary(folded)


def accompanied(text: str) -> str:
    """Mask a name that stands behind a preposition and that only its capital tells.

    Examples
    --------
    >>> accompanied("dilayani oleh Sarkawi, sesuai dengan Peraturan; dibantu Dinas")
    'dilayani oleh <name>, sesuai dengan Peraturan; dibantu Dinas'
    """
    if says_nothing_by_case(text):
        return text
    out, at = [], 0
    for match in _ACCOMPANIED.finditer(text):
        group = 1 if match[1] else 2
        first, word = match[group], fold(match[group])
        if match.start() < at or common(first, False) or is_ordinary(word) or word in _NOBODY:
            continue
        out += [text[at : match.start(group)], "<name>"]
        at = _end(text, match.end(group), first, False)
    return "".join([*out, text[at:]])


def names(text: str) -> str:
    """Replace every run of name words that holds a sure one, unless it names a place.

    Examples
    --------
    >>> names("terima kasih siti kertanegari, RSUD Siti Fatimah bersih")
    'terima kasih <name>, RSUD Siti Fatimah bersih'
    """
    found = list(TOKEN.finditer(text))
    words = [fold(match[0]) for match in found]
    kinds = kinds_of(words)
    if 2 not in kinds:
        return text
    caseless = says_nothing_by_case(text)
    out, at, index = [], 0, 0
    while index < len(found):
        if not kinds[index]:
            index += 1
            continue
        start, end = index, _run_end(text, found, words, kinds, index)
        before = set(words[max(start - 2, 0) : start])
        inside = text[found[start].start() - 1 : found[start].start()] == "<"
        if 2 in kinds[start : end + 1] and not before & PLACES and not inside:
            start = _run_start(text, found, words, start, caseless)
            if found[start].start() >= at:
                out += [text[at : found[start].start()], "<name>"]
                at = found[end].end()
        index = end + 1
    return "".join([*out, text[at:]])


def _gap(text: str, left: re.Match[str], right: re.Match[str]) -> str:
    return text[left.end() : right.start()]


def _run_end(text: str, found: list[re.Match[str]], words: list[str], kinds: list[int], index: int) -> int:
    """Return the last word of a name that begins at a word."""
    caseless = says_nothing_by_case(text)
    end = index
    strange = 0
    while end + 1 < len(found) and _gap(text, found[end], found[end + 1]).strip(" .,'\u2019-") == "":
        token, word = found[end + 1][0], words[end + 1]
        if not kinds[end + 1]:
            capital = token[0].isupper() and not caseless
            beside = _gap(text, found[end], found[end + 1]) == " " and not found[end][0].endswith(".")
            unknown = len(word) >= _BESIDE and not is_ordinary(word) and strange == 0 and beside
            if word in PLACES or word in ROLES or not (capital or unknown):
                break
            strange += not capital
        end += 1
    return end


def _run_start(text: str, found: list[re.Match[str]], words: list[str], start: int, caseless: bool) -> int:
    """Take an unknown word before a listed name into the name: *tiur simanjuntak*."""
    if not start or _gap(text, found[start - 1], found[start]) != " ":
        return start
    word, token = words[start - 1], found[start - 1][0]
    known = len(word) < _BESIDE or is_ordinary(word) or word in SAID or token.endswith(".")
    # A word of capitals beside others is an office: SAMSAT, PUSKESMAS.
    if known or word in listed("towns", "ordinary.txt") or (token.isupper() and not caseless):
        return start
    return start - 1 if text[found[start - 1].start() - 1 : found[start - 1].start()] != "<" else start
