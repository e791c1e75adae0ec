"""What README and results.md say of speed is what was measured."""

from __future__ import annotations

import json
import platform

import pytest

from benchmarks import __main__ as bench
from benchmarks import measuring, noop, sample


def test_the_readme_quotes_the_figures_that_were_kept(project_root):
    readme = (project_root / "README.md").read_text(encoding="utf-8")
    assert bench.with_quote(readme) == readme
    city = measuring.kept("city")
    assert city is None or f"{city['wall']:.0f} s and {city['peak_mb']:,} MB" in " ".join(readme.split())


def test_results_are_assembled_from_the_figures_that_were_kept():
    assert (measuring.RESULTS / "results.md").read_text(encoding="utf-8") == bench.assemble()


def test_a_figure_in_the_readme_that_was_not_measured_is_noticed(project_root):
    readme = (project_root / "README.md").read_text(encoding="utf-8")
    forged = readme.replace(bench.OPEN, f"{bench.OPEN}\n- a report costs 0.01 CPU seconds")
    assert bench.with_quote(forged) != forged


@pytest.mark.parametrize("part", [*bench.ORDER, *bench.LONG])
def test_every_part_can_be_called_alone(part):
    module = bench.part(part)
    assert callable(module.measure)
    assert callable(module.lines)


def test_figures_describe_the_machine_without_its_name():
    told = json.dumps(measuring.machine())
    assert "cores" in told
    assert not platform.node() or f'"{platform.node()}"' not in told


def test_a_size_that_was_not_run_is_said_and_not_guessed():
    size = {"units": 200, "first_wall": 1.0, "first_cpu": 1.0, "noop_wall": 1.0, "noop_cpu": 1.0, "took": 2}
    assert "30,000 units were not run" in "\n".join(noop.lines({"sizes": [size]}))
    assert "not run" not in "\n".join(noop.lines({"sizes": [size, {**size, "units": 30_000}]}))


def test_what_was_extrapolated_is_called_so_beside_what_was_measured():
    took = {name: {"wall": 10.0, "cpu": 20.0, "peak_gb": 1.0} for name in (*sample.STAGES, sample.OVERVIEW)}
    took |= {name: {"wall": 1.0, "cpu": 1.0, "peak_gb": 0.0} for name in (sample.OFFICE, "status", "why")}
    took[sample.FIRST] = {"wall": 40.0, "cpu": 50.0, "peak_gb": 2.0}
    took[sample.LATER] = {"wall": 8.0, "cpu": 9.0, "peak_gb": 2.0}
    took[sample.MANY] = {"wall": 238.0, "cpu": 385.0, "peak_gb": 2.0}
    made = {"units": 1000, "answered": 990, "respondents": 400_000, "sample": 100, "took": took,
            "bytes": {"html": 20_000_000, "pdf": 80_000_000}, "files": {"index.html": 5000}}  # fmt: skip
    text = "\n".join(sample.lines(made))
    assert "**100 of the 990 reports were made; what follows is extrapolated, not measured.**" in text
    each = (385 - 9) / 99
    assert f"{each:.2f} CPU s with its workbook (html 200 kB, pdf 800 kB)" in text
    assert f"{(50 + each * 989) / 3600:.1f} CPU hours" in text
