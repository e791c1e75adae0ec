"""Whether an unsur states a fact depends on the options that were printed."""

from __future__ import annotations

import pandas as pd

from pipeline import rules
from pipeline.intake import fact_items

RULE = rules.load("14/2017")


def asked(**texts: list[str]) -> pd.DataFrame:
    return pd.DataFrame([{"item": item, "text": text} for item, found in texts.items() for text in found])


def test_official_options_of_cost_and_complaints_state_facts():
    found = asked(U4=["Gratis", "d. Gratis, 4"], U8=["Dikelola dengan baik"])
    assert fact_items(found, RULE) == ["U4", "U8"]


def test_options_of_agreement_state_no_fact_even_for_cost_and_complaints():
    found = asked(U4=["Selalu sesuai", "d"], U8=["Sangat Sesuai", "Tidak Sesuai"])
    assert fact_items(found, RULE) == []


def test_scores_and_letters_alone_leave_the_official_questionnaire_assumed():
    assert fact_items(asked(U4=["4", "d"], U1=["3"]), RULE) == ["U4", "U8"]
