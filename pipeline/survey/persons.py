"""What identifies a person in a text: numbers, addresses and names, as Indonesia writes them.

Everything that leaves the intake, and every sentence about a raw file, passes `mask`. Numbers and addresses
have a form; names have none, so a list of the words that Indonesian names are made of (``names.txt``) decides.
A name that is made of none of them is only recognised behind a title (Pak, Ibu, Sdr.) or "nama saya".
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from pipeline.survey.units import fold


@cache
def _words(section: str) -> frozenset[str]:
    """Words of one section of ``names.txt``."""
    text = (Path(__file__).parent / "names.txt").read_text("utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(lines.split(f"[{section}]")[1].split("[")[0].split())


_EMAIL = re.compile(r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.I)
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
_HANDLE = re.compile(r"(?<![\w@])@[A-Za-z_][\w.]{2,}")
_DATE = r"(?!\d{1,2}([-./ ])\d{1,2}\1\d{2,4}(?!\d))(?!\d{4}-\d{2}-\d{2})"
_RUN = re.compile(rf"(?<![\d.,]){_DATE}(?:\d[ .\-]?){{12,17}}\d(?!\d)")
_PHONE = re.compile(rf"(?<![\d]){_DATE}(?:\+?\s?62|0)[ .\-()]{{0,2}}[2-9](?:[ .\-()]{{0,2}}\d){{6,11}}(?!\d)")
_LONG = re.compile(r"(?<!\d)\d{9,}(?!\d)")
_PLATE = re.compile(r"\b[A-Z]{1,2}[ -]?\d{1,4}[ -]?[A-Z]{2,3}\b")
_ADDRESS = re.compile(
    r"\b(?:(?:jl|jln|jalan|gang|gg)\.?\s+[A-Z][\w. ]{1,40}?\s*[,]?\s*(?:no|nomor|rt)\.?\s*[\d]+[A-Za-z]?"
    r"(?:\s*/?\s*(?:rw)\.?\s*\d+)?)", re.I,
)  # fmt: skip
_RT = re.compile(r"\brt\.?\s*0*\d+\s*[/,.]?\s*(?:rw\.?)?\s*0*\d+\b", re.I)
_WORDS = r"[^\W\d_][\w'.]*(?:[ ]+[^\W\d_][\w'.]*){0,3}"
_CAPITALS = r"[A-Z][\w'.]+(?:[ ]+[A-Z][\w'.]*){0,3}"
_NAMED = re.compile(
    rf"\b((?i:nama(?:\s+(?:saya|lengkap|anda))?\s*(?::|adalah|=)|a\.?\s?n\.?\s*[:=])\s*){_WORDS}"
    rf"|\b((?i:nama\s+saya|saya\s+bernama|atas\s+nama)\s+){_CAPITALS}"
)
_TITLES = _words("titles")
_TITLED = re.compile(rf"\b((?i:{'|'.join(sorted(_TITLES))})\.?\s+)([A-Z][a-z']+(?:\s+[A-Z][a-z']+){{0,2}})")
#: What stands behind a title and is an office or a role.
_ROLES = _words("roles")
#: Words before a name of an office, a street, a school: what follows is no person.
_PLACES = _words("places")
_DEGREES = re.compile(
    r",?\s*\b(?:[SM]\.\s?(?:[A-Z][A-Za-z]{0,3}\.?){1,2}(?:\s?[A-Z][A-Za-z]{0,3}\b)?|A\.\s?Md(?:\.\s?[A-Z][a-z]{1,3})?|Amd"
    r"|Ph\.?\s?D|Sp\.\s?\w{1,4}|Ners|Apt|SE|SH|MM|ST|SKM|MH|MSi)\b\.?"
)
_HONOURS = _words("honours")
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
    if word in _words("sure"):
        return 2
    if len(word) >= 6 and _ENDING.search(word) and not word.startswith(_VERBS):
        return 2
    return 1 if word in _words("also words") else 0


def is_name_word(word: str) -> bool:
    """Whether a text with this word (lower case) may hold a name that `mask` masks.

    Examples
    --------
    >>> is_name_word("aminah"), is_name_word("baik")
    (True, False)
    """
    return _kind(word) == 2 or word in ("i", "ni")


def _kinds(words: list[str]) -> list[int]:
    """How much each word is a name; the Balinese "I" and "Ni" make a name of what follows."""
    kinds = [_kind(word) for word in words]
    for place, word in enumerate(words[:-1]):
        if word in ("i", "ni") and kinds[place + 1]:
            kinds[place] = kinds[place + 1] = 2
    return kinds


def is_nik(digits: str) -> bool:
    """Whether 16 digits can be a NIK: province, day (women plus 40), month, serial.

    Examples
    --------
    >>> is_nik("3374065205900001"), is_nik("3374069905900001"), is_nik("1234567890123456")
    (True, False, False)
    """
    if len(digits) != 16 or not digits.isascii() or not digits.isdigit():
        return False
    province, district = int(digits[:2]), int(digits[2:4])
    day, month = int(digits[6:8]) % 40, int(digits[8:10])
    inside = int(digits[6:8]) <= 71 and 1 <= day <= 31 and 1 <= month <= 12
    return 11 <= province <= 97 and district >= 1 and inside and digits[12:] != "0000"


def is_nip(digits: str) -> bool:
    """Whether 18 digits can be a NIP: birth, year and month of appointment, sex, serial.

    Examples
    --------
    >>> is_nip("198504122010011003"), is_nip("123456789012345678")
    (True, False)
    """
    if len(digits) != 18 or not digits.isascii() or not digits.isdigit():
        return False
    born, began = int(digits[:4]), int(digits[8:12])
    dates = 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:8]) <= 31 and 1 <= int(digits[12:14]) <= 12
    return 1920 <= born <= 2020 and born < began <= 2100 and dates and digits[14] in "12"


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


def _number(match: re.Match[str]) -> str:
    text = match[0]
    digits = "".join(c for c in text if c.isdigit())
    if is_nik(digits):
        return "<nik>"
    if is_nip(digits):
        return "<nip>"
    # Grouped like thousands (1.250.000.000.000) or like a telephone number: not decided here.
    if len(digits) < 13 or re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text) or _PHONE.fullmatch(text):
        return text
    return "<number>"


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
    if "@" in text or "(at)" in text or "[at]" in text:
        text = _EMAIL.sub("<email>", text)
        text = _HANDLE.sub("<account>", text)
    text = _URL.sub("<url>", text)
    if any(c.isdigit() for c in text):
        text = _RUN.sub(_number, text)
        text = _PHONE.sub("<phone>", text)
        text = _LONG.sub("<number>", text)
        text = _PLATE.sub("<plate>", text)
        text = _ADDRESS.sub("<address>", text)
        text = _RT.sub("<address>", text)
    if not names:
        return text
    text = _NAMED.sub(lambda m: f"{m[1] or m[2]}<name>", text)
    text = _TITLED.sub(lambda m: m[0] if _ROLES & set(fold(m[2]).split()) else f"{m[1]}<name>", text)
    return _names(text)


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
