"""When results are released, under which licence, and what was corrected in them since."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from pipeline.survey.basics import Strict, Text, Words


class Correction(Strict):
    """Something that was put right in results already released."""

    date: dt.date
    what: Words


class Release(Strict):
    """What stands at the foot of the overview; nothing of it is made up where it is not given."""

    date: dt.date | None = Field(default=None, description="Day of release; default: report_date.")
    embargo: dt.date | None = Field(
        default=None, description="Day before which the press text is not to be printed; the brief says so."
    )
    next: Words = Field(default="", description="When the next results come, in words.")
    licence: Text = Field(default="", description="Under which the results may be used, e.g. CC BY 4.0.")
    corrections: list[Correction] = Field(
        default_factory=list, description="What was corrected since, and when."
    )
