"""What depends on a plan for follow-up: 4-compare, and nothing that reads answers."""

from __future__ import annotations

from pathlib import Path

from pipeline import survey as surveys
from pipeline.run.hashes import Hashes
from pipeline.run.keys import COMPARE, Keys
from pipeline.run.ledger import open_ledger
from pipeline.run.plan import STAGES, Options, notebook_folder
from tests.support.raw_surveys import make

PLAN = "unit,action\na,Tambah loket\n"


def parts(root: Path) -> dict[str, dict[str, str]]:
    survey = surveys.load(root, "2024")
    survey.processed.mkdir(parents=True, exist_ok=True)
    with open_ledger(survey.processed, root, readonly=True) as ledger:
        keys = Keys(survey, Options(), notebook_folder(), Hashes(root))
        return {name: keys.stage(name, ledger).parts for name in STAGES}


def test_a_changed_plan_of_this_survey_or_the_last_makes_4_compare_again_and_no_stage_before(
    tmp_path: Path,
) -> None:
    units = "id,name\na,A\nb,B\n"
    make(tmp_path, {"follow-up.csv": PLAN}, units=units, name="2023")
    make(tmp_path, {"follow-up.csv": PLAN}, units=units)
    before = parts(tmp_path)
    for name in ("2024", "2023"):
        path = tmp_path / "data/raw" / name / "follow-up.csv"
        path.write_text(PLAN + "b,Pasang daftar\n")
        after = parts(tmp_path)
        changed = {stage for stage in STAGES if before[stage] != after[stage]}
        assert changed == {COMPARE}
        new = {part for part, sha in after[COMPARE].items() if sha != before[COMPARE].get(part)}
        assert new == {f"plan {name}"}
        before = after
    (tmp_path / "data/raw/2023/follow-up.csv").unlink()
    assert "plan 2023" not in parts(tmp_path)[COMPARE]
