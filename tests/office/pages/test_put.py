"""Files of the office's pages: what each language's is called, and what of their text becomes markup."""

from __future__ import annotations

from pathlib import Path

import pypdf

from pipeline import blocks
from pipeline.office.pages import put

TABLE = (
    blocks.document("Yang perlu diperiksa", lang="id", date="2025-12-01"),
    blocks.table(
        [blocks.column("unit", "unit"), blocks.column("why", "sebab")],
        [["Dinas <A>", "<b>kosong</b>"], ["Dinas B", "kurang"]], caption="Unit", key="units",
    ),
)  # fmt: skip


def test_the_first_language_has_the_plain_name():
    assert [put.stem("status", lang, ["en", "id"]) for lang in ("en", "id")] == ["status", "status.id"]


def test_a_unit_links_to_its_page_and_no_other_text_becomes_markup(tmp_path: Path):
    page = put.as_html(tmp_path / "new" / "status.html", TABLE, {"Dinas <A>": "units/a.html"})
    said = page.read_text(encoding="utf-8")
    assert 'href="units/a.html"' in said
    assert said.count("<a href=") == 1
    assert "Dinas &lt;A&gt;" in said
    assert "<b>kosong</b>" not in said


def test_the_same_blocks_are_the_same_bytes_as_page_and_as_pdf(tmp_path: Path):
    for write, name in ((put.as_html, "one.html"), (put.as_pdf, "one.pdf")):
        first = write(tmp_path / name, TABLE).read_bytes()
        assert write(tmp_path / name, TABLE).read_bytes() == first
    assert "kosong" in pypdf.PdfReader(tmp_path / "one.pdf").pages[0].extract_text()
