"""Columns that a form system writes for itself, or that number rows: nobody need look for answers in them."""

from __future__ import annotations

import re

from pipeline.intake.columns.fields import NUMBERING
from pipeline.intake.columns.header_text import candidates
from pipeline.survey.text import fold

#: Folded headers of KoboToolbox, ODK, SurveyCTO, LimeSurvey, Qualtrics and Google and Microsoft Forms.
_NAMES = frozenset((
    "start", "end", "today", "deviceid", "device id", "subscriberid", "simserial", "phonenumber", "username", "email",
    "uuid", "instanceid", "instancename", "rootuuid", "deprecatedid", "meta instanceid", "meta instancename",
    "meta rootuuid", "formhub uuid", "version", "submission time", "submissiondate", "submitterid", "submittername",
    "validation status", "submitted by", "xform id string", "geolocation", "attachments", "attachmentspresent",
    "attachmentsexpected", "reviewstate", "edits", "formversion", "formdef version", "parent key", "key",
    "lastpage", "last page", "startlanguage", "start language", "seed", "startdate", "datestamp", "ipaddr",
    "responseid", "recipientlastname", "recipientfirstname", "distributionchannel", "userlanguage",
    "start time", "completion time", "last modified time",
))  # fmt: skip
#: Headers that are a system's only where it writes them with its own sign in front.
_UNDERLINED = re.compile(r"^_{1,2}[a-z]\w*$", re.I)
_NOTE = re.compile(r"^note(?:_\w+)?$", re.I)


def is_system(header: str, empty: bool = False) -> bool:
    """Whether a form system wrote a column for itself; a note of a form is one where it is ``empty``.

    Examples
    --------
    >>> is_system("_submission_time"), is_system("meta/instanceID"), is_system("Catatan petugas")
    (True, True, False)
    >>> is_system("profil/note_intro", empty=True), is_system("note_intro")
    (True, False)
    """
    last = candidates(header)[-1]
    if fold(header) in NUMBERING:
        return True
    if empty and (_NOTE.match(last) or fold(last) == "status"):
        return True
    return bool(_UNDERLINED.match(last)) or any(
        fold(text.replace("_", " ")) in _NAMES for text in (header, last)
    )
