"""Drawings without a plotting library stand where matplotlib would put them."""

from __future__ import annotations

import re

import matplotlib as mpl
import pytest
from matplotlib.colors import LinearSegmentedColormap, to_hex

from pipeline import blocks as b
from pipeline.blocks import style
from pipeline.blocks.canvas import ASCENT, DESCENT, Canvas, ramp

TEXT = re.compile(r"<text ([^>]*)>([^<]*)<")
PLACES = [
    (text, ha, va, size, weight)
    for text in ("76,61", "Produk layanan", "Á(j)…")
    for ha in ("left", "center", "right")
    for va in ("baseline", "center", "bottom", "top")
    for size, weight in ((7.5, 400), (6.4, 400), (6.6, 600))
]


def looks(svg: str) -> list[tuple[str, float, float, dict[str, str]]]:
    """Text, place and look of every text of a drawing."""
    found = []
    for attributes, text in TEXT.findall(svg):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        look = dict(part.split(":") for part in given["style"].split(";"))
        look = {"text-anchor": "start", "font-size": "7.5px", **look}
        found.append((text, float(given["x"]), float(given["y"]), look))
    return found


def test_texts_stand_where_matplotlib_puts_them():
    fig, canvas = style.figure(100, 50), Canvas(100, 50)
    axes = style.axes_mm(fig, 20, 5, 60, 40)
    axes.set_xlim(0, 1)
    axes.set_ylim(2, 0)
    panel = canvas.panel(20, 5, 60, 40, (0, 1), (0, 2))
    style.bare(axes).set(xticks=[], yticks=[])
    for at, (text, ha, va, size, weight) in enumerate(PLACES):
        x, y = at / len(PLACES), 2 - 2 * at / len(PLACES)
        axes.text(x, y, text, ha=ha, va=va, fontsize=size, fontweight=weight, color=style.WARM)
        canvas.text(text, panel.x(x), panel.y(y), ha, va, style.WARM, size, weight)
    theirs, ours = (looks(b.figure(f, "k", caption="c", alt="a").svg) for f in (fig, canvas.svg()))
    assert len(ours) == len(PLACES)
    for their, our, place in zip(theirs, ours, PLACES):
        assert our[0] == their[0]
        # A letter that rises over the font's own ascent does not push its line about here.
        high = "Á" in our[0] and place[2] != "baseline"
        assert our[1:3] == pytest.approx(their[1:3], abs=0.011 if not high else 1.5)
        assert our[3] == their[3]


def test_bars_lines_and_dots_stand_where_matplotlib_puts_them():
    fig, canvas = style.figure(100, 50), Canvas(100, 50)
    axes = style.axes_mm(fig, 20, 5, 60, 40)
    axes.set_xlim(-1, 1)
    axes.set_ylim(2.5, -0.5)
    panel = canvas.panel(20, 5, 60, 40, (-1, 1), (-0.5, 2.5))
    axes.barh([1], [0.75], left=[-0.25], height=0.5, color=style.WARM)
    axes.hlines([2], [0.1], [0.9], color=style.INK, linewidth=1.4)
    axes.plot([0.3], [0], "o", color=style.GREY, markersize=4.4)
    style.bare(axes).set(xticks=[], yticks=[])
    panel.bars([(-0.25, 0.5, 0.75, 1.25)], style.WARM)
    panel.level([(2, 0.1, 0.9)], style.INK, 1.4)
    panel.dots([(0.3, 0)], style.GREY, style.GREY)
    theirs, ours = (b.figure(f, "k", caption="c", alt="a").svg for f in (fig, canvas.svg()))
    x0, y0, x1, y1 = re.search(
        rf'd="M([\d.]+) ([\d.]+)H([\d.]+)V([\d.]+)H\1z" style="fill:{style.WARM}"', ours
    ).groups()
    path = re.search(rf'd="([^"]*)"[^>]*fill:{style.WARM}', theirs)[1]
    assert {tuple(p.split()) for p in re.findall(r"[\d.]+ [\d.]+", path)} == {
        (x, y) for x in (x0, x1) for y in (y0, y1)
    }
    start, y, end = re.search(r'd="M([\d.]+) ([\d.]+)H([\d.]+)" style="fill:none', ours).groups()
    assert f'd="M{start} {y}L{end} {y}"' in theirs
    cx, cy = re.search(r'cx="([\d.]+)" cy="([\d.]+)"', ours).groups()
    assert f'x="{cx}" y="{cy}"' in theirs


def test_the_declared_heights_are_those_of_the_bundled_font():
    style.register_fonts()
    for name in ("Inter-Regular", "Inter-SemiBold"):
        font = mpl.font_manager.get_font(style.FONTS / f"{name}.ttf")
        em, table = font.get_sfnt_table("head")["unitsPerEm"], font.get_sfnt_table("OS/2")
        assert table["sTypoAscender"] / em == ASCENT
        assert -table["sTypoDescender"] / em == DESCENT


def test_a_ramp_has_the_colours_of_matplotlibs():
    colours = [style.WARM, "#ffffff", style.answer_colours[2], style.ACCENT]
    theirs = LinearSegmentedColormap.from_list("pairs", colours)
    shares = [i / 1000 for i in range(1001)]
    assert [ramp(colours, s) for s in shares] == [to_hex(theirs(s)) for s in shares]


def test_what_would_stand_over_the_edge_ends_there_and_nothing_is_drawn_of_nothing():
    canvas = Canvas(40, 20)
    panel = canvas.panel(10, 5, 20, 10, (0, 1), (0, 1))
    panel.bars([(-5, 9, -5, 9)], "#000000")
    panel.bars([(2, 3, 0, 1), (0.5, 0.5, 0, 1)], "#ffffff")
    panel.level([(0.5, -1, 2)], "#000000", 1)
    assert canvas.marks == [
        '<path d="M28.35 14.17H85.04V42.52H28.35z" style="fill:#000000"/>',
        '<path d="M28.35 28.35H85.04" style="fill:none;stroke:#000000;stroke-width:1"/>',
    ]


def test_hostile_words_stay_words():
    canvas = Canvas(40, 20)
    canvas.text('</text><script>alert(1)</script>\n& "$x$"', 1, 1)
    svg = b.figure(canvas.svg(), "k", caption="c", alt="a").svg
    assert '&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; "$x$"</text></svg>' in svg


@pytest.mark.parametrize("size", [(5000, 10), (170, 4)])
def test_a_drawing_that_fits_no_page_is_refused(size):
    with pytest.raises(b.BlockError, match="does not fit a page"):
        Canvas(*size)
