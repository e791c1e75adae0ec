"""What respondents say about themselves: spellings of the field, kinds of disability, impossible people."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from pipeline.intake.values import profile
from pipeline.survey import CATEGORIES
from tests.support.raw_surveys import LABELS, THREES, balance, cleaned, csv, reasons

SPELT = yaml.safe_load((Path(__file__).parents[2] / "wordings" / "profiles.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (field, str(text), code)
        for field, codes in SPELT.items()
        for code, texts in codes.items()
        for text in texts
    ],
)
def test_spellings_of_the_field_are_brought_to_their_category(field: str, text: str, code: str):
    found, reason = profile.category(field, text, {})
    assert found == ("" if code == "unreadable" else code)
    if code == "unreadable":
        assert reason
    elif code == "other":
        assert reason in ("", "other-category")


@pytest.mark.parametrize("field", profile.FIELDS)
def test_the_tables_hold_known_codes_and_no_spelling_twice(field: str):
    assert set(profile.spellings(field).values()) <= set(CATEGORIES[field])
    assert set(profile.tables()[field]) == set(CATEGORIES[field])


def profiles(tmp_path: Path, header: list[str], *rows: list[object], definition: str = "") -> object:
    lines = [["a", *row, *THREES] for row in rows]
    return cleaned(tmp_path, {"a.csv": csv(["unit", *header, *LABELS], *lines)}, definition)


IMPOSSIBLE = [
    (6, "S1", "", "age 6, education s1"), (12, "SD", "PNS", "age 12, occupation pns"),
    (15, "S2", "", "age 15, education s2"), (20, "SMA", "Pensiunan", "age 20, occupation pensiunan"),
    (80, "S1", "PNS", "age 80, occupation pns"), (30, "Tidak sekolah", "PNS", "education none, occupation pns"),
    (16, "SMA", "TNI", "age 16, occupation tni"),
]  # fmt: skip
POSSIBLE = [
    (17, "SMA", "Pelajar"),
    (60, "SD", "Petani"),
    (22, "S1", "PNS"),
    ("", "S3", ""),
    (9, "SD", "Pelajar"),
]


def test_people_who_cannot_be_are_flagged_and_kept_as_they_are(tmp_path: Path):
    made = profiles(tmp_path, ["usia", "pendidikan", "pekerjaan"], *[list(row[:3]) for row in IMPOSSIBLE],
                    *[list(row) for row in POSSIBLE])  # fmt: skip
    flagged = made.ledger[made.ledger["reason"] == "implausible-profile"]
    assert flagged["source_row"].tolist() == [2, 3, 4, 5, 6, 7, 8]
    assert [text.partition(": ")[2] for text in flagged["message"]] == [row[3] for row in IMPOSSIBLE]
    assert set(flagged["action"]) == {"flagged"}
    assert made.responses["age"].tolist()[:2] == [6, 12]
    balance(made)


def test_free_text_is_kept_aside_in_the_audit_and_the_ledger(tmp_path: Path):
    made = profiles(tmp_path, ["pekerjaan"], ["Ojek daring"], ["ojek daring"], ["Wiraswsata"], ["PNS"])
    assert made.responses["occupation"].tolist() == ["other", "other", "wirausaha", "pns"]
    assert reasons(made) == {"other-category": 2, "misspelt-category": 1}
    aside = made.mapping[(made.mapping["how"] == "profile") & (made.mapping["code"] == "other")]
    assert aside[["item", "text", "count"]].values.tolist() == [
        ["occupation", "Ojek daring", 1], ["occupation", "ojek daring", 1],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "cells", "yes", "kind"),
    [
        (["Disabilitas"], ["Ya"], "yes", None), (["Disabilitas"], ["Tidak"], "no", "none"),
        (["Disabilitas"], ["Tuna Netra"], "yes", "sensory"), (["Disabilitas"], ["Ya (fisik)"], "yes", "physical"),
        (["Disabilitas", "Jenis disabilitas"], ["Ya", "Intelektual"], "yes", "intellectual"),
        (["Disabilitas", "Jenis disabilitas"], ["Tidak", "-"], "no", "none"),
        (["Disabilitas", "Jenis disabilitas"], ["", "Mental"], "yes", "mental"),
        (["Jenis disabilitas"], ["Ganda"], "yes", "multiple"),
    ],
)  # fmt: skip
def test_kinds_of_disability_of_the_2025_template(
    tmp_path: Path, header: list[str], cells: list[str], yes: str, kind: str | None
):
    made = profiles(tmp_path, header, cells)
    assert made.responses.loc[0, "disability"] == yes
    found = made.responses.loc[0, "disability_kind"]
    assert (None if pd.isna(found) else found) == kind


def test_a_kind_beside_a_no_is_flagged(tmp_path: Path):
    made = profiles(tmp_path, ["Disabilitas", "Jenis disabilitas"], ["Tidak", "Fisik"])
    assert reasons(made) == {"implausible-profile": 1}


def test_a_surveys_own_spelling_wins(tmp_path: Path):
    made = profiles(
        tmp_path, ["pendidikan"], ["Pesantren"], definition="values: {education: {pesantren: sma}}\n"
    )
    assert made.responses["education"].tolist() == ["sma"]
