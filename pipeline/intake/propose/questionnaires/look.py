"""One column of an undescribed table: can it be an item, by its header and by what it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.intake.columns import fields
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import Coded
from pipeline.intake.propose.questionnaires.codes import BLANK
from pipeline.intake.propose.questionnaires.names import Named, parse
from pipeline.intake.propose.questionnaires.rows import Place, upper
from pipeline.intake.values import likert
from pipeline.intake.values.answers import is_placeholder
from pipeline.intake.values.identity import is_identity_header
from pipeline.survey.text import fold

#: Share of a column's filled cells that must be answers.
ENOUGH = 0.9
#: Share of the rows that must be filled: a table beside the data fills few.
FILLED = 0.2
WHOLE = re.compile(r"-?\d{1,3}(?:[.,]0+)?")
#: Short headers with such a word are about the person, the place or the form.
_PERSON = re.compile(
    r"\b(?:no|nomor|nr|id|kode|code|usia|umur|age|kelamin|gender|sex|jk|pendidikan|education|pekerjaan|job"
    r"|occupation|profesi|penghasilan|pendapatan|income|gaji|salary|status|agama|religion|suku|jabatan|golongan|pangkat"
    r"|semester|angkatan|kelas|jurusan|prodi|program studi|fakultas|domisili|alamat|kecamatan|kelurahan|desa|kota"
    r"|kabupaten|provinsi|tanggal|tahun|bulan|year|month|date|total|jumlah|jml|rata rata|rerata|mean|average|sum"
    r"|skor|score|kategori|category|cluster|kelompok|group|durasi|duration|masa kerja|lama kerja|lama bekerja|tenure"
    r"|experience|pengalaman|frekuensi|kunjungan|responden|respondent|unit|loket|poli|ruang|ruangan|bobot|weight"
    r"|anak|tanggungan|marital|menikah|row|baris|index|indeks|ikm|nrr|skm|rank|ranking|lastpage|seed|valid|hasil"
    r"|disabilitas|layanan|pelayanan)\b"
)
#: Questions about the person, however long.
_ASKS = re.compile(
    r"^(?:berapa|sudah berapa|apa (?:jenis|pekerjaan|pendidikan|status|agama)|jenis kelamin|pendidikan|pekerjaan|usia"
    r"|umur|status (?:per|ke|mar|pek)|lama (?:be|me|ke|an)|penghasilan|pendapatan|pengeluaran|tingkat pendidikan"
    r"|how (?:old|long|many|much|often)|what (?:is )?your|which (?:of|unit|office|service)|years? of"
    r"|number of|your (?:age|gender|sex)"
    r"|level of education|total|jumlah skor|skor total|rata rata|rerata|average|mean|sum of)\b"
)


@dataclass(frozen=True)
class Item:
    """One column that is an item: where, its header taken apart, how many of its cells are answers."""

    index: int
    named: Named
    words: bool
    fits: int = 0
    filled: int = 0


class Look:
    """A column below the header: how much of it is numbers, or words of a scale."""

    def __init__(self, table: RawTable, where: Place, index: int) -> None:
        self.index = index
        self.cells: Coded = table.columns[index].take(where.rows)
        header = where.headers[index]
        self.named = parse(header, upper(table, where, index), where.names[index])
        self.counts = {t: n for t, n in self.cells.used().items() if not is_placeholder(t)}
        self.total = sum(self.counts.values())
        self.number, self.many = 0.0, False
        self.ends: dict[str, int] = {}
        self.words: frozenset[str] = frozenset()
        if self.total < max(3, FILLED * len(self.cells)) or not self._may():
            return
        whole = sum(n for t, n in self.counts.items() if WHOLE.fullmatch(t))
        alone = (
            max(self.counts.values()) == 1 and self.total > 4
        )  # a running number, a text of its own in every row
        if len(self.counts) > 30 or alone:
            self.many = whole >= ENOUGH * self.total
        else:
            self.number = whole / self.total
        if alone:
            return
        bare = Counter[str]()
        for text, n in self.counts.items():
            if not WHOLE.fullmatch(text):
                bare[likert.bare(text)[0]] += n
        if self.number < ENOUGH and bare and len(bare) <= 12:
            self.words = frozenset(bare)

    def _may(self) -> bool:
        """Whether the header can be one of an item."""
        header, text = self.named.header, fold(self.named.text)
        if not header and not self.named.facet:
            return False
        if self.named.text == header and (fields.field_of(header) or fields.is_stamp(header)):
            return False
        if is_identity_header(header) and len(text.split()) < 5:
            return False
        coded = self.named.first >= 0 and bool(self.named.stem or self.named.facet or len(text.split()) >= 2)
        if _ASKS.search(text):
            return False
        if (
            coded
            and self.named.stem.lower() not in ("no", "id", "nomor", "kode")
            and not (text and _PERSON.search(text) and len(text.split()) <= 3)
        ):
            return True
        return not (len(text.split()) <= 3 and _PERSON.search(text))

    def integers(self) -> np.ndarray:
        """Return the cells as whole numbers, `BLANK` where there is none."""
        table = [self.whole(text) for text in self.cells.values]
        return np.array(table or [BLANK], dtype=np.int64)[self.cells.codes]

    def whole(self, text: str) -> int:
        """Return the number of a cell, `BLANK` where it is none."""
        if WHOLE.fullmatch(text):
            return int(float(text.replace(",", ".")))
        return self.ends.get(likert.bare(text)[0], BLANK)

    def values(self) -> set[int]:
        """Return the different numbers of the column."""
        return {self.whole(text) for text in self.counts} - {BLANK}

    def item(self, good: set[str], words: bool) -> Item:
        """Return the column as an item whose answers are the given texts."""
        fits = sum(n for t, n in self.counts.items() if t in good)
        return Item(self.index, self.named, words, fits, self.total)


def ends_read(looks: Sequence[Look]) -> dict[str, int]:
    """Read words that stand only at the ends of a scale of numbers: "Sangat tidak setuju", 2, 3, 4, "Sangat setuju".

    Numbers beside the words say which end; else the degree does, and the lowest is 1.
    """
    mixed = [
        look
        for look in looks
        if 0 < len(look.words) <= 2
        and 0.1 <= sum(map(bool, map(WHOLE.fullmatch, look.counts))) / max(len(look.counts), 1) < 1
    ]
    wholes = sorted({v for look in mixed for v in look.values() if 0 <= v <= 10})
    if len(mixed) < 2 or len(wholes) < 2:
        return {}
    found: dict[str, int] = {}
    for look in mixed:
        for text in look.counts:
            words, number = likert.bare(text)
            sign = likert.degree(words)
            if WHOLE.fullmatch(text):
                continue
            if number is not None:
                found[words] = number
            elif sign and sign[0] in ("--", "-", "k-", "k"):
                found[words] = min(1, wholes[0] - 1)
            elif sign and sign[0] in ("++", "+"):
                found[words] = wholes[-1] + 1
            else:
                return {}
    for look in mixed:
        look.ends, look.words = found, frozenset()
        look.number = sum(n for t, n in look.counts.items() if look.whole(t) != BLANK) / look.total
    return found


def together(looks: Sequence[Look]) -> list[Look]:
    """Keep columns of numbers that something holds together: a series, questions, neighbours."""
    series = Counter((look.named.stem, look.named.facet) for look in looks if look.named.first >= 0)
    facets = Counter(look.named.facet for look in looks if look.named.facet)
    places = {look.index for look in looks}
    kept = []
    for look in looks:
        named = look.named
        neighbours = sum(look.index + step in places for step in (-2, -1, 1, 2))
        if (
            (named.first >= 0 and series[named.stem, named.facet] >= 2)
            or (named.facet and facets[named.facet] >= 2)
            or len(named.text.split()) >= 4
            or neighbours >= 2
        ):
            kept.append(look)
    return kept
