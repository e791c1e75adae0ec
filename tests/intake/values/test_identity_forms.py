"""However somebody writes who they are, it does not get past the intake; and what is harmless stays as it was."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.intake.ground import vectorised_text
from pipeline.intake.values import identity
from pipeline.survey.identity.contacts import plain
from pipeline.survey.identity.persons import mask
from tests.support.identity_authors import AUTHORS, HARMLESS
from tests.support.identity_forms import CLEAN, FORMS

SAID = [pair for kind in (*FORMS.values(), *AUTHORS.values()) for pair in kind]


@pytest.mark.parametrize(("said", "secret"), SAID)
def test_a_form_of_identity_is_masked(said: str, secret: str) -> None:
    assert secret in said
    assert secret.casefold() not in mask(said).casefold()
    assert plain(secret).casefold() not in mask(said).casefold()


def test_at_most_one_clean_suggestion_in_twenty_is_touched() -> None:
    for clean in (CLEAN, HARMLESS):
        touched = [text for text in clean if mask(text) != text]
        assert len(clean) >= 150
        assert len(touched) <= 0.05 * len(clean), touched


def test_what_is_untouched_is_shown_as_it_was_written() -> None:
    assert mask("Loket ３ – ramah\u200b") == "Loket ３ – ramah\u200b"


def test_the_sieve_for_many_texts_lets_no_form_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectorised_text, "MANY", 1)
    texts = np.array([*(said for said, _ in SAID), *CLEAN, *HARMLESS], dtype=object)
    assert identity.masked(texts) == [mask(text) for text in texts]


def test_a_mask_is_not_masked_again() -> None:
    for said, _ in SAID:
        assert mask(mask(said)) == mask(said)


@pytest.mark.parametrize(
    "text", ["surveys are 2022, 2023, 2024, 2025", "loket 12, 15, 20, 30, 41 tutup", "2021-2022, 2023-2024"]
)
def test_a_list_of_years_or_of_short_numbers_is_no_number_of_a_person(text: str) -> None:
    assert mask(text) == text
