"""How raw files say things: headers, options, and words for sex, education and occupation.

The official questions and options come from the regulation as data; the rest is what
offices really write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline import rules
from pipeline.demo.model import ITEMS

RULE = "14/2017"


@dataclass(frozen=True)
class Words:
    """The words of one kind of file for the profile."""

    sex: dict[str, str]
    education: dict[str, str]
    occupation: dict[str, str]


_EDUCATION = {
    "none": "Tidak sekolah", "sd": "SD", "smp": "SMP", "sma": "SMA", "diploma": "D3",
    "s1": "S1", "s2": "S2", "s3": "S3",
}  # fmt: skip
_OCCUPATION = {
    "pns": "PNS", "tni": "TNI", "polri": "POLRI", "swasta": "Swasta", "wirausaha": "Wirausaha",
    "pelajar": "Pelajar/Mahasiswa", "petani": "Petani", "irt": "Ibu Rumah Tangga", "other": "Lainnya",
}  # fmt: skip

FORMAL = Words({"male": "Laki-laki", "female": "Perempuan"}, _EDUCATION, _OCCUPATION)
SHORT = Words(
    {"male": "L", "female": "P"},
    {**_EDUCATION, "sma": "SMA/Sederajat", "diploma": "D-III"},
    {**_OCCUPATION, "irt": "IRT", "swasta": "Karyawan Swasta", "wirausaha": "Wiraswasta"},
)
OFFICE = Words(
    {"male": "Pria", "female": "Wanita"},
    {**_EDUCATION, "s1": "Sarjana (S1)", "diploma": "Diploma"},
    {**_OCCUPATION, "pelajar": "Mahasiswa", "swasta": "PEGAWAI SWASTA", "pns": "ASN"},
)


def question(item: str) -> str:
    """Official question of an unsur, as a form prints it.

    Examples
    --------
    >>> question("U9")
    'Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana?'
    """
    return f"{rules.load(RULE).get(item).question['id'].rstrip('?')}?"


def label(item: str) -> str:
    """Official name of an unsur.

    Examples
    --------
    >>> label("U1")
    'Persyaratan'
    """
    return rules.load(RULE).get(item).name["id"]


def short(item: str) -> str:
    """Short label of an unsur, as recapitulations print it.

    Examples
    --------
    >>> short("U3")
    'Waktu pelayanan'
    """
    return rules.load(RULE).get(item).short["id"]


def option(item: str, score: int) -> str:
    """Official wording of an answer.

    Examples
    --------
    >>> option("U4", 4), option("U9", 2)
    ('Gratis', 'Cukup')
    """
    return rules.load(RULE).get(item).option(score).text["id"]


def order(name: str) -> tuple[str, ...]:
    """Canonical codes in the order of the processing form or of the questionnaire.

    Examples
    --------
    >>> order("questionnaire")[7]
    'U9'
    """
    return rules.load(RULE).orders[name]


def options() -> dict[str, dict[Any, str]]:
    """Every official answer text, by unsur and score.

    Examples
    --------
    >>> options()["U2"][3]
    'Mudah'
    """
    return {item: {score: option(item, score) for score in range(1, 5)} for item in ITEMS}
