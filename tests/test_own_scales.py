"""skm new, check and run for questionnaires that are not the regulation's, with nothing edited between."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_scales import SCALES, Scale
from raw_surveys import balance
from test_new_survey import run

from pipeline import intake, survey


def sent(tmp_path: Path, scale: Scale) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    scale.write(folder)
    found = list(folder.iterdir())
    return found[0] if len(found) == 1 else folder


@pytest.mark.parametrize("scale", SCALES, ids=lambda s: s.name)
def test_a_questionnaire_of_ones_own_is_proposed_and_read_untouched(tmp_path: Path, scale: Scale, capsys):
    root = tmp_path / "r"
    assert run("new", "2024", "--from-file", str(sent(tmp_path, scale)), "--root", str(root)) == 0
    told = capsys.readouterr().out
    assert "not the unsur of PermenPANRB 14/2017" in told
    for text in scale.said:
        assert text in (root / "data/raw/2024/survey.yml").read_text(encoding="utf-8")
    loaded = survey.load(root, "2024")
    made = intake.clean(loaded)
    balance(made)
    assert not [problem for problem in made.problems if problem.fatal]
    instrument = loaded.definition.instruments["kuesioner"]
    assert (len(instrument.items), instrument.scale.min, instrument.scale.max) == (
        scale.items,
        scale.low,
        scale.high,
    )
    assert len(loaded.definition.facets) == scale.facets
    assert set(instrument.values) == set(scale.aside)
    frame = made.responses
    own = [c for c in frame if c.startswith("kuesioner.") and not c.endswith("__status")]
    assert len(own) == scale.items
    assert len(frame) == scale.people
    assert frame["unit"].nunique() == scale.units
    assert not (frame["unit"] == "unknown").any()
    assert sum(c in frame for c in [f"U{n}" for n in range(1, 10)]) == scale.unsur
    for field in scale.fields:
        assert frame[field].notna().all(), field
