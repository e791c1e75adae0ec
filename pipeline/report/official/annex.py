"""Annexes: the questionnaire, how the answers were processed, photos."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.foreign import worded
from pipeline.report.base.section import say
from pipeline.report.official.part import part, within
from pipeline.report.unit.answers_annex import answers as given_answers
from pipeline.report.unit.consistency import consistency
from pipeline.report.unit.doubts import doubts
from pipeline.report.unit.items import unsur
from pipeline.report.unit.method import method
from pipeline.survey import SurveyError, written
from pipeline.survey.asked import as_asked, printed
from pipeline.survey.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.report.data.unit import UnitReport

#: Longest side of a photo as published, and the most that one is opened with: a picture can be a bomb.
LONGEST, MOST_PIXELS = 1400, 60_000_000


@part
def questionnaire(u: UnitReport) -> Any:
    """Table of the questions in the order in which they were asked, with their options."""
    w, low_high = u.words, u.scale
    scores = list(range(low_high[0], low_high[1] + 1))
    rows = [
        [w.integer(at), question, *([""] * len(scores) if len(options) != len(scores) else options)]
        for at, (question, options) in enumerate(asked(u), 1)
    ]
    optioned = any(cell for row in rows for cell in row[2:])
    lettered = scores == [1, 2, 3, 4]
    columns = [
        *blocks.columns(w, no="official.col_no", question=("official.questionnaire.col_question", "3.2fr")),
        *(
            blocks.column(f"o{x}", f"{'abcd'[at]} ({x})" if lettered else str(x), width="1fr")
            for at, x in enumerate(scores)
            if optioned
        ),
    ]
    note = "note_listed" if printed(u.survey) else "note"
    wording = w(f"official.questionnaire.{note}", rule=u.rule.short)
    if u.lang != "id" and any(item in u.rule.codes for item in u.items):
        wording += " " + w("official.questionnaire.translation")
    return blocks.table(
        columns, [row[: len(columns)] for row in rows], caption=w("official.questionnaire.caption"),
        key="questionnaire", note=wording, row_header=False,
    )  # fmt: skip


def asked(u: UnitReport) -> list[tuple[str, list[str]]]:
    """Question and option texts of every item: as the survey worded it, else as the rule or the instrument does."""
    order = u.rule.orders.get(u.survey.definition.order or "questionnaire", u.rule.codes)
    place = {item: at for at, item in enumerate(order)}
    found = []
    for item in sorted(u.items, key=lambda one: place.get(one, len(place))):
        one = as_asked(u.survey, item)
        options = [worded(u.survey, one.texts[x], u.lang) for x in one.scores] if one and one.worded else []
        found.append((worded(u.survey, one.question, u.lang) if one else u.item_name(item), options))
    return found


@part
def processing(u: UnitReport) -> Any:
    """Show how the answers became numbers: values of all unsur, consistency, doubts, formulas."""
    return [within(unsur(u)), within(consistency(u)), within(doubts(u)), within(method(u))]


@part
def answers(u: UnitReport) -> Any:
    """Show the answers per respondent, as the regulation's processing form has them."""
    return within(given_answers(u))


@part
def photos(u: UnitReport) -> Any:
    """Show the office's photos, made small and without what they say of place, time and camera."""
    w, made = u.words, []
    for at, one in enumerate(written.pictures(u.survey, u.unit.id, u.lang), 1):
        jpeg, size = published(one.path, one.shown)
        caption = one.caption or w("official.photos.caption", count=w.integer(at))
        spoken = "" if one.lang == u.lang else one.lang
        made.append(blocks.photo(jpeg, size, key=f"photo-{at}", caption=caption, alt=one.alt, lang=spoken))
    return [say(w, "official.photos.lead"), *made] if made else None


def published(path: Path, shown: str) -> tuple[bytes, tuple[int, int]]:
    """Return a photo as a JPEG of at most `LONGEST` pixels, upright, with its pixels and nothing else.

    Raises
    ------
    SurveyError
        When the file is no picture, or one too large to be opened.
    """
    from PIL import Image, ImageOps  # late: only reports with photos pay for it

    try:
        with Image.open(path, formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError(f"has more than {MOST_PIXELS // 1_000_000} million pixels")
            # The mark that says which way is up goes with the rest, so the picture is turned first.
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        why = str(error) if isinstance(error, ValueError) else "is no JPEG or PNG that can be opened"
        raise SurveyError([Problem(why, file=shown, hint="save it anew as JPEG or PNG")]) from None
    upright.thumbnail((LONGEST, LONGEST))
    plain = Image.new("RGB", upright.size, "white")  # a new picture: notes of the old one stay behind
    plain.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), plain.size
