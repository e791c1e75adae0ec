"""Units that stand in a title above a block of answers, not in the rows of the people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.intake.sheets.belowtables import Block
from pipeline.survey.text import fold

#: What stands in front of a unit's name, and ends in a colon.
_LABEL = re.compile(
    r"^\s*(?:nama\s+)?(?:unit(?:\s+(?:layanan|kerja|pelayanan|penyelenggara(?:\s+pelayanan)?|organisasi))?|upp|opd|skpd|upt"
    r"|instansi|perangkat\s+daerah|satuan\s+kerja|satker|lokasi|tempat|service\s+unit|office|agency|department)"
    r"\s*[:=\u2013-]\s*(?P<name>.+)$",
    re.I,
)
#: A name begins with one of these, however many units share it.
_KIND = {
    "dinas", "badan", "kantor", "kecamatan", "kelurahan", "desa", "puskesmas", "rsud", "rs", "rumah", "uptd", "upt",
    "bagian", "sekretariat", "inspektorat", "satpol", "loket", "gerai", "unit", "poli", "sd", "smp", "sma", "klinik",
    "department", "office", "agency", "district", "bidang", "seksi", "samsat", "kpp", "balai", "pasar", "perumda",
}  # fmt: skip


def labelled(titles: Sequence[str]) -> str:
    """Return the unit that a title names after a word for unit.

    Examples
    --------
    >>> labelled(["HASIL SURVEI", "Unit Layanan : Dinas Apel"]), labelled(["HASIL SURVEI 2025"])
    ('Dinas Apel', '')
    """
    for title in titles:
        match = _LABEL.match(title)
        if match:
            return " ".join(match["name"].split())
    return ""


def listed(titles: Sequence[str], units: Mapping[str, str]) -> str:
    """Return the listed unit that titles name, the longest name; empty where none or several do.

    Examples
    --------
    >>> listed(["REKAP SKM DINAS APEL TAHUN 2025"], {"dinas apel": "a", "dinas": "x"})
    'dinas apel'
    """
    found: list[str] = []
    for title in titles:
        text = f" {fold(title)} "
        found += [name for name in units if name and f" {name} " in text]
    found = [
        name for name in found if not any(name != other and f" {name} " in f" {other} " for other in found)
    ]
    return found[0] if len({units[name] for name in found}) == 1 else ""


def named(blocks: Sequence[Sequence[str]], units: Mapping[str, str]) -> list[str]:
    """Return the unit of every block by its titles; all empty where titles do not tell units apart.

    Examples
    --------
    >>> named([["REKAP DINAS APEL 2025"], ["REKAP DINAS BELIMBING 2025"]], {})
    ['DINAS APEL', 'DINAS BELIMBING']
    >>> named([["HASIL SURVEI"]], {}), named([["Loket 1"], ["Loket 2"]], {})
    ([''], ['Loket 1', 'Loket 2'])
    """
    known = [listed(titles, units) for titles in blocks]
    if all(known):
        return known
    told = [labelled(titles) or name for titles, name in zip(blocks, known)]
    if all(told):
        return told
    if len(blocks) < 2 or units:
        return [""] * len(blocks)
    for place in range(min(len(titles) for titles in blocks)):
        lines = [titles[place] for titles in blocks]
        if all(fold(line) for line in lines) and len(set(map(fold, lines))) > 1:
            return _apart(lines)
    return [""] * len(blocks)


def meant(blocks: Sequence[Block], units: Mapping[str, str]) -> list[Block]:
    """Return the blocks that begin another unit.

    A header repeated on the next page begins none, nor does a remark in the middle of a table.
    """
    told = [block for place, block in enumerate(blocks) if block.titles or not place]
    if not any(listed(b.titles, units) or labelled(b.titles) for b in told if b.titles):
        alike = all(block.bare for block in told)
        return [block for block in told if alike or not block.bare]
    return [b for b in told if not b.bare or listed(b.titles, units) or labelled(b.titles)]


def _apart(lines: Sequence[str]) -> list[str]:
    """Return what tells lines apart: without the words all of them begin and end with."""
    words = [line.split() for line in lines]
    front = 0
    while all(len(w) > front + 1 for w in words) and len({w[front].casefold() for w in words}) == 1:
        if words[0][front].casefold() in _KIND:
            break
        front += 1
    back = 0
    while (
        all(len(w) > front + back + 1 for w in words) and len({w[-1 - back].casefold() for w in words}) == 1
    ):
        back += 1
    return [" ".join(w[front : len(w) - back]).strip(" :-") for w in words]
