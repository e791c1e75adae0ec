"""Make the bundled fonts again from the unpacked npm packages listed in README.md.

    python pipeline/render/fonts/build_fonts.py FOLDER

FOLDER holds the packages unpacked side by side (`FOLDER/inter-ui/package/...`). Needs fonttools and brotli.
Outlines are not changed: web fonts are unpacked, one is cut down to its symbol blocks, and Inter is cut down
to the Latin text and the signs our reports use for embedding in HTML.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

WHOLE = {
    "Inter-Regular.ttf": "inter-ui/package/web/Inter-Regular.woff2",
    "Inter-SemiBold.ttf": "inter-ui/package/web/Inter-SemiBold.woff2",
    "Inter-Italic.ttf": "inter-ui/package/web/Inter-Italic.woff2",
    "NotoSansArabic-Regular.ttf": "noto-sans-arabic/package/files/noto-sans-arabic-arabic-400-normal.woff2",
    "NotoSansArabic-SemiBold.ttf": "noto-sans-arabic/package/files/noto-sans-arabic-arabic-600-normal.woff2",
    "NotoSansJavanese-Regular.ttf":
        "noto-sans-javanese/package/files/noto-sans-javanese-javanese-400-normal.woff2",
    "NotoSansSymbols-Regular.ttf": "noto-sans-symbols/package/files/noto-sans-symbols-symbols-400-normal.woff2",
    "NotoEmoji-Regular.ttf": "noto-emoji/package/files/noto-emoji-emoji-400-normal.woff2",
}  # fmt: skip
SYMBOLS_2 = "noto-sans-symbols-2/package/files/noto-sans-symbols-2-symbols-400-normal.woff2"
SYMBOL_BLOCKS = ((0x2190, 0x23FF), (0x2460, 0x27BF), (0x2B00, 0x2BFF))

WEB = {
    "inter-400.woff2": "inter-ui/package/web/Inter-Regular.woff2",
    "inter-600.woff2": "inter-ui/package/web/Inter-SemiBold.woff2",
}
# Indonesian and English need little more than ASCII; names bring Latin-1, statistics bring Greek and signs.
WEB_CHARACTERS = (
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    + "ŒœŠšŽžŸĞğŞşİıāēīōūĀĒĪŌŪ‐‑‒–—‘’‚“”„†‡•…‰′″‹›€™−×÷≈≠≤≥±∞√∑∏∂∆→←↑↓↗↘□■●○▲▼◆✓✗αβγδεθκλμνπρστφχψωΔΣΦΩ½¼¾²³¹⁴⁵₀₁₂₃₄"
)
WEB_FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]


def build(source: Path) -> None:
    """Write every font of this folder."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    for name, path in WHOLE.items():
        font = TTFont(source / path, recalcTimestamp=False)
        font.flavor = None
        font.save(HERE / name)

    font = TTFont(source / SYMBOLS_2, recalcTimestamp=False)
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[c for c in font.getBestCmap() if any(a <= c <= b for a, b in SYMBOL_BLOCKS)])
    cutter.subset(font)
    font.flavor = None
    font.save(HERE / "NotoSansSymbols2-Regular.ttf")

    for name, path in WEB.items():
        font = TTFont(source / path, recalcTimestamp=False)
        options = subset.Options(
            layout_features=WEB_FEATURES, hinting=False, desubroutinize=True, notdef_outline=True
        )
        cutter = subset.Subsetter(options)
        cutter.populate(text=WEB_CHARACTERS)
        cutter.subset(font)
        font.flavor = "woff2"
        font.save(HERE / name)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
