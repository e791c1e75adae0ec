"""What identifies a person never gets past the intake.

Two guards: columns that hold identity are recognised by their header or their content and
dropped; free text and every value shown in the ledger pass `mask`, which replaces what looks
like an identity by ``<nik>``, ``<phone>``, ``<email>``, ``<url>``, ``<account>`` or ``<name>``.
"""

from __future__ import annotations

import re

import numpy as np

from pipeline.intake import quick
from pipeline.intake.coded import Coded
from pipeline.survey.units import fold

_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.I)
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
_HANDLE = re.compile(r"(?<![\w@])@[A-Za-z_][\w.]{2,}")
_SIXTEEN = re.compile(r"(?<!\d)(?:\d[ .-]?){15}\d(?!\d)")
_PHONE = re.compile(r"(?<![\d])(?:\+?\s?62|0)[ .\-()]{0,2}(?:[2-9])(?:[ .\-()]{0,2}\d){6,11}(?!\d)")
_LONG = re.compile(r"(?<!\d)\d{9,}(?!\d)")
_PLATE = re.compile(r"\b[A-Z]{1,2}\s?\d{3,4}\s?[A-Z]{2,3}\b")
_WORDS = r"[^\W\d_][\w'.]*(?:\s+[^\W\d_][\w'.]*){0,3}"
_CAPITALS = r"[A-Z][\w'.]+(?:\s+[A-Z][\w'.]*){0,3}"
_NAMED = re.compile(
    rf"\b((?i:nama(?:\s+(?:saya|lengkap|anda))?\s*(?::|adalah|=)|a\.?\s?n\.?\s*[:=])\s*){_WORDS}"
    rf"|\b((?i:nama\s+saya|saya\s+bernama|atas\s+nama)\s+){_CAPITALS}"
)
_TITLED = re.compile(
    r"\b((?i:bapak|bpk\.?|pak|ibu|bu|sdr\.?|sdri\.?|mas|mbak|kak)\s+)([A-Z][a-z']+(?:\s+[A-Z][a-z']+){0,2})"
)
_ADDRESS = re.compile(r"\b(?:jl|jln|jalan)\.?\s+[A-Z][\w. ]{2,30}?\s*(?:no\.?\s*\d+|rt\.?\s*\d+)", re.I)
_RT = re.compile(r"\brt\.?\s*\d+\s*/?\s*rw\.?\s*\d+", re.I)
_NOT_NAMES = {"petugas", "pelayanan", "loket", "layanan", "dinas", "kepala", "camat", "lurah", "dokter"}


#: What `mask` changes holds one of these; a test holds that nothing else is changed.
SUSPECT = (
    r"[0-9@]|[(\[][Aa][Tt][)\]]|[Hh][Tt][Tt][Pp]|[Ww][Ww][Ww]|[Nn][Aa][Mm]|[Aa]\.?\s?[Nn]\.?\s*[:=]"
    r"|(?:[Kk]|[Bb][Pp]|[Bb][Uu]|[Uu]|[Dd][Rr]|[Rr][Ii]|[Aa][Ss])\.?\s+[A-Z]|[^\x00-\x7F]"
)


def masked(texts: np.ndarray) -> list[str]:
    """Return `mask` of every text.

    Examples
    --------
    >>> masked(np.array(["Baik", "Hubungi 0812-3456-7890"], dtype=object))
    ['Baik', 'Hubungi <phone>']
    """
    if len(texts) < quick.MANY:
        return [mask(text) for text in texts]
    out: list[str] = list(texts)
    for place in np.flatnonzero(quick.matching(texts, SUSPECT)):
        out[place] = mask(out[place])
    return out


def mask(text: str) -> str:
    """Replace what identifies a person by what kind of thing it was.

    Examples
    --------
    >>> mask("Hubungi saya di 0812-3456-7890")
    'Hubungi saya di <phone>'
    """
    if len(text) < 4:
        return text
    text = _EMAIL.sub("<email>", text)
    text = _URL.sub("<url>", text)
    text = _HANDLE.sub("<account>", text)
    if any(c.isdigit() for c in text):
        text = _SIXTEEN.sub("<nik>", text)
        text = _PHONE.sub("<phone>", text)
        text = _LONG.sub("<number>", text)
        text = _PLATE.sub("<plate>", text)
        text = _ADDRESS.sub("<address>", text)
        text = _RT.sub("<address>", text)
    text = _NAMED.sub(lambda m: f"{m[1] or m[2]}<name>", text)
    return _TITLED.sub(lambda m: m[0] if fold(m[2]).split()[0] in _NOT_NAMES else f"{m[1]}<name>", text)


#: Folded headers that mean identity, whole or as the beginning of the header.
_HEADERS = (
    "nama", "nama lengkap", "nama responden", "nama pemohon", "nama pengguna", "nama anda", "name",
    "nik", "no ktp", "nomor ktp", "nomor induk kependudukan", "no kk", "ktp", "no identitas",
    "nomor identitas", "identitas", "no hp", "nomor hp", "hp", "no telp", "no telepon", "nomor telepon",
    "nomor telp", "telepon", "telp", "handphone", "no handphone", "nomor handphone", "no wa",
    "nomor wa", "no whatsapp", "nomor whatsapp", "whatsapp", "wa", "phone", "phone number", "email",
    "e mail", "alamat email", "alamat surel", "surel", "email address", "username", "alamat",
    "alamat lengkap", "alamat rumah", "address", "tanggal lahir", "tempat tanggal lahir", "tgl lahir",
    "ip", "ip address", "npwp", "nip", "no bpjs", "nomor bpjs", "no rekam medis", "no rm", "no rekening",
    "instagram", "facebook", "akun", "tanda tangan", "ttd", "foto", "latitude", "longitude", "gps",
)  # fmt: skip
#: What follows "nama" when it is the name of an office, not of a person.
_SAFE = (
    "nama unit", "nama layanan", "nama opd", "nama skpd", "nama dinas", "nama loket", "nama instansi",
    "nama poli", "nama puskesmas", "nama kelurahan", "nama kecamatan", "nama desa", "nama kantor",
    "nama badan", "nama bagian", "nama perangkat", "nama pelayanan", "nama jenis", "nama ruang", "nama rs",
    "nama rumah sakit", "nama sekolah", "nama bidang", "nama upt", "nama uptd", "nama kota", "nama kabupaten",
    "nama lembaga", "nama produk", "nama izin",
)  # fmt: skip


def is_identity_header(header: str) -> bool:
    """Whether a header announces something that identifies a person.

    Examples
    --------
    >>> is_identity_header("No. HP / WA"), is_identity_header("Nama Unit")
    (True, False)
    """
    folded = fold(header.replace("_", " "))
    if not folded or folded.startswith(_SAFE):
        return False
    return folded in _HEADERS or any(
        folded.startswith(known + " ") for known in _HEADERS if len(known) > 3 or known in ("nik", "wa")
    )


_WHOLE = (
    ("nik", re.compile(r"^\D{0,3}(?:\d[ .-]?){15}\d$")),
    ("phone", re.compile(r"^(?:\+?62|0)[ .-]?8(?:[ .-]?\d){7,11}$")),
    ("email", re.compile(r"^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$")),
)


def identity_content(column: Coded) -> str:
    """Return what identity a column holds (``nik``, ``phone``, ``email``), or ``""``.

    A column counts when at least half of its filled cells, and three of them, look alike.
    """
    counts = column.present()
    filled = np.array([bool(v) for v in column.values])
    total = int(counts[filled].sum()) if len(counts) else 0
    if total < 3:
        return ""
    for kind, pattern in _WHOLE:
        hits = sum(int(n) for v, n in zip(column.values, counts) if n and v and pattern.match(v))
        if hits >= 3 and 2 * hits >= total:
            return kind
    return ""
