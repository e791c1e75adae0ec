"""What identifies a person never gets past the intake.

Two guards: columns that hold identity are recognised by their header or their content and dropped;
free text and every value shown anywhere passes `mask`, which replaces what looks like an identity by
``<nik>``, ``<phone>``, ``<email>``, ``<name>``, ... (see `pipeline.survey.identity.persons`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

import numpy as np

from pipeline.intake.ground import vectorised_text
from pipeline.intake.ground.coded import Coded
from pipeline.intake.values.wording import general
from pipeline.survey.identity import contacts, named
from pipeline.survey.identity.contacts import is_nik, is_nip
from pipeline.survey.identity.ordinary import is_ordinary
from pipeline.survey.identity.persons import is_name_word, is_person, mask
from pipeline.survey.text import fold

#: Fields whose texts reach reports as they are: a whole cell that is a person's name is masked there.
PERSON = "<name>"


def masked(texts: np.ndarray) -> list[str]:
    """Return `mask` of every text; a test holds that it is the same.

    Examples
    --------
    >>> masked(np.array(["Baik", "Hubungi 0812-3456-7890"], dtype=object))
    ['Baik', 'Hubungi <phone>']
    """
    if len(texts) < vectorised_text.MANY:
        return [mask(text) for text in texts]
    out: list[str] = list(texts)
    for place in np.flatnonzero(_suspect(texts) | vectorised_text.with_words(texts, is_name_word)):
        out[place] = mask(out[place])
    return out


#: Digits of the shortest number that `mask` knows, one of them perhaps a letter that looks like it.
_FEWEST_DIGITS = 5


def _suspect(texts: np.ndarray) -> np.ndarray:
    """Return which texts can hold what is known by its form: most are told by their bytes alone."""
    starts, data = vectorised_text.content(vectorised_text.arrow(texts))

    def count(hit: np.ndarray) -> np.ndarray:
        running = np.concatenate([[0], np.cumsum(hit)])
        return running[starts[1:]] - running[starts[:-1]]

    digits = count((data >= ord("0")) & (data <= ord("9")))
    marks = count(np.isin(data, np.frombuffer(b".=:([{/", np.uint8)))
    out = (digits >= _FEWEST_DIGITS) | (count((data >= 0x80) | (data == ord("@"))) > 0)
    look = np.flatnonzero(~out & ((digits > 0) | (marks > 0)))
    out[look] = vectorised_text.matching(texts[look], contacts.SUSPECT)
    return np.asarray(out | vectorised_text.matching(texts, named.BESIDE))


def mask_cell(text: str) -> str:
    """Mask one cell that should be short: as `mask`, and a cell that is a name is nothing else.

    Examples
    --------
    >>> mask_cell("Hj. Siti Aminah"), mask_cell("Loket 3"), mask_cell("RSUD Ahmad Yani")
    ('<name>', 'Loket 3', 'RSUD Ahmad Yani')
    """
    return PERSON if is_person(text) else mask(text)


@lru_cache(maxsize=4096)
def mask_header(text: str) -> str:
    """Mask a header or a question: the words that questions are made of are no names, and codes no plates.

    Examples
    --------
    >>> mask_header("Pendapat Saudara Tentang Biaya"), mask_header("3374065205900001"), mask_header("Q7ART")
    ('Pendapat Saudara Tentang Biaya', '<nik>', 'Q7ART')
    >>> mask_header("Nilai untuk pak sarkawi")
    'Nilai untuk pak <name>'
    """
    return PERSON if is_person(text) else mask(text, header=True)


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
    "kartu keluarga", "no kartu keluarga", "paspor", "no paspor", "sim", "no sim", "nomor sim", "plat nomor",
    "nopol", "no polisi", "nomor polisi", "no kendaraan", "nama ibu", "nama ayah", "nama orang tua",
    "inisial", "nomor pegawai", "nrp", "nis", "nisn", "nim", "nuptk", "no peserta", "no antrian", "no rekam medik",
)  # fmt: skip
#: Said anywhere in a header, these ask for a person's identity.
_ASKS = (
    "nama lengkap", "nama anda", "nama saudara", "nama responden", "nama pemohon", "nama pelanggan", "nama pasien",
    "nomor hp", "no hp", "nomor telepon", "no telepon", "nomor wa", "no wa", "nomor whatsapp", "nomor handphone",
    "nik anda", "nomor ktp", "no ktp", "alamat rumah", "alamat lengkap", "alamat email", "alamat tinggal",
    "tempat tanggal lahir", "nomor induk", "email anda", "isian nama", "nama bapak", "siapa nama",
)  # fmt: skip
#: What follows "nama" when it is the name of an office, not of a person.
_SAFE = (
    "nama unit", "nama layanan", "nama opd", "nama skpd", "nama dinas", "nama loket", "nama instansi",
    "nama poli", "nama puskesmas", "nama kelurahan", "nama kecamatan", "nama desa", "nama kantor",
    "nama badan", "nama bagian", "nama perangkat", "nama pelayanan", "nama jenis", "nama ruang", "nama rs",
    "nama rumah sakit", "nama sekolah", "nama bidang", "nama upt", "nama uptd", "nama kota", "nama kabupaten",
    "nama lembaga", "nama produk", "nama izin",
)  # fmt: skip


@lru_cache(maxsize=4096)
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
    return (
        folded in _HEADERS
        or any(
            folded.startswith(known + " ") for known in _HEADERS if len(known) > 3 or known in ("nik", "wa")
        )
        or any(f" {asked} " in f" {folded} " for asked in _ASKS)
    )


#: Agreement and its opposite, as forms abbreviate it.
_SHORT_ANSWERS = frozenset(["ss", "s", "n", "ks", "ts", "sts", "cs", "rr", "r", "ya", "tidak", "y", "t"])
#: A column of at most so many different texts can be one of answers.
_MOST_OPTIONS = 12


def holds_answers(column: Coded) -> bool:
    """Whether a column holds nothing but small numbers, letters of options or texts of a scale.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> holds_answers(encode(["1", "4", "3", ""])), holds_answers(encode(["Setuju", "TS", "Sangat Setuju"]))
    (True, True)
    >>> holds_answers(encode(["0812", "0813", "0815"]))
    False
    """
    texts = [str(text) for text in islice(column.used(), _MOST_OPTIONS + 1)]
    if not 1 <= len(texts) <= _MOST_OPTIONS or sum(column.used().values()) < 3:
        return False

    def answers(text: str) -> bool:
        if text.isdigit():
            return len(text) <= 2 and int(text) <= 10
        folded = fold(text)
        return (len(text) == 1 and text.isalpha()) or folded in general() or folded in _SHORT_ANSWERS

    return all(map(answers, texts))


def asks_identity(header: str, column: Coded) -> bool:
    """Whether a column holds identity by its header: not where the cells are plainly answers.

    "Alamat kantor mudah ditemukan" with 1 to 4 below is a question, whatever it begins with.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> asks_identity("Alamat kantor mudah ditemukan", encode(["4", "3", "4"]))
    False
    >>> asks_identity("Alamat", encode(["Jl. Kenanga 5", "Gg. Mawar", "Desa"]))
    True
    """
    return is_identity_header(header) and not holds_answers(column)


def _digits(text: str) -> str:
    return re.sub(r"[ .\-']", "", text)


_PHONE = re.compile(r"^\+?(?:62|0)?8\d{7,11}$")
_EMAIL = re.compile(r"^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}$")
_ADDRESS = re.compile(
    r"^(?:jl|jln|jalan|gang|gg|dusun|dsn|perum|komplek|kp|ds)\b|\brt\b.{0,12}\brw\b|\brt\.?\s*\d+\s*/", re.I
)

_PLATE_LIKE = re.compile(r"[A-Za-z]{1,2}[ .-]{0,2}\d{1,4}[ .-]{0,2}[A-Za-z]{1,3}$")


def _is_plate(text: str) -> bool:
    """Whether a cell is a plate and nothing else: no code of one word, of a region that has such plates."""
    return bool(_PLATE_LIKE.match(text)) and contacts.mask(text, codes=True) == "<plate>"


def _is_address(text: str) -> bool:
    """Whether a cell is an address: "Jalan kaki" and "Dusun" are options of a question."""
    if not _ADDRESS.search(text):
        return False
    rest = fold(text).split()[1:]
    return any(not is_ordinary(word) or word.isdigit() for word in rest)


#: Content that identifies, most certain first; a column of 16 digits is one of identity numbers all the same.
_WHOLE = (
    ("nik", lambda d: is_nik(d) or bool(re.fullmatch(r"\d{16}", d))),
    ("nip", is_nip),
    ("phone", lambda d: bool(_PHONE.match(d))),
    ("email", lambda t: bool(_EMAIL.match(t))),
    ("plate", _is_plate),
    ("address", _is_address),
    ("name", is_person),
)


#: Kinds that are asked of the digits of a text, of those that are a number of so many digits.
_OF_DIGITS, _LEAST_DIGITS = ("nik", "nip", "phone"), 8


def identity_content(column: Coded) -> str:
    """Return what identity a column holds (``nik``, ``phone``, ``name``, ...), or ``""``.

    A column counts when at least half of its filled cells, and three of them, look alike. Of names the list
    knows some six in ten: there a third is enough, where no two cells in three are the same.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> identity_content(encode(["Siti Aminah", "Suparman", "Zed Qux", "I Wayan Sudana"]))
    'name'
    >>> identity_content(encode(["Baik", "Baik", "Sangat Baik"]))
    ''
    """
    # Enough to tell; ids of millions of respondents are all different.
    counts = dict(islice(column.used().items(), 5000))
    total = sum(counts.values())
    if total < 3:
        return ""
    numbers = {
        text: digits
        for text in counts
        if len(text) >= _LEAST_DIGITS and (digits := _digits(text)).removeprefix("+").isdigit()
    }
    for kind, looks in _WHOLE:
        asked = numbers if kind in _OF_DIGITS else dict.fromkeys(counts, "")
        hits = {text: counts[text] for text, digits in asked.items() if looks(digits or text)}
        found = sum(hits.values())
        if found >= 3 and 2 * found >= total:
            return kind
        if kind == "name" and len(hits) >= 3 and 3 * found >= total and 3 * len(counts) >= total:
            return kind
    return ""
