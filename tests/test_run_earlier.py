"""A survey is compared with the ones before it: their answers are part of what it depends on."""

from __future__ import annotations

import tiny_run

from pipeline import survey as surveys
from pipeline.run.hashes import Hashes
from pipeline.run.keys import Keys
from pipeline.run.ledger import open_ledger
from pipeline.run.plan import Options


def stage(root, name: str, survey: str = "2024") -> dict[str, str]:
    found = surveys.load(root, survey)
    keys = Keys(found, Options(), root, Hashes(root))
    found.processed.mkdir(parents=True, exist_ok=True)
    with open_ledger(found.processed, root) as ledger:
        return dict(keys.stage(name, ledger).parts)


def add(root, name: str, answers: bytes) -> None:
    for folder in ("raw", "processed"):
        (root / "data" / folder / name).mkdir(parents=True, exist_ok=True)
    for file in ("survey.yml", "units.csv"):
        text = (root / "data/raw/2024" / file).read_text(encoding="utf-8")
        (root / "data/raw" / name / file).write_text(text, encoding="utf-8")
    (root / "data/processed" / name / "responses.parquet").write_bytes(answers)


def test_new_answers_of_an_earlier_survey_make_the_comparison_out_of_date(tmp_path):
    root = tiny_run.make_project(tmp_path)
    assert not any(part.startswith("survey ") for part in stage(root, "4-compare"))
    add(root, "2023", b"one")
    first = stage(root, "4-compare")
    add(root, "2023", b"two")
    second = stage(root, "4-compare")
    assert first["survey 2023"] != second["survey 2023"]
    assert "survey 2023" not in stage(root, "2-index")


def test_a_later_survey_changes_nothing(tmp_path):
    root = tiny_run.make_project(tmp_path)
    add(root, "2025", b"later")
    assert "survey 2025" not in stage(root, "4-compare")
