"""The official outlines: headings as evaluators know them, the same numbers, nothing that was not given."""

from __future__ import annotations

import base64
import functools
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from pipeline import survey as surveys
from pipeline.render import html, pdf, word
from tests.support import official, small_city

OUTLINES: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("outlines.yml").read_text(encoding="utf-8")
)
TEMPLATES = tuple(OUTLINES)
FOREWORD = "# Pembuka\n\n**Terima kasih** <script>alert(1)</script> [jahat](javascript:alert(1)) [baik](https://contoh.invalid)\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.build(tmp_path_factory.mktemp("official"))


@functools.cache
def _read(root: Path, template: str, unit: str, lang: str, full: bool) -> Any:
    path = root / "data" / "raw" / "2024" / "survey.yml"
    before = path.read_text(encoding="utf-8")
    official.define(root, official.FULL.format(template=template) if full else f"template: {template}\n")
    try:
        return official.report(root, template, unit, lang)
    finally:
        path.write_text(before, encoding="utf-8")


def bare(root: Path, template: str, unit: str = "dinas-a", lang: str = "id") -> Any:
    return _read(root, template, unit, lang, False)


def full(root: Path, template: str, unit: str = "dinas-a", lang: str = "id") -> Any:
    return _read(root, template, unit, lang, True)


def photo(path: Path, secret: bytes = b"RAHASIA-LOKASI") -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = secret.decode(), 6  # a note, and "turn me"
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (2000, 1000), (15, 107, 120)).save(path, exif=exif, comment=secret)


@pytest.fixture
def written(root: Path) -> Any:
    """A foreword and a photo for all units, another foreword for one."""
    raw = root / "data" / "raw" / "2024"
    (raw / "content" / "dinas-b").mkdir(parents=True)
    (raw / "content" / "foreword.md").write_text(FOREWORD, encoding="utf-8")
    (raw / "content" / "dinas-b" / "foreword.md").write_text("Khusus Dinas B.", encoding="utf-8")
    photo(raw / "photos" / "loket.jpg")
    (raw / "photos" / "loket.jpg.txt").write_text("Warga mengisi kuesioner.\nLoket dua", encoding="utf-8")
    yield raw
    for folder in ("content", "photos"):
        for path in sorted((raw / folder).rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        (raw / folder).rmdir()


def expected(template: str, given: bool) -> list[str]:
    listed = OUTLINES[template]
    return [h.strip("[]") for h in listed if given or not h.startswith("[")]


@pytest.mark.parametrize("template", TEMPLATES)
def test_headings_are_those_of_the_official_outline(root: Path, template: str):
    found = official.outline(bare(root, template))
    if template == "research":
        found = [b["text"] for b in bare(root, template).headings() if b["level"] == 2]
    assert found == expected(template, given=False)


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_english_report_has_the_same_outline_in_english(root: Path, template: str):
    here, there = bare(root, template), bare(root, template, lang="en")
    levels = [[b["level"] for b in report.headings()] for report in (here, there)]
    assert levels[0] == levels[1]
    names = official.outline(there)
    assert all(re.match(r"Chapter|\d\.\d |[A-Z]", name) for name in names)
    assert not set(names) & set(official.outline(here))


def test_what_the_office_gives_has_its_own_headings(root: Path, written: Path):
    for template in ("2021", "2025"):
        _read.cache_clear()
        assert official.outline(full(root, template)) == expected(template, given=True)
    _read.cache_clear()


def test_a_text_that_the_office_gave_in_one_language_carries_it_in_a_report_of_another(
    root: Path, written: Path
):
    def foreword(lang: str) -> list[dict[str, str]]:
        _read.cache_clear()
        parts = [p for b in full(root, "2021", lang=lang).blocks if b["type"] == "prose" for p in b["parts"]]
        return [p for p in parts if p["text"] in ("Pembuka", "Terima kasih", "baik", "Opening")]

    assert {p["text"]: p.get("lang") for p in foreword("en")} == {
        "Pembuka": "id",
        "Terima kasih": "id",
        "baik": "id",
    }
    assert not [p for p in foreword("id") if "lang" in p]
    (written / "content" / "foreword.en.md").write_text("# Opening", encoding="utf-8")
    assert foreword("en") == [{"text": "Opening", "mark": "strong"}]
    _read.cache_clear()


@pytest.mark.parametrize("unit", ["dinas-a", "dinas-b"])
def test_every_template_prints_the_same_index_letter_and_values(root: Path, unit: str):
    def numbers(template: str) -> tuple[Any, ...]:
        blocks = bare(root, template, unit).blocks
        (headline,) = [b for b in blocks if b["type"] == "headline"]
        drawn = next(b for b in blocks if b["type"] == "figure" and b["key"].startswith("which-first"))
        return headline["value"], headline["letter"], headline["interval"], headline["chip"], drawn["alt"]

    assert len({numbers(template) for template in ("questions", *TEMPLATES)}) == 1


@pytest.mark.parametrize("unit", ["kel-tiga", "kel-kosong", "kel-tetap", "unknown"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_short_page_stays_short(root: Path, template: str, unit: str):
    report = full(root, template, unit)
    usual = bare(root, "questions", unit)
    shown = official.text(report)
    assert not report.document["chapters"]
    assert small_city.SECRET not in shown
    assert len(report.headings()) <= len(usual.headings())
    assert {b["type"] for b in report.blocks} <= {b["type"] for b in usual.blocks}
    assert "Kepala Bagian Organisasi" not in shown


@pytest.mark.parametrize("template", ["2021", "2025"])
def test_nothing_appears_that_was_not_given(root: Path, template: str):
    report = bare(root, template)
    shown = official.text(report)
    kinds = {b["type"] for b in report.blocks}
    assert not kinds & {"signature", "photo"}
    for one in ("NIP", "Undang-Undang", "Peraturan Wali Kota", "Pengarah", "Loket"):
        assert one not in shown, one
    if template == "2021":
        assert "tidak dicatat" in shown  # where answers were collected
    assert "hari libur nasional belum dikurangkan" in shown


def test_the_schedule_counts_working_days_without_listed_holidays(root: Path):
    (table,) = [b for b in full(root, "2021").blocks if b.get("key") == "schedule"]
    assert [row[-1] for row in table["rows"]] == ["5", "25"]
    assert "19 Agustus 2024" in table["note"]
    assert "17 Agustus" not in table["note"]  # a Saturday is no working day anyway


def test_the_table_of_the_sample_has_ninety_rows_and_marks_the_unit(root: Path):
    (table,) = [b for b in bare(root, "2025").blocks if b.get("key") == "krejcie-morgan"]
    assert not table["breakable"], "two of its rows alone would fill a page with nothing"
    cells = [cell for row in table["rows"] for cell in row if cell]
    assert len(cells) == 180
    assert [cell for cell in cells if "→" in cell] == ["→ 900"]
    (facts,) = [b for b in bare(root, "2025").blocks if b.get("key") == "sample"]
    assert facts["rows"][1][1] == "269"
    assert facts["rows"][3][1] == "belum sesuai"
    unknown = [
        b for b in bare(root, "2025", "dinas-c").blocks if b.get("key") in ("sample", "krejcie-morgan")
    ]
    assert "tidak dapat dinilai" in unknown[0]["rows"][3][1]
    assert not any("→" in cell for row in unknown[1]["rows"] for cell in row)


def test_services_by_unsur_hide_what_is_small(root: Path):
    (table,) = [b for b in bare(root, "2025").blocks if b.get("key") == "services"]
    rows = {row[1]: row for row in table["rows"]}
    assert rows["Langka"][3:] == ["x"] * 10 + ["–"]
    assert all(re.fullmatch(r"\d+,\d\d", cell) for cell in rows["KTP"][3:13])
    (headline,) = [b for b in bare(root, "2025").blocks if b["type"] == "headline"]
    assert table["footer_rows"][0][-2:] == [headline["value"], headline["letter"]]


def test_the_signature_is_the_units_own_where_it_is_given(root: Path):
    for unit, office in (("dinas-a", "Kepala Bagian Organisasi"), ("dinas-b", "Kepala Dinas B")):
        (block,) = [b for b in full(root, "2021", unit).blocks if b["type"] == "signature"]
        assert block["above"] == ["Kota Contoh, 30 September 2024", office]
        assert block["below"] == (["NIP 000000000000000000"] if unit == "dinas-a" else [])


def test_texts_are_hostile_and_a_units_own_goes_first(root: Path, written: Path):
    _read.cache_clear()
    report = full(root, "2021")
    page = html.write(report)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "javascript:" not in page
    assert '<a href="https://contoh.invalid"' in page
    assert "<strong>Pembuka</strong>" in page
    assert "Khusus Dinas B." in official.text(full(root, "2021", "dinas-b"))
    assert "Khusus Dinas B." not in official.text(report)
    _read.cache_clear()


def test_a_photo_is_upright_small_and_tells_nothing_but_its_pixels(root: Path, written: Path):
    _read.cache_clear()
    (block,) = [b for b in full(root, "2025").blocks if b["type"] == "photo"]
    _read.cache_clear()
    jpeg = base64.b64decode(block["jpeg"])
    assert b"RAHASIA" not in jpeg
    with Image.open(io.BytesIO(jpeg)) as picture:
        assert picture.size == (block["width"], block["height"]) == (700, 1400)
        assert not picture.getexif()
    assert (block["alt"], block["caption"]) == ("Warga mengisi kuesioner.", "Loket dua")


def test_what_a_photo_shows_is_heard_in_the_language_it_was_written_in(root: Path, written: Path):
    for lang, mark in (("en", ' lang="id"'), ("id", "")):
        _read.cache_clear()
        page = html.write(full(root, "2025", lang=lang))
        assert f'<img width="700" height="1400"{mark} alt="Warga mengisi kuesioner." src=' in page
    _read.cache_clear()


def test_a_report_of_chapters_is_a_tagged_pdf_with_its_photo(root: Path, written: Path):
    _read.cache_clear()
    made = pdf.compile_pdf(full(root, "2025"))
    _read.cache_clear()
    assert b"/StructTreeRoot" in made.data
    assert b"Warga mengisi kuesioner." in made.data or b"/Alt" in made.data
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(made.data))
    starts = [page.extract_text() for page in reader.pages]
    for chapter in ("BAB I Pendahuluan", "BAB II Analisis", "BAB III Hasil", "BAB IV Kesimpulan"):
        firsts = [text for text in starts if chapter in "\n".join(text.splitlines()[1:4])]
        assert firsts, chapter
    assert any(len(page.images) for page in reader.pages)


def test_photo_and_signature_stand_in_the_word_document_too(root: Path, written: Path):
    _read.cache_clear()
    made = word.write(full(root, "2025"))
    _read.cache_clear()
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        text = package.read("word/document.xml").decode()
        photos = [name for name in package.namelist() if name.endswith(".jpg")]
        relations = package.read("word/_rels/document.xml.rels").decode()
    assert len(photos) == 1
    assert f'Target="{photos[0].removeprefix("word/")}"' in relations
    assert 'descr="Warga mengisi kuesioner."' in text
    assert "Kepala Bagian Organisasi" in text


@pytest.mark.full
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_template_is_made_in_both_languages_for_every_kind_of_unit(
    root: Path, template: str, lang: str
):
    for unit in (*small_city.SIZES, "kel-kosong"):
        report = full(root, template, unit, lang)
        assert pdf.compile_pdf(report).data.startswith(b"%PDF")
        assert html.write(report)


def refused(root: Path, more: str, **files: bytes) -> str:
    raw = root / "data" / "raw" / "2024"
    path = raw / "survey.yml"
    before = path.read_text(encoding="utf-8")
    official.define(root, more)
    made = []
    try:
        for name, content in files.items():
            made.append(raw / name)
            made[-1].parent.mkdir(parents=True, exist_ok=True)
            made[-1].write_bytes(content)
        with pytest.raises(surveys.SurveyError) as error:
            surveys.load(root, "2024")
        return str(error.value)
    finally:
        path.write_text(before, encoding="utf-8")
        for one in made:
            one.unlink()
            for folder in (one.parent, one.parent.parent):
                if folder != raw and not any(folder.iterdir()):
                    folder.rmdir()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"photos/a.jpg": b"\xff\xd8\xff\xd9"}, "photos/a.jpg: has no text for those who cannot see it"),
        (
            {"photos/a.jpg": b"<html>"},
            "photos/a.jpg: is no JPEG or PNG that can be opened\n  hint: save it anew",
        ),
        ({"photos/a.png": b"\xff\xd8\xff\xe0 half of it"}, "photos/a.png: breaks off before its end"),
        ({"photos/a.png": b"\x89PNG\r\n\x1a\n half of it"}, "photos/a.png: breaks off before its end"),
        ({"photos/a.jpg": b""}, "photos/a.jpg: is no JPEG or PNG that can be opened"),
        ({"photos/a.gif": b"GIF89a"}, "photos/a.gif: is no photo that a report can show"),
        (
            {"content/forword.md": b"x"},
            'content/forword.md: is printed by no report\n  hint: did you mean "foreword"?',
        ),
        ({"content/foreword.md": b"\xff\xfe\xfa"}, "content/foreword.md: is not UTF-8 text"),
        ({"content/dinas-z/foreword.md": b"x"}, "content/dinas-z: is the folder of no unit"),
    ],
)
def test_what_no_report_could_print_is_refused_in_one_sentence(
    root: Path, files: dict[str, bytes], said: str
):
    assert said in refused(root, "template: 2021\n", **files)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("signature: {nip: 198002292005011003}\n", "put the number in quotes"),
        ("signature: {nip: '1980022920050110'}\n", "a NIP has 18 digits, this has 16"),
        ("signature: {nip: '198102292005011003'}\n", "begins with the day of birth"),
        ("signature: {nip: '198002292005013003'}\n", "15th digit"),
        ("signature: {date: 2024-08-01}\n", "before the survey ended"),
        ("signature: {units: {dinas-x: {name: A}}}\n", 'there is no unit "dinas-x"'),
        ("team: [{name: A}]\n", "is required and not given"),
        ("schedule: [{activity: A, start: 2024-02-02, end: 2024-02-01}]\n", "end is before start"),
        ("holidays: [2024-08-19, 2024-08-19]\n", "2024-08-19 is listed twice"),
        ("photos: {a.jpg: {alt: ' '}}\n", "is empty"),
        ("template: '2023'\n", "is not one of 'questions', '2021', '2025' or 'research'"),
        ("template: 2021\nphotos: {a.jpg: {alt: x}}\n", 'there is no photo "a.jpg"'),
    ],
)
def test_a_definition_says_what_is_wrong_with_what_a_report_would_name(root: Path, more: str, said: str):
    assert said in refused(root, more)


def test_a_nip_of_zeros_stands_only_in_invented_data(root: Path):
    path = root / "data" / "raw" / "2024" / "survey.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("synthetic: true", "synthetic: false"), encoding="utf-8")
    try:
        said = refused(root, "signature: {nip: '000000000000000000'}\n")
    finally:
        path.write_text(before, encoding="utf-8")
    assert "only where the data is invented" in said
