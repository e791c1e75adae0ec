"""A package of a city made by hand: no notebook is executed, everything that describes it is real."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from pipeline import survey as surveys
from pipeline.archive import build
from pipeline.run import arithmetic, fingerprints
from tests.support.city_fixture import ITEMS, make_city

#: Words that a respondent wrote, a unit's name as it was written, a raw file: none may be in any package.
SUGGESTION, WRITTEN, FILE = "kursi tunggu kurang rahasia", "unit satu lama", "jawaban-rahasia.xlsx"


def answers(survey) -> pd.DataFrame:
    """Cleaned answers of every unit, as many as its tables say; of one unit nine."""
    draw = np.random.default_rng(3)
    rows = []
    for place, unit in enumerate(survey.units):
        for number in range(
            3 if place == 1 else 0 if place == 10 else 12 if place == 11 else 120 + 7 * place
        ):
            rows.append({
                "unit": unit.id, "source_file": FILE, "source_row": number + 2, "sex": "female",
                "answered_at": pd.Timestamp("2024-07-20 09:13"), "suggestion": SUGGESTION, "unit_raw": WRITTEN,
                "mode": "online", **{item: int(draw.integers(1, 5)) for item in ITEMS},
                **{f"{item}__status": "answered" for item in ITEMS},
            })  # fmt: skip
    return pd.DataFrame(rows).astype(dict.fromkeys(ITEMS, "Int8") | {"unit": "category"})


def manifest(survey) -> dict:
    """A ``run.json`` that fits what lies there."""
    raw = {"survey.yml": "a" * 64, "units.csv": "b" * 64, FILE: "c" * 64}
    units = {unit.id: {"status": "written", "outputs": {}} for unit in survey.units}
    return {
        "survey": survey.name, "definition": survey.digest, "package": fingerprints.package_hash(),
        "platform": fingerprints.platform_name(), "versions": fingerprints.versions(),
        "arithmetic": arithmetic.settings(), "languages": ["id"],
        "formats": ["html"], "raw": raw, "tables": {}, "units": units, "failed_stage": "",
        "changed_during_run": [],
    }  # fmt: skip


def make(root, more: str = ""):
    """The survey with answers, tables and a manifest."""
    survey = make_city(root, few=("unit-02",), more=more)
    answers(survey).to_parquet(survey.processed / "responses.parquet", index=False)
    listed = [{"id": u.id, "slug": u.id, "name": u.name, "n": 1, "near": [WRITTEN]} for u in survey.units]
    (survey.processed / "units.json").write_text(json.dumps(listed), encoding="utf-8")
    survey.reports.mkdir(parents=True)
    (survey.reports / "run.json").write_text(json.dumps(manifest(survey)), encoding="utf-8")
    (survey.reports / "SHA256SUMS").write_text("", encoding="utf-8")
    return surveys.load(root, survey.name)


LICENCE = "release: {licence: CC BY 4.0, date: 2024-12-16}\nsampling: Setiap pengguna diminta mengisi.\n"


@pytest.fixture(scope="session")
def survey(tmp_path_factory):
    return make(tmp_path_factory.mktemp("archive"), LICENCE)


@pytest.fixture(scope="session")
def package(survey):
    """The package, with no notebook executed: result files are the real ones."""
    from pipeline.office import results

    def from_tables(inside, made, kernel="warm"):
        aside = inside.reported_in(inside.root / "aside")
        for path in results.write(aside, lang="id"):
            yield f"public/{path.name}", path.read_bytes()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.archive.again.files", from_tables)
        patch.setattr("pipeline.archive.build._executed", lambda survey, made: {})
        return build.package(survey)
