"""Blocks refuse what a reader could not use, and turn into the JSON that the exporters read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import matplotlib as mpl
import pytest

from pipeline import blocks as b
from pipeline.blocks import style
from pipeline.blocks.stored import from_json
from tests.support.report_sample import (
    ITEMS,
    annex,
    bars,
    hostile,
    item_table,
    opening,
    sample,
    summary,
)

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "pipeline" / "render" / "block.schema.json").read_text("utf-8")
)


def every_block() -> list[b.Block]:
    return [
        opening(), *summary(), item_table("t2"), annex(3), b.bullets(["a", [b.strong("b"), "c"]], ordered=True),
        b.notice("x", kind="privacy", title="y"), b.formula("x", "iks", key="f"), b.pagebreak(), b.contents(),
        b.prose("a", b.link("b", "https://example.go.id"), b.ref("t2"), style="lead"), b.group(b.prose("c")),
    ]  # fmt: skip


def displayed(nb: object) -> list[dict[str, object]]:
    return [o["data"][b.MIME] for c in nb["cells"] if c["cell_type"] == "code" for o in c["outputs"]]  # type: ignore[index]


def test_every_block_follows_the_schema_of_the_format():
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for block in every_block():
        errors = [e.message for e in validator.iter_errors(block.to_json())]
        assert not errors, (block.kind_name, errors)


@pytest.mark.parametrize("make", [sample, hostile])
def test_what_a_notebook_stores_follows_the_schema_of_the_format(make):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for data in displayed(make()):
        validator.validate(data)


def test_a_block_comes_back_from_its_json_unchanged():
    for block in every_block():
        data = json.loads(json.dumps(block.to_json()))
        assert from_json(data) == block
        assert from_json(data).to_json() == block.to_json()


def test_a_block_shows_itself_to_jupyter_as_text_html_and_json():
    for block in every_block():
        bundle = block._repr_mimebundle_()
        assert set(bundle) == {"text/plain", "text/html", b.MIME}
        assert bundle[b.MIME]["type"] == block.kind_name


def test_the_preview_in_jupyter_escapes_text():
    evil = "<script>alert(1)</script>"
    blocks = [
        b.prose(evil, b.strong(evil)), b.heading(evil, lead=evil), b.notice(evil, title=evil),
        b.bullets([evil]), b.facts([(evil, evil, evil)]), b.headline(evil, letter=evil),
        b.table([("k", evil)], [[evil]], caption=evil, key="k", note=evil), opening(title=evil, kicker=evil),
        b.formula("x", evil), b.figure("<svg width='10' height='10'></svg>", "f", caption=evil, alt=evil),
    ]  # fmt: skip
    for block in blocks:
        assert "<script" not in block._repr_html_(), block.kind_name


@pytest.mark.parametrize("missing", ["caption", "alt", "key"])
def test_a_figure_without_caption_alt_text_or_key_is_refused(missing):
    words = {"key": "k", "caption": "c", "alt": "a", missing: "  "}
    with pytest.raises(b.BlockError, match="has no"):
        b.figure("<svg width='1' height='1'></svg>", **words)


def test_a_headline_that_draws_a_strip_needs_alt_text():
    with pytest.raises(b.BlockError, match="alt text"):
        b.headline("85,85", bands=[("A", "Sangat baik", 88.31, 100)])


def test_a_table_without_caption_is_refused():
    with pytest.raises(b.BlockError, match="caption"):
        b.table([("a", "A")], [["1"]], caption="", key="t")


def test_a_ragged_row_is_refused_and_named():
    with pytest.raises(b.BlockError, match="2 cells for 1 columns"):
        b.table([("a", "A")], [["1", "2"]], caption="c", key="t")


def test_a_formula_without_spoken_text_is_refused():
    with pytest.raises(b.BlockError, match="spoken"):
        b.formula("x", " ")


def test_a_link_cannot_run_a_script():
    with pytest.raises(b.BlockError, match="scheme"):
        b.link("x", "javascript:alert(1)")


@pytest.mark.parametrize(
    "inner",
    ["<script>1</script>", '<rect onclick="x()"/>', '<image href="https://x.id/a.png"/>',
     "<foreignObject></foreignObject>", '<use href="https://x.id/a.svg#b"/>', "<a href='javascript:1'></a>",
     "<style>@import url(https://x.id/a.css)</style>", '<rect style="fill:url(https://x.id/a.svg#b)"/>'],
)  # fmt: skip
def test_a_drawing_that_could_load_or_run_something_is_refused(inner):
    with pytest.raises(b.BlockError, match="may not contain"):
        b.figure(f"<svg width='10' height='10'>{inner}</svg>", "k", caption="c", alt="a")


def test_a_figure_drawn_twice_is_the_same_bytes():
    assert b.figure(bars(), "k", caption="c", alt="a").svg == b.figure(bars(), "k", caption="c", alt="a").svg


def test_figures_of_two_units_differ():
    other = [(code, name, value - 1, half, shares) for code, name, value, half, shares in ITEMS]
    assert (
        b.figure(bars(), "k", caption="c", alt="a").svg
        != b.figure(bars(other), "k", caption="c", alt="a").svg
    )


def test_a_figure_keeps_its_text_as_text_and_says_no_date():
    svg = b.figure(bars(), "k", caption="c", alt="a").svg
    assert "<text" in svg
    assert "Penanganan pengaduan" in svg
    assert "font-family:Inter" in svg
    for absent in ("<metadata", "dc:date", "<style", "<!--", "<?xml"):
        assert absent not in svg


def test_numbers_in_the_text_of_a_drawing_are_not_rounded():
    svg = '<svg width="10.123456" height="10"><text x="1.23456">0.123456 id="q"</text></svg>'
    clean = b.figure(svg, "k", caption="c", alt="a").svg
    assert '0.123456 id="q"' in clean
    assert 'x="1.23"' in clean


def test_a_figure_does_not_depend_on_pyplot_or_on_the_settings_of_others():
    mpl.rcParams["font.size"] = 33
    mpl.rcParams["svg.hashsalt"] = "other"
    again = b.figure(bars(), "k", caption="c", alt="a").svg
    mpl.rcParams["svg.hashsalt"] = None
    assert again == b.figure(bars(), "k", caption="c", alt="a").svg


def test_a_figure_larger_than_a_page_is_refused():
    with pytest.raises(b.BlockError, match="does not fit"):
        style.figure(5000, 10)


def test_answers_differ_in_grey_and_for_the_colour_blind():
    """Neighbouring answers differ in lightness, so that print in grey and dichromats tell them apart."""

    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
        y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        return 116 * y ** (1 / 3) - 16

    steps = [lightness(c) for c in style.answer_colours]
    assert abs(steps[0] - steps[1]) > 20
    assert abs(steps[2] - steps[3]) > 20
    # The middle pair is as light: brown and blue stay apart for every kind of colour blindness.
    red_blue = [int(c[1:3], 16) - int(c[5:7], 16) for c in style.answer_colours]
    assert red_blue[1] > 50
    assert red_blue[2] < -20


def test_a_group_flattens_lists_and_skips_nothing_silently():
    grouped = b.group(b.prose("a"), [b.prose("b"), None], b.group(b.prose("c")))
    assert [x.plain_text() for x in grouped.blocks] == ["a", "b", "c"]
    with pytest.raises(b.BlockError, match="holds blocks"):
        b.group("text")


def test_a_document_refuses_an_unknown_language_and_a_bad_date():
    with pytest.raises(b.BlockError, match="'id' or 'en'"):
        b.document("T", lang="fr")
    with pytest.raises(b.BlockError, match="2025-12-31"):
        b.document("T", date="3 Agustus")


def test_the_files_of_a_font_are_those_matplotlib_would_find_each_time():
    from matplotlib.font_manager import FontManager, FontProperties, fontManager

    style.register_fonts()
    for weight in (400, 600):
        for size in (6, 7.5):
            asked = FontProperties(family=list(style.THEME["family"]), weight=weight, size=size)
            assert fontManager._find_fonts_by_props(asked) == FontManager._find_fonts_by_props(
                fontManager, asked
            )
