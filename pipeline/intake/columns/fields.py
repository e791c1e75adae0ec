"""What the columns about the respondent are called in the field."""

from __future__ import annotations

import re

from pipeline.intake.ground.coded import Coded
from pipeline.survey.text import fold

#: Our field, and the headers (folded) that mean it.
HEADERS: dict[str, tuple[str, ...]] = {
    "respondent": (
        "respondent", "id responden", "respondent id", "kode responden", "no responden",
        "nomor responden", "id", "responden id", "response id", "id respon", "id kuesioner",
        "nomor kuesioner", "no kuesioner", "submission id", "uuid",
    ),
    "unit": (
        "unit", "unit layanan", "unit pelayanan", "nama unit", "nama unit layanan", "unit kerja", "opd",
        "nama opd", "skpd", "nama skpd", "perangkat daerah", "instansi", "nama instansi", "unit id",
        "id unit", "kode unit", "nama dinas", "dinas", "nama unit pelayanan", "unit penyelenggara",
    ),
    "service": (
        "service", "layanan", "jenis layanan", "jenis pelayanan", "nama layanan", "layanan yang diterima",
        "jenis layanan yang diterima", "jenis pelayanan yang diterima", "jenis layanan yang diperoleh",
        "layanan yang digunakan", "keperluan", "jenis perizinan",
    ),
    "answered_at": (
        "answered at", "tanggal", "tgl", "tanggal survei", "tanggal survey", "tanggal pengisian", "date",
        "tanggal kunjungan", "tanggal wawancara", "waktu survei", "waktu pengisian", "survey date",
    ),
    "entered_at": (
        "entered at", "tanggal input", "tanggal entri", "waktu input", "waktu entri", "tgl input",
        "tgl entri", "created at", "created date", "date created",
    ),
    "sex": ("sex", "gender", "jenis kelamin", "jk", "j k", "kelamin", "jns kelamin", "l p"),
    "age": ("age", "usia", "umur", "usia tahun", "umur tahun", "usia anda", "umur anda", "usia responden"),
    "age_band": ("age band", "kelompok umur", "kelompok usia", "rentang usia", "rentang umur", "golongan umur"),
    "education": (
        "education", "pendidikan", "pendidikan terakhir", "tingkat pendidikan", "pendidikan responden",
        "jenjang pendidikan", "pendidikan terakhir anda",
    ),
    "occupation": (
        "occupation", "pekerjaan", "pekerjaan utama", "pekerjaan responden", "profesi", "pekerjaan anda",
        "jenis pekerjaan", "job",
    ),
    "disability": (
        "disability", "disabilitas", "penyandang disabilitas", "difabel", "apakah penyandang disabilitas",
        "berkebutuhan khusus", "status disabilitas", "apakah anda penyandang disabilitas",
    ),
    "disability_kind": (
        "disability kind", "jenis disabilitas", "ragam disabilitas", "jenis kebutuhan khusus", "kategori disabilitas",
        "jenis penyandang disabilitas", "jika ya jenis disabilitas", "jenis disabilitas anda",
    ),
    "mode": ("mode", "moda", "cara survei", "cara pengisian", "metode", "metode survei", "kanal", "media survei"),
    "executor": ("executor", "pelaksana survei", "penyelenggara survei"),
    "interviewer": (
        "interviewer", "pewawancara", "surveyor", "enumerator", "petugas survei", "nama surveyor",
        "nama enumerator", "nama pewawancara",
    ),
    "weight": ("weight", "bobot", "penimbang", "bobot responden"),
    "suggestion": (
        "suggestion", "saran", "saran masukan", "kritik dan saran", "saran dan masukan", "kritik saran",
        "masukan", "komentar", "saran perbaikan", "kritik saran dan masukan", "saran kritik",
        "saran dan kritik", "keluhan dan saran", "catatan responden",
        "suggestions", "suggestions and comments",
    ),
}  # fmt: skip

#: A time stamp made by a form: when the answer was given, unless another column says so.
STAMPS = (
    "timestamp", "cap waktu", "stempel waktu", "waktu", "submitted at", "submission date", "waktu kirim",
    "completion time", "start time", "end", "submission time", "submissiondate",
)  # fmt: skip

LONG: dict[str, tuple[str, ...]] = {
    "item": (
        "item", "item id", "id item", "id soal", "soal", "kode soal", "id pertanyaan", "pertanyaan",
        "kode pertanyaan", "unsur", "kode unsur", "question", "question id", "indikator", "id sub", "id unsur",
    ),
    "answer": ("answer", "jawaban", "skor", "nilai", "score", "nilai persepsi", "persepsi", "response", "value"),
    "answer_exp": ("answer exp", "nilai harapan", "harapan", "ekspektasi", "expectation"),
    "answer_imp": ("answer imp", "kepentingan", "nilai kepentingan", "importance"),
}  # fmt: skip

#: Folded headers of a column that only numbers the rows.
NUMBERING = frozenset(("no", "nomor", "no urut", "nr", "nomor urut", "urut"))

PROFILE = tuple(HEADERS)

_DATE = re.compile(r"^\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}")


def field_of(header: str, long: bool = False) -> str | None:
    """Return the field a header means, or None.

    Examples
    --------
    >>> field_of("Pendidikan_Terakhir"), field_of("Jenis Kelamin (L/P)")
    ('education', 'sex')
    """
    folded = fold(header.replace("_", " "))
    short = fold(re.sub(r"[(\[*:].*$", "", header.replace("_", " ")))
    tables = (LONG, HEADERS) if long else (HEADERS,)
    for table in tables:
        for candidate in (folded, short):
            for name, headers in table.items():
                if candidate and candidate in headers:
                    return name
    return None


_KEY = re.compile(
    r"(?:^|\b|_)(?:id|no|nr|nomor|kode|kd|key|kunci|uuid|guid|token|code|number|fk|pk|ref)(?:\b|_|$)", re.I
)


def may_be_key(header: str) -> bool:
    """Whether a header may name the key of a table: by a word such as id, no, kode, uuid.

    Examples
    --------
    >>> may_be_key("id_bio"), may_be_key("NoResponden"), may_be_key("respon_m_id"), may_be_key("nama")
    (True, True, True, False)
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", header)
    return bool(_KEY.search(words)) or fold(header).endswith("id")


def bracketless(header: str) -> str:
    """Return a header whose brackets are read as words: what `field_of` drops may be all that matters.

    Examples
    --------
    >>> field_of("Pekerjaan [Lainnya]"), field_of(bracketless("Pekerjaan [Lainnya]"))
    ('occupation', None)
    """
    return re.sub(r"[(\[*:\])]", " ", header)


def is_stamp(header: str) -> bool:
    """Whether a header names the time stamp a form system adds."""
    return fold(header.replace("_", " ")) in STAMPS


def looks_like_dates(column: Coded) -> bool:
    """Whether most distinct texts of a column begin like dates."""
    texts = column.sample()
    return bool(texts) and 2 * sum(bool(_DATE.match(t)) for t in texts) >= len(texts)
