"""Who the service users are: profile, moment of the visit, and what they write as a suggestion.

Everything is drawn in arrays, one call per unit. Codes are English here; the words a raw
file uses for them (``L``, ``Laki-laki``, ``Pria``) are chosen by the file's layout.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

EDUCATION = ("none", "sd", "smp", "sma", "diploma", "s1", "s2", "s3")
OCCUPATION = ("pns", "tni", "polri", "swasta", "wirausaha", "pelajar", "petani", "irt", "other")

_EDUCATION_SHARE = {
    "kelurahan": (0.02, 0.12, 0.18, 0.43, 0.08, 0.15, 0.018, 0.002),
    "puskesmas": (0.03, 0.15, 0.20, 0.41, 0.08, 0.12, 0.009, 0.001),
    "": (0.005, 0.04, 0.09, 0.42, 0.13, 0.27, 0.042, 0.003),
}
_OCCUPATION_SHARE = {
    "puskesmas": (0.06, 0.01, 0.01, 0.22, 0.17, 0.10, 0.08, 0.28, 0.07),
    "": (0.10, 0.01, 0.015, 0.32, 0.25, 0.10, 0.035, 0.125, 0.045),
}


@dataclass(frozen=True)
class Profile:
    """Profile of every user of one unit, as arrays of equal length."""

    service: np.ndarray
    sex: np.ndarray
    age: np.ndarray
    education: np.ndarray
    occupation: np.ndarray
    disability: np.ndarray


def _normalised(shares: tuple[float, ...]) -> np.ndarray:
    values = np.asarray(shares, dtype=float)
    return values / values.sum()


def draw(rng: np.random.Generator, size: int, kind: str, shares: tuple[float, ...]) -> Profile:
    """Profiles of ``size`` users of a unit of the given type.

    Parameters
    ----------
    rng : numpy Generator
    size : int
    kind : str
        Unit type; decides education and occupation.
    shares : tuple of float
        Share of each service among the users.

    Examples
    --------
    >>> p = draw(np.random.default_rng(1), 500, "puskesmas", (0.7, 0.3))
    >>> bool(p.age.min() >= 17), sorted(set(p.sex.tolist()))
    (True, ['female', 'male'])
    """
    age = np.clip(np.round(17 + rng.gamma(2.6, 8.4, size)), 17, 84).astype(int)
    education = rng.choice(EDUCATION, size, p=_normalised(_EDUCATION_SHARE.get(kind, _EDUCATION_SHARE[""])))
    # Nobody below 21 holds a bachelor's degree: the checks on impossible profiles need clean ground.
    education = np.where((age < 21) & np.isin(education, ("diploma", "s1", "s2", "s3")), "sma", education)
    education = np.where((age < 27) & np.isin(education, ("s2", "s3")), "s1", education)
    return Profile(
        service=rng.choice(len(shares), size, p=_normalised(shares)),
        sex=np.where(rng.random(size) < (0.66 if kind == "puskesmas" else 0.52), "female", "male"),
        age=age,
        education=education,
        occupation=rng.choice(
            OCCUPATION, size, p=_normalised(_OCCUPATION_SHARE.get(kind, _OCCUPATION_SHARE[""]))
        ),
        disability=rng.random(size) < 0.028,
    )


def visits(rng: np.random.Generator, size: int, first: dt.date, last: dt.date) -> list[dt.datetime]:
    """Moments of answering, on working days in office hours, ascending.

    Examples
    --------
    >>> times = visits(np.random.default_rng(1), 50, dt.date(2025, 8, 4), dt.date(2025, 8, 15))
    >>> all(t.weekday() < 5 and 8 <= t.hour < 16 for t in times)
    True
    """
    days = [
        first + dt.timedelta(days=i)
        for i in range((last - first).days + 1)
        if (first + dt.timedelta(days=i)).weekday() < 5
    ]
    if not days:
        raise ValueError("no working day between the two dates")
    picked = np.sort(rng.integers(0, len(days), size))
    # Mornings are busier; lunch from 12 to 13 is not excluded, people do answer while waiting.
    seconds = np.sort((8 * 3600 + rng.beta(1.6, 2.1, size) * (8 * 3600 - 60)).astype(int))
    rng.shuffle(seconds)
    times = [
        dt.datetime.combine(days[int(d)], dt.time()) + dt.timedelta(seconds=int(s))
        for d, s in zip(picked, seconds)
    ]
    return sorted(times)


PRAISE = (
    "Pelayanan sudah baik, pertahankan", "Terima kasih, petugasnya ramah", "Sudah bagus", "Mantap",
    "Petugas cepat tanggap", "Pelayanan memuaskan", "Cukup baik, tingkatkan lagi", "Bagus sekali pelayanannya",
    "Semoga semakin baik ke depannya", "Baik", "Tidak ada", "-", "Sangat membantu", "mantapp", "tdk ada", "ok",
    "pelayanannya bagus bgt", "hatur nuhun, pelayanannya sae", "blm ada saran", "petugasnya ramah2 dan sabar", "tes",
    "asdfgh", "Tidak ada keluhan", "pertahankan & tingkatkan", "cepet bgt, makasih",
)  # fmt: skip
COMPLAINT = {
    "U1": (
        "Persyaratan sebaiknya ditempel di papan pengumuman", "Syaratnya berubah-ubah, saya harus bolak-balik",
        "Mohon daftar syarat dikirim lewat WhatsApp", "Fotokopi KTP masih diminta padahal sudah ada sistem",
        "syaratnya kebanyakan, ribet", "berkas yg sdh diserahkan diminta lagi",
    ),
    "U2": (
        "Alur pelayanan membingungkan, tolong diberi petunjuk", "Loketnya jangan dipindah-pindah",
        "Prosedur daring masih sulit bagi orang tua", "Nomor antrean sebaiknya bisa diambil daring",
        "disuruh bolak balik antar bagian", "webnya error pas upload, jadi dtg lagi ke kantor",
    ),
    "U3": (
        "Antrean terlalu lama", "Waktu tunggu lama, datang jam 8 selesai jam 12", "Tolong tambah loket saat ramai",
        "Proses selesai lebih lama dari yang dijanjikan", "Petugas sebaiknya mulai tepat waktu",
        "ngantri lama bgt, loket cuma buka satu", "suwe ngantrine", "jam istirahat kelamaan, loket kosong semua",
    ),
    "U4": ("Rincian biaya mohon ditempel", "Tarif sebaiknya bisa dibayar nontunai", "Bayar parkir mahal",
           "biayanya ga jelas, tiap org beda"),
    "U5": ("Hasil cetak ada salah ketik nama", "Dokumen jadi tetapi tidak sesuai permohonan",
           "blangko kosong terus, disuruh dtg lg bulan depan"),
    "U6": ("Petugas baru perlu pelatihan", "Penjelasan antarpetugas berbeda-beda",
           "petugas blm paham aturan yg baru"),
    "U7": ("Petugas kurang senyum", "Mohon petugas tidak bermain HP saat melayani",
           "petugasnya jutek klo ditanya", "yg kenal orang dalam didahulukan"),
    "U8": (
        "Pengaduan saya belum dijawab", "Kotak saran tidak pernah dibuka", "Nomor pengaduan tidak aktif",
        "sudah lapor lewat wa tp ga dibalas",
    ),
    "U9": (
        "Kursi tunggu kurang", "Toilet kurang bersih", "AC di ruang tunggu mati", "Tempat parkir sempit",
        "Mohon ada ruang laktasi", "Jalur kursi roda belum ada", "Ruang tunggu panas dan sempit",
        "wc nya bau, airnya mati", "parkiran motor penuh terus", "komputernya lemot, antrean jadi panjang",
    ),
}  # fmt: skip

#: Text that renderers find difficult; a few of each are placed in every year.
DIFFICULT: dict[str, tuple[str, ...]] = {
    "emoji": ("Pelayanannya mantap \U0001f44d\U0001f3fd\U0001f64f",
              "Antre lama \U0001f622 tapi petugas ramah \u2764\ufe0f"),
    "arabic": ("شكرا جزيلا على الخدمة", "Semoga berkah, جزاكم الله خيرا"),
    "javanese": ("ꦩꦠꦸꦂꦤꦸꦮꦸꦤ꧀", "Matur nuwun ꧋ꦱꦸꦒꦼꦁꦫꦮꦸꦃ꧉ pelayanan sae"),
    "newline": ("Antrean lama.\nTolong tambah loket.", "1. Parkir\n2. Toilet\n3. Kursi"),
    "formula": ('=HYPERLINK("http://contoh.invalid","klik")', "+62 bukan rumus", "@SUM(1+1)", "-3+4 bintang"),
    "script": ("<script>alert('SKM')</script>", "<b>Petugas</b> & <img src=x onerror=alert(1)> \"ramah\""),
    "typst": ("#import \"x\" $y$ *tebal* \\ [kotak] @rujuk", "Harga naik 100% & $5_000 ~ {kurung} ^pangkat"),
}  # fmt: skip


def suggestions(rng: np.random.Generator, scores: np.ndarray) -> list[str]:
    """Write one suggestion a row, mostly empty; complaints follow the lowest answer.

    Parameters
    ----------
    rng : numpy.random.Generator
    scores : array of shape (n, 9)
        Answers 1-4.

    Examples
    --------
    >>> out = suggestions(np.random.default_rng(1), np.full((200, 9), 4))
    >>> len(out), 0 < sum(bool(s) for s in out) < 200
    (200, True)
    """
    size = len(scores)
    writes = rng.random(size) < 0.27
    lowest = scores.argmin(axis=1) if size else np.zeros(0, dtype=int)
    unhappy = scores.min(axis=1) <= 2 if size else np.zeros(0, dtype=bool)
    pick = rng.integers(0, 1 << 30, size)
    texts = []
    for i in range(size):
        if not writes[i]:
            texts.append("")
            continue
        pool = COMPLAINT[f"U{lowest[i] + 1}"] if unhappy[i] or pick[i] % 5 == 0 else PRAISE
        texts.append(pool[int(pick[i]) % len(pool)])
    return texts
