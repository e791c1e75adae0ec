"""The HTML report stands alone, can be read by everyone, and shows text as text."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from nbformat.v4 import new_code_cell, new_output

from pipeline import blocks as b
from pipeline.render import RenderError, to_html
from pipeline.render.exporters import SkmHTMLExporter
from pipeline.render.math import MathError, to_mathml, to_spoken, to_typst
from tests.support.report_sample import (
    HOSTILE,
    cell,
    hostile,
    item_table,
    markdown,
    notebook,
    opening,
    sample,
    summary,
)

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """Every tag with its attributes and the tags it stands in; fails on a page that does not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open, f"</{tag}> closes nothing"
            assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
            self.open.pop()

    def handle_data(self, data):
        self.texts.append((tuple(self.open), data))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs, _ in self.tags if name == tag]


@pytest.fixture(scope="module")
def text() -> str:
    return to_html(sample())


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


@pytest.mark.parametrize("make", [sample, hostile])
def test_the_page_asks_for_nothing_from_outside(make):
    page = Page(to_html(make()))
    style = "".join(t for where, t in page.texts if where and where[-1] == "style")
    assert not re.search(r"url\((?!data:)|@import", style)
    for tag, attrs, _ in page.tags:
        assert tag not in ("script", "link", "iframe", "object", "embed", "img", "base"), tag
        for name, value in attrs.items():
            assert not name.startswith("on"), name
            if name in ("src", "href", "xlink:href", "action", "data", "poster") and tag != "a":
                assert str(value).startswith("#"), (tag, value)
            assert not str(value).strip().lower().startswith("javascript:")


@pytest.mark.parametrize("make", [sample, hostile])
def test_a_page_has_one_title_and_one_top_heading(make):
    page = Page(to_html(make()))
    assert len(page.named("h1")) == 1
    assert [w for w, _ in page.texts].count(("html", "head", "title")) == 1


@pytest.mark.parametrize("make", [sample, hostile])
def test_ids_are_unique_and_every_reference_inside_the_page_arrives(make):
    page = Page(to_html(make()))
    ids = Counter(attrs["id"] for _, attrs, _ in page.tags if "id" in attrs)
    assert [i for i, n in ids.items() if n > 1] == []
    for tag, attrs, _ in page.tags:
        for name in ("href", "aria-labelledby"):
            value = str(attrs.get(name) or "")
            if name == "href" and not value.startswith("#"):
                continue
            if value:
                assert value.lstrip("#") in ids, (tag, value)
        for use in re.findall(r"url\(#([^)]+)\)", " ".join(str(v) for v in attrs.values())):
            assert use in ids


def test_the_page_has_language_landmarks_and_a_skip_link(page: Page):
    assert page.named("html") == [{"lang": "id"}]
    tags = Counter(tag for tag, _, _ in page.tags)
    for landmark in ("header", "main", "nav", "footer"):
        assert tags[landmark] == 1, landmark
    first = next(attrs for tag, attrs, where in page.tags if tag == "a")
    assert first["href"] == "#isi"
    assert page.named("main")[0]["id"] == "isi"


def test_headings_never_skip_a_level(page: Page):
    levels = [int(tag[1]) for tag, _, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_tables_have_caption_and_scopes_and_scroll_in_a_focusable_region(page: Page):
    tables = [(attrs, where) for tag, attrs, where in page.tags if tag == "table"]
    assert len(tables) == 3
    assert len(page.named("caption")) == 3
    assert all(attrs.get("scope") in ("col", "row", "colgroup") for attrs in page.named("th"))
    regions = [a for a in page.named("div") if a.get("role") == "region"]
    assert len(regions) >= 3
    assert all(a["tabindex"] == "0" and a["aria-label"] for a in regions)


def test_figures_have_a_caption_and_their_alt_text(page: Page, text: str):
    drawings = page.named("svg")
    assert drawings
    assert all(a["role"] == "img" and a["aria-labelledby"] for a in drawings)
    assert "Biaya/tarif terendah dengan 74,38; penanganan pengaduan tertinggi dengan 95,15." in text
    assert len(page.named("figcaption")) >= 1
    strip = next(a for a in page.named("div") if a.get("class") == "strip")
    assert strip["role"] == "img"
    assert "huruf B" in str(strip["aria-label"])


def test_hostile_text_is_shown_and_never_run():
    text = to_html(hostile())
    page = Page(text)
    shown = "".join(t for _, t in page.texts)
    for piece in (
        '<script>alert("x")</script>',
        '#import "a.typ" ] $x$ \\ \\u{41}',
        "العربية مُحَمَّد",
        "ꦲꦤꦕꦫꦏ",
        "👩‍👩‍👧",
    ):
        assert piece in shown
    for gone in "\x00\x07\ue000\u202e\ufffe":
        assert gone not in text
    assert "onerror" not in {name for _, attrs, _ in page.tags for name in attrs}


def test_removed_characters_are_counted():
    resources: dict = {}
    to_html(hostile(), resources=resources)
    assert resources["skm"]["removed"] > 0


def test_two_figures_with_the_same_inner_ids_do_not_share_them():
    svg = (
        '<svg width="9" height="9"><defs><clipPath id="c"><path d="M0 0"/></clipPath></defs>'
        '<g clip-path="url(#c)"/></svg>'
    )
    figures = [b.figure(svg, key, caption="c", alt="a") for key in ("satu", "dua")]
    text = to_html(notebook(cell(opening()), cell(b.group(figures))))
    assert 'id="satu-c"' in text
    assert "url(#dua-c)" in text
    assert 'id="c"' not in text


def test_formulas_are_mathml_with_their_spoken_form(page: Page):
    formulas = page.named("math")
    assert len(formulas) == 3
    assert all(a.get("alttext") for a in formulas)


def test_markdown_reaches_the_page(text: str):
    for piece in ("<em>tidak acak</em>", "<strong>bersyarat</strong>", 'href="https://jdih.menpan.go.id"',
                  "<code>skm.go.id</code>", "<ol><li>satu</li>", "<ul><li>lewat <em>QR</em></li></ul>",
                  ">Rumus</h3>"):  # fmt: skip
        assert piece in text, piece


def test_the_english_of_a_markdown_cell_is_used_in_an_english_report():
    text = to_html(sample(rows=5, lang="en"))
    assert "How was the survey done?" in text
    assert "Bagaimana survei dilakukan?" not in text
    assert '<html lang="en">' in text
    assert "Skip to content" in text


def test_cells_tagged_internal_are_not_exported(text: str):
    assert "Catatan untuk pengembang" not in text
    hidden = cell(b.prose("rahasia"), tags=["internal"])
    printed = new_code_cell("x", outputs=[new_output("stream", name="stdout", text="rahasia")])
    printed.metadata["tags"] = ["internal"]
    assert "rahasia" not in to_html(notebook(cell(opening()), hidden, printed))


def test_the_source_of_code_cells_is_never_exported(text: str):
    assert "report.section" not in text


def test_references_print_the_number_of_what_they_point_to(text: str):
    assert '<a class="ref" href="#unsur-mana">Gambar 1</a>' in text
    assert '<a class="ref" href="#unsur">Tabel 1</a>' in text


def test_a_reference_to_nothing_is_refused():
    with pytest.raises(RenderError, match="points to no table"):
        to_html(notebook(cell(opening()), cell(b.prose(b.ref("tidak-ada")))))


def test_one_key_cannot_name_two_blocks():
    with pytest.raises(RenderError, match="names two blocks"):
        to_html(notebook(cell(opening()), cell(item_table("x")), cell(item_table("x"))))


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (new_output("stream", name="stdout", text="halo\n"), "printed to stdout: 'halo'"),
        (new_output("stream", name="stderr", text="FutureWarning: x"), "printed to stderr"),
        (new_output("execute_result", data={"text/html": "<table>", "text/plain": "   U1"}), "not a block"),
        (new_output("display_data", data={"image/png": "aGFsbw=="}), "not a block"),
        (new_output("error", ename="KeyError", evalue="U9", traceback=[]), "KeyError: U9"),
    ],
)
def test_output_that_is_not_a_block_is_refused_with_its_place(output, message):
    broken = new_code_cell("x", outputs=[output])
    nb = notebook(cell(opening()), markdown("## Apakah skala ini konsisten?"), broken)
    with pytest.raises(RenderError, match=message) as error:
        to_html(nb)
    assert "cell 3 ('Apakah skala ini konsisten?')" in str(error.value)


@pytest.mark.parametrize(("kind", "name"), [("figure", "alt"), ("figure", "caption"), ("table", "caption")])
def test_a_notebook_made_elsewhere_cannot_leave_out_alt_text_or_caption(kind, name):
    blocks = [x for x in (*summary(), item_table()) if x.kind_name == kind]
    made = cell(blocks[0])
    made.outputs[0]["data"][b.MIME][name] = " "
    with pytest.raises(RenderError, match=f"empty {name}"):
        to_html(notebook(cell(opening()), made))


def test_a_notebook_without_document_is_no_report():
    with pytest.raises(RenderError, match="exactly one document"):
        to_html(notebook(cell(b.prose("a"))))


def test_a_picture_in_markdown_is_refused():
    with pytest.raises(RenderError, match=r"blocks\.figure"):
        to_html(notebook(cell(opening()), markdown("![](a.png)")))


def test_simulated_data_say_so_at_the_top():
    text = to_html(sample(rows=3, synthetic=True))
    assert text.index("Data sintetis") < text.index("<h1>")
    assert "Data sintetis" not in to_html(sample(rows=3))


def test_an_empty_table_says_that_it_is_empty(text: str):
    assert "Tidak ada baris." in text


def test_the_page_is_light_and_the_same_every_time(text: str):
    assert text == to_html(sample())
    assert len(text.encode()) < 300_000
    assert len(to_html(notebook(cell(opening()), cell(b.prose("a")))).encode()) < 70_000


def test_a_report_of_another_unit_does_not_carry_this_units_figure():
    assert to_html(sample(rows=3)) != to_html(sample(rows=3, unit="lain"))


def test_the_nbconvert_exporter_writes_the_same_page(text: str):
    body, resources = SkmHTMLExporter().from_notebook_node(sample())
    assert body == text
    assert resources["output_extension"] == ".html"


@pytest.mark.parametrize(
    "latex", [r"\input{x}", r"\frac{1}", "{", r"\left( x", r"x_", r"\begin{matrix}a\end{matrix}"]
)
def test_latex_outside_the_subset_is_refused_by_all_targets(latex):
    for write in (to_mathml, to_typst, to_spoken):
        with pytest.raises(MathError):
            write(latex)


def test_text_in_a_formula_stays_text_in_both_targets():
    latex = r'\text{<b> "#x \%}'
    assert "&lt;b&gt;" in to_mathml(latex)
    assert to_typst(latex) == '#"<b> \\"#x %"'


def test_a_formula_outside_the_subset_names_itself():
    with pytest.raises(ValueError, match=r"\\input"):
        to_html(notebook(cell(opening()), cell(b.formula(r"\input{x}", "x"))))


def test_hostile_text_holds_what_the_tests_rely_on():
    assert len(max(HOSTILE.split(), key=len)) > 3000


def test_an_export_leaves_the_notebook_as_it_was_and_preprocessors_that_are_asked_for_still_run():
    import copy

    from nbconvert.preprocessors import Preprocessor

    class Shout(Preprocessor):
        enabled = True

        def preprocess(self, nb, resources):
            nb.cells.append(markdown("Sudah lewat."))
            return nb, resources

    made = sample()
    before = copy.deepcopy(made)
    plain, _ = SkmHTMLExporter().from_notebook_node(made)
    shouted, _ = SkmHTMLExporter(preprocessors=[Shout]).from_notebook_node(made)
    assert made == before
    assert "Sudah lewat." in shouted
    assert "Sudah lewat." not in plain


def test_a_link_to_another_page_goes_to_that_page_in_this_language_and_is_text_where_there_is_none():
    made = notebook(
        cell(opening()), cell(b.prose("Selengkapnya: ", b.page("lampiran", "annex.html#support")))
    )
    there = to_html(made, resources={"skm": {"around": {"links": {"annex.html": "annex.en.html"}}}})
    assert '<a href="annex.en.html#support">lampiran</a>' in there
    alone = to_html(made)
    assert "Selengkapnya: lampiran" in alone
    assert "annex" not in alone
