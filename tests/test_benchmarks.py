"""What README and results.md say of speed is what was measured."""

from __future__ import annotations

import json
import platform

import pytest

from benchmarks import __main__ as bench
from benchmarks import measuring, noop


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


@pytest.mark.parametrize("part", bench.ORDER)
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
