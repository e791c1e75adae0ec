"""What an office or a respondent wrote is read aloud in its own language, on a page in another one."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from pipeline import blocks as b
from pipeline.render import to_docx, to_html, to_pdf
from pipeline.words import Words
from pipeline.words.foreign import Foreign
from tests.layout.accessible import elements
from tests.support.report_sample import cell, notebook

QUOTE, PLAN = "Antrean terlalu lama", "Menambah loket pada jam ramai"


def page(lang: str, spoken: str) -> Any:
    """A page with a quotation in a sentence, a cell, and a text of the office."""
    quote, plan = ((Foreign(text, spoken) if spoken else text) for text in (QUOTE, PLAN))
    said = Words(lang).runs("pageone.act.quoted", n="6", quote=quote)
    return notebook(
        cell(b.document("Sample", lang=lang, survey="SKM 2025", date="2025-12-05")),
        cell(b.bullets([[b.strong(text) if bold else text for text, bold in said]])),
        cell(b.table(
            [b.column("no", "No", numeric=True), b.column("plan", "Plan"), b.column("state", "State")],
            [["1", "Proposal of this page", "open"], ["2", plan, "open"]], "Plans", "plans", row_header=False,
        )),
        cell(b.group(*b.written("Kata **pengantar** kami.\n\n- satu", spoken))),
    )  # fmt: skip


@cache
def html(lang: str, spoken: str) -> str:
    return to_html(page(lang, spoken))


def test_texts_in_another_language_carry_it_in_html() -> None:
    made = html("en", "id")
    assert f'wrote about it: “<span lang="id">{QUOTE}</span>”' in made
    assert re.search(rf'<td lang="id"[^>]*>{PLAN}</td>|<td[^>]* lang="id">{PLAN}</td>', made)
    assert '<strong><span lang="id">pengantar</span></strong>' in made or (
        '<span lang="id"><strong>pengantar</strong></span>' in made
    )
    assert '<li><span lang="id">satu</span></li>' in made
    # Cells beside it are the page's own.
    assert made.count(' lang="id"') == 6
    assert len(re.findall(r"<td[^>]*lang=", made)) == 1


def test_on_a_page_of_their_own_language_nothing_is_marked() -> None:
    assert html("id", "").count(" lang=") == 1  # the page's


def test_texts_in_another_language_carry_it_in_the_tags_of_the_pdf() -> None:
    pdf = PdfReader(io.BytesIO(to_pdf(page("en", "id"))))
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
    # A whole cell, paragraph or point says so in its tag; a quotation within a sentence where it is written.
    assert sorted(tag for tag, lang in tags(pdf) if lang == "id-ID") == ["/LBody", "/P", "/TD"]
    within = pdf.pages[0].get_contents()
    assert within is not None
    assert within.get_data().count(b"/Lang(id-ID)") == 2
    assert not [lang for _, lang in tags(PdfReader(io.BytesIO(to_pdf(page("id", ""))))) if lang]


def tags(pdf: PdfReader) -> list[tuple[str, str]]:
    return [(str(node["/S"]), str(node.get("/Lang", ""))) for node in elements(pdf)]


def test_texts_in_another_language_carry_it_in_word() -> None:
    body = zipfile.ZipFile(io.BytesIO(to_docx(page("en", "id")))).read("word/document.xml").decode("utf-8")
    for text in (QUOTE, PLAN, "pengantar", "satu"):
        (run,) = [one for one in re.findall(r"<w:r>.*?</w:r>", body) if f">{text}<" in one]
        assert '<w:lang w:val="id-ID"/>' in run, text
    assert body.count("<w:lang ") == 6
    assert (
        "<w:lang "
        not in zipfile.ZipFile(io.BytesIO(to_docx(page("id", "")))).read("word/document.xml").decode()
    )


@pytest.mark.parametrize("quote", [QUOTE, Foreign(QUOTE, "id")])
def test_a_sentence_reads_the_same_whether_its_value_is_marked_or_not(quote: str) -> None:
    said = Words("en").runs("pageone.act.quoted", n="6 respondents", quote=quote)
    assert "".join(text for text, _ in said) == f". 6 respondents wrote about it: “{QUOTE}”"


def test_a_missing_value_is_named_beside_a_marked_one() -> None:
    with pytest.raises(KeyError, match="no value for the placeholder 'n'"):
        Words("en").runs("pageone.act.quoted", quote=Foreign(QUOTE, "id"))
