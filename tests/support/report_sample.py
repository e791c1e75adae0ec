"""A report as a unit really gets it, and one full of hostile text, made from blocks for the render tests."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipeline import blocks as b
from pipeline.blocks import style

ITEMS = [
    ("U4", "Biaya/tarif", 74.38, 0.9, (0, 3, 96, 1)),
    ("U3", "Waktu penyelesaian", 83.58, 1.7, (0, 0, 66, 34)),
    ("U7", "Perilaku pelaksana", 84.95, 1.8, (0, 1, 59, 40)),
    ("U5", "Produk layanan", 84.95, 1.8, (0, 0, 60, 40)),
    ("U6", "Kompetensi pelaksana", 85.32, 1.8, (0, 0, 59, 41)),
    ("U1", "Persyaratan", 86.19, 1.8, (0, 1, 54, 45)),
    ("U9", "Sarana dan prasarana", 87.81, 1.9, (0, 1, 46, 53)),
    ("U2", "Sistem, mekanisme, prosedur", 90.30, 1.7, (0, 0, 39, 61)),
    ("U8", "Penanganan pengaduan", 95.15, 1.5, (0, 0, 18, 82)),
]
BANDS = [("D", "Tidak baik", 25, 64.99), ("C", "Kurang baik", 65, 76.60), ("B", "Baik", 76.61, 88.30),
         ("A", "Sangat baik", 88.31, 100)]  # fmt: skip
HOSTILE = (
    '<script>alert("x")</script> #import "a.typ" ] $x$ \\ \\u{41} \' " & *bold* _it_ @ref <label> `raw` '
    "العربية مُحَمَّد ꦲꦤꦕꦫꦏ 😀 👩‍👩‍👧 1️⃣ a\u0331\u0951 नमस्ते \x00\x07\ue000\u202e\ufffe x\u0301 " + "Panjang" * 430
)


def comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def bars(items: list[tuple[Any, ...]] = ITEMS, narrow: bool = False) -> Any:
    """Distribution beside value with interval, on shared rows, as in the sketches."""
    high = 6.2 * len(items) + 10
    fig = style.figure(170, high)
    left = style.axes_mm(fig, 43, 6, 58, high - 7)
    right = style.axes_mm(fig, 106, 6, 52, high - 7)
    rows = range(len(items))
    for row, (_code, _name, value, half, shares) in zip(rows, items, strict=True):
        start = -float(shares[0] + shares[1])
        for share, colour, ink in zip(shares, style.answer_colours, style.answer_inks, strict=True):
            left.barh(row, share, left=start, height=0.58, color=colour)
            if share >= 12:
                left.text(start + share / 2, row, f"{share}", ha="center", va="center", color=ink)
            start += share
        right.plot([value - half, value + half], [row, row], color=style.ACCENT)
        right.plot([value], [row], "o", color=style.ACCENT)
        right.text(101.5, row, comma(value), va="center", fontweight=600)
    for low, up, letter in ((65, 76.61, "C"), (76.61, 88.31, "B"), (88.31, 100, "A")):
        right.axvspan(low, up, color=style.band_colours[letter], zorder=-2)
        right.text((max(low, 70) + up) / 2, -0.85, letter, ha="center", color=style.MUTED, fontweight=600)
    left.axvline(0, color=style.INK, linewidth=0.8)
    left.set_yticks(list(rows), [f"{name}  {code}" for code, name, *_ in items])
    for x, word, colour in (
        (-8, "Kurang", "#a4502a"),
        (34, "Baik", "#2b7a86"),
        (82, "Sangat baik", "#2b7a86"),
    ):
        left.text(x, -0.85, word, ha="center", color=colour, fontweight=600)
    left.set_xlim(-16, 101)
    right.set_xlim(70, 100)
    right.set_yticks([])
    right.set_xticks([76.61, 88.31], ["76,61", "88,31"])
    left.set_xticks([])
    for axes in (left, right):
        axes.set_ylim(len(items) - 0.5, -1.3)
        style.bare(axes)
    return fig


def item_table(key: str = "unsur") -> b.Table:
    rows = [
        [code, name, comma(value / 25), "0,51", *[str(s) for s in shares],
         "−0,01" if code == "U4" else "0,56", "0,67", "0,84"]
        for code, name, value, _, shares in sorted(ITEMS)
    ]  # fmt: skip
    columns = [
        b.column("code", ""), b.column("name", "unsur"), b.column("nrr", "NRR", numeric=True),
        b.column("sd", "sb", numeric=True),
        *[b.column(f"s{i}", f"{i} %", numeric=True, group="sebaran jawaban") for i in range(1, 5)],
        b.column("r", "r butir-sisa", numeric=True), b.column("a", "alfa bila dibuang", numeric=True),
        b.column("kmo", "KMO", numeric=True),
    ]  # fmt: skip
    return b.table(
        columns, rows, caption="Sembilan unsur: rata-rata, sebaran, dan keselarasan", key=key,
        note="n = 201, tanpa jawaban kosong. sb: simpangan baku. r butir-sisa: korelasi butir dengan jumlah "
        "butir lain; ambang 0,30.",
        accent_cells=[(3, "r")],
    )  # fmt: skip


def annex(rows: int = 400) -> b.Table:
    columns = [b.column("no", "no.", numeric=True)]
    columns += [b.column(f"u{i}", f"U{i}", numeric=True) for i in range(1, 10)]
    body = [[str(n), *[str(1 + (n * i) % 4) for i in range(1, 10)]] for n in range(1, rows + 1)]
    return b.table(columns, body, caption="Jawaban per responden, urutan diacak", key="lampiran",
                   footer_rows=[["jumlah", *["684"] * 9], ["NRR", *["3,42"] * 9]], compact=True)  # fmt: skip


def cell(block: Any, tags: list[str] | None = None) -> Any:
    bundle = block._repr_mimebundle_()
    made = new_code_cell(
        "report.section(u)", outputs=[new_output("execute_result", data=bundle, execution_count=1)]
    )
    made.metadata["tags"] = tags or []
    return made


def markdown(text: str, en: str = "", tags: list[str] | None = None) -> Any:
    made = new_markdown_cell(text)
    made.metadata["tags"] = tags or []
    if en:
        made.metadata["skm"] = {"en": en}
    return made


def notebook(*cells: Any) -> Any:
    made = new_notebook(cells=list(cells))
    for number, one in enumerate(made.cells):
        one["id"] = f"c{number}"
    nbformat.validate(made)
    return made


def opening(**changes: Any) -> b.Document:
    facts: dict[str, Any] = {
        "title": "Unit Contoh, Layanan SKCK",
        "kicker": "Survei Kepuasan Masyarakat · 15 Juli – 3 Agustus 2020 · PermenPANRB 14/2017",
        "lang": "id", "survey": "SKM 2020", "unit": "Unit Contoh", "city": "Kota Contoh", "period": "2020",
        "date": "2020-08-03", "data_hash": "3f9a1c2e", "version": "skm-pipeline 1.0.0",
    }  # fmt: skip
    return b.document(**{**facts, **changes})


def summary(unit: str = "") -> list[Any]:
    return [
        b.headline(
            "85,85", label="IKM", interval="selang 95 % 84,95 – 86,77", letter="B", letter_name="Baik",
            chip="kepastian 99,9 % · kokoh", bands=BANDS, estimate=85.85, lower=84.95, upper=86.77,
            alt="IKM 85,85 berada di rentang huruf B (76,61 sampai 88,30); selang 84,95 sampai 86,77.",
        ),
        b.facts([
            ("201", "responden sah", "dibutuhkan 201 dari N = 420"), ("0,73", "alfa Cronbach", "selang 0,68 – 0,78"),
            ("U4", "unsur terendah", "biaya ditetapkan undang-undang"),
            ("12", "jawaban diragukan", "IKM tanpa itu 85,78, huruf tetap B"),
        ]),
        b.heading("Apa artinya bagi pimpinan unit"),
        b.prose(
            f"Pengguna menilai layanan {unit or 'ini'} ", b.strong("baik"), ", dan huruf B kokoh: bila survei diulang, "
            "hampir pasti tetap B. Yang paling kuat adalah penanganan pengaduan (95,15) dan kemudahan prosedur "
            "(90,30). Tiga unsur terendah menurut aturan adalah biaya, waktu, dan perilaku. ",
            b.strong("Biaya (74,38) menyatakan fakta"), ": tarifnya tetap, hampir semua menjawab “Murah”. Lihat ",
            b.ref("unsur-mana"), " dan ", b.ref("unsur"), ".",
        ),
        b.heading("Unsur mana yang didahulukan?",
                  lead="Kiri: sebaran jawaban, persen. Kanan: nilai unsur (25–100) dengan selang 95 %."),
        b.figure(
            bars(), "unsur-mana", caption="Sebaran jawaban dan nilai sembilan unsur, dari yang terendah",
            alt="Biaya/tarif terendah dengan 74,38; penanganan pengaduan tertinggi dengan 95,15.",
            reading=[
                ("Yang ditampilkan", "berapa orang memilih tiap jawaban, dan nilai tiap unsur."),
                ("Yang baik", "batang gelap panjang, titik di bidang A, selang sempit."),
                ("Yang perlu perhatian", "batang cokelat, titik jauh di bawah yang lain."),
                ("Yang dilakukan", "mulai dari unsur yang selangnya tidak bertemu unsur lain."),
            ],
        ),
    ]  # fmt: skip


def sample(rows: int = 400, unit: str = "", **document: Any) -> Any:
    """The realistic report."""
    return notebook(
        markdown("# Catatan untuk pengembang\n\nTidak ikut dicetak.", tags=["internal"]),
        cell(opening(**document)),
        cell(b.group(*summary(unit))),
        cell(b.pagebreak()),
        markdown(
            "## Bagaimana survei dilakukan?\n\nResponden dipilih *tidak acak*, jadi selang bersifat **bersyarat**. "
            "Lihat [peraturannya](https://jdih.menpan.go.id) dan ambang $\\alpha \\ge 0{,}70$.\n\n"
            "- kuesioner kertas\n- tautan `skm.go.id`\n  - lewat *QR*\n\n1. satu\n2. dua",
            en="## How was the survey done?\n\nRespondents were *not* drawn at random.",
        ),
        cell(b.notice("Sampel di bawah ketentuan, maka hasil dibaca ", b.em("hati-hati"), ".", kind="caution")),
        markdown("## Apakah sembilan unsur ini konsisten?"),
        cell(b.group(
            b.prose("Alfa Cronbach 0,73 (0,68 – 0,78): ", b.strong("cukup"), "."),
            item_table(),
            b.formula(r"\alpha = \frac{k}{k-1}\left(1 - \frac{\sum_{i=1}^{k} s_i^2}{s_T^2}\right)",
                      "alfa sama dengan k per k kurang satu, kali satu kurang jumlah varians butir per varians total",
                      key="alfa", caption="alfa Cronbach"),
        )),
        markdown("## Bagaimana hasil dihitung?\n\n### Rumus\n\nNilai satu unit:\n\n"
                 "$$\\mathrm{IKM} = \\frac{25}{p}\\sum_{j=1}^{p} \\bar{x}_j$$"),
        cell(b.table([("a", "kolom"), ("n", "nilai", True)], [], caption="Tanpa baris", key="kosong")),
        markdown("## Lampiran"),
        cell(annex(rows)),
    )  # fmt: skip


def hostile() -> Any:
    """Every place that takes text takes the hostile text."""
    fig = style.figure(170, 40)
    axes = style.axes_mm(fig, 60, 6, 100, 30)
    axes.barh([0, 1, 2], [1, 2, 3])
    axes.set_yticks([0, 1, 2], ['<b> & "مُحَمَّد" ]', "ꦲꦤꦕꦫꦏ #x", "😀 नमस्ते \ue000 x\u0301"])
    return notebook(
        cell(opening(title="Kantor <b>\"A\"</b> ꦱꦸꦫꦏꦂꦠ مكتب", kicker=HOSTILE[:160], unit="U#1 [x] \\ $y$",
                     data_hash="<hash>", synthetic=True)),
        cell(b.group(
            b.headline("x < 5 #", label="<i>", interval="] $", letter="B", letter_name="\"Baik\"", chip="</span>",
                       bands=BANDS, estimate=80.0, alt="#alt \"kutip\" \\"),
            b.facts([(HOSTILE[:9], HOSTILE[:60], HOSTILE)]),
            b.heading(HOSTILE[:200], lead=HOSTILE),
            b.prose(HOSTILE, b.strong(HOSTILE), b.em(HOSTILE), b.code(HOSTILE)),
            b.bullets([HOSTILE, [b.strong(HOSTILE[:90]), " x"]]),
            b.notice(HOSTILE, kind="privacy", title=HOSTILE[:50]),
            b.table([b.column("a", HOSTILE[:80]), b.column("b", "]", numeric=True)],
                    [[HOSTILE, "1"], ["\n\t", "$2$"]], caption=HOSTILE, key="t", note=HOSTILE),
            b.figure(fig, "f", title=HOSTILE[:70], caption=HOSTILE, alt=HOSTILE, note=HOSTILE,
                     reading=[(HOSTILE[:20], HOSTILE)]),
            b.formula(r"x = \text{a \# ] \" b}", "x #import \"a\" \\", caption=HOSTILE),
        )),
        markdown("## Judul <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1)) "
                 "`</code><script>` \\# #let x = 1\n\n```\n</pre><script>\n```\n\n> kutipan\n\n<div>html</div>"),
    )  # fmt: skip
