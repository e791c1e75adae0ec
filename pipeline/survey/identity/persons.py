"""What identifies a person in a text: numbers, addresses and names, as Indonesia writes them.

Everything that leaves the intake, and every sentence about a raw file, passes `mask`. Numbers and addresses
have a form; names have none, so a list of the words that Indonesian names are made of (``names.txt``) decides.
A name that is made of none of them is only recognised behind a title (Pak, Ibu, Sdr.) or "nama saya".
"""

from __future__ import annotations

import contextlib
import re

from pipeline.survey.identity import contacts, named
from pipeline.survey.text import fold

_WORDS = r"[^\W\d_][\w'.]*(?:[ ]+[^\W\d_][\w'.]*){0,3}"
_NAMED = re.compile(
    rf"\b((?i:nama(?:\s+(?:saya|lengkap|anda))?\s*(?::|adalah|=)|a\.?\s?n\.?\s*[:=])\s*){_WORDS}"
)
#: Words that a text holds in which `mask` may find a name or what leads to a person.
_TRIGGERS = named.SAID | contacts.TRIGGERS | {"i", "ni", "an"}
_DEGREES = re.compile(
    r",?\s*\b(?:[SM]\.\s?(?:[A-Z][A-Za-z]{0,3}\.?){1,2}(?:\s?[A-Z][A-Za-z]{0,3}\b)?|A\.\s?Md(?:\.\s?[A-Z][a-z]{1,3})?|Amd"
    r"|Ph\.?\s?D|Sp\.\s?\w{1,4}|Ners|Apt|SE|SH|MM|ST|SKM|MH|MSi)\b\.?"
)
#: Words joined by underscores, as files, columns and accounts are called.
_JOINED = re.compile(r"[^\W_]+(?:_+[^\W_]+)+")
_NOT_PERSONS = named.PLACES | named.ROLES


def is_name_word(word: str) -> bool:
    """Whether a text with this word (lower case) may hold what `mask` masks.

    Examples
    --------
    >>> is_name_word("aminah"), is_name_word("baik")
    (True, False)
    """
    return named.kind(word) == 2 or word in _TRIGGERS


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
    words = fold(" ".join(named.TOKEN.findall(plain))).split()
    core = [w for w in words if w not in named.HONOURS and w not in named.TITLES and (len(w) > 1 or w == "i")]
    if not core or len(core) > 6 or not _NOT_PERSONS.isdisjoint(core):
        return False
    kinds = named.kinds_of(core)
    if 2 in kinds and 2 * sum(k > 0 for k in kinds) >= len(kinds):
        return True
    # A title before it, or a degree behind it, tells a name that the list does not know.
    titled = plain != text or words[0] in named.TITLES or words[0] in named.HONOURS - {"r", "an"}
    return titled and len(core) <= 4 and all(part[0].isupper() for part in named.TOKEN.findall(plain)[1:])


def mask(text: str, names: bool = True, header: bool = False) -> str:
    """Replace what identifies a person by what kind of thing it was.

    Parameters
    ----------
    text : str
    names : bool
        Also names; without, only numbers and addresses (for what the office itself lists: units, services).
    header : bool
        A header or a question: codes such as ``Q7ART`` are no plates, words of questions no names.

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
    out = contacts.mask(ready, codes=header)
    if names:
        out = _NAMED.sub(r"\1<name>", out)
        if "_" in out:
            out = _JOINED.sub(lambda match: _as_said(match[0]), out)
        out = named.names(named.titled(named.accompanied(out), question=header))
    # What holds nothing is shown as it was written.
    return text if out == ready else out


#: Endings of files: a dot in any other place of a name is part of it (``Jl. Melati No. 12``).
_SUFFIX = re.compile(
    r"\.(?:csv|tsv|txt|xlsx|xlsm|xlsb|xls|ods|sav|zsav|por|sql|html?|ya?ml|json|parquet|md|pdf|docx?)$", re.I
)


def shown(name: str) -> str:
    """Return the name of a file or sheet as it may be shown: a path keeps its folders and its suffix.

    Examples
    --------
    >>> shown("opd/jawaban 3374065205900001.xlsx"), shown("SKM_Dinas_Kesehatan_2024.xlsx")
    ('opd/jawaban <nik>.xlsx', 'SKM_Dinas_Kesehatan_2024.xlsx')
    >>> shown("Jl. Kenanga No. 12"), shown("rekap pak_sarkawi.csv")
    ('<address>', 'rekap pak <name>.csv')
    """
    parts = []
    name = readable(name)
    # A link or an address may hold a slash: what is told by the whole name is masked in the whole.
    whole = _as_said(name)
    for part in (whole if whole.count("/") < name.count("/") else name).split("/"):
        found = _SUFFIX.search(part)
        stem, suffix = (part[: found.start()], part[found.start() :]) if found else (part, "")
        masked = _as_said(stem)
        parts.append(masked + suffix)
    return "/".join(parts)


def readable(name: str) -> str:
    r"""Return the name of a file as text: one that another system wrote in its own letters may hold none.

    Examples
    --------
    >>> [ascii(readable(name)) for name in ("caf\udce9.csv", "caf\udcc3\udca9.csv", "a.csv")]
    ["'caf\\ufffd.csv'", "'caf\\xe9.csv'", "'a.csv'"]
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        with contextlib.suppress(UnicodeEncodeError):
            return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return name.encode("utf-8", "replace").decode()
    return name


def _as_said(stem: str) -> str:
    """Mask a name in which blanks are written as underscores; what holds nothing stays as it is."""
    spaced = re.sub(r"[_+]", " ", stem)
    if is_person(spaced):
        return "<name>"
    masked = mask(spaced)
    return stem if masked == spaced else masked
