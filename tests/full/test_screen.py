"""The layout gate on a screen: each rule sees the made-up page that breaks it, and finished pages break none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import render
from tests.layout import screen

pytestmark = pytest.mark.full

FRAME = (
    '<!doctype html><html lang="id"><meta name="viewport" content="width=device-width, initial-scale=1">'
    "<style>body{{margin:0;font:16px/1.4 sans-serif}}</style><body>{body}</body></html>"
)
GOOD = (
    "<p>Kalimat biasa dengan <a href='#x'>sebuah tautan</a> di dalamnya.</p><div style='overflow-x:auto' tabindex=0 "
    "role=region aria-label='Tabel'><table><tr><th scope=row style='position:sticky;left:0;background:#fff'>U1</th>"
    "<td style='min-width:600px'>9</td></tr></table></div><svg width=300 height=60>"
    "<rect width=80 height=30 fill='#222'/><text x=10 y=20 font-size=10 fill='#fff'>di atas</text>"
    "<text x=120 y=20 font-size=10>di samping</text></svg>"
)
#: Rule, a page that breaks it, and at which width it is looked at.
BAD = [
    ("page-too-wide", "<div style='width:500px'>lebar</div>"),
    ("table-cut", "<div style='overflow:hidden'><table><td style='min-width:600px'>9</table></div>"),
    ("table-cut", "<div style='overflow-x:auto'><table><td style='min-width:600px'>9</table></div>"),
    (
        "row-lost",
        "<div style='overflow-x:auto' tabindex=0 role=region aria-label=T><table><tr><th scope=row>Dinas A</th>"
        "<td style='min-width:600px'>9</td></tr></table></div>",
    ),
    (
        "cell-wrapped",
        "<table style='width:380px;table-layout:fixed'><tr><td style='width:70px'>satu dua tiga empat lima enam tujuh "
        "delapan sembilan</td><td>9</td></tr></table>",
    ),
    ("text-clipped", "<p style='width:60px;overflow:hidden;white-space:nowrap'>Dinas yang namanya panjang</p>"),
    ("text-small", "<p style='font-size:9px'>kecil</p>"),
    ("text-outside", "<p style='width:60px;white-space:nowrap'>Dinas yang namanya panjang</p>"),
    ("tap-small", "<ul style='list-style:none;line-height:1'><li><a href='#x'>PDF</a></li></ul>"),
    ("siblings-overlap", "<p>satu</p><p style='margin-top:-30px'>dua</p>"),
    ("figure-small", "<svg width=300 height=30><text x=5 y=20 font-size=6>kecil</text></svg>"),
    ("figure-clipped", "<svg width=60 height=30><text x=5 y=20 font-size=12>Dinas Kesehatan</text></svg>"),
    ("figure-overlap", "<svg width=300 height=30><text x=5 y=20>satu</text><text x=20 y=22>dua</text></svg>"),
    ("figure-mark", "<svg width=300 height=30><text x=5 y=20>satu</text><path d='M0 15H90' stroke='#000'/></svg>"),
    ("figure-mark", "<svg width=300 height=30><path d='M0 0H30V30H0z'/><text x=5 y=20>separuh</text></svg>"),
    ("figure-mark", "<svg width=300 height=30><text x=5 y=20>satu</text><circle cx=20 cy=14 r=4 /></svg>"),
    (
        "cut-alike",
        "<svg width=300 height=60><text x=5 y=20>Dinas P…</text><text x=5 y=50>Dinas P…</text></svg>",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "body"), BAD, ids=[f"{at}-{rule}" for at, (rule, _) in enumerate(BAD)])
def test_each_rule_sees_the_page_that_breaks_it(browser, tmp_path: Path, rule: str, body: str):
    page = tmp_path / "page.html"
    page.write_text(FRAME.format(body=body), encoding="utf-8")
    assert rule in {fault.rule for fault in screen.faults(browser, page, 390)}


def test_a_page_with_nothing_wrong_breaks_no_rule(browser, tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text(FRAME.format(body=GOOD), encoding="utf-8")
    assert screen.faults(browser, page, 390) == []


def test_every_rule_has_a_page_that_breaks_it():
    said = {rule.split("'")[0] for rule in screen.script().split("say('")[1:]}
    assert said == {rule for rule, _ in BAD}


def test_no_page_of_the_small_city_breaks_a_rule_on_a_phone_or_a_desk(browser, small_city: Path):
    pages = screen.pages(small_city)
    assert pages
    assert [str(fault) for fault in screen.wrong(browser, small_city, pages)] == []


@pytest.mark.parametrize("width", screen.WIDTHS)
def test_a_link_in_a_table_stands_on_the_line_of_its_row_and_is_as_high_as_a_finger(
    browser, tmp_path: Path, width: int
):
    style = (Path(render.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
    row = "<tr><td>84,10</td><td><a href='#x'>Dinas Sosial</a></td><td>B</td></tr>"
    page = tmp_path / "page.html"
    page.write_text(
        FRAME.format(body=f"<style>{style}</style><table class=data><tbody>{row * 3}</tbody></table>"),
        encoding="utf-8",
    )
    assert not screen.faults(browser, page, width)
    off, high = browser.execute_script(
        "const box = node => { const range = document.createRange(); range.selectNodeContents(node);"
        " return range.getClientRects()[0]; };"
        "const link = document.querySelector('a'), plain = document.querySelector('td');"
        "return [box(link.firstChild).bottom - box(plain.firstChild).bottom, link.getBoundingClientRect().height]"
    )
    assert abs(off) < 0.5
    assert high >= 24 - 0.1  # a finger
