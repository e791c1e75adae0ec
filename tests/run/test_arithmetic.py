"""Last digits: every processor with AVX2 adds up alike, a run says how it did, and verifying asks for the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from pipeline import survey as surveys
from pipeline.run import arithmetic
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from pipeline.run.verify import verify
from tests.run import tiny_run

OLD = frozenset({"sse4_2"})
V3 = arithmetic.PINNED_NEEDS
V4 = V3 | {"avx512f", "avx512bw", "avx512vl"}
HIGH = {"OPENBLAS_CORETYPE": "SkylakeX", "NPY_DISABLE_CPU_FEATURES": "AVX512_SPR"}


@pytest.fixture
def on(monkeypatch):
    """A processor of this kind, with the libraries of the lock."""

    def put(flags):
        monkeypatch.setattr(arithmetic, "flags", lambda: flags)
        monkeypatch.setattr(arithmetic, "_tellable", lambda: True)

    return put


@pytest.mark.parametrize("flags", [V3, V4])
def test_two_kinds_of_processor_are_asked_for_the_same(on, flags):
    on(flags)
    environment: dict[str, str] = {}
    arithmetic.pin(environment)
    assert environment == arithmetic.PINNED == arithmetic.settings(environment)


def test_a_processor_that_could_not_run_it_is_asked_for_nothing_and_named(on):
    on(OLD)
    environment: dict[str, str] = {}
    arithmetic.pin(environment)
    assert environment == {}
    assert list(arithmetic.settings(environment)) == ["processor"]


def test_what_somebody_set_stands_and_is_told(on):
    on(V4)
    environment = {"OPENBLAS_CORETYPE": "Zen", "NPY_ENABLE_CPU_FEATURES": "X86_V3"}
    arithmetic.pin(environment)
    assert arithmetic.settings(environment) == environment
    assert "NPY_DISABLE_CPU_FEATURES" not in environment  # numpy takes one of the two


def test_a_run_with_other_loops_is_verified_with_those_where_the_processor_has_them(on):
    on(V4)
    environment = dict(arithmetic.PINNED)
    assert arithmetic.ask_for(HIGH, environment) == ""
    assert environment == HIGH
    on(V3)
    environment = dict(arithmetic.PINNED)
    assert "cannot add up as the run did (OPENBLAS_CORETYPE=SkylakeX" in arithmetic.ask_for(HIGH, environment)
    assert environment == arithmetic.PINNED


@pytest.mark.skipif(
    not (arithmetic.flags() >= V3 and arithmetic._tellable()), reason="this processor or numpy is not told"
)
def test_what_is_asked_for_is_what_computes():
    code = (
        "from pipeline.run import arithmetic\narithmetic.pin()\n"
        "from numpy._core._multiarray_umath import __cpu_features__ as there, __cpu_dispatch__ as loops\n"
        "print(arithmetic.core(), *(name for name in loops if there[name]))\n"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OPENBLAS_", "NPY_"))}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["Haswell", "X86_V3"]
    assert done.stderr == ""


@pytest.fixture
def done(tmp_path, monkeypatch):
    """A finished survey, made without kernels."""
    tiny_run.Instead(monkeypatch)
    root, notebooks = tiny_run.make_project(tmp_path / "here"), tiny_run.make_notebooks(tmp_path)
    survey = surveys.load(root, "2024")
    options = Options(notebooks=notebooks, rows=tiny_run.rows)
    Run(survey, options).go(lambda outcome: (root / "reports/2024/public/index.html").write_text("portal"))
    return survey, options


def test_the_manifest_says_how_was_added_up_and_elsewhere_the_difference_has_its_cause(done, monkeypatch):
    survey, options = done
    path = survey.reports / "run.json"
    made = json.loads(path.read_text(encoding="utf-8"))
    assert made["arithmetic"] == arithmetic.settings()
    path.write_text(json.dumps({**made, "arithmetic": {"processor": "aarch64"}}), encoding="utf-8")
    verdict = verify(survey, units=0, notebooks=options.notebooks, rows=tiny_run.rows)
    assert any("last digits, and bytes that hold them, may differ" in note for note in verdict.notes)
    assert any(
        note == "keys of reports were not worked out again: other arithmetic" for note in verdict.notes
    )
    assert verdict.wrong == []  # no bare "differs" of what was not compared


def test_a_survey_is_made_anew_where_numbers_are_added_up_otherwise(done, monkeypatch):
    survey, options = done
    portal = survey.reports / "public" / "index.html"
    assert not Run(survey, options).go(lambda outcome: portal.write_text("portal")).written
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Zen")
    again = Run(survey, options).go(lambda outcome: portal.write_text("portal"))
    assert {"a", "b"} <= set(again.written)
    assert json.loads((survey.reports / "run.json").read_text())["arithmetic"]["OPENBLAS_CORETYPE"] == "Zen"
