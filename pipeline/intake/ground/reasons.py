"""Why a row or a cell was changed, set aside or doubted: the documented list of codes.

The ledger carries the code; reports take the words for it from the locale files. What the
sentences here say is what the ledger's ``message`` says, in English, for the person who
checks the raw files.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """The action a reason leads to, and the sentence that explains it."""

    action: str
    sentence: str


REASONS: dict[str, Reason] = {
    # rows set aside
    "all-blank": Reason("excluded", "no unsur was answered on this questionnaire"),
    "no-answers": Reason("excluded", "this respondent has no row in the answers table"),
    "no-respondent-id": Reason("excluded", "the row has no respondent id, so nothing can be joined to it"),
    "id-reused": Reason(
        "excluded", "this id is already used by a different person; its answers belong to the first"
    ),
    "excluded-answer": Reason(
        "excluded", "the definition says that a questionnaire with this answer is not to be used"
    ),
    "rejected-submission": Reason("excluded", "the office rejected it; the definition leaves such rows out"),
    "test-submission": Reason("excluded", "a preview or a test; the definition leaves such rows out"),
    "incomplete-submission": Reason(
        "excluded", "it was not filled in to the end; the definition leaves such rows out"
    ),
    "orphan-answer": Reason("excluded", "the answer's respondent is not in the respondents table"),
    "orphan-suggestion": Reason("excluded", "the suggestion's respondent is not among the used rows"),
    "unknown-item": Reason("excluded", "the item is not part of the questionnaire"),
    "other-question": Reason("excluded", "the definition says that this question is no item of the index"),
    "duplicate-of-conflict": Reason(
        "excluded", "another row answers the same item differently; neither can be preferred"
    ),
    # rows that say again what another row says
    "duplicate-row": Reason("merged", "same respondent id and identical content as an earlier row"),
    "same-submission": Reason("merged", "same id of the submission and same answers as an earlier row"),
    "duplicate-respondent": Reason("merged", "same respondent id and profile as an earlier row"),
    "duplicate-answer": Reason("merged", "the same answer to the same item was recorded more than once"),
    "duplicate-suggestion": Reason("merged", "the same suggestion was recorded more than once"),
    "same-file": Reason("merged", "the file has exactly the same content as another file"),
    # cells that cannot be used
    "out-of-range": Reason("set-missing", "the number is outside the scale"),
    "unreadable-answer": Reason("set-missing", "the text is not one of the item's options"),
    "contradictory-answer": Reason("set-missing", "letter, text and number of the answer disagree"),
    "conflicting-answers": Reason(
        "set-missing", "the item was answered more than once and differently; no answer is preferred"
    ),
    "placeholder": Reason("set-missing", "a filler was typed where nothing was to be said"),
    "impossible-age": Reason("set-missing", "nobody of this age fills in a questionnaire"),
    "unreadable-age": Reason("set-missing", "the age is not a number of years"),
    "impossible-date": Reason("set-missing", "the date is a filler (0000-00-00, 1900) or does not exist"),
    "unreadable-date": Reason("set-missing", "the date is written in no known way"),
    "after-extraction": Reason("set-missing", "the date is later than the day the data was extracted"),
    "unreadable-category": Reason("set-missing", "the text is none of the known categories"),
    "unreadable-weight": Reason("set-missing", "the weight is not a positive number"),
    # cells brought to another form
    "not-applicable": Reason("rekeyed", "the question does not apply to this respondent"),
    "misspelt-answer": Reason("rekeyed", "the answer is misspelt; only one option is within reach"),
    "exchanged-date": Reason("rekeyed", "a spreadsheet had exchanged day and month of this cell"),
    "other-category": Reason("rekeyed", "the text is none of the known categories: counted as other"),
    "misspelt-category": Reason("rekeyed", "the text is misspelt; only one category is within reach"),
    "rare-service": Reason(
        "rekeyed", "fewer than five answers name this service and no list does: counted as lainnya"
    ),
    "masked-identity": Reason("rekeyed", "something that identifies a person was masked"),
    # used as they are, but doubted
    "incomplete": Reason("flagged", "not every unsur was answered"),
    "blank-answer": Reason("flagged", "the row names an item but holds no answer"),
    "duplicate-id": Reason("flagged", "several rows with different content carry the same respondent id"),
    "marked-rejected": Reason("flagged", "the office rejected this submission; it counts all the same"),
    "marked-test": Reason("flagged", "the export calls it a preview or a test; it counts all the same"),
    "marked-incomplete": Reason("flagged", "it was not filled in to the end; it counts all the same"),
    "shared-submission-id": Reason(
        "flagged", "other rows with different answers carry the id of this submission"
    ),
    "unknown-unit": Reason("flagged", "the unit is not in units.csv"),
    "no-unit": Reason("flagged", "the row names no unit"),
    "unknown-service": Reason("flagged", "the service is not listed for this unit"),
    "outside-fieldwork": Reason("flagged", "the date lies outside the period of the fieldwork"),
    "hidden-row": Reason("flagged", "the workbook hides this row (a filter?); it counts all the same"),
    "implausible-profile": Reason("flagged", "age, education, occupation or disability cannot be together"),
}
