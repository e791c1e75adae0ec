"""What identifies a person in a text: numbers, addresses and names, as Indonesia writes them.

Everything that leaves the intake, and every sentence about a raw file, passes `mask`. Numbers and addresses
have a form; names have none, so a list of the words that Indonesian names are made of (``names.txt``) decides.
A name that is made of none of them is only recognised behind a title (Pak, Ibu, Sdr.) or "nama saya".
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from pipeline.survey import contacts
from pipeline.survey.contacts import listed
from pipeline.survey.units import fold

_WORDS = r"[^\W\d_][\w'.]*(?:[ ]+[^\W\d_][\w'.]*){0,3}"
_CAPITALS = r"[A-Z][\w'.]+(?:[ ]+[A-Z][\w'.]*){0,3}"
_NAMED = re.compile(
    rf"\b((?i:nama(?:\s+(?:saya|lengkap|anda))?\s*(?::|adalah|=)|a\.?\s?n\.?\s*[:=])\s*){_WORDS}"
    rf"|\b((?i:nama\s+saya|saya\s+bernama|atas\s+nama)\s+){_CAPITALS}"
)
_TITLES = listed("titles")
#: Titles behind which any word is a name, whatever its case, unless it is an ordinary word.
_ANY_CASE = listed("any case") | {"nama saya", "saya bernama"}
_SAID = "|".join(sorted(_TITLES | _ANY_CASE, key=lambda title: (-len(title), title)))
_TITLE = re.compile(
    rf"(?<![\w<])((?i:nama saya|saya bernama|{_SAID})\.?)(?:\s+|(?<=\.))([^\W\d_][\w'\u2019-]+)"
)
_FOLLOWER = re.compile(r"\s+([^\W\d_][\w'\u2019-]*)")
#: Words that a text holds in which `mask` may find a name or what leads to a person.
_TRIGGERS = _TITLES | _ANY_CASE | contacts.TRIGGERS | {"i", "ni", "nama", "bernama", "an"}
#: Beginnings of verbs and of what is made of them.
_PREFIXES = ("me", "di", "ber", "ter", "per", "pel", "pen", "pem", "se", "ke")
#: What stands behind a title and is an office or a role.
_ROLES = listed("roles")
#: Words before a name of an office, a street, a school: what follows is no person.
_PLACES = listed("places")
_DEGREES = re.compile(
    r",?\s*\b(?:[SM]\.\s?(?:[A-Z][A-Za-z]{0,3}\.?){1,2}(?:\s?[A-Z][A-Za-z]{0,3}\b)?|A\.\s?Md(?:\.\s?[A-Z][a-z]{1,3})?|Amd"
    r"|Ph\.?\s?D|Sp\.\s?\w{1,4}|Ners|Apt|SE|SH|MM|ST|SKM|MH|MSi)\b\.?"
)
_HONOURS = listed("honours")
_NOT_PERSONS = _PLACES | _ROLES
_TOKEN = re.compile(r"[^\W\d_]+\.?")
#: Endings that only names have, in words of six letters and more.
_ENDING = re.compile(
    r"(?:wati|yanti|yanto|wanto|ianto|iyono|ningsih|ningrum|ud+in|ullah|astuti|syah|[pynml]asari|[tjy]ono|[hny]ardi|yadi"
    r"|iarti|yarti|uarti|arno|atmi|iyem|inem|wibowo|kusumo|prasetya|prasetyo|nugroho)$"
)
_VERBS = ("me", "le", "di", "ke", "ber", "ter", "se")


@lru_cache(maxsize=200_000)
def _kind(word: str) -> int:
    """How much a folded word is a name: 2 surely, 1 perhaps, 0 not."""
    if word in listed("sure"):
        return 2
    if len(word) >= 6 and _ENDING.search(word) and not word.startswith(_VERBS):
        return 2
    return 1 if word in listed("also words") else 0


def is_name_word(word: str) -> bool:
    """Whether a text with this word (lower case) may hold what `mask` masks.

    Examples
    --------
    >>> is_name_word("aminah"), is_name_word("baik")
    (True, False)
    """
    return _kind(word) == 2 or word in _TRIGGERS


def _kinds(words: list[str]) -> list[int]:
    """How much each word is a name; the Balinese "I" and "Ni" make a name of what follows."""
    kinds = [_kind(word) for word in words]
    for place, word in enumerate(words[:-1]):
        if word in ("i", "ni") and kinds[place + 1]:
            kinds[place] = kinds[place + 1] = 2
    return kinds


def is_person(text: str) -> bool:
    """Whether a whole cell is the name of a person.

    Examples
    --------
    >>> is_person("Hj. Siti Aminah, S.Pd"), is_person("SUPARMAN"), is_person("Sangat Baik")
    (True, True, False)
    >>> is_person("RSUD Siti Fatimah"), is_person("Budi Luhur"), is_person("I Wayan Sudana")
    (False, False, True)
    """
    if not 3 <= len(text) <= 80 or any(c.isdigit() for c in text):
        return False
    plain = _DEGREES.sub("", text)
    words = fold(" ".join(_TOKEN.findall(plain))).split()
    core = [w for w in words if w not in _HONOURS and w not in _TITLES and (len(w) > 1 or w == "i")]
    if not core or len(core) > 6 or not _NOT_PERSONS.isdisjoint(core):
        return False
    kinds = _kinds(core)
    if 2 in kinds and 2 * sum(k > 0 for k in kinds) >= len(kinds):
        return True
    # A title before it, or a degree behind it, tells a name that the list does not know.
    titled = plain != text or words[0] in _TITLES or words[0] in _HONOURS - {"r", "an"}
    return titled and len(core) <= 4 and all(part[0].isupper() for part in _TOKEN.findall(plain)[1:])


def mask(text: str, names: bool = True) -> str:
    """Replace what identifies a person by what kind of thing it was.

    Parameters
    ----------
    text : str
    names : bool
        Also names; without, only numbers and addresses (for headers, questions and lists of units).

    Returns
    -------
    str
        With ``<nik>``, ``<nip>``, ``<phone>``, ``<email>``, ``<url>``, ``<account>``, ``<number>``,
        ``<plate>``, ``<address>`` and ``<name>``.

    Examples
    --------
    >>> mask("Hubungi saya di 0812-3456-7890"), mask("terima kasih siti aminah, ramah")
    ('Hubungi saya di <phone>', 'terima kasih <name>, ramah')
    >>> mask("RSUD Ahmad Yani bersih"), mask("buka 05-08-2024"), mask("Rp1.250.000")
    ('RSUD Ahmad Yani bersih', 'buka 05-08-2024', 'Rp1.250.000')
    """
    if len(text) < 3:
        return text
    ready = contacts.plain(text)
    out = contacts.mask(ready)
    if names:
        out = _NAMED.sub(lambda m: f"{m[1] or m[2]}<name>", out)
        out = _names(_titled(out))
    # What holds nothing is shown as it was written.
    return text if out == ready else out


def _titled(text: str) -> str:
    """Mask the word behind a title, in any case, with the words of a name that follow it."""
    out, at = [], 0
    for match in _TITLE.finditer(text):
        if match.start() < at:
            continue
        end = _name_end(text, match)
        if end:
            out += [text[at : match.start(2)], "<name>"]
            at = end
    return "".join([*out, text[at:]])


def _name_end(text: str, match: re.Match[str]) -> int:
    """Where the name behind a title ends; 0 where what follows is no name."""
    title, first = " ".join(fold(match[1]).split()), match[2]
    # "dr" without its dot is how "dari" is written, and a lone "h" is anything.
    strict = title not in _ANY_CASE or (title in ("h", "dr") and not match[1].endswith("."))
    shouting = text.isupper()
    if (strict and not first[0].isupper()) or _common(first, shouting):
        return 0
    end = match.end(2)
    for follower in islice(_FOLLOWER.finditer(text, end), 3):
        word = follower[1]
        named = _kind(fold(word)) or (word[0].isupper() and not shouting and not first.islower())
        if follower.start() != end or not named or _common(word, shouting):
            break
        end = follower.end()
    return end


@lru_cache(maxsize=50_000)
def _common(word: str, shouting: bool) -> bool:
    """Whether a word behind a title is an office, a role or an ordinary word, and no name."""
    folded = fold(word)
    if folded in _ROLES or folded in _PLACES or folded in listed("common"):
        return True
    if word.isupper() and len(word) <= 4 and not shouting:  # PKK, KUA
        return folded not in listed("sure")
    if folded in listed("sure") or _kind(folded) == 2 or (word[0].isupper() and not shouting):
        return False
    verb = len(folded) >= 7 and folded.startswith(_PREFIXES)
    return verb or (len(folded) >= 6 and folded.endswith("nya"))


def _names(text: str) -> str:
    """Replace every run of name words that holds a sure one, unless it names a place."""
    found = list(_TOKEN.finditer(text))
    words = [fold(match[0]) for match in found]
    kinds = _kinds(words)
    if 2 not in kinds:
        return text
    shouting = text.isupper()
    out, at, index = [], 0, 0
    while index < len(found):
        if not kinds[index]:
            index += 1
            continue
        start = end = index
        while (
            end + 1 < len(found)
            and text[found[end].end() : found[end + 1].start()].strip(" .,'\u2019-") == ""
            and (
                kinds[end + 1]
                or (found[end + 1][0][0].isupper() and not shouting and words[end + 1] not in _NOT_PERSONS)
            )
        ):
            end += 1
        before = set(words[max(start - 2, 0) : start])
        inside = text[found[start].start() - 1 : found[start].start()] == "<"
        if 2 in kinds[start : end + 1] and not before & _PLACES and not inside:
            out += [text[at : found[start].start()], "<name>"]
            at = found[end].end()
        index = end + 1
    return "".join([*out, text[at:]])


def shown(name: str) -> str:
    """Return the name of a file or sheet as it may be shown: a path keeps its folders and its suffix.

    Examples
    --------
    >>> shown("opd/jawaban 3374065205900001.xlsx"), shown("SKM_Dinas_Kesehatan_2024.xlsx")
    ('opd/jawaban <nik>.xlsx', 'SKM_Dinas_Kesehatan_2024.xlsx')
    """
    parts = []
    for part in name.split("/"):
        stem, dot, suffix = part.rpartition(".")
        if not dot or len(suffix) > 5:
            stem, dot, suffix = part, "", ""
        spaced = re.sub(r"[_+]", " ", stem)
        masked = mask(spaced)
        parts.append((stem if masked == spaced else masked) + dot + suffix)
    return "/".join(parts)
