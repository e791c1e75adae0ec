"""Text that stands on a mark of a printed page: through which a line goes, or that is half on a bar."""

from __future__ import annotations

from collections.abc import Iterator

from tests.layout.printed import FORMULA_FONTS, PIXELS, Letter, Sheet

#: Greys of 256 by which what lies under a text may differ: a pale grid or region is no mark.
PALE = 50
#: Letters this near, in sizes, are read together.
NEAR = 0.6


def runs(letters: list[Letter]) -> Iterator[list[Letter]]:
    """Letters that are read together: of one piece, level and near; turned ones are each alone."""
    run: list[Letter] = []
    for letter in letters:
        if letter.font.startswith(FORMULA_FONTS):
            continue
        last = run[-1] if run else None
        if (
            last is None
            or letter.piece != last.piece
            or not (letter.upright and last.upright)
            or abs(letter.base - last.base) > 0.1
            or not -NEAR * letter.size < letter.left - last.right < NEAR * letter.size
        ):
            if run:
                yield run
            run = []
        run.append(letter)
    if run:
        yield run


def over_marks(page: Sheet) -> Iterator[str]:
    """Texts of a page under which it is not of one colour."""
    marks, high = page.marks, page.high
    for run in runs(page.letters):
        first = run[0]
        if first.upright:
            # The lower half of small letters: what is level with it goes through the text.
            left, right = first.left + 0.3, run[-1].right - 0.3
            bottom, top = first.base + 0.08 * first.size, first.base + 0.46 * first.size
        else:
            wide, tall = first.right - first.left, first.top - first.bottom
            left, right = first.left + 0.2 * wide, first.right - 0.2 * wide
            bottom, top = first.bottom + 0.2 * tall, first.top - 0.2 * tall
        under = marks[
            round((high - top) * PIXELS) : round((high - bottom) * PIXELS),
            round(left * PIXELS) : round(right * PIXELS),
        ]
        if under.size and int(under.max()) - int(under.min()) > PALE:
            yield "".join(letter.text for letter in run)
