"""What respondents say about themselves, brought to the codes of the reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.survey.codes import AGE_BOUNDS, AGE_LIMITS, CATEGORIES
from pipeline.survey.units import fold

_SEX = {
    "male": ("l", "lk", "laki", "laki laki", "laki2", "pria", "m", "male", "cowok", "1 laki laki"),
    "female": ("p", "pr", "perempuan", "wanita", "f", "female", "w", "cewek", "2 perempuan"),
}
_EDUCATION = {
    "none": ("tidak sekolah", "tidak tamat sd", "belum sekolah", "tidak bersekolah", "none", "tidak tamat"),
    "sd": ("sd", "sd sederajat", "mi", "sd mi", "sd kebawah", "sd ke bawah", "sekolah dasar", "sr", "paket a"),
    "smp": ("smp", "sltp", "mts", "smp sederajat", "smp mts", "sltp smp", "smp sltp", "paket b"),
    "sma": (
        "sma", "slta", "smu", "smk", "ma", "stm", "sma sederajat", "sma smk", "slta smk", "sma smk ma",
        "slta sma", "sma slta", "smu smk", "paket c", "sma smk sederajat", "slta sederajat", "stm smk",
    ),
    "diploma": (
        "d1", "d2", "d3", "di", "dii", "diii", "d i", "d ii", "d iii", "d1 d2 d3", "diploma", "d1 d3",
        "diploma 3", "diploma iii", "d 3", "d 1", "d 2", "diploma d1 d3", "akademi", "d3 sederajat",
    ),
    "s1": ("s1", "s 1", "d4", "d iv", "div", "d4 s1", "s1 d4", "sarjana", "strata 1", "d iv s1", "s1 sederajat"),
    "s2": ("s2", "s 2", "magister", "s2 keatas", "s2 ke atas", "strata 2", "pascasarjana", "s2 s3"),
    "s3": ("s3", "s 3", "doktor", "strata 3"),
    "other": ("lainnya", "lain lain", "lain", "other"),
}  # fmt: skip
_OCCUPATION = {
    "pns": ("pns", "asn", "pns asn", "asn pns", "pegawai negeri", "pegawai negeri sipil", "pppk", "asn pppk"),
    "tni": ("tni", "tentara", "tni ad", "tni al", "tni au"),
    "polri": ("polri", "polisi"),
    "pns-tni-polri": ("pns tni polri", "asn tni polri", "tni polri", "tni polri pns", "pns polri tni"),
    "swasta": (
        "swasta", "pegawai swasta", "karyawan swasta", "karyawan", "peg swasta", "pekerja swasta",
        "pegawai bumn", "bumn", "bumn bumd",
    ),
    "wirausaha": (
        "wirausaha", "wiraswasta", "wiraswasta usahawan", "pengusaha", "pedagang", "usaha", "usahawan",
        "wirausaha wiraswasta", "dagang", "wiraswasta wirausaha", "umkm", "pedagang wirausaha",
    ),
    "pelajar": ("pelajar", "mahasiswa", "pelajar mahasiswa", "siswa", "mahasiswi", "mahasiswa pelajar"),
    "petani": ("petani", "nelayan", "petani nelayan", "tani", "petani pekebun", "peternak", "petani peternak"),
    "buruh": ("buruh", "buruh harian lepas", "buruh tani", "pekerja lepas", "buruh harian", "bhl"),
    "irt": ("irt", "ibu rumah tangga", "mengurus rumah tangga", "rumah tangga", "mrt"),
    "honorer": ("honorer", "pegawai honorer", "tenaga honorer", "thl", "non asn", "kontrak", "tenaga kontrak"),
    "pensiunan": ("pensiunan", "pensiun", "purnawirawan", "purna tugas"),
    "tidak-bekerja": ("tidak bekerja", "belum bekerja", "belum tidak bekerja", "pengangguran", "tdk bekerja"),
    "other": ("lainnya", "lain lain", "lain", "other", "lainnya sebutkan", "freelance", "guru", "dosen"),
}  # fmt: skip
_DISABILITY = {
    "yes": ("ya", "yes", "y", "disabilitas", "penyandang disabilitas", "difabel", "fisik", "intelektual",
            "mental", "sensorik", "iya", "ada", "ganda", "netra", "rungu", "wicara", "daksa"),
    "no": ("tidak", "no", "t", "n", "bukan", "non disabilitas", "tidak ada", "bukan disabilitas",
           "bukan penyandang disabilitas", "non difabel", "normal"),
}  # fmt: skip
_MODE = {
    "face-to-face": ("face to face", "tatap muka", "wawancara", "wawancara tatap muka", "interview", "door to door"),
    "self-paper": ("paper", "kertas", "kuesioner kertas", "manual", "kuesioner", "isi sendiri", "angket"),
    "online": ("online", "daring", "web", "google form", "gform", "qr", "qr code", "barcode", "e survei",
               "elektronik", "whatsapp", "link", "tautan"),
    "kiosk": ("kiosk", "kios", "anjungan", "mesin survei", "tablet", "counter"),
    "phone": ("phone", "telepon", "telpon"),
    "mail": ("mail", "surat", "pos"),
    "mixed": ("mixed", "campuran"),
    "other": ("other", "lainnya"),
}  # fmt: skip

_TABLES = {
    "sex": _SEX, "education": _EDUCATION, "occupation": _OCCUPATION, "disability": _DISABILITY, "mode": _MODE,
}  # fmt: skip

_LOOKUP: dict[str, dict[str, str]] = {
    field: {fold(t): code for code, texts in table.items() for t in (*texts, code)}
    for field, table in _TABLES.items()
}

FIELDS = tuple(_TABLES)
_MARKER = re.compile(r"^(?:[a-z]|\d{1,2})\s*[.)]\s*(.+)$", re.I)


def category(field: str, text: str, own: Mapping[str, str]) -> tuple[str, str]:
    """Return the code of an answer about the respondent and, where it is in doubt, a reason.

    Parameters
    ----------
    field : str
        sex, education, occupation, disability or mode.
    text : str
        What was written.
    own : mapping
        The definition's ``values:`` for the field, folded or as written.

    Examples
    --------
    >>> category("education", "SMA / Sederajat", {}), category("occupation", "Ojek", {})
    (('sma', ''), ('other', 'other-category'))
    """
    if not text:
        return "", ""
    folded = fold(text)
    code = own.get(text) or own.get(folded)
    if code:
        return (code, "") if code in CATEGORIES[field] else ("", "unreadable-category")
    table = _LOOKUP[field]
    marked = _MARKER.match(text.strip())
    for candidate in (folded, fold(marked[1]) if marked else "", fold(re.sub(r"[(\[].*$", "", text))):
        if candidate in table:
            return table[candidate], ""
    if not folded or folded in ("na", "null", "none", "nan", "x", "tidak diisi", "kosong"):
        return "", "placeholder"
    if "other" in CATEGORIES[field]:
        return "other", "other-category"
    return "", "unreadable-category"


_AGE = re.compile(r"^\s*([-+]?\d{1,4})(?:[.,]0+)?\s*(?:th|thn|tahun|years?|y\.?o\.?)?\.?\s*$", re.I)
_RANGE = re.compile(
    r"^\D*(\d{1,3})\s*(?:-|–|—|s\.?/?d\.?|sampai|hingga|to)\s*(\d{1,3})\s*(?:th|thn|tahun)?\.?$", re.I
)
_BELOW = re.compile(r"^(?:<|di bawah|dibawah|kurang dari)\s*=?\s*(\d{1,3})\D*$", re.I)
_ABOVE = re.compile(
    r"^(?:>|>=|≥|di atas|diatas|lebih dari)\s*=?\s*(\d{1,3})\D*$|^(\d{1,3})\s*(?:\+|tahun ke atas|ke atas|keatas)\s*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Age:
    """An age in years, a band, or the reason why it is neither."""

    years: int = -1
    band: str = ""
    reason: str = ""


def band_of(years: int) -> str:
    """Return the age band.

    Examples
    --------
    >>> band_of(16), band_of(17), band_of(70)
    ('<17', '17-25', '56+')
    """
    place = int(np.searchsorted(AGE_BOUNDS, years, side="right")) - 1
    return CATEGORIES["age_band"][max(place, 0)]


def age(text: str) -> Age:
    """Read an age: a number of years, or a range that lies within one band.

    Examples
    --------
    >>> age("25 tahun").years, age("352").reason, age("26 - 35 tahun").band
    (25, 'impossible-age', '26-35')
    """
    if not text:
        return Age()
    match = _AGE.match(text)
    if match:
        years = int(match[1])
        if not AGE_LIMITS[0] <= years <= AGE_LIMITS[1]:
            return Age(reason="impossible-age")
        return Age(years, band_of(years))
    match = _RANGE.match(text)
    if match:
        low, high = band_of(int(match[1])), band_of(int(match[2]))
        return Age(band=low) if low == high else Age(reason="unreadable-age")
    match = _BELOW.match(text)
    if match and band_of(int(match[1]) - 1) == "<17":
        return Age(band="<17")
    match = _ABOVE.match(text)
    if match and int(match[1] or match[2]) >= AGE_BOUNDS[-1] - 1:
        return Age(band="56+")
    if fold(text) in ("", "na", "null", "none", "nan", "tidak diisi"):
        return Age(reason="placeholder")
    return Age(reason="unreadable-age")
